"""Schedules that pause a service outside its running hours."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.identity import SEND_ENCRYPTED_ACTIONS
from apprunner_facts.limits import QUEUE_RETENTION
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import as_output, combine, validate
from pulumi_apprunner.args.dicts import PauseScheduleArgsDict
from pulumi_apprunner.args.schedule import PauseScheduleArgs, retry_minutes, rhythm_in
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.scheduler import ScheduledEvent, create_schedule, scheduled_events, target_of, trust_schedules

_RETRIES = 20

_ACTIONS = {"pause": "pauseService", "resume": "resumeService", "deploy": "startDeployment"}
"""The operations of App Runner's API, by the kind of event."""


class PauseSchedule(pulumi.ComponentResource):
    """Schedules that pause and resume a service. A paused service handles no requests and costs neither CPU nor memory.

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

    EventBridge Scheduler calls App Runner with a role that allows only these calls. App Runner rejects a call while a
    deployment or maintenance is in progress. Scheduler retries it for some minutes, then sends it to the dead-letter
    queue. A resume deploys the last deployed version. While a service is paused, App Runner accepts neither updates nor
    changes of its domains.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service and its hours: PauseScheduleArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    hours_saved_per_week: float
    """Average hours per week in which the service is paused; 0 if the schedules are disabled."""
    role_arn: Output[str]
    """The role with which Scheduler calls App Runner."""
    dead_letter_queue_arn: Output[str]
    """The queue of calls that failed after all retries. A message in it means that the service may be in the wrong
    state."""

    def __init__(
        self, name: str, args: PauseScheduleArgs | PauseScheduleArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of PauseSchedule.
        """
        args = validate(PauseScheduleArgs, "PauseSchedule", name, args)
        super().__init__("apprunner:index:PauseSchedule", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)
        calls = scheduled_events(args, args.deploy_minutes_after_resume)

        group = aws.scheduler.ScheduleGroup(
            f"{name}-group", name=physical_name(names.SCHEDULE, name), tags=args.tags, opts=child
        )
        queue_arn = args.dead_letter_queue_arn
        if queue_arn is None:
            queue_arn = _dead_letter_queue(name, args, child).arn
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name(names.ROLE, name, "schedule"),
            description=f"EventBridge Scheduler for {physical_name(names.SCHEDULE, name)}",
            assume_role_policy=group.arn.apply(trust_schedules),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy", name="schedule", role=role.name, policy=_policy(args, calls, queue_arn), opts=child
        )
        after_policy = ResourceOptions(parent=self, depends_on=[policy])
        target = _target(args, role, queue_arn)
        for call in calls:
            action = _ACTIONS[call.kind]
            target_arn = target_of(args.service_arn, action)
            create_schedule(
                name,
                call,
                group,
                {**target, "arn": target_arn},
                after_policy,
                timezone=args.timezone,
                enabled=args.enabled,
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


def _dead_letter_queue(name: str, args: PauseScheduleArgs, opts: ResourceOptions) -> "aws.sqs.Queue":
    return aws.sqs.Queue(
        f"{name}-dead-letters",
        name=physical_name(names.QUEUE, name, "dead-letters"),
        message_retention_seconds=QUEUE_RETENTION,
        sqs_managed_sse_enabled=True,
        tags=args.tags,
        opts=opts,
    )


def _target(args: PauseScheduleArgs, role: "aws.iam.Role", queue_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Return the target of all schedules, without the action's ARN."""
    return {
        "role_arn": role.arn,
        "input": combine(lambda known: json.dumps({"ServiceArn": known[0]}), args.service_arn),
        "dead_letter_config": {"arn": queue_arn},
        "retry_policy": {
            "maximum_event_age_in_seconds": retry_minutes(args) * 60,
            "maximum_retry_attempts": _RETRIES,
        },
    }


def _policy(
    args: PauseScheduleArgs, calls: Sequence[ScheduledEvent], queue_arn: pulumi.Input[str]
) -> pulumi.Input[str]:
    """Return the role's policy: it allows the calls, and sending to the queue, also if a KMS key encrypts the queue."""
    operations = {_ACTIONS[call.kind] for call in calls}
    actions = sorted(f"apprunner:{operation[0].upper()}{operation[1:]}" for operation in operations)

    def document(known: list[str | None]) -> str:
        service_arn, queue_arn, queue_key_arn = known
        statements = [iam.allow(actions, service_arn or ""), iam.allow("sqs:SendMessage", queue_arn or "")]
        keys = [(queue_arn, queue_key_arn)] if queue_arn and queue_key_arn else []
        return iam.document([*statements, *iam.allow_keys([*SEND_ENCRYPTED_ACTIONS], keys)])

    return combine(document, args.service_arn, queue_arn, args.dead_letter_queue_kms_key_arn)
