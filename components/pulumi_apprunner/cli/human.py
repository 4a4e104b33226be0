"""A plan as a person reads it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from apprunner_facts import sizes
from pulumi_apprunner.cli.against import KINDS, Change, Changes, Kind
from pulumi_apprunner.cli.cost import Estimate
from pulumi_apprunner.cli.plan import Plan
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.report import Report, Skipped, Violation

_STYLES = {"mandatory": "bold red", "remediate": "cyan", "advisory": "yellow"}
_KINDS: Mapping[Kind, str] = {"replaced": "bold red", "deleted": "red", "created": "green", "updated": "yellow"}


def print_plan(console: Console, plan: Plan) -> None:
    """Print the resources, what changes, the broken rules and the cost."""
    _print_resources(console, plan.graph)
    if plan.changes is not None:
        _print_changes(console, plan.changes, plan.cost)
    _print_rules(console, plan.graph, plan.report)
    if plan.cost.services:
        _print_cost(console, plan.cost)


def _print_resources(console: Console, graph: Graph) -> None:
    tree = Tree(
        Text.assemble((f"{graph.project} {graph.stack}", "bold"), f"  {_count(len(graph.resources), 'resource')}")
    )
    branches: dict[str | None, Tree] = {None: tree}
    for resource in graph.resources:
        # A parent that is not among the resources was made by another program.
        branch = branches.get(resource.parent, tree)
        branches[resource.urn] = branch.add(_described(resource))
    console.print(tree)


def _described(resource: Resource) -> Text:
    text = Text.assemble(resource.name, "  ", (_short(resource.type), "dim"))
    marks = [("protected", resource.protect), ("read", resource.read), ("imported", resource.import_id is not None)]
    for mark, applies in marks:
        if applies:
            text.append(f"  {mark}", "green")
    return text


def _short(type: str) -> str:
    """Return a type as the Pulumi CLI shows it: aws:apprunner:Service."""
    package, _, rest = type.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}:{module.partition('/')[0]}:{name}"


def _print_changes(console: Console, changes: Changes, cost: Estimate) -> None:
    counts = [f"{len(changes.found[kind])} {kind}" for kind in KINDS if changes.found[kind]]
    console.print()
    console.print(Text(f"Changes against {changes.file}: {', '.join(counts)}" if counts else "", "bold"), end="")
    console.print(Text("" if counts else f"No resource changes against {changes.file}.", "green"))
    for kind in KINDS:
        for each in changes.found[kind]:
            _print_change(console, kind, each)
    if cost.services or changes.before_usd:
        difference = round(cost.total - changes.before_usd, 2)
        sign = "-" if difference < 0 else "+"
        said = f"{sign}${abs(difference):,.2f}" if difference else "as before"
        console.print(Text.assemble(f"App Runner: ${cost.total:,.2f} a month, ", (said, "bold" if difference else "")))
    for note in changes.notes:
        console.print(Text.assemble(("- ", "dim"), (note, "dim")))


def _print_change(console: Console, kind: Kind, change: Change) -> None:
    line = Text.assemble("  ", (kind, _KINDS[kind]), "  ", (change.name, "bold"), "  ", (_short(change.type), "dim"))
    causes = [f"by {', '.join(change.because)}"] if change.because else []
    changed = [f"in {', '.join(change.changed)}"] if change.changed else []
    line.append(f"  {'; '.join([*causes, *changed])}" if causes or changed else "")
    console.print(line)
    for note in change.notes:
        console.print(Padding(Text(note), (0, 0, 0, 4), expand=False))


def _print_rules(console: Console, graph: Graph, report: Report) -> None:
    console.print()
    if not report.violations:
        console.print(Text("No rule is broken.", "green"))
    else:
        counts = Counter(each.level for each in report.violations)
        said = ", ".join(f"{counts[level]} {level}" for level in _STYLES if counts[level])
        console.print(Text(f"Rules broken: {said}", "bold"))
    for each in sorted(report.violations, key=lambda each: list(_STYLES).index(each.level)):
        _print_violation(console, graph, each)
    if report.skipped:
        console.print()
        console.print(Text("Not judged, since a value is not known yet:", "bold"))
        console.print(_grid((each.policy, _name(graph, each), each.reason) for each in report.skipped))


def _print_violation(console: Console, graph: Graph, violation: Violation) -> None:
    name = _name(graph, violation)
    console.print()
    console.print(
        Text.assemble("  ", (violation.level, _STYLES[violation.level]), f"  {violation.policy}  ", (name, "bold"))
    )
    console.print(Padding(Text(violation.message.removeprefix(f"{name}: ")), (0, 0, 0, 4), expand=False))


def _name(graph: Graph, each: Violation | Skipped) -> str:
    return graph[each.resource].name if each.resource in graph else each.resource.rpartition("::")[2]


def _print_cost(console: Console, cost: Estimate) -> None:
    console.print()
    console.print(Text("Estimated cost a month, US dollars", "bold"))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_footer=len(cost.services) > 1)
    table.add_column("service", "total")
    table.add_column("size")
    for heading in ("instances", "hours", "memory", "active vCPU", "auto-deploy"):
        table.add_column(heading, justify="right")
    table.add_column("total", f"{cost.total:,.2f}", justify="right", style="bold", footer_style="bold")
    for each in cost.services:
        bill = each.bill
        table.add_row(
            Text(each.service.name),
            f"{sizes.format_cpu(each.cpu_units)}, {sizes.format_memory(each.memory_mb)}",
            str(bill.instances),
            f"{bill.running_hours:,.0f}",
            f"{bill.provisioned_memory:,.2f}",
            f"{bill.active_vcpu:,.2f}",
            f"{bill.automatic_deployments:,.2f}" if bill.automatic_deployments else "-",
            f"{bill.total:,.2f}",
        )
    console.print(table)
    for line in cost.assumptions:
        console.print(Text.assemble(("- ", "dim"), (line, "dim")))


def _grid(rows: Iterable[tuple[str, ...]]) -> Padding:
    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return Padding(grid, (0, 0, 0, 2), expand=False)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
