"""Prints a plan for people, in the width of the console."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from apprunner_facts import sizes
from pulumi_apprunner.cli.comparison import KINDS, Change, Changes, Kind
from pulumi_apprunner.cli.cost import Estimate, ServiceCost
from pulumi_apprunner.cli.plan import Plan
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.report import Report, Skipped, Violation

_UNLIMITED = 100_000
_INDENT = 4
"""Columns before the text below a heading."""
_GUIDE = 4
"""Columns of a tree's lines, for each level."""

_STYLES = {"mandatory": "bold red", "remediate": "cyan", "advisory": "yellow"}
_KINDS: Mapping[Kind, str] = {"replaced": "bold red", "deleted": "red", "created": "green", "updated": "yellow"}


def print_plan(console: Console, plan: Plan) -> None:
    """Print the changes, the resources, the policy violations and the cost."""
    if plan.changes is not None:
        _print_changes(console, plan.changes, plan.cost)
        console.print()
    _print_resources(console, plan)
    console.print()
    _print_report(console, plan.graph, plan.report)
    if plan.cost.services:
        console.print()
        _print_cost(console, plan.cost)


def _print_resources(console: Console, plan: Plan) -> None:
    graph = plan.graph
    count = len(graph.resources)
    users = _users_of_profiles(plan.cost)
    summary = f"  {count} resource{'' if count == 1 else 's'} in {graph.region}"
    tree = Tree(Text.assemble((f"{graph.project} {graph.stack}", "bold"), summary))
    branches: dict[str | None, tuple[Tree, int]] = {None: (tree, console.width)}
    for resource in graph.resources:
        # A parent outside the graph belongs to another program.
        branch, width = branches.get(resource.parent, branches[None])
        description = _description(resource, _usage(graph, resource, users), width - _GUIDE)
        branches[resource.urn] = branch.add(description), width - _GUIDE
    console.print(tree)


def _users_of_profiles(cost: Estimate) -> Mapping[str, list[str]]:
    """Return the URNs of the services that use each scaling profile, by the profile's URN."""
    users: dict[str, list[str]] = defaultdict(list)
    for each in cost.services:
        if each.scaling_profile is not None:
            users[each.scaling_profile].append(each.service.urn)
    return users


def _usage(graph: Graph, resource: Resource, users: Mapping[str, list[str]]) -> str:
    """Return which services use a scaling profile; nothing for the profile of a single component."""
    services = [graph[urn] for urn in users.get(resource.urn, ())]
    if all(each.parent == resource.parent for each in services):
        return ""
    names = ", ".join(each.name for each in services)
    return f"used by {len(services)} service{'' if len(services) == 1 else 's'}: {names}"


def _description(resource: Resource, usage: str, width: int) -> Text:
    """Return the row of a resource. A usage that does not fit in the width is on a line of its own."""
    text = Text.assemble(resource.name, "  ", (_short_type(resource.type), "dim"), no_wrap=True, overflow="ellipsis")
    marks = [("protected", resource.protect), ("read", resource.read), ("imported", resource.import_id is not None)]
    for mark, applies in marks:
        if applies:
            text.append(f"  {mark}", "green")
    if usage:
        separator = "  " if text.cell_len + 2 + len(usage) <= width else "\n"
        text.append(f"{separator}{usage}", "dim")
    return text


def _short_type(type: str) -> str:
    """Return a type in the form of the Pulumi CLI: aws:apprunner:Service."""
    package, _, rest = type.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}:{module.partition('/')[0]}:{name}"


def _print_changes(console: Console, changes: Changes, cost: Estimate) -> None:
    counts = [f"{len(changes.by_kind[kind])} {kind}" for kind in KINDS if changes.by_kind[kind]]
    if counts:
        console.print(Text(f"Changes since {changes.file}: {', '.join(counts)}", "bold"))
    else:
        console.print(Text(f"No resource changes since {changes.file}.", "green"))
    for kind in KINDS:
        for each in changes.by_kind[kind]:
            _print_change(console, kind, each)
    if cost.services or changes.before_usd:
        difference = round(cost.total - changes.before_usd, 2)
        sign = "-" if difference < 0 else "+"
        text = f"{sign}${abs(difference):,.2f}" if difference else "unchanged"
        style = "bold" if difference else ""
        console.print(Text.assemble(f"Estimated App Runner cost: ${cost.total:,.2f} per month, ", (text, style)))
    _print_list(console, changes.notes)


