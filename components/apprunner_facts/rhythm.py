"""The times at which a service runs and is paused, computed from cron expressions.

All days have 24 hours; daylight saving is ignored.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from apprunner_facts.cron import Cron

_DAY = 24 * 60
_HOURS_A_WEEK = 7 * 24
_CYCLE_YEARS = 28


class SameMinuteError(ValueError):
    """A pause and a resume in the same minute. AWS does not document which one comes last."""


@dataclass(frozen=True)
class Rhythm:
    """The times at which a service runs and is paused, in a repeating cycle.

    Args:
        runs: For each uninterrupted run, its first minute in the cycle and the minute after its last. The end is past
            the cycle if the run continues at the beginning. Ascending, at least one; no two touch.
        cycle: Minutes until the cycle repeats.
    """

    runs: tuple[tuple[int, int], ...] = field(repr=False)
    cycle: int

    @property
    def running_share(self) -> float:
        """The share of all time in which the service runs (0 to 1)."""
        return self._running / self.cycle

    @property
    def running_hours(self) -> float:
        """Average hours per week in which the service runs (0 to 168)."""
        return self._running * _HOURS_A_WEEK / self.cycle

    @property
    def paused_hours(self) -> float:
        """Average hours per week in which the service is paused (0 to 168)."""
        return (self.cycle - self._running) * _HOURS_A_WEEK / self.cycle

    @cached_property
    def shortest_run(self) -> int:
        """Minutes of the shortest run, from a resume to the next pause."""
        return min(end - start for start, end in self.runs)

    @cached_property
    def shortest_pause(self) -> int:
        """Minutes of the shortest pause, from a pause to the next resume."""
        wrapped = (self.runs[0][0] + self.cycle, self.runs[0][1] + self.cycle)
        return min(start - end for (_, end), (start, _) in pairwise([*self.runs, wrapped]))

    @cached_property
    def _running(self) -> int:
        return sum(end - start for start, end in self.runs)


def rhythm_of(pauses: Sequence[Cron], resumes: Sequence[Cron]) -> Rhythm:
    """Return the rhythm of a service that cron expressions pause and resume.

    A pause of a paused service and a resume of a running one have no effect. The cycle consists of the first 28 years
    that have both a pause and a resume; after 28 years, dates and weekdays repeat together. The state before the cycle
    is the state at its end. Years with only pauses or only resumes are not counted.

    Raises:
        SameMinuteError: A pause and a resume are in the same minute.
        ValueError: Nothing pauses the service, or nothing resumes it.
    """
    for kind, crons in (("pause", pauses), ("resume", resumes)):
        if not crons:
            raise ValueError(f"nothing would {kind} the service. Add at least one expression that does")
    years = _common_years(pauses, resumes)
    switches = list(_switches([*((cron, False) for cron in pauses), *((cron, True) for cron in resumes)], years))
    for kind, crons, runs_after in (("pause", pauses, False), ("resume", resumes, True)):
        if not any(runs is runs_after for _, runs in switches):
            raise ValueError(f"nothing would {kind} the service: {_joined(crons)} matches no day")
    cycle = sum(366 if isleap(year) else 365 for year in years) * _DAY
    flips = [now for now, before in zip(switches, [switches[-1], *switches], strict=False) if now[1] is not before[1]]
    starts = [minute for minute, runs in flips if runs]
    ends = [minute for minute, runs in flips if not runs]
    if ends[0] < starts[0]:
        ends = [*ends[1:], ends[0] + cycle]
    return Rhythm(tuple(zip(starts, ends, strict=True)), cycle)


def _common_years(pauses: Sequence[Cron], resumes: Sequence[Cron]) -> list[int]:
    paused = {year for cron in pauses for year in cron.years}
    resumed = {year for cron in resumes for year in cron.years}
    if not paused & resumed:
        raise ValueError(
            f"no year has both a pause ({_joined(pauses)}) and a resume ({_joined(resumes)}). "
            "Write * as the year, for every year"
        )
    return sorted(paused & resumed)[:_CYCLE_YEARS]


def _switches(crons: Sequence[tuple[Cron, bool]], years: Iterable[int]) -> Iterator[tuple[int, bool]]:
    """Yield the minutes of the cycle from which the service runs (True) or is paused (False), ascending."""
    begin = 0
    known: dict[tuple[int, ...], list[tuple[int, bool]]] = {}
    for year in years:
        for month in range(1, 13):
            days = [set(cron.days(year, month)) for cron, _ in crons]
            for day in range(1, monthrange(year, month)[1] + 1):
                firing = tuple(index for index, on in enumerate(days) if day in on)
                if firing not in known:
                    known[firing] = _switches_of_a_day([crons[index] for index in firing])
                yield from ((begin + minute, runs) for minute, runs in known[firing])
                begin += _DAY


def _switches_of_a_day(crons: Sequence[tuple[Cron, bool]]) -> list[tuple[int, bool]]:
    """Return the switches of a day on which all these expressions fire, without repetitions."""
    by_minute: dict[int, tuple[Cron, bool]] = {}
    for cron, runs in crons:
        for minute in cron.times_of_day:
            other, already = by_minute.setdefault(minute, (cron, runs))
            if already is not runs:
                raise SameMinuteError(
                    f"{other} and {cron} pause and resume in the same minute, {minute // 60:02}:{minute % 60:02}. "
                    "AWS does not document which one comes last. Move one of them"
                )
    switches = [(minute, by_minute[minute][1]) for minute in sorted(by_minute)]
    return switches[:1] + [now for before, now in pairwise(switches) if now[1] is not before[1]]


def _joined(crons: Sequence[Cron]) -> str:
    return " or ".join(map(str, crons))
