"""Rules about pauses and their schedules."""

from collections.abc import Iterator
from difflib import get_close_matches

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.arns import is_app_runner_arn
from apprunner_facts.cron import Cron
from apprunner_facts.limits import SCHEDULE_EVENT_AGE, SCHEDULE_RETRIES
from apprunner_facts.pauses import Pauses, read_pauses
from apprunner_facts.schedules import (
    DEFAULT_TIMEZONE,
    OPERATIONS,
    PAUSE,
    RESUME,
    action_of,
    is_enabled,
    operation_of,
    service_arn,
    target_arn,
)
from apprunner_facts.timezones import timezones
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies.declared import declared, read_unknown
from apprunner_policies.environment import CONFIG
from apprunner_policies.properties import is_set, known, number, read_identity, value
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_EXPRESSION = "scheduleExpression"
_FIELDS_WITHOUT_YEAR = 5
_LONGEST_ZONE = 50
_ZONE = "scheduleExpressionTimezone"
_OPERATIONS = {each.lower(): each for each in OPERATIONS}
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
    read_identity(service, "arn")
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
def _calls_an_operation(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    arn = value(schedule, "target.arn")
    operation = operation_of(arn)
    if operation is None:
        return
    if operation not in _OPERATIONS:
        yield (
            f"target.arn must name an operation of App Runner that a schedule can call, got {operation}. Set it to "
            f"{target_arn('pauseService')} or {target_arn('resumeService')}."
        )
    elif not arn.endswith(f":{_OPERATIONS[operation]}"):
        yield (
            f"target.arn must name the operation in camel case, got {arn.rpartition(':')[2]}. AWS documents no other "
            f"spelling, and the schedule may be rejected. Write {_OPERATIONS[operation]}."
        )


@pause_schedule_sane.check
def _names_its_service(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message if the call fails, because its input has no service."""
    if action_of(value(schedule, "target.arn")) is None or not is_enabled(value(schedule, "state")):
        return
    content = known(schedule, "target.input")
    if content is None and is_set(schedule, "target.input"):
        return  # it is unknown; the service is the one that the target refers to
    arn = service_arn(content)
    if arn is None or not is_app_runner_arn(arn, "service"):
        missing = "none" if content in (None, "") else "an input without it"
        got = missing if arn is None else f"ServiceArn {arn}"
        yield (
            f"target.input must be JSON with the service's ARN under ServiceArn, got {got}. The call fails, and the "
            'service is neither paused nor resumed. Set it to json.dumps({"ServiceArn": …}), with this spelling.'
        )


@pause_schedule_sane.check
def _names_its_zone(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    if schedule.urn not in stack.once(_pauses).by_schedule or _is_rate(schedule):
        return
    zone = value(schedule, _ZONE)
    if isinstance(zone, str) and zone not in timezones():
        similar = get_close_matches(zone[:_LONGEST_ZONE], timezones(), 1)
        hint = f"Did you mean {similar[0]}?" if similar else 'Set it, for example to "Europe/Berlin".'
        yield (
            f'{_ZONE} must be the IANA name of a time zone, got "{zone}". The update fails, since EventBridge '
            f"Scheduler rejects the schedule. {hint}"
        )
    elif zone in (None, DEFAULT_TIMEZONE):
        got = f'"{DEFAULT_TIMEZONE}"' + (" (the provider's default, since it is not set)" if zone is None else "")
        yield (
            f"{_ZONE} must be the time zone of those who use the service, got {got}. In UTC the local hours shift when "
            'daylight saving time begins and ends. Set it, for example to "Europe/Berlin", or to "Etc/UTC" if UTC is '
            "intended."
        )


@pause_schedule_sane.check
def _has_valid_times(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    expression = value(schedule, _EXPRESSION)
    if schedule.urn not in stack.once(_pauses).by_schedule or not isinstance(expression, str):
        return
    if expression.startswith(("rate(", "at(")):
        return
    has_no_year = len(expression.split()) == _FIELDS_WITHOUT_YEAR
    try:
        Cron.parse(f"{expression.removesuffix(')')} *)" if has_no_year else expression)
    except ValueError as error:
        yield (
            f"{_EXPRESSION}: {error}. AWS documents no other form, and EventBridge Scheduler may reject the schedule."
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
def _pauses_and_resumes_apart(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = stack.once(_pauses)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or switch.action != PAUSE:
        return
    read_unknown(stack, *pauses.unknown_of(switch.service))
    gaps = pauses.gaps(switch.service)
    if gaps is not None and gaps.pause == 0 and pauses.of(switch.service, PAUSE)[:1] == [switch]:
        names = " and ".join(each.name for each in pauses.of(switch.service, RESUME))
        yield (
            f"{_EXPRESSION} must pause the service at another time than {names} resumes it, got the same minute. "
            "AWS does not document which call comes last. Move one of them."
        )


@pause_schedule_sane.check
def _stops_retrying_in_time(schedule: PolicyResource, stack: Stack) -> Iterator[str]:
    pauses = stack.once(_pauses)
    switch = pauses.by_schedule.get(schedule.urn)
    if switch is None or value(schedule, "target.retryPolicy.maximumRetryAttempts") == 0:
        return
    read_unknown(stack, *pauses.unknown_of(switch.service))
    gaps = pauses.gaps(switch.service)
    if gaps is None or gaps.pause == 0:
        return
    age = number(schedule, _AGE)
    window = number(schedule, "flexibleTimeWindow.maximumWindowInMinutes") or 0
    seconds = (SCHEDULE_EVENT_AGE[1] if age is None else age) + 60 * window
    is_pause = switch.action == PAUSE
    gap = gaps.pause if is_pause else gaps.run
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
            "target.deadLetterConfig must be set. Without it a call that fails after all retries is lost, and nobody "
            "notices that the service is not paused or not running. Set its arn to that of an SQS queue that is "
            "monitored."
        )


def _is_rate(schedule: PolicyResource) -> bool:
    """Return whether a schedule fires at an interval, which no time zone changes."""
    return str(value(schedule, _EXPRESSION)).startswith("rate(")


RULES = (pause_required_outside_prod, pause_schedule_sane)
