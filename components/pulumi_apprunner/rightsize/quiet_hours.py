"""The hours of the week in which a service gets no requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from pulumi_apprunner.rightsize.usage import Usage, hour_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORTEST_PAUSE = 3
"""Hours of a day. A shorter pause is not worth a start of the service."""
_MARGIN = 1
"""Hours that the service runs before the first and after the last request."""
_WEEKS = 2


@dataclass(frozen=True)
class RunningHours:
    """The hours in which a service gets requests, on some days of the week.

    Args:
        days: The days, as in RunningWindow.days.
        start: The first hour (0 to 23).
        end: The hour after the last one (1 to 24).
    """

    days: str
    start: int
    end: int

    def as_window(self) -> dict[str, str]:
        """Return it in the form of a stack file."""
        return {"days": self.days, "start": f"{self.start:02}:00", "end": f"{self.end:02}:00"}


def find_running_hours(usage: Usage, timezone: str) -> Sequence[RunningHours]:
    """Return the hours in which a service must run; nothing if that is always, or the data do not suffice.

    An hour of the week is quiet if no request was measured in it in two weeks. A day's running hours are from an hour
    before its first request to an hour after its last one. Days with the same running hours are joined.

    Args:
        usage: The measured usage, of at least 14 days.
        timezone: The IANA name of the time zone of the result.
    """
    if usage.days < _WEEKS * 7 - 0.1 or not usage.total_requests:
        return ()
    spans = [_span(hours) for hours in _busy_hours(usage, timezone)]
    paused = [24 if span is None else 24 - (span[1] - span[0]) for span in spans]
    if max(paused) < _SHORTEST_PAUSE:
        return ()
    spans = [(0, 24) if span and hours < _SHORTEST_PAUSE else span for span, hours in zip(spans, paused, strict=True)]
    return [
        RunningHours(_join([day for day, other in zip(DAYS, spans, strict=True) if other == span]), *span)
        for span in dict.fromkeys(span for span in spans if span is not None)
    ]


def _busy_hours(usage: Usage, timezone: str) -> list[set[int]]:
    """Return the hours with requests of each day of the week."""
    zone = ZoneInfo(timezone)
    busy: list[set[int]] = [set() for _ in DAYS]
    for moment in {hour_of(moment) for moment, count in usage.requests.items() if count}:
        local = moment.astimezone(zone)
        last = (moment + timedelta(minutes=59)).astimezone(zone)  # an offset of half an hour
        busy[local.weekday()].add(local.hour)
        busy[last.weekday()].add(last.hour)
    return busy


def _span(hours: set[int]) -> tuple[int, int] | None:
    if not hours:
        return None
    return max(0, min(hours) - _MARGIN), min(24, max(hours) + 1 + _MARGIN)


def _join(days: Sequence[str]) -> str:
    """Return days as ranges and single days, such as Mon-Fri,Sun."""
    if list(days) == list(DAYS):
        return "daily"
    runs: list[list[str]] = []
    for day in days:
        if runs and DAYS.index(day) == DAYS.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
