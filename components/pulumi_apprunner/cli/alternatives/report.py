"""The costs of a stack's services on App Runner and on other AWS services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apprunner_facts import sizes
from apprunner_facts.alternatives import (
    LOAD_BALANCER_ZONES,
    AlternativeRates,
    Cost,
    Crossover,
    Option,
    Workload,
    compare_options,
    find_crossovers,
)
from apprunner_facts.load import Load, demand_of_load, demand_of_share
from apprunner_facts.prices import Rates
from apprunner_facts.services import DeclaredService
from pulumi_apprunner.cli.alternatives.rates import rates_of_regions

_LOWEST_RATE = 0.001
_CURVE_POINTS = 120


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the costs are computed for.

    Args:
        load: The requests to each service; None if only `active` is known.
        active: The share of its running hours in which an instance handles requests, if `load` is None.
        hours: Hours of the month.
        sharing: Services that share a load balancer (1 or more).
        rates: Prices that override the region's, by the names in RATE_NAMES.
    """

    load: Load | None
    active: float
    hours: float
    sharing: int
    rates: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class ServiceOptions:
    """The options of one service.

    Args:
        name: Its logical name.
        size: Its size, such as "1 vCPU, 2 GB".
        instances: Instances that always run, and those in the busy hours.
        costs: The cost of each option.
        crossovers: The rates of requests at which another option becomes the cheaper one; empty without a load.
        notes: Sentences on this service.
        curve: The cost of each option for rates of requests; empty without a load.
    """

    name: str
    size: str
    instances: tuple[int, int]
    costs: Sequence[Cost]
    crossovers: Sequence[Crossover]
    notes: Sequence[str]
    curve: Mapping[Option, Sequence[tuple[float, float]]]

    @property
    def cheapest(self) -> Cost:
        return min(self.costs, key=lambda each: each.total)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size": self.size,
            "instances": {"base": self.instances[0], "busy": self.instances[1]},
            "options": [
                {
                    "option": each.option.value,
                    "monthly_usd": round(each.total, 2),
                    "parts": {name: round(value, 2) for name, value in each.parts.items()},
                }
                for each in self.costs
            ],
            "crossovers": [
                {
                    "option": each.option.value,
                    "requests_per_second": round(each.requests_per_second, 4),
                    "cheaper_above": each.cheaper_above.value,
                }
                for each in self.crossovers
            ],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, kw_only=True)
class Report:
    """The options of all services, and what the figures assume."""

    title: str
    services: Sequence[ServiceOptions]
    assumptions: Sequence[str]
    rate: float | None = None
    """Requests per second of the described load."""

    @property
    def totals(self) -> Mapping[Option, float]:
        """The sum of all services, for each option that can run all of them. A service without pauses has the same
        cost with them."""
        totals: dict[Option, float] = {}
        for option in Option:
            costs = [_cost_of(option, each) for each in self.services]
            if any(option in {cost.option for cost in each.costs} for each in self.services) and None not in costs:
                totals[option] = sum(cost for cost in costs if cost is not None)
        return totals

    def as_json(self) -> dict[str, Any]:
        return {
            "services": [each.as_json() for each in self.services],
            "totals": {option.value: round(total, 2) for option, total in self.totals.items()},
            "assumptions": list(self.assumptions),
        }


def compare(title: str, services: Sequence[DeclaredService], question: Question) -> Report:
    """Return the costs of services on App Runner and on other AWS services.

    Args:
        title: The heading.
        services: The services.
        question: What the costs are computed for.

    Raises:
        pulumi.RunError: A service's region has no verified prices, and `question.rates` does not have all of them.
    """
    rates = rates_of_regions({each.region for each in services}, question.rates)
    return Report(
        title=title,
        services=[_options(each, question, *rates[each.region]) for each in services],
        assumptions=_assumptions(question, list(rates.values())),
        rate=question.load and question.load.requests_per_second,
    )


def _options(service: DeclaredService, question: Question, rates: Rates, others: AlternativeRates) -> ServiceOptions:
    def workload(load: Load | None) -> Workload:
        if load is None:
            demand = demand_of_share(question.active, service.instances, question.hours)
        else:
            demand = demand_of_load(load, service.scaling, question.hours)
        return Workload(
            cpu_units=service.cpu_units,
            memory_mb=service.memory_mb,
            demand=demand,
            hours=question.hours,
            running_share=service.running_share,
            automatic_deployments=service.automatic_deployments,
            sharing=question.sharing,
        )

    actual = workload(question.load)
    crossovers: list[Crossover] = []
    curve: dict[Option, list[tuple[float, float]]] = {}
    if question.load is not None:
        load, profile = question.load, service.scaling
        highest = profile.max_size * profile.max_concurrency / load.seconds_per_request

        def costs(rate: float) -> list[Cost]:
            return compare_options(workload(replace(load, requests_per_second=rate)), rates, others)

        crossovers = find_crossovers(costs, _LOWEST_RATE, highest)
        curve = _curve(costs, *_range(load.requests_per_second, crossovers, highest))
    return ServiceOptions(
        name=service.name,
        size=f"{sizes.format_cpu(service.cpu_units)}, {sizes.format_memory(service.memory_mb)}",
        instances=(actual.demand.base, actual.demand.peak),
        costs=compare_options(actual, rates, others),
        crossovers=crossovers,
        notes=_notes(service, actual),
        curve=curve,
    )


