"""The figures as one table, with the aims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from runs import Run, Series

TIME_AIM = MEMORY_AIM = 1.15
GROWTH_AIM = 1.05
GROWTH_BETWEEN = (100, 500)
"""The sizes of the aim for growth."""
PLAN_AIM = 2.0

Measurements = Mapping[int, Mapping[str, Series]]
"""By size and program."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    services: str
    ours: float
    theirs: float
    ratio: float
    """Ours over theirs: the median of the repetitions' own ratios."""
    unit: str
    aim: float | None = None
    """The maximum of the ratio."""
    bare: float | None = None
    """Hand-written, without shells."""

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else round(self.ratio, 2) <= self.aim

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "met": self.met}


def rows(measurements: Measurements) -> list[Row]:
    """Return the table's lines."""
    made = [_row("time", size, runs, "cpu_seconds", "s", TIME_AIM) for size, runs in measurements.items()]
    made += [_row("peak memory", size, runs, "megabytes", "MB", MEMORY_AIM) for size, runs in measurements.items()]
    sizes = sorted(measurements)
    for what, field in (("growth, time", "cpu_seconds"), ("growth, memory", "megabytes")):
        made += [_growth(what, measurements, *between, field) for between in zip(sizes[-2:], sizes[-1:], strict=False)]
    for size, runs in measurements.items():
        if "plan" in runs:
            made.append(_row("apprunner plan", size, runs, "cpu_seconds", "s", PLAN_AIM, ours="plan"))
    smallest = measurements[sizes[0]]
    made.append(_row("imports, time", None, smallest, "import_seconds", "s", None))
    made.append(_row("imports, memory", None, smallest, "import_megabytes", "MB", None))
    return made


def print_table(console: Console, made: Sequence[Row]) -> None:
    """Print the lines, a mark at each that has an aim."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "services", "ours", "hand-written", "ratio", "aim", "bare"):
        table.add_column(heading, justify="left" if heading in ("", "aim") else "right", no_wrap=True)
    previous = None
    for row in made:
        if previous not in (None, row.what):
            table.add_section()
        table.add_row(
            "" if row.what == previous else row.what,
            row.services,
            _amount(row.ours, row.unit),
            _amount(row.theirs, row.unit),
            f"{row.ratio:.2f}",
            _judged(row),
            "" if row.bare is None else _amount(row.bare, row.unit),
        )
        previous = row.what
    console.print(table)


def _judged(row: Row) -> str:
    if row.aim is None:
        return ""
    return f"≤ {row.aim:.2f} {'[green]✓[/]' if row.met else '[red]✗[/]'}"


def _row(
    what: str,
    services: int | None,
    runs: Mapping[str, Series],
    field: str,
    unit: str,
    aim: float | None,
    *,
    ours: str = "components",
) -> Row:
    bare = runs.get("bare")
    return Row(
        what=what,
        services="" if services is None else str(services),
        ours=median(_values(runs[ours], field)),
        theirs=median(_values(runs["shells"], field)),
        ratio=_ratio(runs, field, ours),
        unit=unit,
        aim=aim,
        bare=median(_values(bare, field)) if bare and ours == "components" else None,
    )


def _growth(what: str, measurements: Measurements, small: int, large: int, field: str) -> Row:
    """Return how much more the larger size takes; the ratio is that of the two sizes' ratios, which a machine that is
    busy now and then does not touch."""

    def times(program: str) -> float:
        return median(_values(measurements[large][program], field)) / median(
            _values(measurements[small][program], field)
        )

    return Row(
        what=what,
        services=f"{small} → {large}",
        ours=times("components"),
        theirs=times("shells"),
        ratio=_ratio(measurements[large], field) / _ratio(measurements[small], field),
        unit="x",
        aim=GROWTH_AIM if (small, large) == GROWTH_BETWEEN else None,
        bare=times("bare"),
    )


def _ratio(runs: Mapping[str, Series], field: str, ours: str = "components") -> float:
    pairs = zip(_values(runs[ours], field), _values(runs["shells"], field), strict=True)
    return median(mine / others for mine, others in pairs)


def _values(series: Series, field: str) -> list[float]:
    return [_value(run, field) for run in series]


def _value(run: Run, field: str) -> float:
    return getattr(run, field)


def _amount(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:.2f}x"
    return f"{value:.2f} {unit}" if unit == "s" else f"{value:.0f} {unit}"
