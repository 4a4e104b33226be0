"""Pausing a service outside working hours."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_arn
from apprunner_facts.identity import SCHEDULER_SERVICE, SEND_ENCRYPTED_ACTIONS
from apprunner_facts.limits import QUEUE_RETENTION
from apprunner_facts.regions import partition_of
from apprunner_facts.schedules import target_arn
from apprunner_facts.windows import Event, Week
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import as_output, combine, is_output, validate
from pulumi_apprunner.args.schedule import PauseScheduleArgs, PauseSettings, retry_minutes, rhythm_in, window
from pulumi_apprunner.names import physical_name

_RETRIES = 20

_ACTIONS = {"pause": "pauseService", "resume": "resumeService", "deploy": "startDeployment"}


class PauseSchedule(pulumi.ComponentResource):
    """Pauses a service outside its running hours: a paused service costs neither CPU nor memory, and answers nobody.

    ```python
    PauseSchedule(
        "admin-hours",
        PauseScheduleArgs(
            service_arn=admin.arn,
            timezone="Europe/Berlin",
            running=[RunningWindow(days="Mon-Fri", start="08:00", end="20:00")],
        ),
    )
    ```

    EventBridge Scheduler calls App Runner, under a role that may do just that. A call that App Runner refuses, since a
    deployment or maintenance is in progress, is tried again for some minutes and then put into the dead-letter queue.
    A resume deploys what was last deployed. While it is paused, App Runner takes no update and no domain.

    Args:
        name: The component's name; its children are called after it.
        args: The service and its hours: PauseScheduleArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments that break a rule, all of them at once.
    """

    hours_saved_per_week: float
    """Hours a week in which the service is paused, on average; 0 while it is switched off."""
    role_arn: Output[str]
    """The role that Scheduler calls App Runner under."""
    dead_letter_queue_arn: Output[str]
    """Where calls go that failed for good: a message there means that the service is not as the schedule says."""

    def __init__(
        self, name: str, args: PauseScheduleArgs | Mapping[str, Any], opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class describes the arguments.

        Raises:
            ArgsError: Arguments of PauseSchedule that break a rule, all of them at once.
        """
        args = validate(PauseScheduleArgs, "PauseSchedule", name, args)
        super().__init__("apprunner:index:PauseSchedule", name, {}, opts)
        advice.warn_of_options(self, opts)
        advice.warn_of_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)
        events = _events(args)

        group = aws.scheduler.ScheduleGroup(
            f"{name}-group", name=physical_name(names.SCHEDULE, name), tags=args.tags, opts=child
        )
        queue_arn = args.dead_letter_queue_arn
        if queue_arn is None:
            queue_arn = aws.sqs.Queue(
                f"{name}-dead-letters",
                name=physical_name(names.QUEUE, name, "dead-letters"),
                message_retention_seconds=QUEUE_RETENTION,
                sqs_managed_sse_enabled=True,
                tags=args.tags,
                opts=child,
            ).arn
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name(names.ROLE, name, "schedule"),
            description=f"EventBridge Scheduler for {physical_name(names.SCHEDULE, name)}",
            assume_role_policy=group.arn.apply(_trust),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=child,
        )
        actions = sorted({f"apprunner:{_ACTIONS[kind][0].upper()}{_ACTIONS[kind][1:]}" for kind, *_ in events})
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="schedule",
            role=role.name,
            policy=combine(
                lambda arns: _permissions(actions, *arns),
                args.service_arn,
                queue_arn,
                args.dead_letter_queue_kms_key_arn,
            ),
            opts=child,
        )
        what = combine(lambda arns: json.dumps({"ServiceArn": arns[0]}), args.service_arn)
        partition = _partition(args.service_arn)
        for kind, label, cron in events:
            aws.scheduler.Schedule(
                f"{name}-{label}",
                name=label,
                group_name=group.name,
                description=f"{kind} for {physical_name(names.SCHEDULE, name)}",
                schedule_expression=cron,
                schedule_expression_timezone=args.timezone,
                state="ENABLED" if args.enabled else "DISABLED",
                flexible_time_window={"mode": "OFF"},
                target={
                    "arn": combine(lambda found, action=_ACTIONS[kind]: target_arn(action, found[0]), partition),
                    "role_arn": role.arn,
                    "input": what,
                    "dead_letter_config": {"arn": queue_arn},
                    "retry_policy": {
                        "maximum_event_age_in_seconds": retry_minutes(args) * 60,
                        "maximum_retry_attempts": _RETRIES,
                    },
                },
                opts=ResourceOptions(parent=self, depends_on=[policy]),
            )

        rhythm = rhythm_in(vars(args))
        self.hours_saved_per_week = round(rhythm.paused_hours, 1) if rhythm and args.enabled else 0.0
        self.role_arn = role.arn
        self.dead_letter_queue_arn = as_output(queue_arn)
        self.register_outputs(
            {
                "hoursSavedPerWeek": self.hours_saved_per_week,
                "roleArn": self.role_arn,
                "deadLetterQueueArn": self.dead_letter_queue_arn,
            }
        )


def _events(settings: PauseSettings) -> Sequence[tuple[str, str, str]]:
    """Return for each schedule what it does, what it is called and when it fires."""
    if settings.cron is not None:
        crons = {"pause": settings.cron.pause, "resume": settings.cron.resume, "deploy": settings.cron.deploy}
        return [(kind, kind, cron) for kind, cron in crons.items() if cron is not None]
    week = Week(window(each) for each in settings.running or ())
    events = [*(("pause", event) for event in week.pauses), *(("resume", event) for event in week.resumes)]
    if delay := settings.deploy_minutes_after_resume:
        events += [("deploy", event.later(delay)) for event in week.resumes]
    return [(kind, _label(kind, event, events), event.cron) for kind, event in events]


def _label(kind: str, event: Event, events: Sequence[tuple[str, Event]]) -> str:
    """Return a schedule's name; its time of day is in it where there are several of the kind."""
    several = sum(other == kind for other, _ in events) > 1
    return f"{kind}-{event.time.replace(':', '')}" if several else kind


def _permissions(actions: Sequence[str], service_arn: str, queue_arn: str | None, queue_key_arn: str | None) -> str:
    """Return what the role may do: call App Runner, and send to the queue, which its key may encrypt."""
    statements = [iam.allow(actions, service_arn), iam.allow("sqs:SendMessage", queue_arn or "")]
    keys = [(queue_arn, queue_key_arn)] if queue_arn and queue_key_arn else []
    return iam.document([*statements, *iam.allow_keys([*SEND_ENCRYPTED_ACTIONS], keys)])


def _partition(service_arn: pulumi.Input[str]) -> pulumi.Input[str]:
    """Return the partition of a service's ARN; while a preview does not know the ARN, that of the stack's region.

    So the target is known in a first preview: policies and the plan read from it which schedule pauses.
    """
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


def _trust(group_arn: str | None) -> str:
    """Return the role's trust: only Scheduler, and only for this group's schedules (the confused deputy)."""
    try:
        account = parse_arn(group_arn or "").account
    except ValueError:  # only what somebody's mocks made up comes this far
        account = ""
    return iam.trust(
        SCHEDULER_SERVICE,
        {"StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": group_arn}},
    )
