"""What VpcEgress takes."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    IPvAnyNetwork,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from apprunner_facts import limits
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import Bounds, invalid_paths, refuse
from pulumi_apprunner.args.values import Name, SecurityGroupId, SubnetId, Tags, VpcId, distinct

Port = Annotated[int, Bounds(limits.PORT)]

_network = TypeAdapter(IPvAnyNetwork)


def _cidr(text: str) -> str:
    try:
        network = _network.validate_python(text)
    except ValueError:
        raise refuse("is not a block of addresses: 10.0.0.0/16 or 2001:db8::/32") from None
    return str(network)


@args_type
class Reach:
    """Something behind a security group that a connector's services are let in to."""

    security_group_id: In[SecurityGroupId]
    """The group that guards it: it gets a rule that lets the connector's group in."""

    port: Port
    """The port that it listens on."""

    protocol: Literal["tcp", "udp"] = "tcp"
    """Default: tcp."""


@args_type
class Destination:
    """Somewhere that a connector's services may send to; one of the three places."""

    cidr: Annotated[str, AfterValidator(_cidr)] | None = None
    """A block of IPv4 or IPv6 addresses."""

    prefix_list_id: In[Annotated[str, StringConstraints(min_length=1)]] | None = None
    """A prefix list, such as S3's."""

    security_group_id: In[SecurityGroupId] | None = None
    """What stands behind a security group, which has to let the traffic in itself; `reaches` does both."""

    port: Port | None = None
    """The port. Default: every port and protocol."""

    protocol: Literal["tcp", "udp"] | None = None
    """With a port. Default: tcp."""

    @field_validator("protocol")
    @classmethod
    def _goes_with_a_port(cls, protocol: str | None, info: ValidationInfo) -> str | None:
        if protocol is not None and info.data.get("port") is None and "port" in info.data:
            raise refuse("goes with a port only: give one, or leave it out for every port and protocol")
        return protocol

    @field_validator("security_group_id")
    @classmethod
    def _one_place(cls, group: Any, info: ValidationInfo) -> Any:
        places = [
            place for place in (info.data.get("cidr"), info.data.get("prefix_list_id"), group) if place is not None
        ]
        if len(places) != 1 and "cidr" in info.data:
            raise refuse(
                "cannot stand beside another place" if places else "is missing: give it, cidr or prefix_list_id"
            )
        return group


@args_type
class VpcEgressArgs:
    """The arguments of a VpcEgress: the subnets that services send from, and what they reach."""

    vpc_id: In[VpcId]
    """The VPC that the subnets are in; the connector's own security group is made there."""

    subnet_ids: In[Annotated[Sequence[In[SubnetId]], Field(min_length=1), distinct("subnet")]]
    """Subnets of the VPC, 1 or more; give two in different availability zones, so that a zone may fail. A change makes
    a new connector before the old one goes."""

    security_group_ids: In[Annotated[Sequence[In[SecurityGroupId]], distinct("security group")]] = ()
    """More groups for the connector, beside its own. Default: none."""

    reaches: Mapping[Name, Reach] = field(default_factory=dict[str, Reach])
    """What the services are let in to, each under a name of your choice, such as orders-db. Default: nothing.

    The name stays with the rule: AWS refuses the same rule under a new name while the old one is there.
    """

    allows: Mapping[Name, Destination] | None = None
    """Where the connector's own group lets traffic go, beside what it reaches. Default: everywhere."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags for everything that takes them. No secrets: pulumi-aws keeps them readable in the state. Default: none."""

    @field_validator("reaches")
    @classmethod
    def _each_once(cls, reaches: Mapping[str, Reach]) -> Mapping[str, Reach]:
        seen: dict[Any, str] = {}
        for name, reach in reaches.items():
            rule = (reach.security_group_id, reach.port, reach.protocol)
            if isinstance(reach.security_group_id, str) and rule in seen:
                raise invalid_paths(
                    {("reaches", name): f"is the same as reaches.{seen[rule]}, a rule that AWS takes once"}
                )
            seen[rule] = name
        return reaches

    @field_validator("allows")
    @classmethod
    def _other_names(
        cls, allows: Mapping[str, Destination] | None, info: ValidationInfo
    ) -> Mapping[str, Destination] | None:
        if twice := sorted({*(allows or ())} & {*info.data.get("reaches", ())}):
            raise invalid_paths(
                {("allows", name): "stands in reaches too, which lets the traffic out as well" for name in twice}
            )
        return allows
