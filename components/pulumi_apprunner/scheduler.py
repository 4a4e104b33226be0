"""EventBridge Scheduler: the events of a pause, schedules, and the trust of their role."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import pulumi_aws as aws
from pulumi import ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_arn
from apprunner_facts.identity import SCHEDULER_SERVICE
from apprunner_facts.windows import Event, Week
from pulumi_apprunner import iam
from pulumi_apprunner.args.schedule import PauseSettings, windows_of
from pulumi_apprunner.names import physical_name


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
    group: aws.scheduler.ScheduleGroup,
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


def trust_schedules(group_arn: str | None) -> str:
    """Return a role's trust policy: only Scheduler, and only for schedules of a group (confused deputy)."""
    try:
        account = parse_arn(group_arn or "").account
    except ValueError:  # an invalid ARN of a user's mocks
        account = ""
    return iam.trust(
        SCHEDULER_SERVICE,
        {"StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": group_arn}},
    )
