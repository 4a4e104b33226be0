"""The arguments of PauseSchedule."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, cast

from pydantic import AfterValidator, StrictBool, ValidationInfo, field_validator

from apprunner_facts import arns, limits, windows
from apprunner_facts.cron import Cron
from apprunner_facts.limits import Range
from apprunner_facts.pauses import rhythm_between
from apprunner_facts.rhythm import Rhythm
from apprunner_facts.source import PAUSE
from apprunner_facts.timezones import timezones
from apprunner_facts.windows import Week, Window
from pulumi_apprunner.args.annotations import Bounds, OneOrMore
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import AnyKmsKeyArn, PolicyArn, ScheduleTags, ServiceArn, aws_assigned

DEFAULT_RETRY_MINUTES = 30
_SHORTEST = 2
"""Minimum minutes between two events. Scheduler may retry a call for a minute, which must end before the next event."""
_DEPLOY_DELAY = Range(1, 720, 10, "minutes", PAUSE)
_RETRY = Range(1, limits.SCHEDULE_EVENT_AGE[1] // 60, DEFAULT_RETRY_MINUTES, "minutes", PAUSE)


def _timezone(name: str) -> str:
    if name not in timezones():
        raise invalid("must be an IANA time zone such as Europe/Berlin, America/New_York or UTC")
    return name


def _parsable(parse: Any) -> AfterValidator:
    """Return a validator of a string that a function can parse."""

    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


def _cron(text: str) -> str:
    return str(Cron.parse(text))


CronExpression = Annotated[str, AfterValidator(_cron)]


@args_type
class RunningWindow:
    """The hours in which the service runs, on some days of the week."""

    days: Annotated[str, _parsable(windows.parse_days)]
    """The days: a range (Mon-Fri), a list (Sat,Sun), both (Mon-Wed,Fri) or daily."""

    start: Annotated[str, _parsable(windows.parse_time)]
    """The time at which the service is resumed, HH:MM."""

    end: Annotated[str, _parsable(windows.parse_end)]
    """The time at which the service is paused, HH:MM, 24:00 for midnight. If it is not after the start, it is on the
    next day."""

    @field_validator("end")
    @classmethod
    def _is_not_a_whole_day(cls, end: str, info: ValidationInfo) -> str:
        if {"days", "start"} <= info.data.keys():
            Window.parse(info.data["days"], info.data["start"], end)
        return end


@args_type
class CronPair:
    """When the service is paused and resumed, as cron expressions of EventBridge Scheduler: cron(minutes hours day
    month weekday year)."""

    pause: CronExpression
    """When the service is paused."""

    resume: CronExpression
    """When the service is resumed."""

    deploy: CronExpression | None = None
    """When the service is deployed, some minutes after a resume. Default: never."""

    @field_validator("resume")
    @classmethod
    def _alternates_with_pause(cls, resume: str, info: ValidationInfo) -> str:
        if "pause" in info.data:
            _require_time_between_events(rhythm_between([info.data["pause"]], [resume]))
        return resume


def _require_time_between_events(rhythm: Rhythm) -> None:
    if _shortest(rhythm) < _SHORTEST:
        raise invalid(
            f"must leave at least {_SHORTEST} minutes between two events, got {_shortest(rhythm)}",
            "EventBridge Scheduler may retry a call for a minute",
            got="",
        )


@args_type
class PauseSettings:
    """When a service is paused, and what happens to a call that AWS rejects."""

    timezone: Annotated[str, AfterValidator(_timezone)]
    """The IANA name of the time zone of all times, such as Europe/Berlin. Daylight saving time is respected."""

    running: OneOrMore[RunningWindow] | None = None
    """One or more weekly windows in which the service runs; outside them it is paused. One of `running` and `cron` is
    required."""

    cron: CronPair | None = None
    """Cron expressions instead of `running`."""

    enabled: StrictBool = True
    """Whether the schedules are enabled. If false, the schedules remain but are disabled; the service keeps its current
    state. Default: true."""

    deploy_minutes_after_resume: Annotated[int, Bounds(_DEPLOY_DELAY)] | None = None
    """Minutes after a resume, 1 to 720, at which the service is deployed: App Runner does not deploy images that were
    pushed while the service was paused. Leave time for the resume: 10 works well. Only with `running`; with `cron`, set
    cron.deploy. Default: no deployment."""

    retry_minutes: Annotated[int, Bounds(_RETRY)] | None = None
    """Minutes, 1 to 1440, for which a call is retried while an operation is in progress. It must be less than the
    shortest pause and the shortest run. Default: 30, or half of the shorter one if that is less."""

    dead_letter_queue_arn: (
        In[
            Annotated[
                str, aws_assigned(arns.QUEUE, "the ARN of a standard SQS queue (arn:aws:sqs:REGION:ACCOUNT:NAME)")
            ]
        ]
        | None
    ) = None
    """An existing queue for calls that failed after all retries. Default: the component creates one."""

    dead_letter_queue_kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The customer-managed KMS key that encrypts dead_letter_queue_arn. The schedules' role may use it only through
    SQS. Without this permission failed calls are lost. Default: none; SQS encrypts a queue that the component
    creates."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the created role. Default: none."""

    @field_validator("running")
    @classmethod
    def _leaves_time_to_pause(cls, running: Sequence[RunningWindow] | None, info: ValidationInfo) -> Any:
        if running is not None:
            _require_time_between_events(Week(window(each) for each in running))
        return running

    @field_validator("cron")
    @classmethod
    def _windows_or_cron(cls, cron: CronPair | None, info: ValidationInfo) -> CronPair | None:
        if "running" in info.data and (info.data["running"] is None) == (cron is None):
            if cron:
                raise invalid("must not be set together with running", "Remove one of them")
            raise invalid("running or cron is required", "Set one of them", missing=["running", "cron"])
        return cron

    @field_validator("deploy_minutes_after_resume")
    @classmethod
    def _with_windows(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        if minutes is not None and info.data.get("cron") is not None:
            raise invalid("must not be set together with cron", "Set cron.deploy, a cron expression, instead")
        rhythm = rhythm_in(info.data)
        if minutes is not None and rhythm is not None and minutes >= rhythm.shortest_run:
            raise invalid(
                f"must be less than {rhythm.shortest_run} minutes, the shortest run",
                "The deployment would start after the next pause",
            )
        return minutes

    @field_validator("retry_minutes")
    @classmethod
    def _ends_before_the_next_event(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        rhythm = rhythm_in(info.data)
        if minutes is not None and rhythm is not None and minutes >= _shortest(rhythm):
            raise invalid(
                f"must be less than {_shortest(rhythm)} minutes, the shortest time between two events",
                "A late pause could stop the service while it should run",
            )
        return minutes

    @field_validator("dead_letter_queue_kms_key_arn")
    @classmethod
    def _requires_a_queue(cls, arn: Any, info: ValidationInfo) -> Any:
        if arn is not None and info.data.get("dead_letter_queue_arn", "") is None:
            raise invalid(
                "must not be set without dead_letter_queue_arn",
                "Remove it: SQS encrypts the queue that is created here",
                missing=["dead_letter_queue_arn"],
            )
        return arn


@args_type
class PauseScheduleArgs(PauseSettings):
    """The arguments of a PauseSchedule."""

    service_arn: In[ServiceArn]
    """The ARN of the service to pause and resume."""

    tags: ScheduleTags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Schedules do not, but their group does, without empty values. Default:
    none."""


def window(args: RunningWindow) -> Window:
    """Return the Window of apprunner_facts for a window of the arguments."""
    return Window.parse(args.days, args.start, args.end)


def windows_of(settings: PauseSettings) -> Sequence[Window]:
    """Return the weekly windows of validated arguments; empty if they have cron expressions."""
    return [window(each) for each in cast(Sequence[RunningWindow], settings.running or ())]


def rhythm_in(settings: Mapping[str, Any]) -> Rhythm | None:
    """Return the rhythm of pauses and runs of validated arguments, None if they have neither windows nor cron."""
    if settings.get("running"):
        return Week(window(each) for each in settings["running"])
    cron = settings.get("cron")
    return cron and rhythm_between([cron.pause], [cron.resume])


def retry_minutes(settings: PauseSettings) -> int:
    """Return the number of minutes for which a call is retried."""
    rhythm = rhythm_in(vars(settings))
    if settings.retry_minutes is not None or rhythm is None:
        return settings.retry_minutes or DEFAULT_RETRY_MINUTES
    return max(1, min(DEFAULT_RETRY_MINUTES, _shortest(rhythm) // 2))


def _shortest(rhythm: Rhythm) -> int:
    return min(rhythm.shortest_pause, rhythm.shortest_run)
