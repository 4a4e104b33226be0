"""The figures and aims as one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from runs import Run, Series

TIME_AIM, MEMORY_AIM = 1.10, 1.05
GROWTH_AIM = 1.05
GROWTH_BETWEEN = (100, 500)
"""The sizes that the aim for growth applies to."""
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
    """Ours divided by theirs: the median of the ratios of all repetitions."""
    unit: str
    aim: float | None = None
    """The largest ratio that meets the aim."""
    bare: float | None = None
    """The figure of the hand-written program without shells."""

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else round(self.ratio, 2) <= self.aim

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "met": self.met}


def rows(measurements: Measurements) -> list[Row]:
    """Return the rows of the table."""
    result = [_row("time", size, runs, "cpu_seconds", "s", TIME_AIM) for size, runs in measurements.items()]
    result += [_row("peak memory", size, runs, "megabytes", "MB", MEMORY_AIM) for size, runs in measurements.items()]
    sizes = sorted(measurements)
    for what, field in (("growth, time", "cpu_seconds"), ("growth, memory", "megabytes")):
        result += [
            _growth(what, measurements, *between, field) for between in zip(sizes[-2:], sizes[-1:], strict=False)
        ]
    for size, runs in measurements.items():
        if "plan" in runs:
            result.append(_row("apprunner plan", size, runs, "cpu_seconds", "s", PLAN_AIM, ours="plan"))
    smallest = measurements[sizes[0]]
    result.append(_row("imports, time", None, smallest, "import_seconds", "s", None))
    result.append(_row("imports, memory", None, smallest, "import_megabytes", "MB", None))
    return result


def print_table(console: Console, rows: Sequence[Row]) -> None:
    """Print the rows. A mark shows whether a row meets its aim."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("", "services", "ours", "by hand", "ratio", "aim", "bare"):
        table.add_column(heading, justify="left" if heading in ("", "aim") else "right", no_wrap=True)
    previous = None
    for row in rows:
        if previous not in (None, row.what):
            table.add_section()
        table.add_row(
            "" if row.what == previous else row.what,
            row.services,
            _amount(row.ours, row.unit),
            _amount(row.theirs, row.unit),
            f"{row.ratio:.2f}",
            _aim(row),
            "" if row.bare is None else _amount(row.bare, row.unit),
        )
        previous = row.what
    console.print(table)


def _aim(row: Row) -> str:
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
    """Return the larger size's figures divided by the smaller size's.

    The ratio divides the two sizes' ratios, so that load on the machine during one of them does not change it.
    """

    def factor(program: str) -> float:
        return median(_values(measurements[large][program], field)) / median(
            _values(measurements[small][program], field)
        )

    return Row(
        what=what,
        services=f"{small} → {large}",
        ours=factor("components"),
        theirs=factor("shells"),
        ratio=_ratio(measurements[large], field) / _ratio(measurements[small], field),
        unit="x",
        aim=GROWTH_AIM if (small, large) == GROWTH_BETWEEN else None,
        bare=factor("bare"),
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