def _range(rate: float, crossovers: Sequence[Crossover], highest: float) -> tuple[float, float]:
    """Return the rates between which a curve shows the load and the crossovers near it."""
    rate = max(rate, _LOWEST_RATE)
    shown = [rate, *(each.requests_per_second for each in crossovers if each.requests_per_second < 100 * rate)]
    return max(_LOWEST_RATE, min(shown) / 10), max(rate, min(highest, 10 * max(shown)))


def _curve(costs: Callable[[float], list[Cost]], low: float, high: float) -> dict[Option, list[tuple[float, float]]]:
    points: dict[Option, list[tuple[float, float]]] = {}
    for index in range(_CURVE_POINTS):
        rate = low * (high / low) ** (index / (_CURVE_POINTS - 1))
        for each in costs(rate):
            points.setdefault(each.option, []).append((rate, each.total))
    return points


def _cost_of(option: Option, service: ServiceOptions) -> float | None:
    """Return a service's cost on an option. Options that are omitted because they equal another have its cost."""
    totals = {each.option: each.total for each in service.costs}
    same = {Option.PAUSED: Option.APP_RUNNER, Option.SHARED_FARGATE: Option.FARGATE}
    return totals.get(option, totals.get(same.get(option, option)))


def _notes(service: DeclaredService, workload: Workload) -> list[str]:
    notes = [note for note in (service.size_note, service.minimum_note, service.pauses_note) if note is not None]
    demand = workload.demand
    if demand.exceeds_maximum:
        notes.append(
            f"The load needs more than the {service.scaling.max_size} instances of the scaling profile. "
            "Raise its maximum, or its concurrency."
        )
    running = workload.hours * workload.running_share
    if demand.load is not None and demand.busy_hours > running + 0.5:
        notes.append(
            f"The service runs {running:,.0f} hours a month, fewer than the {demand.busy_hours:,.0f} busy hours. "
            "With its pauses it serves only a part of the load; set --busy-hours."
        )
    return notes


def _assumptions(question: Question, rates: Sequence[tuple[Rates, AlternativeRates]]) -> list[str]:
    load = question.load
    discount = rates[0][1].fargate_spot_discount if rates else 0.0
    if load is None:
        demand = (
            f"Instances handle requests in {question.active * 100:.4g}% of their running hours. The number of requests "
            "is unknown, so that Lambda and the load balancers' capacity units are not included. "
            "Describe the load with --requests-per-second and --seconds-per-request."
        )
    else:
        demand = (
            f"{load.requests_per_second:g} requests per second of {load.seconds_per_request:g} seconds and "
            f"{load.response_kb:g} KB each, {load.requests_per_connection:g} on a connection, in {load.busy_hours:g} "
            "hours a day and none in the others. They arrive independently, and instances share them equally."
        )
    shared = "1 service" if question.sharing == 1 else f"{question.sharing} services"
    return [
        f"A month has {question.hours:g} hours. The same for each service: {demand[0].lower()}{demand[1:]}",
        "Tasks have an instance's size and number, run in public subnets, and are never paused. "
        f"A load balancer is in {LOAD_BALANCER_ZONES} zones and serves {shared}.",
        f"Fargate Spot: a discount of {discount:.0%}, which AWS changes with supply and demand, and no capacity "
        "guarantee. ECS Express Mode: as Fargate, and up to 25 services share a load balancer. "
        "Lambda: the same memory, one request at a time.",
        "Not included: more instances during a deployment, data transfer, NAT gateways and VPC endpoints, logs, "
        "alarms, firewalls, images, secrets, builds, taxes, free tiers and discounts.",
        *dict.fromkeys(_rates_line(*each) for each in rates),
    ]


def _rates_line(own: Rates, others: AlternativeRates) -> str:
    return (
        f"Prices in {own.region or 'an unknown region'}: App Runner ${own.active_vcpu_hour:g} per active vCPU hour and "
        f"${own.memory_gb_hour:g} per GB hour; Fargate ${others.fargate_vcpu_hour:g} and ${others.fargate_gb_hour:g}; "
        f"load balancer ${others.load_balancer_hour:g} per hour and ${others.lcu_hour:g} per LCU hour; "
        f"public IPv4 address ${others.public_ipv4_hour:g} per hour; Lambda ${others.lambda_gb_second:.10f} per GB "
        f"second and ${others.lambda_million_requests:g} per million requests. The others than App Runner's were "
        "not read on AWS's own pages: check them before you decide. --rate overrides a price."
    )
