"""EventBridge Scheduler's cron expressions: parsing, and the times at which they fire."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from apprunner_facts.source import Source

SCHEDULE_TYPES = Source(
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based", date(2026, 11, 23)
)

_FORM = "cron(minutes hours day-of-month month day-of-week year), for example cron(0 8 ? * MON-FRI *)"

_DaysIn = Callable[[int, int], list[int]]
"""From the weekday of a month's first day (Monday is 0) and the month's length to the days that match."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of EventBridge Scheduler. Create one with `Cron.parse`.

    Two are equal if their text differs only in letter case and spaces.

    text: The expression in AWS's form: names in capitals, one space between fields. Send this to AWS.
    months: 1 to 12.
    years: 1970 to 2199.
    times_of_day: Minutes since midnight, ascending.
    """

    text: str
    months: tuple[int, ...] = field(compare=False, repr=False)
    years: tuple[int, ...] = field(compare=False, repr=False)
    times_of_day: tuple[int, ...] = field(compare=False, repr=False)
    _days_in: _DaysIn = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Parse an expression. Source: SCHEDULE_TYPES.

        Args:
            text: `cron(...)` with six fields, in the whole syntax of AWS's table: names (JAN-DEC, SUN-SAT; 1 is SUN),
                lists, ranges, steps, `*`, `?` in exactly one of the day fields, `L`, `LW` and `15W` for days of the
                month, `L`, `6L` and `2#1` for days of the week. A range may wrap around the end of its field (22-2,
                FRI-MON), except for years. Not supported, because AWS does not document it: a step in days of the
                week, `L-3`, and an expression without a year (optional in the guide, but not in the API reference).

        Raises:
            ValueError: The expression is invalid; the message lists all errors.
        """
        words = _words(text)
        minutes, hours, days_of_month, months, days_of_week, years = words
        if problems := _problems(words):
            raise ValueError("; ".join(problems))
        return cls(
            f"cron({' '.join(words)})",
            _MONTH.numbers(months),
            _YEAR.numbers(years),
            tuple(hour * 60 + minute for hour in _HOURS.numbers(hours) for minute in _MINUTES.numbers(minutes)),
            _days_of_week(days_of_week) if days_of_month == "?" else _days_of_month(days_of_month),
        )

    def days(self, year: int, month: int) -> list[int]:
        """Return the days of a month (1 to 31, ascending) on which the expression fires."""
        return self._days_in(*monthrange(year, month)) if year in self.years and month in self.months else []

    def times(self, first: date, last: date) -> Iterator[datetime]:
        """Yield the times at which the expression fires, ascending, as naive times in the schedule's time zone.

        The result ignores daylight saving. AWS skips a time that the clock skips.

        Args:
            first: The first day.
            last: The last day, included.
        """
        for year in (year for year in self.years if first.year <= year <= last.year):
            for month in self.months:
                for day in self.days(year, month):
                    if first <= date(year, month, day) <= last:
                        for minute in self.times_of_day:
                            yield datetime(year, month, day, minute // 60, minute % 60)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Field:
    """One row of AWS's table of fields, with AWS's name."""

    name: str
    low: int
    high: int
    wildcards: str
    names: tuple[str, ...] = ()
    wraps: bool = True

    def numbers(self, text: str) -> tuple[int, ...]:
        """Return the numbers of a field without special days, ascending."""
        if text == "*":
            return tuple(range(self.low, self.high + 1))
        return tuple(sorted({number for item in text.split(",") for number in self._item(item)}))

    def number(self, text: str, within: str) -> int:
        """Return the number of a name or of digits; an error quotes `within`."""
        number = self.low + self.names.index(text) if text in self.names else int(text) if text.isdecimal() else -1
        if not self.low <= number <= self.high:
            raise self.error(within)
        return number

    def error(self, text: str) -> ValueError:
        names = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        return ValueError(
            f'{self.name}: must be {self.low}-{self.high}{names} (wildcards: {self.wildcards}), got "{text}"'
        )

    def _item(self, text: str) -> list[int]:
        """Return the numbers of one item of a list: 5, 5-9, 5/2, 5-9/2 or */2."""
        match = _ITEM.fullmatch(text)
        if not match or text == "*":
            raise self.error(text)
        start, end, step = match.groups()
        if step and ("/" not in self.wildcards or not int(step)):
            raise self.error(text)
        first = self.number(start, text) if start else self.low
        last = self.number(end, text) if end else self.high if step else first
        if last >= first:
            return list(range(first, last + 1, int(step or 1)))
        if not self.wraps:
            raise self.error(text)
        return [*range(first, self.high + 1), *range(self.low, last + 1)][:: int(step or 1)]


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_MINUTES = _Field("minutes", 0, 59, ", - * /")
_HOURS = _Field("hours", 0, 23, ", - * /")
_DAY_OF_MONTH = _Field("day-of-month", 1, 31, ", - * /, or one of ? L LW 15W alone")
_MONTH = _Field("month", 1, 12, ", - * /", _MONTHS)
_DAY_OF_WEEK = _Field("day-of-week", 1, 7, ", - *, or one of ? L 6L 2#1 alone", _WEEK)
_YEAR = _Field("year", 1970, 2199, ", - * /", wraps=False)

_ITEM = re.compile(r"(?:\*|([0-9]{1,4}|[A-Z]{3})(?:-([0-9]{1,4}|[A-Z]{3}))?)(?:/([0-9]{1,4}))?")
_NEAREST = re.compile(r"([0-9]{1,2})W")
_LAST = re.compile(r"([0-9]|[A-Z]{3})L")
_NTH = re.compile(r"([0-9]|[A-Z]{3})#([1-5])")

_SATURDAY, _SUNDAY = 5, 6


def _words(text: str) -> list[str]:
    """Return the six fields in capitals; raise ValueError if the text is not a cron expression."""
    stripped = text.strip()
    if stripped.lower().startswith("rate("):
        raise ValueError(
            f'must be a cron expression, got "{stripped}". A rate starts at the creation of the schedule, '
            f"not at a time of day. Write {_FORM}"
        )
    if stripped.lower().startswith("at("):
        raise ValueError(f'must be a cron expression, got "{stripped}", which fires only once. Write {_FORM}')
    wrapped = re.fullmatch(r"cron\((.*)\)", stripped, re.IGNORECASE)
    words = (wrapped[1] if wrapped else stripped).upper().split()
    if not wrapped or not stripped.startswith("cron"):
        fix = f"cron({' '.join(words)})" if len(words) == 6 and "(" not in words[0] else _FORM
        raise ValueError(f'must have the form cron(...), got "{stripped}". Write {fix}')
    if len(words) != 6:
        year = "; * as the year means every year" if len(words) == 5 else ""
        raise ValueError(f'must have 6 fields, got {len(words)} in "{stripped}". Write {_FORM}{year}')
    return words


def _problems(words: list[str]) -> list[str]:
    """Return the errors in the six fields, one sentence each."""
    readers = (_MINUTES.numbers, _HOURS.numbers, _days_of_month, _MONTH.numbers, _days_of_week, _YEAR.numbers)
    problems: list[str] = []
    for read, word in zip(readers, words, strict=True):
        try:
            read(word)
        except ValueError as error:
            problems.append(str(error))
    if (words[2] == "?") == (words[4] == "?"):
        problems.append(
            "day-of-month and day-of-week: exactly one of the two must be ?, "
            f"got {words[2]} and {words[4]}{_question_mark_hint(words)}"
        )
    return problems


def _question_mark_hint(words: list[str]) -> str:
    """Return the probable fix for an expression in Unix's form, which has * instead of ?."""
    minutes, hours, day_of_month, month, day_of_week, year = words
    if day_of_week == "*":
        return f". Write cron({minutes} {hours} {day_of_month} {month} ? {year})"
    if day_of_month == "*":
        return f". Write cron({minutes} {hours} ? {month} {day_of_week} {year})"
    return ""


def _days_of_month(text: str) -> _DaysIn:
    """Return the matching days of a day-of-month field. Months without such a day have no match."""
    if text == "?":
        return lambda first, length: []
    if text == "L":
        return lambda first, length: [length]
    if text == "LW":
        return lambda first, length: [_nearest_weekday(first, length, length)]
    if match := _NEAREST.fullmatch(text):
        near = _DAY_OF_MONTH.number(match[1], text)
        return lambda first, length: [_nearest_weekday(first, length, near)] if near <= length else []
    days = _DAY_OF_MONTH.numbers(text)
    return lambda first, length: [day for day in days if day <= length]


def _days_of_week(text: str) -> _DaysIn:
    """Return the matching days of a day-of-week field. A bare L is the last day of AWS's week, Saturday."""
    if text == "?":
        return lambda first, length: []
    if text == "L":
        return lambda first, length: _days_on(first, length, _SATURDAY)
    if match := _LAST.fullmatch(text):
        last = _weekday(_DAY_OF_WEEK.number(match[1], text))
        return lambda first, length: _days_on(first, length, last)[-1:]
    if match := _NTH.fullmatch(text):
        nth, which = _weekday(_DAY_OF_WEEK.number(match[1], text)), int(match[2])
        return lambda first, length: _days_on(first, length, nth)[which - 1 : which]
    weekdays = [_weekday(number) for number in _DAY_OF_WEEK.numbers(text)]
    return lambda first, length: sorted(day for each in weekdays for day in _days_on(first, length, each))


def _weekday(number: int) -> int:
    """Return Python's number of a weekday (Monday is 0) for AWS's (Sunday is 1)."""
    return (number - 2) % 7


def _days_on(first: int, length: int, weekday: int) -> list[int]:
    return list(range(1 + (weekday - first) % 7, length + 1, 7))


def _nearest_weekday(first: int, length: int, day: int) -> int:
    """Return the nearest day from Monday to Friday within the same month."""
    weekday = (first + day - 1) % 7
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == _SUNDAY:
        return day + 1 if day < length else day - 2
    return day
