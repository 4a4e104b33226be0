"""How long the logs of a service are kept."""

import json

import pulumi
from pulumi import Output, ResourceOptions

from apprunner_facts.arns import parse_service_arn, parts_of
from apprunner_facts.observability import LOG_GROUP, LOG_KINDS
from apprunner_facts.schedules import CLOUDWATCH_LOGS, DEFAULT_TIMEZONE
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import as_output, validate
from pulumi_apprunner.args.dicts import LogRetentionArgsDict
from pulumi_apprunner.args.retention import LogRetentionArgs
from pulumi_apprunner.scheduler import ScheduledCall, create_scheduled_calls

_DAILY = "cron(15 3 * * ? *)"


class LogRetention(pulumi.ComponentResource):
    """The number of days for which CloudWatch keeps the logs of a service.

    ```python
    LogRetention("orders-retention", LogRetentionArgs(service_arn=orders.arn, days=30))
    ```

    App Runner creates the two log groups of a service, whose names contain the service's id, and CloudWatch keeps
    their logs forever. A program cannot create them before the service. So two schedules set the retention every day,
    for the first time within a day after the service is created.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service and the days: LogRetentionArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    def __init__(
        self, name: str, args: LogRetentionArgs | LogRetentionArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of LogRetention.
        """
        args = validate(LogRetentionArgs, "LogRetention", name, args)
        super().__init__("apprunner:index:LogRetention", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)

        create_scheduled_calls(
            name,
            [_call(args, kind) for kind in LOG_KINDS],
            as_output(args.service_arn).apply(_policy),
            args,
            ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _call(args: LogRetentionArgs, kind: str) -> ScheduledCall:
    input: Output[str] = as_output(args.service_arn).apply(
        lambda arn: json.dumps({"LogGroupName": _log_group(arn, kind), "RetentionInDays": args.days})
    )
    return ScheduledCall(kind, _DAILY, DEFAULT_TIMEZONE, True, CLOUDWATCH_LOGS, "putRetentionPolicy", input)


def _policy(service_arn: str | None) -> str:
    """Return the role's policy: the retention of the service's two log groups only."""
    arn = parts_of(service_arn)
    # The ARN of a log group in a policy ends with :* for all actions but those on tags.
    prefix = f"arn:{arn.partition}:logs:{arn.region}:{arn.account}:log-group:"
    groups = [f"{prefix}{_log_group(service_arn, kind)}:*" for kind in LOG_KINDS]
    return iam.document([iam.allow("logs:PutRetentionPolicy", groups)])


def _log_group(service_arn: str | None, kind: str) -> str:
    service = parse_service_arn(service_arn or "")
    return LOG_GROUP.format(service_name=service.name, service_id=service.id, kind=kind)
