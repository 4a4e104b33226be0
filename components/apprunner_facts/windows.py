"""The weekly windows in which a service runs, and the events that pause and resume it around them.

Days are nominal local days of 24 hours: daylight saving is left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apprunner_facts.rhythm import Rhythm

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""A week's days in the order used here. AWS's week begins with SUN."""

_DAY = 24 * 60
_WEEK = 7 * _DAY


def parse_days(text: str) -> tuple[str, ...]:
    """Return the days that a text names, as members of DAYS in their order.

    text: "Mon", "Mon-Fri", "Sat,Sun", "Fri-Mon" (past the week's end), "Mon-Wed,Fri" or "daily", in any letter case.

    Raises ValueError for anything else.
    """
    items = [re.split(r"\s*-\s*", item.strip()) for item in text.upper().split(",")]
    if items == [["DAILY"]]:
        return DAYS
    if any(len(item) > 2 or not set(item) <= set(DAYS) for item in items):
        raise ValueError(
            f'"{text}" is not possible for days: write Mon, Tue, Wed, Thu, Fri, Sat or Sun, '
            "a range (Mon-Fri, Fri-Mon), a list (Sat,Sun) or daily"
        )
    named = {day for item in items for day in _from_to(item[0], item[-1])}
    return tuple(day for day in DAYS if day in named)


def parse_time(text: str) -> int:
    """Return a window's start in minutes after midnight (0-1439).

    text: "HH:MM" from "00:00" to "23:59".

    Raises ValueError for anything else.
    """
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2})", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'"{text}" is not a time of day: write HH:MM from "00:00" to "23:59", such as "08:00"')
    return int(match[1]) * 60 + int(match[2])


def parse_end(text: str) -> int:
    """Return a window's end in minutes after midnight (0-1440).

    text: "HH:MM" from "00:00" to "24:00".

    Raises ValueError for anything else.
    """
    if text == "24:00":
        return _DAY
    try:
        return parse_time(text)
    except ValueError:
        raise ValueError(
            f'"{text}" is not a time of day: write HH:MM from "00:00" to "24:00", such as "20:00"'
        ) from None


@dataclass(frozen=True, slots=True)
class Window:
    """On each of some days, the time in which a service runs.

    days: members of DAYS, in their order.
    start: minutes after midnight (0-1439).
    end: minutes after midnight (0-1440); not after `start` means on the next day.

    Raises ValueError where start and end are the same.
    """

    days: tuple[str, ...]
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(
                f'from "{_clock(self.start)}" to "{_clock(self.end)}" would be all day: '
                'leave the day out of the schedule if it should not run, or write "00:00" to "24:00"'
            )

    @classmethod
    def parse(cls, days: str, start: str, end: str) -> "Window":
        """Return the window that the three texts describe: see parse_days, parse_time and parse_end.

        Raises ValueError for the first of them that is wrong, or where start and end are the same.
        """
        return cls(parse_days(days), parse_time(start), parse_end(end))

    @property
    def minutes(self) -> int:
        """How long the window is open each time (1-1440)."""
        return (self.end - self.start) % _DAY or _DAY


@dataclass(frozen=True, slots=True)
class Event:
    """A time of day, on some days of every week, at which a service is paused or resumed.

    time: "HH:MM" from "00:00" to "23:59".
    days: members of DAYS, in their order.
    """

    time: str
    days: tuple[str, ...]

    @property
    def cron(self) -> str:
        """The event as AWS writes it: "cron(0 8 ? * MON-FRI *)"."""
        hours, minutes = self.time.split(":")
        days = "* * ?" if self.days == DAYS else f"? * {_say_days(self.days)}"
        return f"cron({int(minutes)} {int(hours)} {days} *)"

    def later(self, minutes: int) -> "Event":
        """Return the event so many minutes later (earlier, where negative), on the days that this makes of its own."""
        carry, time = divmod(parse_time(self.time) + minutes, _DAY)
        shifted = {DAYS[(DAYS.index(day) + carry) % 7] for day in self.days}
        return Event(_clock(time), tuple(day for day in DAYS if day in shifted))


class Week(Rhythm):
    """The weekly rhythm of a service that runs in some windows and is paused outside them.

    windows: any number of them; they may overlap or touch, also over the week's end.

    Raises ValueError where there is no window, or where they leave nothing out.
    """

    def __init__(self, windows: Iterable[Window]) -> None:
        runs = _merge(windows)
        if not runs:
            raise ValueError("there is no window in which to run: give at least one, such as Mon-Fri 08:00 to 20:00")
        if runs == ((0, _WEEK),):
            raise ValueError("the windows cover the whole week, so there is nothing to pause: leave the schedule out")
        super().__init__(runs, _WEEK)

    @property
    def resumes(self) -> tuple[Event, ...]:
        """When the service is resumed, one event for each time of day, ascending."""
        return _events(start for start, _ in self.runs)

    @property
    def pauses(self) -> tuple[Event, ...]:
        """When the service is paused, one event for each time of day, ascending."""
        return _events(end for _, end in self.runs)


def _merge(windows: Iterable[Window]) -> tuple[tuple[int, int], ...]:
    """Return the runs of a week in which some window is open; one that goes on past the week's end is the last."""
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
    """Return the minutes of the week as events, those at one time of day in one."""
    by_time: dict[int, set[int]] = {}
    for minute in minutes:
        day, time = divmod(minute % _WEEK, _DAY)
        by_time.setdefault(time, set()).add(day)
    return tuple(Event(_clock(time), tuple(DAYS[day] for day in sorted(by_time[time]))) for time in sorted(by_time))


def _from_to(first: str, last: str) -> list[str]:
    """Return the days from one to another, past the week's end where the other stands before it."""
    start = DAYS.index(first)
    return [DAYS[(start + step) % 7] for step in range((DAYS.index(last) - start) % 7 + 1)]


def _say_days(days: tuple[str, ...]) -> str:
    """Return the days as AWS writes them: a range where they follow each other in AWS's week, SUN to SAT."""
    numbers = sorted((DAYS.index(day) + 1) % 7 for day in days)
    if len(days) > 1 and numbers[-1] - numbers[0] == len(days) - 1:
        return f"{DAYS[numbers[0] - 1]}-{DAYS[numbers[-1] - 1]}"
    return ",".join(days)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
