"""Growth of memory that a restart resets: a leak, which a size must not be derived from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import StatisticsError, correlation, linear_regression

from pulumi_apprunner.rightsize.usage import Usage

_SHORTEST_DAYS = 4
_LEAST_GROWTH = 1.0
"""Percentage points a day."""
_LEAST_CORRELATION = 0.9


@dataclass(frozen=True)
class Leak:
    """A growth of memory.

    Args:
        growth: Percentage points a day.
        days_left: Days until the memory is full, from the end of the measured time.
    """

    growth: float
    days_left: float


def find_leak(usage: Usage) -> Leak | None:
    """Return the growth of a service's memory since its last restart; None without one.

    The lowest value of a day is what the application does not release. It must grow by at least one percentage point
    a day, on at least four days, nearly in a line.
    """
    lowest: dict[date, float] = {}
    for moment, value in usage.memory.items():
        day = moment.date()
        lowest[day] = min(value, lowest.get(day, value))
    values = _since_last_fall([lowest[day] for day in sorted(lowest)])
    if len(values) < _SHORTEST_DAYS:
        return None
    days = range(len(values))
    try:
        growth = linear_regression(days, values).slope
        is_line = correlation(days, values) >= _LEAST_CORRELATION
    except StatisticsError:  # all values are equal
        return None
    if growth < _LEAST_GROWTH or not is_line:
        return None
    return Leak(growth, max(0.0, (100 - values[-1]) / growth))


def _since_last_fall(values: Sequence[float]) -> Sequence[float]:
    """Return the values after the last fall to less than two thirds, which a deployment or a restart causes."""
    first = 0
    for index in range(1, len(values)):
        if values[index] < values[index - 1] * 2 / 3:
            first = index
    return values[first:]
