"""Compares the components with hand-written programs that register the same resources: `make bench` runs it.

Three programs describe one shop: with_components.py uses the library; hand_written.py does not, once with empty
components as parents ("shells") and once without ("bare"). Each run is a new process with the SDK's own mocks. The
benchmark first verifies that the programs register the same resources.
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

from comparison import differences, without_components
from runs import Series, measure, registrations
from table import Measurements, Row, print_table, rows

SIZES, QUICK_SIZES = (10, 100, 500), (10, 100)
PLAN_SIZE = 100
REPETITIONS = {10: 9, 100: 5, 500: 3}
"""By size; 3 for other sizes. A small run needs more repetitions: one garbage collection changes its time more."""
QUICK_REPETITIONS = 3


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Only 10 and 100 services, with fewer repetitions.")] = False,
    services: Annotated[list[int] | None, typer.Option(help="Other sizes; may be repeated.")] = None,
    repetitions: Annotated[int | None, typer.Option(min=1, help="Runs of each program and size.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures to this file.")
    ] = None,
) -> None:
    """Measure and print the table. The exit status does not depend on the figures: a benchmark is not a test."""
    sizes = sorted(set(services or (QUICK_SIZES if quick else SIZES)))
    times = {size: repetitions or (QUICK_REPETITIONS if quick else REPETITIONS.get(size, 3)) for size in sizes}
    console, progress = Console(highlight=False), Console(stderr=True, highlight=False)
    count, problems = _compare(sizes[0])
    if problems:
        console.print(
            "The programs register different resources, so nothing is measured:", *problems, sep="\n  ", markup=False
        )
        measurements: Measurements = {}
        table: list[Row] = []
    else:
        with progress.status("") as status:
            measurements = _measure(times, status.update)
        table = rows(measurements)
        _print_heading(console, sizes[0], count)
        print_table(console, table)
    if json_file:
        figures = {
            "differences": problems,
            "rows": [row.as_json() for row in table],
            "runs": {
                size: {program: [asdict(run) for run in series] for program, series in runs.items()}
                for size, runs in measurements.items()
            },
        }
        json_file.write_text(json.dumps(figures, indent=2) + "\n")


def _compare(services: int) -> tuple[int, list[str]]:
    """Return the number of resources in the shop, and the differences between the programs."""
    ours, shells, bare = (registrations(program, services) for program in ("components", "shells", "bare"))
    return len(ours), [*differences(ours, shells), *differences(without_components(ours), without_components(bare))]


def _measure(times: Mapping[int, int], report_progress: Callable[[str], None]) -> Measurements:
    """Run each program at each size.

    Args:
        times: The number of runs, by size.
        report_progress: Called with a description before each run.
    """
    plan_size = max((size for size in times if size <= PLAN_SIZE), default=min(times))
    measurements: dict[int, dict[str, Series]] = {}
    for size, repetitions in times.items():
        programs = ["components", "shells", *(["plan"] if size == plan_size else [])]
        # The program without shells is for information only: one run is enough.
        measurements[size] = {
            **measure(programs, size, repetitions, report_progress),
            **measure(["bare"], size, 1, report_progress),
        }
    return measurements


def _print_heading(console: Console, services: int, resources: int) -> None:
    console.print(
        f"{services} services are {resources} resources. By hand: empty components as parents. Bare: no "
        "parents, one run, for information.\n"
        "Time: CPU time of the program without imports. Peak memory: that of the process with imports. Figures are "
        "medians. A ratio is the median of the ratios of all repetitions; that of growth divides the two sizes' ratios."
    )
    versions = ", ".join(f"{name} {version(name)}" for name in ("pulumi", "pulumi-aws", "pydantic"))
    console.print(f"Python {platform.python_version()}, {versions}, {os.cpu_count()} cores", style="dim")


if __name__ == "__main__":
    typer.run(main)
