"""The arguments of VpcEgress."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, ValidationInfo, field_validator

from apprunner_facts import limits
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.traffic import Cidr, PrefixListId, duplicate_rules, exactly_one
from pulumi_apprunner.args.values import Name, SecurityGroupId, SubnetId, Tags, VpcId, distinct, ends_names_of

Port = Annotated[int, Bounds(limits.PORT)]

ALL_TRAFFIC = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}
"""The CIDR blocks of all addresses, by the names of their rules."""


def _not_reserved(name: str) -> str:
    if name in ALL_TRAFFIC:
        raise invalid("is reserved for the rule that allows all outgoing traffic. Choose another name")
    return name


@args_type
class Destination:
    """A destination of a connector's outgoing traffic. Exactly one of `cidr`, `prefix_list_id` and
    `security_group_id` is required."""

    cidr: Cidr | None = None
    """A block of IPv4 or IPv6 addresses, such as 10.0.0.0/16."""

    prefix_list_id: In[PrefixListId] | None = None
    """A prefix list, such as the one with S3's addresses."""

    security_group_id: In[SecurityGroupId] | None = None
    """The security group of a database, a cache or another service."""

    port: Port | None = None
    """The port, which `open_ingress` requires for a security group. Default: every port and protocol."""

    protocol: Literal["tcp", "udp"] | None = None
    """The protocol; it requires a port. Default: tcp."""

    open_ingress: StrictBool = True
    """Whether to add an ingress rule for the connector's group to the security group. If false, the group must already
    allow the traffic. It has no effect on the other kinds of destination. Default: true."""

    @field_validator("protocol")
    @classmethod
    def _requires_a_port(cls, protocol: str | None, info: ValidationInfo) -> str | None:
        if protocol is not None and info.data.get("port", protocol) is None:
            raise invalid(
                "must not be set without port",
                "Set port, or remove protocol for every port and protocol",
                missing=["port"],
            )
        return protocol

    @field_validator("security_group_id")
    @classmethod
    def _exactly_one(cls, group: Any, info: ValidationInfo) -> Any:
        return exactly_one(group, info)

    @field_validator("open_ingress")
    @classmethod
    def _requires_a_port_of_the_group(cls, open_ingress: bool, info: ValidationInfo) -> bool:
        has_group = info.data.get("security_group_id") is not None
        if open_ingress and has_group and "port" in info.data and info.data["port"] is None:
            raise invalid_paths(
                {
                    ("port",): "is required for the ingress rule in the security group. Set it, or set open_ingress to "
                    "False if the group already allows the traffic"
                },
                missing=["port"],
            )
        return open_ingress


def _has_an_effect(destination: Destination, info: ValidationInfo) -> Destination:
    """Raise an error about a destination that needs no rule, because all outgoing traffic is allowed."""
    opens_ingress = destination.security_group_id is not None and destination.open_ingress
    if not opens_ingress and info.data.get("restrict_egress", True) is False:
        raise invalid(
            "has no effect unless restrict_egress is True, since all outgoing traffic is allowed. Set restrict_egress "
            "to True, or remove the destination"
        )
    return destination


_Key = Annotated[Name, AfterValidator(_not_reserved), ends_names_of("egress", "ingress")]
_EffectiveDestination = Annotated[Destination, AfterValidator(_has_an_effect)]


@args_type
class VpcEgressArgs:
    """The arguments of a VpcEgress: the subnets of a VPC connector, and the destinations of its traffic."""

    vpc_id: In[VpcId]
    """The VPC of the subnets and of the connector's own security group."""

    subnet_ids: In[Annotated[Sequence[In[SubnetId]], Field(min_length=1), distinct("subnet")]]
    """Subnets of the VPC, 1 or more. Use two in different availability zones for high availability. A change replaces
    the connector: the new one is created first."""

    security_group_ids: In[Annotated[Sequence[In[SecurityGroupId]], distinct("security group")]] = ()
    """Further security groups of the connector. Default: none."""

    restrict_egress: StrictBool = False
    """Whether services may send traffic only to `destinations`. If false, all outgoing traffic is allowed, and a
    destination only adds the ingress rule to its security group. Default: false."""

    destinations: Mapping[_Key, _EffectiveDestination] = field(default_factory=dict[str, Destination])
    """Destinations of outgoing traffic, each under a name of your choice, such as orders-db; `ipv4` and `ipv6` are
    reserved. Default: none.

    Do not rename a destination: AWS rejects the same rule under a new name while the old rule exists.
    """

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""

    @field_validator("destinations")
    @classmethod
    def _distinct(cls, destinations: Mapping[str, Destination]) -> Mapping[str, Destination]:
        rules = {
            name: (
                each.cidr or each.prefix_list_id or each.security_group_id,
                each.port,
                each.port and (each.protocol or "tcp"),
            )
            for name, each in destinations.items()
        }
        if duplicates := duplicate_rules("destinations", rules):
            raise invalid_paths(duplicates)
        return destinations
