"""The next time at which a schedule fires, as an instant: with the time zone's daylight saving."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from apprunner_facts.cron import Cron
from apprunner_facts.pauses import Pauses, Switch
from apprunner_facts.schedules import Action

_DAYS = 400
"""Days that are searched: a schedule that fires once a year is found."""


class Upcoming(NamedTuple):
    """A pause or resume that has not happened yet.

    at: Its time, in the schedule's time zone.
    timezone: The name of that time zone.
    """

    action: Action
    at: datetime
    timezone: str


def next_time(cron: Cron, timezone: str, after: datetime) -> datetime | None:
    """Return the first time after an instant at which an expression fires, in its time zone.

    A time that the clock skips does not fire (cron.SCHEDULE_TYPES).

    Args:
        cron: The expression.
        timezone: The name of its time zone.
        after: The instant, with a time zone.

    Returns:
        None if it does not fire within 400 days.

    Raises:
        ZoneInfoNotFoundError: The time zone does not exist.
    """
    zone = ZoneInfo(timezone)
    first = after.astimezone(zone).date()
    for naive in cron.times(first, first + timedelta(days=_DAYS)):
        local = naive.replace(tzinfo=zone)
        at = local.astimezone(UTC)
        if at > after and at.astimezone(zone).replace(tzinfo=None) == naive:
            return local
    return None


def next_switch(pauses: Pauses, service: str, action: Action | None, after: datetime) -> Upcoming | None:
    """Return the next pause or resume of a service; None if no schedule will pause or resume it.

    Args:
        pauses: The switches of the program.
        service: See Switch.service.
        action: Only this action; None means both.
        after: The instant, with a time zone.

    Raises:
        ValueError: An expression is not a cron expression, or a value is unknown or invalid.
    """
    upcoming = [_upcoming(each, after) for each in pauses.of(service, action)]
    return min(filter(None, upcoming), key=lambda each: each.at.astimezone(UTC), default=None)


def _upcoming(switch: Switch, after: datetime) -> Upcoming | None:
    if switch.unknown:
        raise ValueError(f"{switch.unknown[0].path} of {switch.name} is unknown")
    try:
        at = next_time(Cron.parse(switch.expression), switch.timezone, after)
    except LookupError:
        raise ValueError(f"{switch.name}: the time zone {switch.timezone} does not exist") from None
    except ValueError as error:
        raise ValueError(f"{switch.name}: {error}") from None
    return None if at is None else Upcoming(switch.action, at, switch.timezone)
