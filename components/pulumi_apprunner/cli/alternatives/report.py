"""The costs of a stack's services on App Runner and on other AWS services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apprunner_facts import sizes
from apprunner_facts.alternatives import (
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
from pulumi_apprunner.cli.alternatives.around import Around, Resources, around_notes, price_around
from pulumi_apprunner.cli.alternatives.assumptions import assumption_lines
from pulumi_apprunner.cli.alternatives.question import Question
from pulumi_apprunner.cli.alternatives.rates import rates_of_regions
from pulumi_apprunner.cli.operations.measuring import Unread
from pulumi_apprunner.rightsize.traffic import Traffic

_LOWEST_RATE = 0.001
_CURVE_POINTS = 120


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
        rate: Requests per second of its load; None without one.
        traffic: What was measured; None if it was not measured.
    """

    name: str
    size: str
    instances: tuple[int, float]
    costs: Sequence[Cost]
    crossovers: Sequence[Crossover]
    notes: Sequence[str]
    curve: Mapping[Option, Sequence[tuple[float, float]]]
    rate: float | None = None
    traffic: Traffic | None = None

    @property
    def cheapest(self) -> Cost:
        return min(self.costs, key=lambda each: each.total)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size": self.size,
            "instances": {"base": self.instances[0], "busy": round(self.instances[1], 2)},
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
            **({} if self.traffic is None else {"measured": _traffic_as_json(self.traffic)}),
        }


@dataclass(frozen=True, kw_only=True)
class Report:
    """The options of all services, and what the figures assume.

    Args:
        title: The heading.
        services: The services.
        assumptions: Sentences on what the figures assume.
        around: What surrounds the services.
        unread: The services whose load could not be measured.
    """

    title: str
    services: Sequence[ServiceOptions]
    assumptions: Sequence[str]
    around: Around
    unread: Sequence[Unread] = ()

    @property
    def totals(self) -> Mapping[Option, float]:
        """The sum of all services, for each option that can run all of them. A service without pauses has the same
        cost with them. There are none if the load of a service could not be measured."""
        if self.unread:
            return {}
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
            "around": self.around.as_json(),
            "assumptions": list(self.assumptions),
            **({"unread": [{"name": each.name, "reason": each.reason} for each in self.unread]} if self.unread else {}),
        }


def compare(
    title: str,
    services: Sequence[DeclaredService],
    question: Question,
    resources: Resources,
    unread: Sequence[Unread] = (),
) -> Report:
    """Return the costs of services on App Runner and on other AWS services.

    Args:
        title: The heading.
        services: The services.
        question: What the costs are computed for.
        resources: The resources of the stack.
        unread: The services whose load could not be measured.

    Raises:
        pulumi.RunError: A service's region has no verified prices, and `question.rates` does not have all of them.
    """
    rates = rates_of_regions({each.region for each in services}, question.rates)
    requests = {each.urn: question.requests_to(each.urn) for each in services}
    known = {urn: number for urn, number in requests.items() if number is not None}
    is_known = len(known) == len(requests) and not unread
    return Report(
        title=title,
        services=[_options(each, question, *rates[each.region]) for each in services],
        around=price_around(
            resources,
            question.hours,
            known if is_known else None,
            question.response_kb,
            question.quantities,
            question.rates,
        ),
        assumptions=[*assumption_lines(question, list(rates.values())), *around_notes(resources)],
        unread=unread,
    )


def _options(service: DeclaredService, question: Question, rates: Rates, others: AlternativeRates) -> ServiceOptions:
    def workload(load: Load | None) -> Workload:
        if load is None:
            demand = demand_of_share(question.idle_share, service.instances, question.hours)
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

    load = question.load_of(service.urn)
    actual = workload(load)
    crossovers: list[Crossover] = []
    curve: dict[Option, list[tuple[float, float]]] = {}
    if load is not None:
        profile = service.scaling
        most = profile.max_size * profile.max_concurrency / load.seconds_per_request
        highest = max(most, load.requests_per_second)

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
        rate=load and load.requests_per_second,
        traffic=None if question.traffic is None else question.traffic[service.urn],
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


def _traffic_as_json(traffic: Traffic) -> dict[str, Any]:
    duration = traffic.seconds_per_request
    return {
        "days": round(traffic.days, 2),
        "requests": round(traffic.requests),
        "requests_per_second": round(traffic.requests_per_second, 4),
        "seconds_per_request": None if duration is None else round(duration, 4),
        "busy_hours": round(traffic.busy_hours, 2),
        "active_instances": round(traffic.active_instances, 4),
        "extra_instances": round(traffic.extra_instances, 4),
    }


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
