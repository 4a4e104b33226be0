"""The sections of a Fleet's arguments: what its services share, existing or created, by name."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationInfo, field_validator

from pulumi_apprunner.args.checking import In, args_type, is_output
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.topic import NotificationTopicArgs
from pulumi_apprunner.args.values import TopicArn

SECTIONS = {"egress": "egress", "zones": "zone", "topics": "topic"}
"""The arguments of a Fleet to whose keys services refer, each with the word for one of its items."""


def existing(item: Any) -> Any:
    """Return the ARN or id of an item that exists already; None if the Fleet creates the item."""
    references = (getattr(item, name, None) for name in ("arn", "id"))
    return next((each for each in references if each is not None), None)


def require_existing_or_created(reference: Any, info: ValidationInfo, settings: Sequence[str]) -> Any:
    """Return the reference to an existing item, or None; raise an error if the settings of a new one are set too."""
    present = [name for name in settings if is_output(value := info.data.get(name)) or value]
    if reference is not None and present:
        raise invalid(f"must not be set together with {' and '.join(present)}", "Remove one of them", got="")
    return reference


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
