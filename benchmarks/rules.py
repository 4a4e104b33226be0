"""Evaluates the policy pack on a shop offline: resources per second, the time of an empty rule, and growth.

`python benchmarks/rules.py` runs it, and so does `make bench`. The figures are processor time, without the creation of
the graph and the garbage collector's time for it.
"""

import gc
import time
from collections.abc import Sequence
from statistics import median
from typing import Annotated

import typer
from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

import hand_written
from apprunner_policies import POLICIES
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import Graph, run

SIZES = (1_000, 10_000)
SPEED_AIM, GROWTH_AIM = 5_000, 1.05
EMPTY = [ResourceValidationPolicy("nothing", "Reports nothing.", lambda args, report: None, EnforcementLevel.ADVISORY)]
_ON = {"all": "mandatory"}


def main(repetitions: Annotated[int, typer.Option(min=1, help="Runs of each size.")] = 3) -> None:
    """Measure and print the table. The exit status does not depend on the figures."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("resources", f"{len(POLICIES)} rules, s", "resources/s", "one empty rule, s", "ratio"):
        table.add_column(heading, justify="right")
    graphs = [_graph(size) for size in SIZES]
    gc.collect()
    gc.freeze()  # otherwise every collection would scan the graphs
    _seconds(_graph(1), POLICIES)  # compiles regular expressions
    # All sizes in each repetition, so that other load on the machine changes all of them.
    runs = [[(_seconds(graph, POLICIES), _seconds(graph, EMPTY)) for graph in graphs] for _ in range(repetitions)]
    counts = [len(graph.resources) for graph in graphs]
    for count, pairs in zip(counts, zip(*runs, strict=True), strict=True):
        ours, empty = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        ratio = median(pair[0] / pair[1] for pair in pairs)
        table.add_row(str(count), f"{ours:.2f}", _speed(count / ours), f"{empty:.2f}", f"{ratio:.1f}")
    console = Console(highlight=False)
    console.print(table)
    growth = median(run[-1][0] / run[0][0] for run in runs) * counts[0] / counts[-1]
    console.print(
        f"A resource of the larger shop takes {growth:.2f} times as long (≤ {GROWTH_AIM:.2f} {_mark(growth)})"
    )


def _graph(resources: int) -> Graph:
    """Return the graph of a shop with at least this number of resources."""
    one = run(lambda: hand_written.Program(shells=False).build(1), stack="prod")
    two = run(lambda: hand_written.Program(shells=False).build(2), stack="prod")
    per_service = len(two.resources) - len(one.resources)
    return run(lambda: hand_written.Program(shells=False).build(-(-resources // per_service)), stack="prod")


def _seconds(graph: Graph, policies: Sequence[Policy]) -> float:
    start = time.process_time()
    evaluate(graph, policies, _ON)
    return time.process_time() - start


def _speed(speed: float) -> str:
    return f"{speed:,.0f} (≥ {SPEED_AIM:,} {'✓' if speed >= SPEED_AIM else '✗'})"


def _mark(growth: float) -> str:
    return "✓" if growth <= GROWTH_AIM else "✗"


if __name__ == "__main__":
    typer.run(main)
