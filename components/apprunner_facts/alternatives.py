"""The monthly cost of a service on App Runner and on other AWS services, for the same load."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import inf
from types import MappingProxyType

from apprunner_facts.load import Demand
from apprunner_facts.prices import RATES, Rates
from apprunner_facts.source import Source

FARGATE_PRICES = Source("https://fortem.dev/fargate-spot/", date(2026, 11, 27))
"""AWS's prices of Fargate, and the range of discounts for Spot, quoted in June 2026. AWS's own page loads its prices
with a script and was not read."""
LOAD_BALANCER_PRICES = Source("https://cloud-horizons.com/blog/alb-the-line-item-nobody-watches/", date(2026, 11, 27))
"""The prices of us-east-1. The hour in eu-west-1 is from https://cal53.calculator.city/aws-alb-cost-calculator/ (read
2026-11-27)."""
PUBLIC_IPV4_PRICES = Source(
    "https://github.com/aws/agent-toolkit-for-aws/blob/main/skills/core-skills/aws-billing-and-cost-management/"
    "references/cost-audit.md",
    date(2026, 11, 27),
)
"""AWS's own repository, for all public addresses. Its prices are those of us-east-1."""
LAMBDA_PRICES = Source("https://cloudchipr.com/blog/aws-lambda-pricing", date(2026, 11, 27))
EXPRESS_MODE = Source(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html", date(2026, 11, 27)
)

SERVICES_PER_EXPRESS_LOAD_BALANCER = 25
"""The most services of ECS Express Mode that share a load balancer (reported: https://www.factualminds.com/blog/
amazon-ecs-express-mode.md, read 2026-11-27)."""
LOAD_BALANCER_ZONES = 2
"""The fewest Availability Zones of an Application Load Balancer. Each has a public IPv4 address."""
LAMBDA_MEMORY_MB = 10_240
"""The largest memory of a Lambda function."""

_CONNECTIONS_PER_LCU, _ACTIVE_PER_LCU, _KB_PER_LCU_HOUR = 25, 3_000, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRates:
    """The prices of the other services in one region, in US dollars. Linux, x86, without taxes and discounts.

    Args:
        fargate_vcpu_hour: One vCPU of a task for an hour.
        fargate_gb_hour: One GB of a task's memory for an hour.
        fargate_spot_discount: The discount of Fargate Spot (0 to 1, default 0.5). It changes with supply and demand;
            0.5 to 0.7 is reported.
        load_balancer_hour: An Application Load Balancer for an hour.
        lcu_hour: A load balancer capacity unit for an hour.
        public_ipv4_hour: A public IPv4 address for an hour.
        lambda_gb_second: One GB of a function's memory for a second.
        lambda_million_requests: A million requests to a function.

    Raises:
        ValueError: A price is negative, infinite or not a number, or the discount is not 0 to 1.
    """

    fargate_vcpu_hour: float = 0.04048
    fargate_gb_hour: float = 0.004445
    fargate_spot_discount: float = 0.5
    load_balancer_hour: float = 0.0225
    lcu_hour: float = 0.008
    public_ipv4_hour: float = 0.005
    lambda_gb_second: float = 0.0000166667
    lambda_million_requests: float = 0.20

    def __post_init__(self) -> None:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        problems = [f"{name}: must be 0 or more, got {value}" for name, value in values.items() if not 0 <= value < inf]
        if self.fargate_spot_discount > 1:
            problems.append(f"fargate_spot_discount: must be a share from 0 to 1, got {self.fargate_spot_discount:g}")
        if problems:
            raise ValueError("\n".join(problems))


ALTERNATIVE_SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        **dict.fromkeys(("fargate_vcpu_hour", "fargate_gb_hour", "fargate_spot_discount"), FARGATE_PRICES),
        **dict.fromkeys(("load_balancer_hour", "lcu_hour"), LOAD_BALANCER_PRICES),
        "public_ipv4_hour": PUBLIC_IPV4_PRICES,
        **dict.fromkeys(("lambda_gb_second", "lambda_million_requests"), LAMBDA_PRICES),
    }
)
"""The page with each price of AlternativeRates."""

