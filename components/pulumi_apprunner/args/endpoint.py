"""The arguments of PrivateEndpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.traffic import Cidr, PrefixListId, duplicate_rules, exactly_one
from pulumi_apprunner.args.values import Name, SecurityGroupId, SubnetId, Tags, VpcId, distinct, ends_names_of


def _ipv4(cidr: str) -> str:
    if ":" in cidr:
        raise invalid("must be a block of IPv4 addresses", "The endpoint has no IPv6 addresses")
    return cidr


@args_type
class EndpointClient:
    """Clients that may call private services. Exactly one of `cidr`, `prefix_list_id` and `security_group_id` is
    required."""

    cidr: Annotated[Cidr, AfterValidator(_ipv4)] | None = None
    """A block of IPv4 addresses, such as 10.0.0.0/16."""

    prefix_list_id: In[PrefixListId] | None = None
    """A prefix list, such as one with the addresses of your offices."""

    security_group_id: In[SecurityGroupId] | None = None
    """The security group of the clients."""

    @field_validator("security_group_id")
    @classmethod
    def _exactly_one(cls, group: Any, info: ValidationInfo) -> Any:
        return exactly_one(group, info)


def _distinct(clients: Mapping[str, EndpointClient]) -> Mapping[str, EndpointClient]:
    rules = {name: (each.cidr or each.prefix_list_id or each.security_group_id,) for name, each in clients.items()}
    if duplicates := duplicate_rules("clients", rules):
        raise invalid_paths(duplicates)
    return clients


Clients = Annotated[
    Mapping[Annotated[Name, ends_names_of("client")], EndpointClient],
    AfterValidator(_distinct),
]
"""Clients of the field `clients`, by name."""


@args_type
class PrivateEndpointArgs:
    """The arguments of a PrivateEndpoint: the subnets of a VPC endpoint, and the clients that may use it."""

    vpc_id: In[VpcId]
    """The VPC of the clients. A change replaces the endpoint: the new one is created first."""

    subnet_ids: In[Annotated[Sequence[In[SubnetId]], Field(min_length=1), distinct("subnet")]]
    """Subnets of the VPC, 1 or more, each in another availability zone. Use two for high availability."""

    clients: Clients
    """Clients that may call the services, each under a name of your choice, such as offices. They can call every
    service of the endpoint. Without clients nobody can, until you add rules to the output `security_group_id`.

    Do not rename a client: AWS rejects the same rule under a new name while the old rule exists.
    """

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""
