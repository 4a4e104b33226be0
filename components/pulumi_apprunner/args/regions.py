"""Regions of ARNs that must be the service's."""

from typing import Any

from pydantic import ValidationInfo

from apprunner_facts.arns import parse_arn
from pulumi_apprunner.args.errors import invalid_paths


def region_problem(resource: str, arn: Any, region: Any, reason: str = "") -> str | None:
    """Return why an ARN does not fit a service; None if it does, or if one of the regions is unknown.

    Args:
        resource: What the ARN is of: "a topic".
        arn: The ARN, or an Output, which is not checked.
        region: The service's region, or an Output.
        reason: A sentence on why the regions must be the same. Default: none.
    """
    got = _region(arn)
    if not got or not region or not isinstance(region, str) or got == region:
        return None
    why = f"{reason}. " if reason else ""
    return (
        f"must be the ARN of {resource} in the service's region, {region}, got one in {got}. {why}Use {resource} of "
        f"{region}"
    )


def topic_problem(topic_arn: Any, service_arn: Any) -> str | None:
    """Return why a topic cannot be notified about a service; None if it can, or if one of the ARNs is unknown.

    The targets of an EventBridge rule must be in its region (source.RULE_TARGETS).
    """
    reason = "EventBridge notifies only topics of its own region"
    return region_problem("a topic", topic_arn, _region(service_arn), reason)


def check_topic(topic_arn: Any, info: ValidationInfo) -> Any:
    """Validate a field `topic_arn` that follows a field `service_arn`: both are of one region."""
    if problem := topic_problem(topic_arn, info.data.get("service_arn")):
        raise invalid_paths({("topic_arn",): problem})
    return topic_arn


def _region(arn: Any) -> str | None:
    try:
        return parse_arn(arn).region if isinstance(arn, str) else None
    except ValueError:  # an invalid ARN of a user's mocks
        return None
