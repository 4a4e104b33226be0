"""The hours of the week in which a service gets no requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from pulumi_apprunner.rightsize.usage import Usage, hour_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORTEST_PAUSE = 3
"""Hours. A shorter pause is not worth a start of the service."""
_MARGIN = 1
"""Hours that the service runs before the first and after the last request."""
_LEAST_DAYS = 13.0
"""Days with data: two weeks, except for a day."""
_DAY = 24
_WEEK = 7 * _DAY


@dataclass(frozen=True)
class RunningHours:
    """The hours in which a service must run, on some days of the week.

    Args:
        days: The days, as in RunningWindow.days.
        start: The first hour (0 to 23).
        end: The hour after the last one (1 to 24). If it is not after `start`, it is on the next day.
    """

    days: str
    start: int
    end: int

    def as_window(self) -> dict[str, str]:
        """Return it in the form of a stack file."""
        return {"days": self.days, "start": f"{self.start:02}:00", "end": f"{self.end:02}:00"}


def find_running_hours(usage: Usage, timezone: str) -> Sequence[RunningHours]:
    """Return the hours in which a service must run; nothing if that is always, or the data do not suffice.

    A day's running hours are from an hour before its first request to an hour after its last one in two weeks, also
    across midnight. Shorter breaks than three hours are no pauses. Days with the same running hours are joined.

    Args:
        usage: The measured usage, with data of at least 13 days.
        timezone: The IANA name of the time zone of the result.
    """
    if usage.covered_days < _LEAST_DAYS or not usage.total_requests:
        return ()
    running = {hour % _WEEK for span in _spans(_busy_hours(usage, timezone)) for hour in span}
    windows: dict[tuple[int, int], list[int]] = {}
    for first, last in _parts(_runs(running)):
        day, start = divmod(first, _DAY)
        windows.setdefault((start, (last - 1) % _DAY + 1), []).append(day)
    windows = dict(sorted(windows.items(), key=lambda item: min(item[1])))
    return [RunningHours(_join(sorted(days)), start, end) for (start, end), days in windows.items()]


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


def _spans(busy: Sequence[set[int]]) -> Iterator[range]:
    """Yield the running hours of each day with requests, in hours of the week. They may begin or end outside of it."""
    for day, hours in enumerate(busy):
        if hours:
            yield range(day * _DAY + min(hours) - _MARGIN, day * _DAY + max(hours) + 1 + _MARGIN)


def _runs(running: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the first hour of each run, and the hour after its last one; nothing if there is no pause.

    A run begins in the week and may end in the next one. A run continues after a break that is too short for a pause.
    """
    hours = sorted(running)
    following = [*hours[1:], hours[0] + _WEEK]
    pauses = [(hour + 1, after) for hour, after in zip(hours, following, strict=True) if after - hour > _SHORTEST_PAUSE]
    for index, (_, first) in enumerate(pauses):
        end = pauses[(index + 1) % len(pauses)][0]
        yield first % _WEEK, first % _WEEK + (end - first) % _WEEK


def _parts(runs: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield runs in parts of less than a day, or of a whole day from midnight, as a window requires."""
    for first, last in runs:
        while last - first >= _DAY:
            midnight = (first // _DAY + 1) * _DAY
            yield first % _WEEK, midnight
            first = midnight
        if first < last:
            yield first % _WEEK, last


def _join(days: Sequence[int]) -> str:
    """Return days as ranges and single days, such as Mon-Fri,Sun."""
    if len(days) == len(DAYS):
        return "daily"
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs)
