"""The arguments of NotificationTopic."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import ValidationInfo, field_validator

from apprunner_facts import arns
from pulumi_apprunner.args.annotations import Sensitive
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import AnyKmsKeyArn, Name, Tags

_ENDPOINTS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an email address"),
    "email-json": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an email address"),
    "https": (re.compile(r"https://\S+"), "a URL that begins with https://"),
    "lambda": (arns.LAMBDA_FUNCTION, "the ARN of a function (arn:aws:lambda:REGION:ACCOUNT:function:NAME)"),
    "sqs": (arns.QUEUE, "the ARN of an SQS queue (arn:aws:sqs:REGION:ACCOUNT:NAME)"),
}


@args_type
class Subscription:
    """A receiver of a topic's messages."""

    protocol: Literal["email", "email-json", "https", "lambda", "sqs"]
    """How the messages are sent. AWS sends a confirmation request to an email address or URL; until it is confirmed,
    the receiver gets no message."""

    endpoint: In[Annotated[str, Sensitive()]]
    """The email address, the https URL, or the ARN of the queue or function, which must allow the topic to send to it.
    A URL often contains a key: pass it as a Pulumi secret, which the state then contains encrypted."""

    @field_validator("endpoint")
    @classmethod
    def _fits_the_protocol(cls, endpoint: Any, info: ValidationInfo) -> Any:
        pattern, what = _ENDPOINTS.get(info.data.get("protocol", ""), (None, ""))
        if pattern and isinstance(endpoint, str) and not pattern.fullmatch(endpoint):
            raise invalid(f"must be {what} for protocol {info.data['protocol']}")
        return endpoint


@args_type
class TopicSettings:
    """A topic's encryption and its receivers."""

    kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The customer-managed KMS key that encrypts stored messages. Its policy must allow cloudwatch.amazonaws.com and
    events.amazonaws.com to use kms:Decrypt and kms:GenerateDataKey*. Default: none. AWS's own key for SNS is not
    supported, because its policy cannot allow this."""

    subscriptions: Mapping[Name, Subscription] = field(default_factory=dict[str, Subscription])
    """Receivers, each under a name of your choice. Default: none. Without a receiver nobody is notified."""


@args_type
class NotificationTopicArgs(TopicSettings):
    """The arguments of a NotificationTopic."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the topic. Do not store secrets in tags: pulumi-aws keeps them in plain text in the state. Default:
    none."""
