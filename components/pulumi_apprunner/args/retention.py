"""The arguments of LogRetention."""

from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator

from apprunner_facts import limits
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import PolicyArn, ScheduleTags, ServiceArn


def _retention(days: int) -> int:
    if days not in limits.LOG_RETENTION_DAYS:
        raise invalid(f"must be one of {', '.join(map(str, limits.LOG_RETENTION_DAYS))} days")
    return days


RetentionDays = Annotated[int, AfterValidator(_retention)]
"""Days for which CloudWatch keeps logs."""


@args_type
class LogRetentionArgs:
    """The arguments of a LogRetention."""

    service_arn: In[ServiceArn]
    """The ARN of the service. Its name and id, which the names of the log groups contain, are parts of it."""

    days: RetentionDays
    """Days for which CloudWatch keeps the service's logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,
    731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: none."""

    tags: ScheduleTags = field(default_factory=dict[str, str])
    """Tags of the schedule group and the role, without empty values, which EventBridge Scheduler rejects. Do not store
    secrets in tags: pulumi-aws keeps them in plain text in the state. Default: none."""
