"""Times and durations as texts."""

from datetime import UTC, datetime, timedelta

_HOUR, _DAY = 60, 24 * 60


def local_time(at: datetime) -> str:
    """Return a time in the time zone of this machine: 2026-11-23 22:31 UTC."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"


def iso_time(at: datetime | None) -> str | None:
    """Return a time in UTC as in JSON: 2026-11-23T22:31:00Z."""
    return at and f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def rough_duration(duration: timedelta) -> str:
    """Return a duration in one unit: 5 minutes, 19 hours, 3 days. The larger unit begins at two of it."""
    minutes = max(1, round(duration.total_seconds() / 60))
    for unit, size in (("days", _DAY), ("hours", _HOUR)):
        if minutes >= 2 * size:
            return f"{round(minutes / size)} {unit}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
