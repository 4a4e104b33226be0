"""The components against a hand-written program that registers the same resources: `make bench`.

Three programs describe one shop: with_components.py with the library; by_hand.py without it, below component shells
that do nothing, and without those. All of them run under the SDK's own mocks, each run in a fresh process. What they
register is compared first.
"""

import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from runs import Series, measured, registrations
from sameness import differences, flat
from table import Measurements, Row, print_table, rows

SIZES, QUICK_SIZES = (10, 100, 500), (10, 100)
PLAN_SIZE = 100
REPETITIONS = {10: 9, 100: 5, 500: 3}
"""By size, and 3 for others: the smaller a run, the more it matters when Python happens to collect garbage."""
QUICK_REPETITIONS = 3


def main(
    quick: Annotated[bool, typer.Option("--quick", help="10 and 100 services only, fewer repetitions.")] = False,
    services: Annotated[list[int] | None, typer.Option(help="Other sizes; may be given several times.")] = None,
    repetitions: Annotated[int | None, typer.Option(min=1, help="Runs of each program and size.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Put the figures there too.")] = None,
) -> None:
    """Measure, and print the table. The exit status does not depend on the figures: a benchmark is not a test."""
    sizes = sorted(set(services or (QUICK_SIZES if quick else SIZES)))
    times = {size: repetitions or (QUICK_REPETITIONS if quick else REPETITIONS.get(size, 3)) for size in sizes}
    console, progress = Console(highlight=False), Console(stderr=True, highlight=False)
    count, found = _compared(sizes[0])
    if found:
        console.print(
            "The programs do not register the same, so nothing is measured:", *found, sep="\n  ", markup=False
        )
        measurements: Measurements = {}
        made: list[Row] = []
    else:
        with progress.status("") as status:
            measurements = _measured(times, status.update)
        made = rows(measurements)
        _print_heading(console, sizes[0], count)
        print_table(console, made)
    if json_file:
        figures = {
            "differences": found,
            "rows": [row.as_json() for row in made],
            "runs": {
                size: {program: [asdict(run) for run in series] for program, series in runs.items()}
                for size, runs in measurements.items()
            },
        }
        json_file.write_text(json.dumps(figures, indent=2) + "\n")


def _compared(services: int) -> tuple[int, list[str]]:
    """Return the number of resources of the shop, and the differences between the programs."""
    ours, shells, bare = (registrations(program, services) for program in ("components", "shells", "bare"))
    return len(ours), [*differences(ours, shells), *differences(flat(ours), flat(bare))]


def _measured(times: Mapping[int, int], started: Callable[[str], None]) -> Measurements:
    """Return the runs for each size; `sizes` has the number of repetitions."""
    planned = max((size for size in times if size <= PLAN_SIZE), default=min(times))
    measurements: dict[int, dict[str, Series]] = {}
    for size, repetitions in times.items():
        programs = ["components", "shells", *(["plan"] if size == planned else [])]
        # The program without shells is for information only.
        measurements[size] = {
            **measured(programs, size, repetitions, started),
            **measured(["bare"], size, 1, started),
        }
    return measurements


def _print_heading(console: Console, services: int, resources: int) -> None:
    console.print(
        f"{services} services are {resources} resources. By hand: below component shells that do nothing. Bare: "
        "without shells, one run, for information.\n"
        "Time: the processor's, for running the program, imports apart. Peak memory: the process's, with imports. "
        "Medians; a ratio is the median of those within each repetition; growth's is that of the two sizes' ratios."
    )
    versions = ", ".join(f"{name} {version(name)}" for name in ("pulumi", "pulumi-aws", "pydantic"))
    console.print(f"Python {platform.python_version()}, {versions}, {os.cpu_count()} cores", style="dim")


if __name__ == "__main__":
    typer.run(main)