ALTERNATIVE_RATES: Mapping[str, AlternativeRates] = MappingProxyType(
    {
        region: replace(AlternativeRates(), load_balancer_hour=hour)
        for region, hour in {"us-east-1": 0.0225, "us-east-2": 0.0225, "us-west-2": 0.0225, "eu-west-1": 0.0252}.items()
    }
)
"""Prices by region: those for which App Runner's prices are verified (prices.RATES). Only a load balancer's hour
differs among them."""


class Option(StrEnum):
    """A way to run a service."""

    APP_RUNNER = "App Runner"
    PAUSED = "App Runner with its pauses"
    FARGATE = "Fargate, own load balancer"
    SHARED_FARGATE = "Fargate, shared load balancer"
    SPOT = "Fargate Spot"
    EXPRESS = "ECS Express Mode"
    LAMBDA = "Lambda, function URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One service, as far as its cost depends on it.

    Args:
        cpu_units: CPU units of an instance.
        memory_mb: Memory of an instance in MB.
        demand: What its load needs, without pauses.
        hours: Hours of the month.
        running_share: The share of all time in which no schedule pauses it (0 to 1, default 1).
        automatic_deployments: Whether automatic deployments are on (default False).
        sharing: Services that share a load balancer, this one included (1 or more, default 1).
    """

    cpu_units: int
    memory_mb: int
    demand: Demand
    hours: float
    running_share: float = 1.0
    automatic_deployments: bool = False
    sharing: int = 1

    @property
    def vcpu(self) -> float:
        return self.cpu_units / 1024

    @property
    def memory_gb(self) -> float:
        return self.memory_mb / 1024

    @property
    def task_hours(self) -> float:
        """Hours of all tasks that run without pauses."""
        return self.demand.base * self.hours + self.demand.extra * self.demand.busy_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The monthly cost of one option in US dollars, not rounded.

    Args:
        option: The option.
        parts: The parts of the bill by name.
    """

    option: Option
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())


def compare_options(workload: Workload, rates: Rates, others: AlternativeRates) -> list[Cost]:
    """Return the cost of each option that can run a service, in the order of Option.

    App Runner with its pauses is omitted without a pause, the shared load balancer if no other service shares it, and
    Lambda if the number of requests is unknown or its functions cannot have as much memory. No option but App Runner is
    paused. Fargate Spot shares the load balancer too.

    Args:
        workload: The service and its load.
        rates: App Runner's prices in its region.
        others: The prices of the other services there.
    """
    express = min(workload.sharing, SERVICES_PER_EXPRESS_LOAD_BALANCER)
    parts: dict[Option, Callable[[], Mapping[str, float]]] = {
        Option.APP_RUNNER: lambda: _app_runner(workload, rates, 1.0),
        Option.PAUSED: lambda: _app_runner(workload, rates, workload.running_share),
        Option.FARGATE: lambda: _fargate(workload, others, sharing=1),
        Option.SHARED_FARGATE: lambda: _fargate(workload, others, sharing=workload.sharing),
        Option.SPOT: lambda: _fargate(
            workload, others, sharing=workload.sharing, discount=others.fargate_spot_discount
        ),
        Option.EXPRESS: lambda: _fargate(workload, others, sharing=express),
        Option.LAMBDA: lambda: _lambda(workload, others),
    }
    if workload.running_share == 1:
        del parts[Option.PAUSED]
    if workload.sharing == 1:
        del parts[Option.SHARED_FARGATE]
    if workload.demand.requests is None or workload.memory_mb > LAMBDA_MEMORY_MB:
        del parts[Option.LAMBDA]
    return [Cost(option=option, parts=MappingProxyType(dict(compute()))) for option, compute in parts.items()]


@dataclass(frozen=True, slots=True)
class Crossover:
    """A rate of requests at which App Runner and another option cost the same.

    Args:
        option: The other option.
        requests_per_second: The rate.
        cheaper_above: The cheaper of the two above this rate.
    """

    option: Option
    requests_per_second: float
    cheaper_above: Option


