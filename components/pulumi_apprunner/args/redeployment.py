"""The arguments that all components share which deploy a service again after a change."""

from dataclasses import field
from typing import Annotated

from pydantic import field_validator

from apprunner_facts.limits import Range
from apprunner_facts.source import SECRET_EVENTS
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.regions import check_topic
from pulumi_apprunner.args.values import PolicyArn, ServiceArn, Tags, TopicArn

_SETTLE = Range(1, 3_600, 60, "seconds", SECRET_EVENTS)


@args_type
class RedeploymentSettings:
    """How a service is deployed again after a change."""

    settle_seconds: Annotated[int, Bounds(_SETTLE)] = _SETTLE.default
    """Seconds from a change to the deployment, 1 to 3,600. Changes within this time lead to one deployment. Default:
    60."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the two roles. Default: none."""


@args_type
class RedeploymentArgs(RedeploymentSettings):
    """Which service is deployed again, and who is notified of failures."""

    service_arn: In[ServiceArn]
    """The ARN of the service."""

    topic_arn: In[TopicArn]
    """The SNS topic that is notified if the deployment cannot be started or does not succeed: NotificationTopic.arn, or
    another standard topic in the service's region whose policy allows events.amazonaws.com to publish."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""

    _topic_is_in_the_services_region = field_validator("topic_arn")(check_topic)
