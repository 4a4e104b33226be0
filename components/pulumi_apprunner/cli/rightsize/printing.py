"""Prints proposals for people, in the width of the console."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pulumi_apprunner.cli.operations.measuring import Unread
from pulumi_apprunner.rightsize.analysis import Advice, Proposal

ASSUMPTIONS = (
    "A proposed memory is a quarter larger than the highest measured usage. A proposed CPU is used to at most 70% at "
    "the 99th percentile. Costs are those of the measured load, without automatic deployments.",
    "CloudWatch has no data of paused services and keeps minutes for 15 days. Rare loads, such as month ends, may be "
    "missing. A change of size or scaling is a deployment.",
)
_MEASURED = {
    "memory_percent": "{:.0f}% of the memory",
    "cpu_percent": "{:.0f}% CPU",
    "latency_ms": "{:,.0f} ms latency",
    "concurrency": "{:,.0f} concurrent requests",
}
"""The texts of measured values, in the order in which they are printed."""


def print_advice(console: Console, title: str, results: Sequence[Advice | Unread]) -> None:
    """Print each service's proposals and findings, and what they assume."""
    console.print(Text(title, "bold"))
    for each in results:
        console.print()
        if isinstance(each, Unread):
            console.print(Text.assemble((each.name, "bold"), "  could not be read"))
            _print_line(console, Text(each.reason, "red"))
        else:
            _print_service(console, each)
    console.print()
    for line in _assumptions(results):
        console.print(Text(line, "dim"))


def _assumptions(results: Sequence[Advice | Unread]) -> list[str]:
    notes = [each.service.rates_note for each in results if isinstance(each, Advice)]
    return [*ASSUMPTIONS, *dict.fromkeys(note for note in notes if note is not None)]


def _print_service(console: Console, advice: Advice) -> None:
    service, scaling = advice.service, advice.service.scaling
    head = f"  {service.size}, {scaling.min_size} to {scaling.max_size} instances"
    cost = "" if advice.monthly_usd is None else f", ${advice.monthly_usd:,.2f} per month"
    console.print(Text.assemble((service.name, "bold"), head, cost))
    if advice.measured:
        texts = [_MEASURED[name].format(value) for name, value in advice.measured.items()]
        _print_line(console, Text(f"99% of the time at most {', '.join(texts)}"))
    for each in advice.proposals:
        _print_proposal(console, each)
    if len(advice.proposals) > 1 and advice.proposed_usd is not None:
        _print_line(console, Text(f"Together: ${advice.proposed_usd:,.2f} per month", "bold"))
    if not advice.proposals and advice.monthly_usd is not None and not advice.findings:
        _print_line(console, Text("The settings fit the usage.", "green"))
    for finding in advice.findings:
        _print_line(console, Text(finding))


def _print_proposal(console: Console, proposal: Proposal) -> None:
    saving = proposal.monthly_saving
    amount = f"saves ${saving:,.2f}" if saving >= 0 else f"costs ${-saving:,.2f} more"
    style = "green" if saving >= 0 else "yellow"
    _print_line(
        console,
        Text.assemble((proposal.subject, "cyan"), f"  {proposal.current} -> {proposal.proposed}  ", (amount, style)),
    )
    _print_line(console, Text(f"{proposal.reason}; confidence: {proposal.confidence}", "dim"), 4)


def _print_line(console: Console, text: Text, indent: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, indent), expand=False))


def as_json(results: Sequence[Advice | Unread]) -> dict[str, Any]:
    """Return the results in the form of docs/guides/rightsize.md."""
    return {"services": [_service_as_json(each) for each in results], "assumptions": _assumptions(results)}


def _service_as_json(result: Advice | Unread) -> dict[str, Any]:
    if isinstance(result, Unread):
        return {"name": result.name, "unread": result.reason}
    return {
        "name": result.service.name,
        "size": result.service.size,
        "monthly_usd": None if result.monthly_usd is None else round(result.monthly_usd, 2),
        "proposed_usd": None if result.proposed_usd is None else round(result.proposed_usd, 2),
        "proposals": [
            {
                "subject": each.subject,
                "current": each.current,
                "proposed": each.proposed,
                "reason": each.reason,
                "confidence": each.confidence,
                "monthly_saving_usd": round(each.monthly_saving, 2),
                "settings": each.settings,
            }
            for each in result.proposals
        ],
        "findings": list(result.findings),
        "measured": {name: round(value, 1) for name, value in result.measured.items()},
    }
