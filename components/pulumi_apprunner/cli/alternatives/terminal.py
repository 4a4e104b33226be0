"""Prints the costs of options for people, in the width of the console."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from apprunner_facts.alternatives import Option
from pulumi_apprunner.cli.alternatives.around import Around, details_text
from pulumi_apprunner.cli.alternatives.report import Report, ServiceOptions
from pulumi_apprunner.cli.alternatives.sentences import (
    absent_sentence,
    crossover_sentence,
    instances_text,
    parts_text,
    traffic_sentence,
)

_BAR = 32
"""Columns of the longest bar."""
_NAME = max(len(option.value) for option in Option)


def print_report(console: Console, report: Report) -> None:
    """Print each service's options, the totals of several services, and the assumptions."""
    console.print(Text.assemble((report.title, "bold"), "  cost per month, US dollars"))
    for each in report.services:
        console.print()
        _print_service(console, each)
    for each in report.unread:
        console.print()
        console.print(Text.assemble((each.name, "bold"), "  could not be measured"))
        console.print(Padding(Text(each.reason, "red"), (0, 0, 0, 2), expand=False))
    if len(report.services) > 1 and report.totals:
        console.print()
        console.print(Text("All services", "bold"))
        _print_bars(console, [(option, total, "") for option, total in report.totals.items()])
    if report.around.lines:
        console.print()
        _print_around(console, report.around)
    console.print()
    grid = Table.grid(padding=(0, 1, 0, 0))
    for line in report.assumptions:
        grid.add_row("-", Text(line), style="dim")
    console.print(grid)


def _print_service(console: Console, service: ServiceOptions) -> None:
    console.print(Text.assemble((service.name, "bold"), f"  {service.size}, {instances_text(service)}"))
    if service.traffic is not None:
        console.print(Padding(Text(traffic_sentence(service.traffic)), (0, 0, 0, 2), expand=False))
    _print_bars(console, [(each.option, each.total, parts_text(each)) for each in service.costs])
    lines = [(crossover_sentence(each), "") for each in service.crossovers]
    for line, style in [*lines, *((f"Note: {note}", "yellow") for note in service.notes)]:
        console.print(Padding(Text(line, style), (0, 0, 0, 2), expand=False))


def _print_around(console: Console, around: Around) -> None:
    total = "" if around.total is None else f"{around.total:,.2f}, "
    console.print(Text.assemble(("Around the services", "bold"), f"  {total}in addition to each option"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column()
    grid.add_column(justify="right")
    grid.add_column(style="dim")
    for each in around.lines:
        amount = "?" if each.total is None else f"{each.total:,.2f}"
        grid.add_row(f"  {each.charge.label}", amount, details_text(each))
    console.print(grid)
    if around.absent:
        console.print(Padding(Text(absent_sentence(around), "dim"), (0, 0, 0, 2), expand=False))


def _print_bars(console: Console, rows: Sequence[tuple[Option, float, str]]) -> None:
    """Print a bar for each option, and below it the parts of its bill."""
    totals = [total for _, total, _ in rows]
    lowest, highest = min(totals), max(totals) or 1
    for option, total, parts in rows:
        style = "bold green" if total == lowest else ""
        bar = "█" * max(1, round(_BAR * total / highest))
        console.print(Text(f"  {option.value:{_NAME}}  {total:>9,.2f}  {bar}", style))
        if parts:
            console.print(Padding(Text(parts, "dim"), (0, 0, 0, 4), expand=False))
