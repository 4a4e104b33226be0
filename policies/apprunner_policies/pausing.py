"""Rules about pauses outside production: that there are some, and that their schedules do what they promise."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.limits import SCHEDULE_EVENT_AGE, SCHEDULE_RETRIES
from apprunner_facts.pauses import Pauses, read_pauses
from apprunner_facts.schedules import DEFAULT_TIMEZONE, PAUSE, RESUME, target_arn
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies.declared import declared, read_unknown
from apprunner_policies.environment import CONFIG
from apprunner_policies.rule import Stack, StackRule, read

_ZONE = "scheduleExpressionTimezone"
_AGE = "target.retryPolicy.maximumEventAgeInSeconds"


@lru_cache(maxsize=1)
def _pauses(stack: Stack) -> Pauses:
    return read_pauses(declared(stack, SERVICE, SCHEDULE))


def _is_paused_at_times(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.is_production:
        return
    pauses = _pauses(stack)
    if pauses.of(service.urn, PAUSE):
        return
    read_unknown(stack, *pauses.unknown)
    yield (
        "no schedule of the stack pauses this service: outside production it is paid for at night and at weekends, "
        f"when nobody uses it. Add an aws.scheduler.Schedule with target.arn {target_arn('pauseService')} and one with "
        "resumeService (pulumi-apprunner's PauseSchedule makes both)."
    )


def _names_its_zone(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn not in _pauses(stack).by_schedule or _has_no_hours(schedule):
        return
    zone = read(schedule, _ZONE)
    if zone in (None, DEFAULT_TIMEZONE):
        found = f'"{DEFAULT_TIMEZONE}"'
        found = f"not set, for which the provider sends {found}" if zone is None else found
        yield (
            f"{_ZONE} is {found}: the hours move when summer time begins and ends. Set it to the zone of those who use "
            'the service, such as "Europe/Berlin", or to "Etc/UTC" where that is meant.'
        )


def _is_resumed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = _pauses(stack)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or pauses.of(switch.service, PAUSE)[:1] != [switch] or pauses.of(switch.service, RESUME):
        return
    read_unknown(stack, *pauses.unknown)
    yield (
        "target.arn pauses a service that no schedule of the stack resumes: it stays paused until somebody resumes it "
        f"by hand, and until then takes no update. Add a schedule with target.arn {target_arn('resumeService')}."
    )


def _ends_trying_in_time(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = _pauses(stack)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or read(schedule, "target.retryPolicy.maximumRetryAttempts") == 0:
        return
    read_unknown(stack, *pauses.unknown_of(switch.service))
    try:
        rhythm = pauses.rhythm(switch.service)
    except ValueError:  # a rate, a day, or more time zones than one
        return
    if rhythm is None:
        return
    age = read(schedule, _AGE)
    window = read(schedule, "flexibleTimeWindow.maximumWindowInMinutes")
    seconds = _number(age, SCHEDULE_EVENT_AGE[1]) + 60 * _number(window, 0)
    is_pause = switch.action == PAUSE
    gap = rhythm.shortest_pause if is_pause else rhythm.shortest_run
    if seconds < 60 * gap:
        return
    found = f"not set, which means {SCHEDULE_EVENT_AGE[1]}" if age is None else f"{_number(age, 0):g}"
    wider = f" (and flexibleTimeWindow adds {_number(window, 0):g} minutes)" if window else ""
    yield (
        f"{_AGE} is {found}{wider}, but only {gap} minutes after this "
        f"{'pause the service is resumed' if is_pause else 'resume the service is paused'} again: a call that App "
        f"Runner refuses, since a deployment is in progress, is tried again until then and "
        f"{'pauses the service in its working hours' if is_pause else 'resumes it for the night'}. Set it to "
        f"{min(3600, max(SCHEDULE_EVENT_AGE[0], 60 * gap // 2))}."
    )


def _keeps_what_failed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn in _pauses(stack).by_schedule and not _is_given(schedule, "target.deadLetterConfig.arn"):
        yield (
            "target.deadLetterConfig is not set: a call that failed for good is lost, and nobody learns that the "
            "service is not as the schedule says. Set its arn to that of an SQS queue that somebody watches."
        )


def _is_given(schedule: PolicyResource, path: str) -> bool:
    """Tell whether something stands there; what is not known yet does."""
    try:
        return read(schedule, path) not in (None, "")
    except UnknownValueError:
        return True


def _has_no_hours(schedule: PolicyResource) -> bool:
    return str(read(schedule, "scheduleExpression")).startswith("rate(")


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise


pause_required_outside_prod = StackRule(
    "pause-required-outside-prod",
    resource_types=[SERVICE],
    checks=[_is_paused_at_times],
    description="Outside production a service is paused when nobody uses it.",
    remediation=(
        "Make a schedule that pauses the service and one that resumes it. While it is paused neither vCPU nor memory "
        "is paid; it answers nobody and takes no update."
    ),
    source=source.PAUSE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    config=CONFIG,
)

pause_schedule_sane = StackRule(
    "pause-schedule-sane",
    resource_types=[SCHEDULE],
    checks=[_names_its_zone, _is_resumed, _ends_trying_in_time, _keeps_what_failed],
    description="A schedule that pauses or resumes a service names its zone, has its counterpart and gives up in time.",
    remediation=(
        f"Set {_ZONE}, a resume for every pause, a dead-letter queue, and a retry policy that ends well before the "
        f"next switch: Scheduler's own tries for {SCHEDULE_EVENT_AGE[1] // 3600} hours, {SCHEDULE_RETRIES[1]} times."
    ),
    source=source.SCHEDULER,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

RULES = (pause_required_outside_prod, pause_schedule_sane)
