"""EventBridge Scheduler: the events of a pause, schedules, their calls, and the trust of their role."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_arn, parts_of
from apprunner_facts.identity import SCHEDULER_SERVICE
from apprunner_facts.regions import partition_of
from apprunner_facts.schedules import APP_RUNNER, target_arn
from apprunner_facts.windows import Event, Week
from pulumi_apprunner import iam
from pulumi_apprunner.args.checking import as_output, combine, is_output
from pulumi_apprunner.args.monitoring import ServiceMonitoringArgs
from pulumi_apprunner.args.retention import LogRetentionArgs
from pulumi_apprunner.args.schedule import PauseSettings, windows_of
from pulumi_apprunner.names import physical_name

_EVENT_AGE, _RETRIES = 900, 10
"""Seconds and attempts for which a call is retried."""


class ScheduledEvent(NamedTuple):
    """An event of a pause: its kind (pause, resume or deploy), the schedule's name, and a cron expression."""

    kind: str
    name: str
    cron: str


def scheduled_events(settings: PauseSettings, deploy_minutes: int | None) -> Sequence[ScheduledEvent]:
    """Return the events of a pause.

    Args:
        settings: When the service is paused.
        deploy_minutes: Minutes from a resume to an event of the kind deploy, if the settings have windows. With cron
            expressions it is at `cron.deploy`. Default: no such event.
    """
    if settings.cron is not None:
        crons = {"pause": settings.cron.pause, "resume": settings.cron.resume, "deploy": settings.cron.deploy}
        return [ScheduledEvent(kind, kind, cron) for kind, cron in crons.items() if cron is not None]
    week = Week(windows_of(settings))
    events = [*(("pause", event) for event in week.pauses), *(("resume", event) for event in week.resumes)]
    if deploy_minutes:
        events += [("deploy", event.later(deploy_minutes)) for event in week.resumes]
    number = Counter(kind for kind, _ in events)
    return [ScheduledEvent(kind, _name(kind, event, number[kind]), event.cron) for kind, event in events]


def _name(kind: str, event: Event, number: int) -> str:
    """Return a schedule's name; it contains the time of day if there are several schedules of the kind."""
    return f"{kind}-{event.time.replace(':', '')}" if number > 1 else kind


def create_schedule(
    name: str,
    event: ScheduledEvent,
    group: "aws.scheduler.ScheduleGroup",
    target: Any,
    opts: ResourceOptions,
    *,
    timezone: str,
    enabled: bool,
) -> None:
    """Create the schedule of an event of a component, which calls the target at the exact time."""
    aws.scheduler.Schedule(
        f"{name}-{event.name}",
        name=event.name,
        group_name=group.name,
        description=f"{event.kind} for {physical_name(names.SCHEDULE, name)}",
        schedule_expression=event.cron,
        schedule_expression_timezone=timezone,
        state="ENABLED" if enabled else "DISABLED",
        flexible_time_window={"mode": "OFF"},
        target=target,
        opts=opts,
    )


class ScheduledCall(NamedTuple):
    """A scheduled call: the schedule's name and times, the API and its operation, and the operation's input."""

    name: str
    cron: str
    timezone: str
    enabled: bool
    service: str
    operation: str
    input: Output[str]


def create_scheduled_calls(
    name: str,
    calls: Sequence[ScheduledCall],
    policy: Output[str],
    args: LogRetentionArgs | ServiceMonitoringArgs,
    opts: ResourceOptions,
) -> None:
    """Create the schedules of a component's calls, with their group and role.

    Args:
        name: The component's name.
        calls: The calls. A failed one is retried for some minutes; the next one of its schedule repeats it.
        policy: The policy of the role, which allows the calls.
        args: The component's arguments.
        opts: The options of the resources.
    """
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
    allowed = aws.iam.RolePolicy(f"{name}-schedules-policy", name="schedules", role=role.name, policy=policy, opts=opts)
    after_policy = ResourceOptions.merge(opts, ResourceOptions(depends_on=[allowed]))
    for call in calls:
        target = {
            "arn": target_of(args.service_arn, call.operation, call.service),
            "role_arn": role.arn,
            "input": call.input,
            "retry_policy": {"maximum_event_age_in_seconds": _EVENT_AGE, "maximum_retry_attempts": _RETRIES},
        }
        event = ScheduledEvent(call.name, call.name, call.cron)
        create_schedule(name, event, group, target, after_policy, timezone=call.timezone, enabled=call.enabled)


def target_of(service_arn: pulumi.Input[str], operation: str, service: str = APP_RUNNER) -> pulumi.Input[str]:
    """Return the target that calls an operation, in the partition of an App Runner service's ARN.

    If that is unknown, the partition is that of the stack's region. So the target is known in a first preview. Policies
    and the plan read the operation from it.

    Args:
        service_arn: The ARN of the App Runner service.
        operation: The operation, such as pauseService.
        service: The AWS service of the operation. Default: App Runner.
    """
    return combine(lambda known: target_arn(operation, known[0], service), _partition(service_arn))


def _partition(service_arn: pulumi.Input[str]) -> pulumi.Input[str]:
    if not is_output(service_arn):
        return _partition_in(str(service_arn))
    arn = as_output(service_arn)

    async def partition() -> str:
        return _partition_in(str(await arn.future())) if await arn.is_known() else _partition_in("")

    return Output.from_input(partition())


def _partition_in(arn: str) -> str:
    try:
        return parse_arn(arn).partition
    except ValueError:
        return partition_of(pulumi.Config("aws").get("region") or "")


def trust_schedules(group_arn: str | None) -> str:
    """Return a role's trust policy: only Scheduler, and only for schedules of a group (confused deputy)."""
    return iam.trust(
        SCHEDULER_SERVICE,
        {"StringEquals": {"aws:SourceAccount": parts_of(group_arn).account, "aws:SourceArn": group_arn}},
    )
