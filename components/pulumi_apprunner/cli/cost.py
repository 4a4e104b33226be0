"""What the App Runner services of a graph cost in a month."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apprunner_facts import sizes
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import Assumptions, Bill, assumption_lines, monthly_bill
from apprunner_facts.cron import Cron
from apprunner_facts.limits import MIN_SIZE
from apprunner_facts.prices import RATES, US_EAST_1, Rates
from apprunner_facts.rhythm import rhythm_of
from apprunner_facts.schedules import operation_of
from pulumi_apprunner.testing import Graph, Resource, at, known

SERVICE = "aws:apprunner/service:Service"
_SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
_SCHEDULE = "aws:scheduler/schedule:Schedule"
_CALLS = {"pauseservice": "pause", "resumeservice": "resume"}


@dataclass(frozen=True)
class ServiceCost:
    """One service's part of the estimate."""

    service: Resource
    cpu_units: int
    memory_mb: int
    bill: Bill

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.service.urn,
            "name": self.service.name,
            "cpu": sizes.say_cpu(self.cpu_units),
            "memory": sizes.say_memory(self.memory_mb),
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
    """What the services cost, and what that rests on."""

    services: tuple[ServiceCost, ...]
    assumptions: tuple[str, ...]

    @property
    def total(self) -> float:
        """US dollars a month."""
        return sum(each.bill.total for each in self.services)

    def as_json(self) -> dict[str, Any]:
        return {
            "monthly_usd": round(self.total, 2),
            "services": [each.as_json() for each in self.services],
            "assumptions": list(self.assumptions),
        }


def estimated(graph: Graph, assumptions: Assumptions) -> Estimate:
    """Return the estimate for all services of a graph, whatever made them."""
    said: dict[str, None] = {}
    calls = list(_calls(graph))
    costs: list[ServiceCost] = []
    used: dict[str, Rates] = {}
    for service in graph.of_type(SERVICE):
        region = _region(graph, service)
        rates = used.setdefault(region, RATES.get(region, US_EAST_1))
        if region not in RATES:
            said[f"The rates of {region} are not known here: those of us-east-1 stand in for them."] = None
        cpu, memory = _size(service, said)
        costs.append(
            ServiceCost(
                service,
                cpu,
                memory,
                monthly_bill(
                    cpu_units=cpu,
                    memory_mb=memory,
                    instances=_minimum(graph, service, assumptions, said),
                    running_share=_running_share(service, calls, said),
                    automatic_deployments=_deploys_automatically(service),
                    assumptions=assumptions,
                    rates=rates,
                ),
            )
        )
    general = dict.fromkeys(line for rates in used.values() for line in assumption_lines(assumptions, rates))
    return Estimate(tuple(costs), (*general, *said))


def _region(graph: Graph, service: Resource) -> str:
    arn = known(service.outputs.get("arn"), str)
    return known(service.inputs.get("region"), str) or (parse_arn(arn).region if arn else graph.region)


def _size(service: Resource, said: dict[str, None]) -> tuple[int, int]:
    """Return CPU units and MB; where one is not given, or not known, it is the one that the provider sends."""
    cpu, memory = (at(service.inputs, "instanceConfiguration", key) for key in ("cpu", "memory"))
    units = sizes.DEFAULT_CPU if cpu is None else sizes.parse_cpu(str(known(cpu, str | int)))  # type: ignore[arg-type]
    megabytes = sizes.DEFAULT_MEMORY if memory is None else sizes.parse_memory(str(known(memory, str | int)))  # type: ignore[arg-type]
    if units is None or megabytes is None:
        said[f"{service.name}: its size is not known or not one of AWS's; 1 vCPU or 2 GB stands in for it."] = None
    return units or sizes.DEFAULT_CPU, megabytes or sizes.DEFAULT_MEMORY


def _minimum(graph: Graph, service: Resource, assumptions: Assumptions, said: dict[str, None]) -> int:
    """Return the least number of instances that the service's scaling profile keeps."""
    if assumptions.instances is not None or "autoScalingConfigurationArn" not in service.inputs:
        return MIN_SIZE.default
    arn = known(service.inputs["autoScalingConfigurationArn"], str)
    candidates = _dependencies(graph, service, "autoScalingConfigurationArn", _SCALING)
    candidates = candidates or [each for each in graph.of_type(_SCALING) if arn and each.outputs.get("arn") == arn]
    if len(candidates) == 1:
        size = candidates[0].inputs.get("minSize", MIN_SIZE.default)
        if (least := known(size, int)) is not None:
            return least
    said[
        f"{service.name}: its scaling profile is not part of this program, or its numbers are not known; "
        "its minimum is taken to be 1 instance."
    ] = None
    return MIN_SIZE.default


def _deploys_automatically(service: Resource) -> bool:
    """Tell whether the fee is due; where a program says nothing the provider switches it on, which a public image
    cannot have."""
    source: Any = service.inputs.get("sourceConfiguration", {})
    given = at({"source": source}, "source", "autoDeploymentsEnabled")
    if given is None:
        return at({"source": source}, "source", "imageRepository", "imageRepositoryType") != "ECR_PUBLIC"
    return given in (True, "true")


@dataclass(frozen=True)
class _Call:
    """A schedule that pauses or resumes a service."""

    kind: str
    expression: str
    schedule: Resource
    services: Sequence[Resource]
    arn: str | None

    def concerns(self, service: Resource) -> bool:
        if self.arn is not None:
            return self.arn == service.outputs.get("arn")
        return [each.urn for each in self.services] == [service.urn]


def _calls(graph: Graph) -> Iterator[_Call]:
    """Yield the enabled schedules that pause or resume services."""
    for schedule in graph.of_type(_SCHEDULE):
        kind = _CALLS.get(operation_of(known(at(schedule.inputs, "target", "arn"), str)) or "")
        expression = known(schedule.inputs.get("scheduleExpression"), str)
        if kind is None or expression is None or schedule.inputs.get("state", "ENABLED") == "DISABLED":
            continue
        services = _dependencies(graph, schedule, "target", SERVICE)
        yield _Call(kind, expression, schedule, services, _target_arn(schedule))


def _target_arn(schedule: Resource) -> str | None:
    """Return the ARN of the service that a schedule's input names, if that is known."""
    text = known(at(schedule.inputs, "target", "input"), str)
    try:
        arn = json.loads(text)["ServiceArn"] if text else None
    except (ValueError, LookupError, TypeError):
        return None
    return known(arn, str)


def _running_share(service: Resource, calls: Sequence[_Call], said: dict[str, None]) -> float:
    mine = [call for call in calls if call.concerns(service)]
    if not mine:
        return 1.0
    try:
        crons = {
            kind: [Cron.parse(call.expression) for call in mine if call.kind == kind] for kind in ("pause", "resume")
        }
        return rhythm_of(crons["pause"], crons["resume"]).running_share
    except ValueError as error:
        said[f"{service.name}: its schedules are not counted: {error}."] = None
        return 1.0


def _dependencies(graph: Graph, resource: Resource, key: str, type: str) -> list[Resource]:
    """Return the resources of a type that an input got its value from; they are known also where the value is not."""
    urns = resource.property_dependencies.get(key, ())
    return [graph[urn] for urn in urns if urn in graph and graph[urn].type == type]
