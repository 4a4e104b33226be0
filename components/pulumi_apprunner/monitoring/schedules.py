"""The schedules of a monitored service: the retention of its logs, and the notifications of its alarms in a pause."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_arn, parse_service_arn
from apprunner_facts.observability import LOG_GROUP, LOG_KINDS
from apprunner_facts.regions import partition_of
from apprunner_facts.schedules import CLOUDWATCH, CLOUDWATCH_LOGS, DEFAULT_TIMEZONE, target_arn
from pulumi_apprunner import iam
from pulumi_apprunner.args.checking import as_output
from pulumi_apprunner.args.monitoring import MonitoringPause, ServiceMonitoringArgs, enable_minutes
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.scheduler import ScheduledEvent, create_schedule, scheduled_events, trust_schedules

_DAILY = "cron(15 3 * * ? *)"
_EVENT_AGE, _RETRIES = 900, 10
"""Seconds and attempts for which a call is retried. The next day, or the next resume, repeats it."""


class _Call(NamedTuple):
    """A scheduled call: the schedule's name and times, the API and its operation, and the operation's input."""

    name: str
    cron: str
    timezone: str
    enabled: bool
    service: str
    operation: str
    input: Output[str]


def create_schedules(
    name: str, args: ServiceMonitoringArgs, alarms: Sequence[aws.cloudwatch.MetricAlarm], opts: ResourceOptions
) -> None:
    """Create the schedules with their group and role, if there are any."""
    calls = [*_retention_calls(args), *_alarm_calls(args.pause, alarms)]
    if not calls:
        return
    group = aws.scheduler.ScheduleGroup(
        f"{name}-schedules", name=physical_name(names.SCHEDULE, name), tags=args.tags, opts=opts
    )
    role = aws.iam.Role(
        f"{name}-schedules-role",
        name=physical_name(names.ROLE, name, "schedules"),
        description=f"EventBridge Scheduler for {physical_name(names.SCHEDULE, name)}",
        assume_role_policy=group.arn.apply(trust_schedules),
        permissions_boundary=args.permissions_boundary,
        tags=args.tags,
        opts=opts,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-schedules-policy", name="schedules", role=role.name, policy=_policy(args, alarms), opts=opts
    )
    after_policy = ResourceOptions.merge(opts, ResourceOptions(depends_on=[policy]))
    for call in calls:
        _create(name, args, call, group, role, after_policy)


def _retention_calls(args: ServiceMonitoringArgs) -> Iterator[_Call]:
    days = args.log_retention_days
    for kind in LOG_KINDS if days is not None else ():
        input: Output[str] = as_output(args.service_arn).apply(
            lambda arn, kind=kind: json.dumps({"LogGroupName": _log_group(arn, kind), "RetentionInDays": days})
        )
        yield _Call(f"retention-{kind}", _DAILY, DEFAULT_TIMEZONE, True, CLOUDWATCH_LOGS, "putRetentionPolicy", input)


def _alarm_calls(pause: MonitoringPause | None, alarms: Sequence[aws.cloudwatch.MetricAlarm]) -> Iterator[_Call]:
    """Yield the calls that disable the alarms' actions at each pause and enable them after each resume."""
    if pause is None or not alarms:
        return
    input: Output[str] = Output.all(*(alarm.name for alarm in alarms)).apply(
        lambda known: json.dumps({"AlarmNames": known})
    )
    events = scheduled_events(pause, enable_minutes(pause))
    enables = "deploy" if any(event.kind == "deploy" for event in events) else "resume"
    for event in events:
        if event.kind in ("pause", enables):
            operation = "disableAlarmActions" if event.kind == "pause" else "enableAlarmActions"
            schedule = event.name.replace(event.kind, "disable-alarms" if event.kind == "pause" else "enable-alarms")
            yield _Call(schedule, event.cron, pause.timezone, pause.enabled, CLOUDWATCH, operation, input)


def _create(
    name: str,
    args: ServiceMonitoringArgs,
    call: _Call,
    group: aws.scheduler.ScheduleGroup,
    role: aws.iam.Role,
    opts: ResourceOptions,
) -> None:
    target = {
        "arn": _target(args.service_arn, call),
        "role_arn": role.arn,
        "input": call.input,
        "retry_policy": {"maximum_event_age_in_seconds": _EVENT_AGE, "maximum_retry_attempts": _RETRIES},
    }
    event = ScheduledEvent(call.name, call.name, call.cron)
    create_schedule(name, event, group, target, opts, timezone=call.timezone, enabled=call.enabled)


def _target(service_arn: pulumi.Input[str], call: _Call) -> str:
    """Return the target in the partition of the service's ARN, or of the stack's region if the ARN is an output."""
    try:
        partition = parse_arn(service_arn).partition if isinstance(service_arn, str) else ""
    except ValueError:
        partition = ""
    region = pulumi.Config("aws").get("region") or ""
    return target_arn(call.operation, partition or partition_of(region), call.service)


def _policy(args: ServiceMonitoringArgs, alarms: Sequence[aws.cloudwatch.MetricAlarm]) -> Output[str]:
    """Return the role's policy: the calls, on the service's two log groups and on the alarms only."""

    def document(known: list[Any]) -> str:
        service_arn, *alarm_arns = known
        statements: list[iam.Statement] = []
        if args.log_retention_days is not None:
            groups = [_log_group_arn(service_arn, kind) for kind in LOG_KINDS]
            statements.append(iam.allow("logs:PutRetentionPolicy", groups))
        if args.pause is not None and alarms:
            actions = ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"]
            statements.append(iam.allow(actions, alarm_arns))
        return iam.document(statements)

    return Output.all(as_output(args.service_arn), *(alarm.arn for alarm in alarms)).apply(document)


def _log_group(service_arn: str | None, kind: str) -> str:
    service = parse_service_arn(service_arn or "")
    return LOG_GROUP.format(service_name=service.name, service_id=service.id, kind=kind)


def _log_group_arn(service_arn: str | None, kind: str) -> str:
    """Return the ARN of a log group for a policy; it ends with :* for all actions but those on tags."""
    try:
        arn = parse_arn(service_arn or "")
    except ValueError:  # an invalid ARN of a user's mocks
        arn = parse_arn("arn:aws:apprunner:::")
    return f"arn:{arn.partition}:logs:{arn.region}:{arn.account}:log-group:{_log_group(service_arn, kind)}:*"