def find_crossovers(
    costs: Callable[[float], list[Cost]], lowest: float, highest: float, points: int = 200
) -> list[Crossover]:
    """Return the rates at which App Runner's cost crosses that of other options, in ascending order.

    App Runner's cost is that with pauses if the service has any. A crossing between two neighbours of a geometric grid
    is found by bisection. Two crossings between the same neighbours are not found.

    Args:
        costs: Returns the options' costs for requests per second.
        lowest: The lowest rate (more than 0).
        highest: The highest rate.
        points: Points of the grid (default 200).
    """

    def differences(rate: float) -> dict[Option, float]:
        totals = {each.option: each.total for each in costs(rate)}
        own = totals.pop(Option.APP_RUNNER)
        own = totals.pop(Option.PAUSED, own)
        return {option: total - own for option, total in totals.items()}

    step = (highest / lowest) ** (1 / (points - 1))
    grid = [(rate, differences(rate)) for rate in (lowest * step**index for index in range(points))]
    own = Option.PAUSED if any(each.option is Option.PAUSED for each in costs(lowest)) else Option.APP_RUNNER
    crossovers: list[Crossover] = []
    for (low, before), (high, after) in pairwise(grid):
        for option in before:
            if (before[option] > 0) != (after[option] > 0):
                rate = _bisect(lambda rate, option=option: differences(rate)[option] > 0, low, high)
                crossovers.append(Crossover(option, rate, own if after[option] > 0 else option))
    return crossovers


def _bisect(is_positive: Callable[[float], bool], low: float, high: float) -> float:
    """Return where a function changes its sign between two values."""
    at_low = is_positive(low)
    while high - low > low * 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if is_positive(middle) == at_low else (low, middle)
    return high


def _app_runner(workload: Workload, rates: Rates, running_share: float) -> Mapping[str, float]:
    """Return the parts of App Runner's bill. Memory beyond the provisioned instances' is charged in busy hours."""
    demand, hours = workload.demand, workload.hours * running_share
    busy_hours = demand.busy_hours * running_share if demand.load is None else min(demand.busy_hours, hours)
    memory_hours = demand.base * hours + demand.extra * busy_hours
    return {
        "memory": memory_hours * workload.memory_gb * rates.memory_gb_hour,
        "vCPU": demand.peak * busy_hours * demand.active * workload.vcpu * rates.active_vcpu_hour,
        "automatic deployments": rates.automatic_deployment_month if workload.automatic_deployments else 0.0,
    }


def _fargate(
    workload: Workload, rates: AlternativeRates, *, sharing: int, discount: float = 0.0
) -> Mapping[str, float]:
    """Return the parts of a bill for tasks in public subnets, behind a load balancer that several services share."""
    task_hour = workload.vcpu * rates.fargate_vcpu_hour + workload.memory_gb * rates.fargate_gb_hour
    load_balancer_hours = workload.hours / sharing
    addresses = workload.task_hours + LOAD_BALANCER_ZONES * load_balancer_hours
    return {
        "tasks": workload.task_hours * task_hour * (1 - discount),
        "load balancer": load_balancer_hours * rates.load_balancer_hour,
        "capacity units": _capacity_units(workload) * rates.lcu_hour,
        "public IPv4": addresses * rates.public_ipv4_hour,
    }


def _capacity_units(workload: Workload) -> float:
    """Return the LCU hours of a month: the largest of a load's dimensions."""
    load = workload.demand.load
    if load is None:
        return 0.0
    units = max(
        load.requests_per_second / load.requests_per_connection / _CONNECTIONS_PER_LCU,
        load.concurrency / _ACTIVE_PER_LCU,
        load.requests_per_second * load.response_kb * 3600 / _KB_PER_LCU_HOUR,
    )
    return units * workload.demand.busy_hours


def _lambda(workload: Workload, rates: AlternativeRates) -> Mapping[str, float]:
    """Return the parts of a bill for a function with the same memory, which handles one request at a time."""
    load, requests = workload.demand.load, workload.demand.requests or 0.0
    seconds = load.seconds_per_request if load else 0.0
    return {
        "requests": requests / 1_000_000 * rates.lambda_million_requests,
        "duration": requests * seconds * workload.memory_gb * rates.lambda_gb_second,
    }


def rates_of(region: str) -> tuple[Rates, AlternativeRates] | None:
    """Return the verified prices of a region, or None."""
    if region not in RATES or region not in ALTERNATIVE_RATES:
        return None
    return RATES[region], ALTERNATIVE_RATES[region]
