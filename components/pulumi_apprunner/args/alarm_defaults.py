"""The settings of alarms: those of the arguments, otherwise the defaults of a profile."""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from apprunner_facts import limits, observability
from pulumi_apprunner.args.alarms import Alarms, MissingData, Profile
from pulumi_apprunner.args.paths import Path


class AlarmSettings(NamedTuple):
    """All settings of one alarm."""

    threshold: float | None
    """None only for active_instances, whose default is `max_size`."""
    evaluation_periods: int
    datapoints_to_alarm: int
    period: int = 300
    missing_data: MissingData = "notBreaching"
    enabled: bool = True
    min_requests: int = 0


_MINUTE = observability.INSIGHTS_PERIOD

DEFAULTS: Mapping[Profile, Mapping[str, AlarmSettings]] = {
    "production": {
        "server_errors": AlarmSettings(10, 1, 1),
        "server_error_rate": AlarmSettings(5, 3, 2, min_requests=20),
        "client_error_rate": AlarmSettings(40, 3, 3, min_requests=20),
        "latency": AlarmSettings(3000, 3, 3),
        "active_instances": AlarmSettings(None, 3, 3),
        "no_requests": AlarmSettings(1, 3, 3, missing_data="breaching", enabled=False),
        "cpu": AlarmSettings(85, 15, 15, _MINUTE),
        "memory": AlarmSettings(85, 15, 15, _MINUTE),
    },
    "staging": {
        "server_errors": AlarmSettings(25, 3, 3),
        "server_error_rate": AlarmSettings(20, 3, 3, min_requests=20),
        "client_error_rate": AlarmSettings(40, 3, 3, min_requests=20, enabled=False),
        "latency": AlarmSettings(10000, 3, 3),
        "active_instances": AlarmSettings(None, 3, 3, enabled=False),
        "no_requests": AlarmSettings(1, 3, 3, missing_data="breaching", enabled=False),
        "cpu": AlarmSettings(85, 15, 15, _MINUTE, enabled=False),
        "memory": AlarmSettings(90, 15, 15, _MINUTE),
    },
}
"""The defaults of each alarm, by profile. They are this library's own choice: AWS recommends none."""


def settings_of(alarms: Alarms, profile: Profile | None, max_size: int | None = None) -> Mapping[str, AlarmSettings]:
    """Return the settings of each alarm: its own, otherwise those of the profile.

    Args:
        alarms: The settings in the arguments.
        profile: The profile. None means production.
        max_size: The maximum of the service's scaling profile. With 1 there is no alarm on active instances, because
            one active instance is normal. Default: unknown.
    """
    names = [field.name for field in dataclasses.fields(alarms)]
    merged = {name: _merge(getattr(alarms, name), profile or "production", name) for name in names}
    own = alarms.active_instances
    if max_size == 1 and own.enabled is None and own.threshold is None:
        merged["active_instances"] = merged["active_instances"]._replace(enabled=False)
    return merged


def _merge(alarm: Any, profile: Profile, name: str) -> AlarmSettings:
    settings = cast(dict[str, Any], vars(alarm))
    own = {key: value for key, value in settings.items() if value is not None}
    if "evaluation_periods" in own:
        own.setdefault("datapoints_to_alarm", own["evaluation_periods"])
    return DEFAULTS[profile][name]._replace(**own)


def problems_of(settings: Mapping[str, AlarmSettings]) -> Mapping[Path, str]:
    """Return a message for each setting that is invalid together with others or with the profile's defaults."""
    problems: dict[Path, str] = {}
    for name, alarm in settings.items():
        if alarm.datapoints_to_alarm > alarm.evaluation_periods:
            problems[name, "datapoints_to_alarm"] = (
                f"must be at most evaluation_periods, {alarm.evaluation_periods}, got {alarm.datapoints_to_alarm}"
            )
        evaluated = alarm.period * alarm.evaluation_periods
        if evaluated > limits.ALARM_SECONDS:
            problems[name, "evaluation_periods"] = (
                f"must be at most {limits.ALARM_SECONDS // alarm.period} with a period of {alarm.period} seconds, got "
                f"{alarm.evaluation_periods}. An alarm evaluates a day at most"
            )
    return problems
