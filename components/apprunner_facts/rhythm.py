"""How a service alternates between running and paused, and what follows from the cron expressions that make it do so.

Days are nominal local days of 24 hours: daylight saving is left out of all hours and minutes here.
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


@dataclass(frozen=True)
class Rhythm:
    """How a service alternates between running and paused, over a cycle that repeats.

    runs: for each stretch of running its first minute of the cycle and the minute after its last (past the end of the
        cycle where the stretch goes on at its beginning); ascending, none touching another; at least one.
    cycle: minutes until it repeats.
    """

    runs: tuple[tuple[int, int], ...] = field(repr=False)
    cycle: int

    @property
    def running_share(self) -> float:
        """The part of all time in which the service runs (0-1)."""
        return self._running / self.cycle

    @property
    def running_hours(self) -> float:
        """Hours a week in which the service runs, on average (0-168)."""
        return self._running * _HOURS_A_WEEK / self.cycle

    @property
    def paused_hours(self) -> float:
        """Hours a week in which the service is paused, on average (0-168)."""
        return (self.cycle - self._running) * _HOURS_A_WEEK / self.cycle

    @cached_property
    def shortest_run(self) -> int:
        """Minutes of the shortest stretch between a resume and the next pause."""
        return min(end - start for start, end in self.runs)

    @cached_property
    def shortest_pause(self) -> int:
        """Minutes of the shortest stretch between a pause and the next resume."""
        wrapped = (self.runs[0][0] + self.cycle, self.runs[0][1] + self.cycle)
        return min(start - end for (_, end), (start, _) in pairwise([*self.runs, wrapped]))

    @property
    def _running(self) -> int:
        return sum(end - start for start, end in self.runs)


def rhythm_of(pauses: Sequence[Cron], resumes: Sequence[Cron]) -> Rhythm:
    """Return the rhythm of a service that cron expressions pause and resume.

    Pausing a paused service and resuming a running one change nothing. Of the years that both a pause and a resume
    name, the first 28 are walked, which for expressions without a year are those after which dates and weekdays
    repeat together; the state before the first is taken to be that after the last. What happens in years in which only
    one kind is in force is not counted.

    Raises ValueError where nothing would ever pause or ever resume the service, and where a pause and a resume fall on
    the same minute, because AWS does not say which comes last.
    """
    for kind, given in (("pause", pauses), ("resume", resumes)):
        if not given:
            raise ValueError(f"nothing would ever {kind} the service: give at least one expression that does")
    years = _common_years(pauses, resumes)
    switches = list(_switches([*((cron, False) for cron in pauses), *((cron, True) for cron in resumes)], years))
    for kind, given, wanted in (("pause", pauses, False), ("resume", resumes, True)):
        if not any(runs is wanted for _, runs in switches):
            raise ValueError(f"nothing would ever {kind} the service: there is no day that {_say(given)} names")
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
            f"no year has both a pause ({_say(pauses)}) and a resume ({_say(resumes)}): "
            "write the year as *, which is every year"
        )
    return sorted(paused & resumed)[:_CYCLE_YEARS]


def _switches(crons: Sequence[tuple[Cron, bool]], years: Iterable[int]) -> Iterator[tuple[int, bool]]:
    """Yield from which minute of the cycle on the service is to run (True) or be paused, ascending."""
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
    """Return the switches of a day on which all of these fire, without those that repeat the one before."""
    by_minute: dict[int, tuple[Cron, bool]] = {}
    for cron, runs in crons:
        for minute in cron.times_of_day:
            other, already = by_minute.setdefault(minute, (cron, runs))
            if already is not runs:
                raise ValueError(
                    f"{other} and {cron} pause and resume in the same minute, {minute // 60:02}:{minute % 60:02}, "
                    "and AWS does not say which comes last: move one of them"
                )
    switches = [(minute, by_minute[minute][1]) for minute in sorted(by_minute)]
    return switches[:1] + [now for before, now in pairwise(switches) if now[1] is not before[1]]


def _say(crons: Sequence[Cron]) -> str:
    return " or ".join(map(str, crons))
