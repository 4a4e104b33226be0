"""The policy pack over a shop, offline: resources a second, what an empty rule takes, and how it grows.

`python benchmarks/rules.py`, part of `make bench`. The graph is made once and is not in the figures, nor is what the
garbage collector spends on it.
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

import by_hand
from apprunner_policies import POLICIES
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import Graph, run

SIZES = (1_000, 10_000)
SPEED_AIM, GROWTH_AIM = 5_000, 1.10
EMPTY = [ResourceValidationPolicy("nothing", "Finds nothing.", lambda args, report: None, EnforcementLevel.ADVISORY)]
_ON = {"all": "mandatory"}


def main(repetitions: Annotated[int, typer.Option(min=1, help="Runs of each size.")] = 3) -> None:
    """Measure, and print the table. The exit status does not depend on the figures."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("resources", f"{len(POLICIES)} rules, s", "resources/s", "one empty rule, s", "ratio"):
        table.add_column(heading, justify="right")
    each: list[float] = []
    for size in SIZES:
        graph = _graph(size)
        gc.collect()
        gc.freeze()  # the collector would scan it in each run
        pairs = [(_seconds(graph, POLICIES), _seconds(graph, EMPTY)) for _ in range(repetitions)]
        ours, empty = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        ratio = median(pair[0] / pair[1] for pair in pairs)
        count = len(graph.resources)
        each.append(ours / count)
        table.add_row(str(count), f"{ours:.2f}", _speed(count / ours), f"{empty:.2f}", f"{ratio:.1f}")
    console = Console(highlight=False)
    console.print(table)
    growth = each[-1] / each[0]
    console.print(f"A resource takes {growth:.2f} times as long in the larger (≤ {GROWTH_AIM:.2f} {_mark(growth)})")


def _graph(resources: int) -> Graph:
    """Return the graph of a shop with at least `count` resources."""
    few = run(lambda: by_hand.Program(shells=False).build(1), stack="prod")
    more = run(lambda: by_hand.Program(shells=False).build(2), stack="prod")
    a_service = len(more.resources) - len(few.resources)
    return run(lambda: by_hand.Program(shells=False).build(-(-resources // a_service)), stack="prod")


def _seconds(graph: Graph, policies: Sequence[Policy]) -> float:
    start = time.perf_counter()
    evaluate(graph, policies, _ON)
    return time.perf_counter() - start


def _speed(speed: float) -> str:
    return f"{speed:,.0f} (≥ {SPEED_AIM:,} {'✓' if speed >= SPEED_AIM else '✗'})"


def _mark(growth: float) -> str:
    return "✓" if growth <= GROWTH_AIM else "✗"


if __name__ == "__main__":
    typer.run(main)
