"""Prints the environments of pull requests, and what would be removed."""

from collections.abc import Sequence
from datetime import date, datetime

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pulumi_apprunner.cli.operations.times import rough_duration
from pulumi_apprunner.cli.previews.environments import Environment
from pulumi_apprunner.cli.previews.removal import Planned


def print_list(console: Console, project: str, environments: Sequence[Environment], now: datetime) -> None:
    """Print a table of environments, and why some must not be removed."""
    count = len(environments)
    console.print(Text(f"{project}: {count} environment{'' if count == 1 else 's'} of pull requests", "bold"))
    if not environments:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("stack", no_wrap=True)
    table.add_column("services", overflow="fold")
    table.add_column("age", no_wrap=True)
    table.add_column("expires (UTC)", no_wrap=True)
    table.add_column("$ a month", justify="right", no_wrap=True)
    for each in environments:
        expired = each.has_expired(now.date())
        table.add_row(
            Text(each.stack),
            Text(", ".join(each.services) or "none"),
            rough_duration(now - each.created) if each.created else "-",
            Text(_expiry(each, now.date()), "yellow" if expired else ""),
            "-" if each.usd is None else f"{each.usd:,.2f}",
        )
    console.print(table)
    if any(each.usd for each in environments):
        console.print(Text("Estimates: one instance of each service, 10% active, without its pauses.", "dim"))
    for each in environments:
        if each.obstacle:
            console.print(Text(f"{each.stack} cannot be removed: {each.obstacle}", "yellow"))


def print_planned(console: Console, planned: Sequence[Planned], today: date) -> None:
    """Print which environments would be removed, and which cannot be."""
    for each in planned:
        if each.problem:
            console.print(Text(f"{each.stack.name} cannot be removed: {each.problem}", "yellow"))
            continue
        expiry = f"  {_expiry(each.environment, today)}" if each.environment else ""
        total = each.deletes.total()
        what = (
            f"delete {total} resources, and remove the stack" if total else "remove the stack, which has no resources"
        )
        console.print(Text.assemble((each.stack.name, "bold"), f"{expiry}  {what}"))
        counts = ", ".join(f"{number} {_short_type(type)}" for type, number in sorted(each.deletes.items()))
        if counts:
            console.print(Padding(Text(counts, "dim"), (0, 0, 0, 2), expand=False))
        if each.environment and each.environment.kept:
            kept = ", ".join(each.environment.kept)
            console.print(Padding(Text(f"{kept}: stays in AWS, because of retain_on_delete", "yellow"), (0, 0, 0, 2)))


def _expiry(environment: Environment, today: date) -> str:
    if environment.expires is None:
        return "no expiry"
    days = (environment.expires - today).days
    if days <= 0:
        return f"{environment.expires}, expired"
    return f"{environment.expires}, in {days} day{'' if days == 1 else 's'}"


def _short_type(type: str) -> str:
    """Return a type as "apprunner Service"."""
    _, module, name = type.split(":", 2)
    return f"{module.partition('/')[0]} {name}"