def _print_change(console: Console, kind: Kind, change: Change) -> None:
    line = Text.assemble((kind, _KINDS[kind]), "  ", (change.name, "bold"), "  ", (_short_type(change.type), "dim"))
    causes = [f"because of {', '.join(change.because)}"] if change.because else []
    changed = [f"in {', '.join(change.changed)}"] if change.changed else []
    details = "; ".join([*causes, *changed])
    if details and 2 + line.cell_len + 2 + len(details) <= console.width:
        line.append(f"  {details}")
        details = ""
    _print_indented(console, line, 2)
    for text in filter(None, (details, *change.notes)):
        _print_paragraph(console, text)


def _print_report(console: Console, graph: Graph, report: Report) -> None:
    if not report.violations:
        console.print(Text("No policy violations.", "green"))
    else:
        counts = Counter(each.level for each in report.violations)
        summary = ", ".join(f"{counts[level]} {level}" for level in _STYLES if counts[level])
        console.print(Text(f"Policy violations: {summary}", "bold"))
    for each in sorted(report.violations, key=lambda each: list(_STYLES).index(each.level)):
        _print_violation(console, graph, each)
    if report.skipped:
        console.print()
        console.print(Text("Skipped because of unknown values:", "bold"))
    for each in report.skipped:
        _print_indented(console, Text.assemble(each.policy, "  ", (_name(graph, each), "bold")), 2)
        _print_paragraph(console, each.reason)


def _print_violation(console: Console, graph: Graph, violation: Violation) -> None:
    name = _name(graph, violation)
    console.print()
    heading = Text.assemble((violation.level, _STYLES[violation.level]), f"  {violation.policy}  ", (name, "bold"))
    _print_indented(console, heading, 2)
    _print_paragraph(console, violation.message.removeprefix(f"{name}: "))


def _name(graph: Graph, each: Violation | Skipped) -> str:
    return graph[each.resource].name if each.resource in graph else each.resource.rpartition("::")[2]


def _print_cost(console: Console, cost: Estimate) -> None:
    console.print(Text("Estimated cost per month, US dollars", "bold"))
    table = _cost_table(cost, with_parts=True)
    natural_width = console.measure(table, options=console.options.update(max_width=_UNLIMITED)).maximum
    console.print(table if natural_width <= console.width else _cost_table(cost, with_parts=False))
    _print_list(console, cost.assumptions)


def _cost_table(cost: Estimate, *, with_parts: bool) -> Table:
    """Return the table of costs, with or without the columns of a cost's parts."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_footer=len(cost.services) > 1)
    table.add_column("service", "total", overflow="fold")
    table.add_column("instances")
    for heading in ("hours", *(("memory", "vCPU", "deploy") if with_parts else ())):
        table.add_column(heading, justify="right", no_wrap=True)
    total = f"{cost.total:,.2f}"
    table.add_column("total", total, justify="right", no_wrap=True, style="bold", footer_style="bold")
    for each in cost.services:
        bill = each.bill
        parts = _parts(each) if with_parts else ()
        size = f"{bill.instances} x {sizes.format_cpu(each.cpu_units)}, {sizes.format_memory(each.memory_mb)}"
        table.add_row(Text(each.service.name), size, f"{bill.running_hours:,.0f}", *parts, f"{bill.total:,.2f}")
    return table


def _parts(cost: ServiceCost) -> tuple[str, ...]:
    bill = cost.bill
    fee = f"{bill.automatic_deployments:,.2f}" if bill.automatic_deployments else "-"
    return f"{bill.provisioned_memory:,.2f}", f"{bill.active_vcpu:,.2f}", fee


def _print_list(console: Console, lines: Sequence[str]) -> None:
    """Print lines as a list whose items are indented where they wrap."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for line in lines:
        grid.add_row("-", Text(line), style="dim")
    if lines:
        console.print(grid)


def _print_paragraph(console: Console, text: str) -> None:
    """Print a text below a heading. A path that is longer than a line breaks after a period, not within a name."""
    width = console.width - _INDENT
    lines = re.sub(rf"\S{{{width + 1},}}", lambda match: _break_path(match[0], width), text)
    _print_indented(console, Text(lines), _INDENT)


def _break_path(path: str, width: int) -> str:
    lines = [""]
    for part in re.findall(r"[^.]*\.?", path):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _print_indented(console: Console, text: Text, spaces: int) -> None:
    console.print(Padding(text, (0, 0, 0, spaces), expand=False))
