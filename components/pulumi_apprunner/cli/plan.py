"""A plan: the resource graph, the policy report and the estimated cost."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.cli.comparison import Changes
from pulumi_apprunner.cli.cost import Estimate
from pulumi_apprunner.offline.config.json_file import JsonError, read_json
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.policies.report import Report
from pulumi_apprunner.offline.values import describe, is_list, is_map, printable

_CREATE = "Create the file: `apprunner plan --json > FILE`"
_REQUIRED = ("project", "stack", "resources", "violations", "cost")
_SHAPE: Mapping[str, Mapping[str, type]] = {
    "resources": {"urn": str, "type": str, "name": str, "custom": bool, "read": bool, "protect": bool, "inputs": dict},
    "violations": {"policy": str, "level": str, "message": str},
}
"""The required keys in the items of a plan's lists."""


@dataclass(frozen=True)
class Plan:
    """The result of `apprunner plan`."""

    graph: Graph
    report: Report
    cost: Estimate
    changes: Changes | None = None
    """The changes since an older plan; None without one."""

    def as_json(self) -> dict[str, Any]:
        """Return the plan in the form of docs/plan-json.md."""
        return {
            "project": self.graph.project,
            "stack": self.graph.stack,
            "region": self.graph.region,
            "resources": [
                {
                    "urn": each.urn,
                    "type": each.type,
                    "name": each.name,
                    "parent": each.parent,
                    "custom": each.custom,
                    "read": each.read,
                    "provider": each.provider,
                    "dependencies": list(each.dependencies),
                    "protect": each.protect,
                    "retain_on_delete": each.retain_on_delete,
                    "replacement_trigger": printable(each.replacement_trigger),
                    "inputs": printable(dict(each.inputs)),
                }
                for each in self.graph.resources
            ],
            "exports": printable(dict(self.graph.exports)),
            "violations": [asdict(each) for each in self.report.violations],
            "skipped": [asdict(each) for each in self.report.skipped],
            "cost": self.cost.as_json(),
            **({} if self.changes is None else {"changes": self.changes.as_json()}),
            "messages": [*self.graph.messages, *self.report.messages],
        }


def load_plan(path: Path) -> Mapping[str, Any]:
    """Read the output of `apprunner plan --json`.

    Raises:
        pulumi.RunError: The file cannot be read or is not a plan.
    """
    try:
        plan = read_json(path)
    except JsonError as error:
        raise pulumi.RunError(f"{error}. {_CREATE}") from None
    if not is_map(plan):
        raise pulumi.RunError(f"{path}: must be a plan, got {describe(plan)}. {_CREATE}")
    if missing := [key for key in _REQUIRED if key not in plan]:
        raise pulumi.RunError(f"{path}: must be a plan, but has no {', '.join(missing)}. {_CREATE}")
    if problem := next(_problems(plan), None):
        raise pulumi.RunError(f"{path}: {problem}. {_CREATE}")
    return plan


def _problems(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values that do not have the form of a plan."""
    cost = plan["cost"].get("monthly_usd") if is_map(plan["cost"]) else None
    if not isinstance(cost, int | float) or isinstance(cost, bool):
        yield "cost.monthly_usd must be a number"
    for key, keys in _SHAPE.items():
        if not is_list(plan[key]):
            yield f"{key} must be a list"
            continue
        for index, each in enumerate(plan[key]):
            for name, kind in keys.items():
                if not is_map(each) or not isinstance(each.get(name), kind):
                    yield f"{key}[{index}].{name} is missing or invalid"
