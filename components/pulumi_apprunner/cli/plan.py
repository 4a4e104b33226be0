"""A plan: the graph, what the rules say of it, and what it costs."""

from dataclasses import asdict, dataclass
from typing import Any

from pulumi_apprunner.cli.cost import Estimate
from pulumi_apprunner.testing import Graph, shown
from pulumi_apprunner.testing.rules import Verdict


@dataclass(frozen=True)
class Plan:
    """What `apprunner plan` shows."""

    graph: Graph
    verdict: Verdict
    cost: Estimate

    def as_json(self) -> dict[str, Any]:
        """Return the plan as docs/plan-json.md describes it."""
        return {
            "project": self.graph.project,
            "stack": self.graph.stack,
            "resources": [
                {
                    "urn": each.urn,
                    "type": each.type,
                    "name": each.name,
                    "parent": each.parent,
                    "dependencies": list(each.dependencies),
                    "protect": each.protect,
                    "inputs": shown(dict(each.inputs)),
                }
                for each in self.graph.resources
            ],
            "exports": shown(dict(self.graph.exports)),
            "violations": [asdict(each) for each in self.verdict.violations],
            "skipped": [asdict(each) for each in self.verdict.skipped],
            "cost": self.cost.as_json(),
            "messages": [*self.graph.messages, *self.verdict.messages],
        }
