"""Usage of services as CloudWatch would have recorded it, two weeks in minutes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pulumi_apprunner.rightsize.usage import Usage

END = datetime(2026, 11, 23, tzinfo=UTC)
"""A Monday."""

Shape = Callable[[datetime], float]


def usage(
    requests: Shape,
    *,
    days: float = 14,
    created: datetime | None = None,
    active: Shape | None = None,
    cpu: Shape = lambda _: 30.0,
    memory: Shape = lambda _: 40.0,
) -> Usage:
    """Return the usage of a service with values for each minute, and utilizations for every five minutes.

    There are no values before its creation, which may be after the beginning of the time.
    """
    start = END - timedelta(days=days)
    first = max(start, created or start)
    minutes = [first + timedelta(minutes=index) for index in range((END - first) // timedelta(minutes=1))]
    fives = minutes[::5]
    count = active or (lambda moment: 1.0 if requests(moment) else 0.0)
    return Usage(
        start=start,
        end=END,
        requests={moment: value for moment in minutes if (value := requests(moment))},
        active_instances={moment: count(moment) for moment in minutes},
        cpu={moment: cpu(moment) for moment in fives},
        memory={moment: memory(moment) for moment in fives},
    )


def steady(_: datetime) -> float:
    return 120


def daily(moment: datetime) -> float:
    """Requests from 07:00 to 19:00 UTC, Monday to Friday."""
    return 60 if moment.weekday() < 5 and 7 <= moment.hour < 19 else 0


def idle(_: datetime) -> float:
    return 0


def spiky(moment: datetime) -> float:
    """Many requests in five minutes of every day, few in the others."""
    return 6000 if moment.hour == 12 and moment.minute < 5 else 6
