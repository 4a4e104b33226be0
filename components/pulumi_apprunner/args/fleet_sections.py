"""The sections of a Fleet's arguments: what its services share, existing or created, by name."""

from collections.abc import Sequence
from dataclasses import field
from typing import Annotated, Any

from pydantic import ValidationInfo, field_validator

from pulumi_apprunner.args.checking import In, args_type, is_output
from pulumi_apprunner.args.delivery import DeliverySettings
from pulumi_apprunner.args.endpoint import Clients, EndpointClient
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.topic import NotificationTopicArgs
from pulumi_apprunner.args.values import SubnetId, Tags, TopicArn, VpcEndpointId, VpcId, distinct

SECTIONS = {
    "egress": "egress",
    "endpoints": "endpoint",
    "zones": "zone",
    "topics": "topic",
    "firewalls": "firewall",
    "scaling_profiles": "scaling profile",
    "repositories": "repository",
}
"""The arguments of a Fleet to whose keys services refer, each with the word for one of its items."""


def existing(item: Any) -> Any:
    """Return the ARN or id of an item that exists already; None if the Fleet creates the item."""
    references = (getattr(item, name, None) for name in ("arn", "id"))
    return next((each for each in references if each is not None), None)


def require_existing_or_created(
    reference: Any, info: ValidationInfo, settings: Sequence[str], required: Sequence[str] = ()
) -> Any:
    """Return the reference to an existing item, or None for a new one.

    Args:
        reference: The ARN or id of an existing item.
        info: The other fields.
        settings: The fields of a new item, which an existing one must not have.
        required: Those of them that a new item must have.

    Raises:
        PydanticCustomError: Fields of a new item are set for an existing one, or required ones are missing.
    """
    present = [name for name in settings if is_output(value := info.data.get(name)) or value]
    if reference is not None and present:
        raise invalid(f"must not be set together with {' and '.join(present)}", "Remove one of them", got="")
    missing = [name for name in required if name in info.data and name not in present]
    if reference is None and missing:
        fix = f"is required for a new one. Set it, or set {info.field_name} to use an existing one"
        raise invalid_paths({(name,): fix for name in missing}, missing=[*missing, str(info.field_name)])
    return reference


@args_type
class FleetEndpoint:
    """An interface endpoint for private services: an existing one (`id`), or one that the Fleet creates."""

    vpc_id: In[VpcId]
    """The VPC of the clients. A change replaces a created endpoint: the new one is created first."""

    subnet_ids: In[Annotated[Sequence[In[SubnetId]], distinct("subnet")]] = ()
    """Subnets of the VPC, 1 or more for a new endpoint, each in another availability zone. Use two for high
    availability."""

    clients: Clients = field(default_factory=dict[str, EndpointClient])
    """Clients that may call the services of a new endpoint, 1 or more, each under a name of your choice, such as
    offices. They can call every service of the endpoint.

    Do not rename a client: AWS rejects the same rule under a new name while the old rule exists.
    """

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of a new endpoint and its security group; they override those of the Fleet. Default: none."""

    id: In[VpcEndpointId] | None = None
    """The id of an existing interface endpoint for com.amazonaws.REGION.apprunner.requests in the VPC. Its security
    groups limit the clients. Default: none; the Fleet creates the endpoint."""

    @field_validator("id")
    @classmethod
    def _exists_or_is_created(cls, id: Any, info: ValidationInfo) -> Any:
        return require_existing_or_created(id, info, ["subnet_ids", "clients", "tags"], ["subnet_ids", "clients"])


@args_type
class FleetDelivery(DeliverySettings):
    """The roles with which the jobs of a GitHub repository push to a service's repository and deploy the service."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the roles, and of a new provider; they override those of the service. Default: none."""


@args_type
class FleetTopic(NotificationTopicArgs):
    """A topic that services notify: an existing one (`arn`), or one that the Fleet creates."""

    arn: In[TopicArn] | None = None
    """The ARN of an existing topic, whose policy allows cloudwatch.amazonaws.com and events.amazonaws.com to publish.
    Default: none; the Fleet creates the topic."""

    @field_validator("arn")
    @classmethod
    def _exists_or_is_created(cls, arn: Any, info: ValidationInfo) -> Any:
        return require_existing_or_created(arn, info, ["kms_key_arn", "subscriptions", "tags"])
