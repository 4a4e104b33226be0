"""Weekly windows in which a service runs, and the pause and resume events for them.

All days have 24 hours; daylight saving is ignored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apprunner_facts.rhythm import Rhythm

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""The days of a week from Monday. AWS's week begins with SUN."""

_DAY = 24 * 60
_WEEK = 7 * _DAY


def parse_days(text: str) -> tuple[str, ...]:
    """Return the days of a text, as members of DAYS in their order.

    Args:
        text: "Mon", "Mon-Fri", "Sat,Sun", "Fri-Mon" (across the end of the week), "Mon-Wed,Fri" or "daily", in any
            letter case.

    Raises:
        ValueError: The text has another form.
    """
    items = [re.split(r"\s*-\s*", item.strip()) for item in text.upper().split(",")]
    if items == [["DAILY"]]:
        return DAYS
    if any(len(item) > 2 or not set(item) <= set(DAYS) for item in items):
        raise ValueError(
            "must be Mon, Tue, Wed, Thu, Fri, Sat, Sun, a range (Mon-Fri, Fri-Mon), a list (Sat,Sun) or daily, "
            f'got "{text}"'
        )
    named = {day for item in items for day in _from_to(item[0], item[-1])}
    return tuple(day for day in DAYS if day in named)


def parse_time(text: str) -> int:
    """Return a window's start in minutes after midnight (0 to 1439).

    Args:
        text: "HH:MM" from "00:00" to "23:59".

    Raises:
        ValueError: The text has another form.
    """
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2})", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'must be HH:MM from "00:00" to "23:59", such as "08:00", got "{text}"')
    return int(match[1]) * 60 + int(match[2])


def parse_end(text: str) -> int:
    """Return a window's end in minutes after midnight (0 to 1440).

    Args:
        text: "HH:MM" from "00:00" to "24:00".

    Raises:
        ValueError: The text has another form.
    """
    if text == "24:00":
        return _DAY
    try:
        return parse_time(text)
    except ValueError:
        raise ValueError(f'must be HH:MM from "00:00" to "24:00", such as "20:00", got "{text}"') from None


@dataclass(frozen=True, slots=True)
class Window:
    """A time range, on one or more days of a week, in which a service runs.

    Args:
        days: Members of DAYS, in their order.
        start: Minutes after midnight (0 to 1439).
        end: Minutes after midnight (0 to 1440). If it is not after `start`, it is on the next day.

    Raises:
        ValueError: Start and end are equal.
    """

    days: tuple[str, ...]
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(
                f'start and end must differ, got "{_clock(self.start)}" twice. For a whole day, write "00:00" to '
                '"24:00"; for a day without the service, omit the day'
            )

    @classmethod
    def parse(cls, days: str, start: str, end: str) -> "Window":
        """Return the window of three texts; see parse_days, parse_time and parse_end.

        Raises:
            ValueError: A text is invalid, or start and end are equal. The message has the first error only.
        """
        return cls(parse_days(days), parse_time(start), parse_end(end))

    @property
    def minutes(self) -> int:
        """The length of the window on each day (1 to 1440)."""
        return (self.end - self.start) % _DAY or _DAY


@dataclass(frozen=True, slots=True)
class Event:
    """A time, on one or more days of every week, at which a service is paused or resumed.

    Args:
        time: "HH:MM" from "00:00" to "23:59".
        days: Members of DAYS, in their order.
    """

    time: str
    days: tuple[str, ...]

    @property
    def cron(self) -> str:
        """The event as AWS's cron expression, such as "cron(0 8 ? * MON-FRI *)"."""
        hours, minutes = self.time.split(":")
        days = "* * ?" if self.days == DAYS else f"? * {_aws_days(self.days)}"
        return f"cron({int(minutes)} {int(hours)} {days} *)"

    def later(self, minutes: int) -> "Event":
        """Return the event shifted by minutes (negative: earlier), including its days."""
        carry, time = divmod(parse_time(self.time) + minutes, _DAY)
        shifted = {DAYS[(DAYS.index(day) + carry) % 7] for day in self.days}
        return Event(_clock(time), tuple(day for day in DAYS if day in shifted))


class Week(Rhythm):
    """The weekly rhythm of a service that runs in windows and is paused outside them.

    Args:
        windows: At least one. They may overlap or touch, also across the end of the week.

    Raises:
        ValueError: There is no window, or the windows cover the whole week.
    """

    def __init__(self, windows: Iterable[Window]) -> None:
        runs = _merge(windows)
        if not runs:
            raise ValueError("must have at least one window, such as Mon-Fri 08:00 to 20:00")
        if runs == ((0, _WEEK),):
            raise ValueError("the windows cover the whole week, so the service is never paused. Remove the schedule")
        super().__init__(runs, _WEEK)

    @property
    def resumes(self) -> tuple[Event, ...]:
        """The resume events, one for each time of day, ascending."""
        return _events(start for start, _ in self.runs)

    @property
    def pauses(self) -> tuple[Event, ...]:
        """The pause events, one for each time of day, ascending."""
        return _events(end for _, end in self.runs)


def _merge(windows: Iterable[Window]) -> tuple[tuple[int, int], ...]:
    """Return the union of the windows as runs of a week; a run across the end of the week is the last."""
    pieces: list[tuple[int, int]] = []
    for window in windows:
        for day in window.days:
            start = DAYS.index(day) * _DAY + window.start
            end = start + window.minutes
            pieces += [(start, end)] if end <= _WEEK else [(start, _WEEK), (0, end - _WEEK)]
    runs: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == _WEEK:
        runs = [*runs[1:-1], (runs[-1][0], _WEEK + runs[0][1])]
    return tuple(runs)


def _events(minutes: Iterable[int]) -> tuple[Event, ...]:
    """Return minutes of the week as events, one event for each time of day."""
    by_time: dict[int, set[int]] = {}
    for minute in minutes:
        day, time = divmod(minute % _WEEK, _DAY)
        by_time.setdefault(time, set()).add(day)
    return tuple(Event(_clock(time), tuple(DAYS[day] for day in sorted(by_time[time]))) for time in sorted(by_time))


def _from_to(first: str, last: str) -> list[str]:
    """Return the days from one to another, across the end of the week if the second is earlier."""
    start = DAYS.index(first)
    return [DAYS[(start + step) % 7] for step in range((DAYS.index(last) - start) % 7 + 1)]


def _aws_days(days: tuple[str, ...]) -> str:
    """Return days in AWS's form: a range if they are consecutive in AWS's week (SUN to SAT), otherwise a list."""
    numbers = sorted((DAYS.index(day) + 1) % 7 for day in days)
    if len(days) > 1 and numbers[-1] - numbers[0] == len(days) - 1:
        return f"{DAYS[numbers[0] - 1]}-{DAYS[numbers[-1] - 1]}"
    return ",".join(days)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
