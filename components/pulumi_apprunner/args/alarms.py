"""The arguments that describe the alarms of a ServiceMonitoring."""

import dataclasses
from typing import Annotated, Literal

from pydantic import AfterValidator, StrictBool

from apprunner_facts import limits, observability
from apprunner_facts.limits import Range
from apprunner_facts.source import METRICS_INSIGHTS_ALARMS
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.errors import invalid

Profile = Literal["production", "staging"]
MissingData = Literal["missing", "ignore", "breaching", "notBreaching"]

_MINUTE_PERIODS = Range(1, observability.INSIGHTS_HOURS * 60, 5, "periods", METRICS_INSIGHTS_ALARMS)


def _positive(number: float) -> float:
    if not 0 < number < float("inf"):
        raise invalid("must be a number greater than 0")
    return number


def _percentage(number: float) -> float:
    if not 0 < number <= 100:
        raise invalid("must be a percentage greater than 0, up to 100")
    return number


def _not_negative(number: int) -> int:
    if number < 0:
        raise invalid("must be 0 or more")
    return number


def _whole_minutes(seconds: int) -> int:
    step = limits.ALARM_PERIOD_STEP
    if seconds < step or seconds % step:
        raise invalid(f"must be a multiple of {step} seconds")
    return seconds


Period = Annotated[int, AfterValidator(_whole_minutes)]
Periods = Annotated[int, Bounds(limits.ALARM_PERIODS)]
Percentage = Annotated[float, AfterValidator(_percentage)]


@args_type
class Alarm:
    """The settings of one alarm. docs/alarms.md has each alarm's unit and its defaults in both profiles."""

    enabled: StrictBool | None = None
    """Whether the alarm exists. Default: as in the profile."""

    threshold: Annotated[float, AfterValidator(_positive)] | None = None
    """The value from which a data point breaches, greater than 0, in the alarm's unit. Default: as in the profile."""

    period: Period | None = None
    """Seconds of a data point, a multiple of 60. Default: 300."""

    evaluation_periods: Periods | None = None
    """The number of latest data points that are evaluated, 1 or more, together up to a day. Default: as in the
    profile."""

    datapoints_to_alarm: Periods | None = None
    """How many of them must breach, 1 to evaluation_periods. Default: all, or as in the profile if evaluation_periods
    is not set either."""

    missing_data: MissingData | None = None
    """How a missing data point counts. `missing`: if all are missing, the state is INSUFFICIENT_DATA; `ignore`: the
    state stays; `breaching`; `notBreaching`. Default: breaching for no_requests, otherwise notBreaching."""


@args_type
class RateAlarm(Alarm):
    """The settings of an alarm on a percentage of the requests."""

    threshold: Percentage | None = None
    """The percentage from which a data point breaches, up to 100. Default: as in the profile."""

    min_requests: Annotated[int, AfterValidator(_not_negative)] | None = None
    """Requests in a period below which a data point does not breach, so that one error of two requests is no alarm. 0
    or more. Default: 20."""


@args_type
class InstanceAlarm:
    """The settings of an alarm on the busiest instance, by a Metrics Insights query with data points of 60 seconds."""

    enabled: StrictBool | None = None
    """Whether the alarm exists. Default: as in the profile."""

    threshold: Percentage | None = None
    """The percentage from which a data point breaches, up to 100. Default: as in the profile."""

    evaluation_periods: Annotated[int, Bounds(_MINUTE_PERIODS)] | None = None
    """The number of latest minutes that are evaluated, 1 to 180: such alarms evaluate three hours at most. Default: as
    in the profile."""

    datapoints_to_alarm: Annotated[int, Bounds(_MINUTE_PERIODS)] | None = None
    """How many of them must breach, 1 to evaluation_periods. Default: all, or as in the profile if evaluation_periods
    is not set either."""

    missing_data: MissingData | None = None
    """As for Alarm. Default: notBreaching."""


@args_type
class Alarms:
    """The alarms of a service, each with settings that override the profile's defaults."""

    server_errors: Alarm = dataclasses.field(default_factory=Alarm)
    """The number of 5xx responses in a period."""

    server_error_rate: RateAlarm = dataclasses.field(default_factory=RateAlarm)
    """The percentage of requests with a 5xx response."""

    client_error_rate: RateAlarm = dataclasses.field(default_factory=RateAlarm)
    """The percentage of requests with a 4xx response."""

    latency: Alarm = dataclasses.field(default_factory=Alarm)
    """The latency of the slowest 1 % of the requests (p99), in milliseconds."""

    active_instances: Alarm = dataclasses.field(default_factory=Alarm)
    """The number of active instances. Default threshold: `max_size`."""

    no_requests: Alarm = dataclasses.field(default_factory=Alarm)
    """Fewer requests in a period than the threshold. Disabled by default: enable it for a service that always has
    requests."""

    cpu: InstanceAlarm = dataclasses.field(default_factory=InstanceAlarm)
    """The CPU of the busiest instance, in percent."""

    memory: InstanceAlarm = dataclasses.field(default_factory=InstanceAlarm)
    """The memory of the fullest instance, in percent."""
