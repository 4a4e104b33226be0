"""The shortest times between the pauses and resumes of a service whose schedules have several time zones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from apprunner_facts.cron import Cron
from apprunner_facts.rhythm import Rhythm

_YEAR = 2027
"""With today's rules for daylight saving. Expressions that begin later are examined in their first year."""
_WEEKS = 3
_MONTHS = (1, 3, 7, 11)
"""The months whose first weeks are examined: with and without daylight saving, and in which it begins or ends."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Minutes, 0 if a pause and a resume are at the same time.

    pause: The shortest time from a pause to the next resume.
    run: The shortest time from a resume to the next pause.
    """

    pause: int
    run: int

    @classmethod
    def of(cls, rhythm: Rhythm) -> "Gaps":
        """Return the gaps of a rhythm."""
        return cls(rhythm.shortest_pause, rhythm.shortest_run)


def gaps_across_zones(switches: Iterable[tuple[Cron, str, bool]]) -> Gaps | None:
    """Return the gaps within three weeks of January, March, July and November.

    Args:
        switches: An expression, its time zone, and whether it resumes.

    Returns:
        None if there is no pause and resume in those weeks.

    Raises:
        ValueError: A time zone does not exist on this machine.
    """
    parsed = [(cron, _zone(name), resumes) for cron, name, resumes in switches]
    year = max([_YEAR, *(cron.years[0] for cron, _, _ in parsed)])
    gaps: dict[bool, list[int]] = {True: [], False: []}
    for month in _MONTHS:
        first = date(year, month, 1)
        last = first + timedelta(weeks=_WEEKS)
        times = sorted(
            (time.replace(tzinfo=zone).astimezone(UTC), resumes)
            for cron, zone, resumes in parsed
            for time in cron.times(first, last)
        )
        for (before, did_resume), (after, resumes) in pairwise(times):
            if did_resume is not resumes:
                gaps[resumes].append(int((after - before).total_seconds()) // 60)
    if 0 in [*gaps[True], *gaps[False]]:
        return Gaps(0, 0)
    return Gaps(min(gaps[True]), min(gaps[False])) if gaps[True] and gaps[False] else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError; a directory is an OSError
        raise ValueError(f'the time zone "{name}" does not exist') from None
