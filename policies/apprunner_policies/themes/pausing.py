"""Rules about pauses outside production: that there are some, and that their schedules do what they promise."""

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
    description="Outside production a service is paused when nobody uses it.",
    remediation_steps=(
        "Make a schedule that pauses the service and one that resumes it. While it is paused neither vCPU nor memory "
        "is paid; it answers nobody and takes no update."
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
        "no schedule of the stack pauses this service: outside production it is paid for at night and at weekends, "
        f"when nobody uses it. Add an aws.scheduler.Schedule with target.arn {target_arn('pauseService')} and one with "
        "resumeService (pulumi-apprunner's PauseSchedule makes both)."
    )


pause_schedule_sane = StackRule(
    "pause-schedule-sane",
    resource_types=[SCHEDULE],
    description="A schedule that pauses or resumes a service names its zone, has its counterpart and gives up in time.",
    remediation_steps=(
        f"Set {_ZONE}, a resume for every pause, a dead-letter queue, and a retry policy that ends well before the "
        f"next switch: Scheduler's own tries for {SCHEDULE_EVENT_AGE[1] // 3600} hours, {SCHEDULE_RETRIES[1]} times."
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
        got = f'"{DEFAULT_TIMEZONE}"'
        got = f"not set, for which the provider sends {got}" if zone is None else got
        yield (
            f"{_ZONE} is {got}: the hours move when summer time begins and ends. Set it to the zone of those who use "
            'the service, such as "Europe/Berlin", or to "Etc/UTC" where that is meant.'
        )


@pause_schedule_sane.check
def _is_resumed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = stack.once(_pauses)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or pauses.of(switch.service, PAUSE)[:1] != [switch] or pauses.of(switch.service, RESUME):
        return
    read_unknown(stack, *pauses.unknown)
    yield (
        "target.arn pauses a service that no schedule of the stack resumes: it stays paused until somebody resumes it "
        f"by hand, and until then takes no update. Add a schedule with target.arn {target_arn('resumeService')}."
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
    got = f"not set, which means {SCHEDULE_EVENT_AGE[1]}" if age is None else f"{age:g}"
    wider = f" (and flexibleTimeWindow adds {window:g} minutes)" if window else ""
    yield (
        f"{_AGE} is {got}{wider}, but only {gap} minutes after this "
        f"{'pause the service is resumed' if is_pause else 'resume the service is paused'} again: a call that App "
        f"Runner refuses, since a deployment is in progress, is tried again until then and "
        f"{'pauses the service in its working hours' if is_pause else 'resumes it for the night'}. Set it to "
        f"{min(3600, max(SCHEDULE_EVENT_AGE[0], 60 * gap // 2))}."
    )


@pause_schedule_sane.check
def _keeps_failed_calls(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn in stack.once(_pauses).by_schedule and not is_set(schedule, "target.deadLetterConfig.arn"):
        yield (
            "target.deadLetterConfig is not set: a call that failed for good is lost, and nobody learns that the "
            "service is not as the schedule says. Set its arn to that of an SQS queue that somebody watches."
        )


def _has_no_hours(schedule: PolicyResource) -> bool:
    return str(value(schedule, "scheduleExpression")).startswith("rate(")


RULES = (pause_required_outside_prod, pause_schedule_sane)
