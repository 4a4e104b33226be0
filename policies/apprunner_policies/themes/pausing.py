"""Rules about pauses and their schedules."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.limits import SCHEDULE_EVENT_AGE, SCHEDULE_RETRIES
from apprunner_facts.pauses import Pauses, read_pauses
from apprunner_facts.schedules import DEFAULT_TIMEZONE, PAUSE, RESUME, target_arn
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies.declared import declared, read_unknown
from apprunner_policies.environment import CONFIG
from apprunner_policies.properties import is_set, number, value
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_ZONE = "scheduleExpressionTimezone"
_AGE = "target.retryPolicy.maximumEventAgeInSeconds"


def _pauses(resources: Resources) -> Pauses:
    return read_pauses(declared(resources, SERVICE, SCHEDULE))


pause_required_outside_prod = StackRule(
    "pause-required-outside-prod",
    resource_types=[SERVICE],
    description="Outside production, a schedule pauses each service when nobody uses it.",
    remediation_steps=(
        "Create a schedule that pauses the service and one that resumes it. A paused service costs neither vCPU nor "
        "memory. It answers no request and cannot be updated."
    ),
    source=source.PAUSE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    config=CONFIG,
)


@pause_required_outside_prod.check
def _is_paused_at_times(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.is_production:
        return
    pauses = stack.once(_pauses)
    if pauses.of(service.urn, PAUSE):
        return
    read_unknown(stack, *pauses.unknown)
    yield (
        "a schedule must pause this service outside production, and none of the stack does. It costs money at night "
        f"and at weekends, when nobody uses it. Add an aws.scheduler.Schedule with target.arn "
        f"{target_arn('pauseService')} and one with {target_arn('resumeService')}, or use pulumi-apprunner's "
        "PauseSchedule."
    )


pause_schedule_sane = StackRule(
    "pause-schedule-sane",
    resource_types=[SCHEDULE],
    description="A schedule that pauses or resumes a service has a time zone, a counterpart and limited retries.",
    remediation_steps=(
        f"Set {_ZONE}, a resume for every pause, a dead-letter queue, and a retry policy that ends well before the "
        f"next switch. By default EventBridge Scheduler retries for {SCHEDULE_EVENT_AGE[1] // 3600} hours, up to "
        f"{SCHEDULE_RETRIES[1]} times."
    ),
    source=source.SCHEDULER,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@pause_schedule_sane.check
def _names_its_zone(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn not in stack.once(_pauses).by_schedule or _has_no_hours(schedule):
        return
    zone = value(schedule, _ZONE)
    if zone in (None, DEFAULT_TIMEZONE):
        got = f'"{DEFAULT_TIMEZONE}"' + (" (the provider's default, since it is not set)" if zone is None else "")
        yield (
            f"{_ZONE} must be the time zone of those who use the service, got {got}. In UTC the local hours shift when "
            'daylight saving time begins and ends. Set it, for example to "Europe/Berlin", or to "Etc/UTC" if UTC is '
            "intended."
        )


@pause_schedule_sane.check
def _is_resumed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = stack.once(_pauses)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or pauses.of(switch.service, PAUSE)[:1] != [switch] or pauses.of(switch.service, RESUME):
        return
    read_unknown(stack, *pauses.unknown)
    yield (
        "target.arn pauses a service, and a schedule must resume it, but none of the stack does. The service stays "
        "paused until it is resumed manually, and cannot be updated until then. Add a schedule with target.arn "
        f"{target_arn('resumeService')}."
    )


@pause_schedule_sane.check
def _stops_retrying_in_time(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = stack.once(_pauses)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or value(schedule, "target.retryPolicy.maximumRetryAttempts") == 0:
        return
    read_unknown(stack, *pauses.unknown_of(switch.service))
    try:
        rhythm = pauses.rhythm(switch.service)
    except ValueError:  # a rate, a single date, or several time zones
        return
    if rhythm is None:
        return
    age = number(schedule, _AGE)
    window = number(schedule, "flexibleTimeWindow.maximumWindowInMinutes") or 0
    seconds = (SCHEDULE_EVENT_AGE[1] if age is None else age) + 60 * window
    is_pause = switch.action == PAUSE
    gap = rhythm.shortest_pause if is_pause else rhythm.shortest_run
    if seconds < 60 * gap:
        return
    got = f"{SCHEDULE_EVENT_AGE[1]} (the default, since it is not set)" if age is None else f"{age:g}"
    wider = f" plus {window:g} minutes of flexibleTimeWindow" if window else ""
    yield (
        f"{_AGE} must end before the {'resume' if is_pause else 'pause'}, {gap} minutes after this "
        f"{'pause' if is_pause else 'resume'}, got {got}{wider}. App Runner rejects a call while a deployment is in "
        f"progress, and Scheduler retries it until then: a late retry "
        f"{'pauses the service during working hours' if is_pause else 'resumes it for the night'}. Set it to "
        f"{min(3600, max(SCHEDULE_EVENT_AGE[0], 60 * gap // 2))}."
    )


@pause_schedule_sane.check
def _keeps_failed_calls(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn in stack.once(_pauses).by_schedule and not is_set(schedule, "target.deadLetterConfig.arn"):
        yield (
            "target.deadLetterConfig must be set. Without it a call that failed for good is lost, and nobody notices "
            "that the service is not paused or not running. Set its arn to that of an SQS queue that is monitored."
        )


def _has_no_hours(schedule: PolicyResource) -> bool:
    return str(value(schedule, "scheduleExpression")).startswith("rate(")


RULES = (pause_required_outside_prod, pause_schedule_sane)
