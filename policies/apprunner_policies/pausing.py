"""Rules about pauses outside production: that there are some, and that their schedules do what they promise."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.cron import Cron
from apprunner_facts.limits import SCHEDULE_EVENT_AGE, SCHEDULE_RETRIES
from apprunner_facts.rhythm import Rhythm, rhythm_of
from apprunner_facts.schedules import operation_of, target_arn
from apprunner_policies.environment import CONFIG
from apprunner_policies.rule import HasProps, Stack, StackRule, known, read
from apprunner_policies.types import SCHEDULE, SERVICE

PAUSE, RESUME = "pauseservice", "resumeservice"
_ZONE = "scheduleExpressionTimezone"
_AGE = "target.retryPolicy.maximumEventAgeInSeconds"
_DEFAULT_ZONE = "UTC"


def asked_for(schedule: HasProps) -> str | None:
    """Return in small letters what a schedule asks of App Runner; None for one that is switched off, or asks others."""
    operation = operation_of(read(schedule, "target.arn"))
    return None if operation is None or read(schedule, "state") == "DISABLED" else operation


@dataclass
class _Schedules:
    """The schedules of a stack that pause and resume."""

    of_services: dict[str, dict[str, list[PolicyResource]]] = field(
        default_factory=lambda: defaultdict[str, dict[str, list[PolicyResource]]](lambda: defaultdict(list))
    )
    """By the service's URN, or its ARN where that is all that is known, and by what they ask for; each list sorted."""
    service_of: dict[str, str] = field(default_factory=dict[str, str])
    """The same, by the schedule's URN."""
    unknown: UnknownValueError | None = None
    """Why it is not known of some schedule what it does, or to which service."""


@lru_cache(maxsize=1)
def _schedules(stack: Stack) -> _Schedules:
    services = {arn: each.urn for each in stack.of(SERVICE) if isinstance(arn := known(each, "arn"), str)}
    found = _Schedules()
    for schedule in sorted(stack.of(SCHEDULE), key=lambda each: each.urn):  # the engine's order is its own
        try:
            asked = asked_for(schedule)
            if asked not in (PAUSE, RESUME):
                continue
            referred = stack.referred(schedule, "target", SERVICE)
            arn = None if len(referred) == 1 else _service_arn(read(schedule, "target.input"))
        except UnknownValueError as error:
            found.unknown = found.unknown or error
            continue
        service = referred[0].urn if len(referred) == 1 else services.get(arn or "", arn)
        if service is not None:
            found.of_services[service][asked].append(schedule)
            found.service_of[schedule.urn] = service
    return found


def _service_arn(given: Any) -> str | None:
    """Return the service's ARN from a schedule's input, which is JSON."""
    try:
        said: Any = json.loads(given) if isinstance(given, str) else None
    except ValueError:
        return None
    arn = cast(Mapping[str, Any], said).get("ServiceArn") if isinstance(said, Mapping) else None
    return arn if isinstance(arn, str) else None


def _is_paused_at_times(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.is_production:
        return
    schedules = _schedules(stack)
    if schedules.of_services.get(service.urn, {}).get(PAUSE):
        return
    if schedules.unknown:
        raise schedules.unknown
    yield (
        "no schedule of the stack pauses this service: outside production it is paid for at night and at weekends, "
        f"when nobody uses it. Add an aws.scheduler.Schedule with target.arn {target_arn('pauseService')} and one with "
        "resumeService (pulumi-apprunner's PauseSchedule makes both)."
    )


def _names_its_zone(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn not in _schedules(stack).service_of or _expression(schedule).startswith("rate("):
        return
    zone = read(schedule, _ZONE)
    if zone in (None, _DEFAULT_ZONE):
        found = f'not set, for which the provider sends "{_DEFAULT_ZONE}"' if zone is None else f'"{_DEFAULT_ZONE}"'
        yield (
            f"{_ZONE} is {found}: the hours move when summer time begins and ends. Set it to the zone of those who use "
            'the service, such as "Europe/Berlin", or to "Etc/UTC" where that is meant.'
        )


def _is_resumed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    schedules = _schedules(stack)
    of_service = schedules.of_services.get(schedules.service_of.get(schedule.urn, ""), {})
    first = next(iter(of_service.get(PAUSE, ())), None)
    if first is None or first.urn != schedule.urn or of_service.get(RESUME):
        return
    if schedules.unknown:
        raise schedules.unknown
    yield (
        "target.arn pauses a service that no schedule of the stack resumes: it stays paused until somebody resumes it "
        f"by hand, and until then takes no update. Add a schedule with target.arn {target_arn('resumeService')}."
    )


def _ends_trying_in_time(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    schedules = _schedules(stack)
    service = schedules.service_of.get(schedule.urn)
    if service is None or read(schedule, "target.retryPolicy.maximumRetryAttempts") == 0:
        return
    rhythm = _rhythm(schedules.of_services[service])
    if rhythm is None:
        return
    age = read(schedule, _AGE)
    window = read(schedule, "flexibleTimeWindow.maximumWindowInMinutes")
    seconds = _number(age, SCHEDULE_EVENT_AGE[1]) + 60 * _number(window, 0)
    pauses = asked_for(schedule) == PAUSE
    gap = rhythm.shortest_pause if pauses else rhythm.shortest_run
    if seconds < 60 * gap:
        return
    found = f"not set, which means {SCHEDULE_EVENT_AGE[1]}" if age is None else f"{_number(age, 0):g}"
    wider = f" (and flexibleTimeWindow adds {_number(window, 0):g} minutes)" if window else ""
    yield (
        f"{_AGE} is {found}{wider}, but only {gap} minutes after this "
        f"{'pause the service is resumed' if pauses else 'resume the service is paused'} again: a call that App Runner "
        f"refuses, since a deployment is in progress, is tried again until then and "
        f"{'pauses the service in its working hours' if pauses else 'resumes it for the night'}. Set it to "
        f"{min(3600, max(SCHEDULE_EVENT_AGE[0], 60 * gap // 2))}."
    )


def _keeps_what_failed(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn in _schedules(stack).service_of and not _is_given(schedule, "target.deadLetterConfig.arn"):
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


def _rhythm(schedules: Mapping[str, Sequence[PolicyResource]]) -> Rhythm | None:
    """Return how a service alternates; None where that cannot be told: a rate, a day, or more zones than one."""
    if len({read(each, _ZONE) or _DEFAULT_ZONE for kind in (PAUSE, RESUME) for each in schedules.get(kind, ())}) != 1:
        return None
    pauses, resumes = (tuple(map(_expression, schedules.get(kind, ()))) for kind in (PAUSE, RESUME))
    return _rhythm_of(pauses, resumes)


@lru_cache(maxsize=1_000)
def _rhythm_of(pauses: tuple[str, ...], resumes: tuple[str, ...]) -> Rhythm | None:
    try:
        return rhythm_of([Cron.parse(each) for each in pauses], [Cron.parse(each) for each in resumes])
    except ValueError:
        return None


def _expression(schedule: PolicyResource) -> str:
    return str(read(schedule, "scheduleExpression"))


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
