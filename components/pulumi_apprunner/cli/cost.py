"""The estimated monthly cost of the App Runner services in a resource graph."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apprunner_facts import sizes
from apprunner_facts.bill import Assumptions, Bill, assumption_lines
from apprunner_facts.declared import PATHS, DeclaredResource
from apprunner_facts.services import DeclaredService, read_services
from pulumi_apprunner.cli.regions import provider_region
from pulumi_apprunner.cli.surroundings import fixed_cost_lines
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import UNKNOWN, reveal, value_at


@dataclass(frozen=True)
class ServiceCost:
    """The estimated cost of one service."""

    service: Resource
    cpu_units: int
    memory_mb: int
    bill: Bill
    scaling_profile: str | None = None
    """The URN of its scaling profile; None if the program does not contain it."""

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.service.urn,
            "name": self.service.name,
            "cpu": sizes.format_cpu(self.cpu_units),
            "memory": sizes.format_memory(self.memory_mb),
            "instances": self.bill.instances,
            "running_hours": round(self.bill.running_hours, 1),
            "monthly_usd": round(self.bill.total, 2),
            "parts": {
                "provisioned_memory": round(self.bill.provisioned_memory, 2),
                "active_vcpu": round(self.bill.active_vcpu, 2),
                "automatic_deployments": round(self.bill.automatic_deployments, 2),
            },
        }


@dataclass(frozen=True)
class Estimate:
    """The estimated cost of all services, and its assumptions."""

    services: tuple[ServiceCost, ...]
    assumptions: tuple[str, ...]

    @property
    def total(self) -> float:
        """US dollars per month."""
        return sum(each.bill.total for each in self.services)

    def as_json(self) -> dict[str, Any]:
        return {
            "monthly_usd": round(self.total, 2),
            "services": [each.as_json() for each in self.services],
            "assumptions": list(self.assumptions),
        }


def estimate_cost(graph: Graph, assumptions: Assumptions, origins: Iterable[str] = ()) -> Estimate:
    """Return the estimated cost of all services of a graph, also of those without a component.

    Args:
        graph: The resource graph.
        assumptions: See Assumptions.
        origins: Sentences on where the assumptions come from.
    """
    services = declared_services(graph)
    costs = [
        ServiceCost(graph[each.urn], each.cpu_units, each.memory_mb, each.bill(assumptions), each.profile)
        for each in services
    ]
    general = dict.fromkeys(line for each in services for line in assumption_lines(assumptions, each.rates))
    notes = dict.fromkeys(note for each in services for note in each.notes(assumptions))
    others = fixed_cost_lines(graph, assumptions.hours)
    return Estimate(tuple(costs), (*origins, *general, *others, *notes) if costs else ())


def declared_services(graph: Graph) -> list[DeclaredService]:
    """Return the services of a graph, as far as their cost depends on them."""
    return read_services(_declared(graph, each) for each in graph.resources if each.type in PATHS)


def _declared(graph: Graph, resource: Resource) -> DeclaredResource:
    """Return a resource of a graph in the form of `apprunner_facts.declared`."""
    properties = {**resource.inputs, "arn": resource.outputs.get("arn")}
    values = {path: reveal(value_at(properties, *path.split("."))) for path in PATHS[resource.type]}
    return DeclaredResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties={path: value for path, value in values.items() if value is not None and value is not UNKNOWN},
        unknown=[path for path, value in values.items() if value is UNKNOWN],
        references=resource.property_dependencies,
        provider_region=provider_region(graph, resource),
    )
