"""A service's estimated monthly cost, from AWS's prices and from assumptions."""

from dataclasses import dataclass

from apprunner_facts.limits import MAX_SIZE
from apprunner_facts.prices import US_EAST_1, Rates

HOURS_A_MONTH = 730.0
"""The month of AWS's own calculator: 8,760 hours a year divided by 12."""
LONGEST_MONTH = 744
"""The hours of a month with 31 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Values that affect the bill and that no program contains.

    Args:
        hours: Hours in the month (1 to 744, default 730).
        active: The share of its running hours in which an instance handles requests (0 to 1, default 0.10).
        instances: Provisioned instances while the service runs (1 or more). None means the minimum of the service's
            own scaling profile (default).

    Raises:
        ValueError: Values are out of range; one line for each.
    """

    hours: float = HOURS_A_MONTH
    active: float = 0.10
    instances: int | None = None

    def __post_init__(self) -> None:
        problems: list[str] = []
        if not 1 <= self.hours <= LONGEST_MONTH:
            problems.append(f"hours: must be 1 to {LONGEST_MONTH}, got {self.hours:g}")
        if not 0 <= self.active <= 1:
            hint = f". Did you mean {self.active / 100:g} ({self.active:g}%)?" if 1 < self.active <= 100 else ""
            problems.append(f"active: must be a share from 0 to 1, got {self.active:g}{hint}")
        if self.instances is not None and self.instances not in MAX_SIZE:
            problems.append(f"instances: must be {MAX_SIZE}, got {self.instances}")
        if problems:
            raise ValueError("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One service's monthly cost in US dollars, not rounded.

    Args:
        provisioned_memory: Cost of the memory of all provisioned instances during the running hours.
        active_vcpu: Cost of the vCPUs of all provisioned instances during the hours in which they handle requests.
        automatic_deployments: The fee for automatic deployments, or 0.
        running_hours: Hours of the month in which the service is not paused.
        instances: The number of provisioned instances.
    """

    provisioned_memory: float
    active_vcpu: float
    automatic_deployments: float
    running_hours: float
    instances: int

    @property
    def total(self) -> float:
        return self.provisioned_memory + self.active_vcpu + self.automatic_deployments


def monthly_bill(
    *,
    cpu_units: int,
    memory_mb: int,
    instances: int = 1,
    running_share: float = 1.0,
    automatic_deployments: bool = False,
    assumptions: Assumptions = Assumptions(),
    rates: Rates = US_EAST_1,
) -> Bill:
    """Return a service's monthly cost.

    AWS charges memory for every provisioned instance while the service runs, and vCPUs only while an instance is
    active. It does not charge an active instance's memory twice, only memory beyond the provisioned amount.
    Source: prices.Rates.source.

    Args:
        cpu_units: CPU units of an instance, with memory_mb a pair of sizes.PAIRS.
        memory_mb: Memory of an instance in MB.
        instances: The minimum of the service's scaling profile (1 to 25, default 1). `assumptions.instances` overrides
            it.
        running_share: The share of all time in which no schedule pauses the service (0 to 1, default 1), as in
            Rhythm.running_share. A paused service costs neither memory nor vCPUs. The estimate still includes the fee
            for automatic deployments.
        automatic_deployments: Whether automatic deployments are on (default False). The fee is the same for every size.
        assumptions: See Assumptions.
        rates: The prices of the service's region (default us-east-1).

    Raises:
        ValueError: running_share is out of range.
    """
    if not 0 <= running_share <= 1:
        raise ValueError(f"running_share: must be a share from 0 to 1, got {running_share:g}")
    provisioned = assumptions.instances or instances
    hours = assumptions.hours * running_share
    return Bill(
        provisioned_memory=memory_mb / 1024 * hours * provisioned * rates.memory_gb_hour,
        active_vcpu=cpu_units / 1024 * hours * assumptions.active * provisioned * rates.active_vcpu_hour,
        automatic_deployments=rates.automatic_deployment_month if automatic_deployments else 0.0,
        running_hours=hours,
        instances=provisioned,
    )


def measured_bill(
    *,
    cpu_units: int,
    memory_mb: int,
    instances: int,
    active_instances: float,
    extra_instances: float,
    running_share: float = 1.0,
    hours: float = HOURS_A_MONTH,
    rates: Rates = US_EAST_1,
) -> Bill:
    """Return a service's monthly cost from what was measured, without the fee for automatic deployments.

    Args:
        cpu_units: CPU units of an instance.
        memory_mb: Memory of an instance in MB.
        instances: The minimum of the service's scaling profile.
        active_instances: The mean number of active instances, over all hours.
        extra_instances: The mean number of active instances beyond the minimum, over all hours. Their memory is
            charged in addition to that of the provisioned ones.
        running_share: The share of all time in which no schedule pauses the service (0 to 1, default 1).
        hours: Hours in the month (default 730).
        rates: The prices of the service's region (default us-east-1).
    """
    memory_hours = (instances * running_share + extra_instances) * hours
    return Bill(
        provisioned_memory=memory_mb / 1024 * memory_hours * rates.memory_gb_hour,
        active_vcpu=cpu_units / 1024 * active_instances * hours * rates.active_vcpu_hour,
        automatic_deployments=0.0,
        running_hours=hours * running_share,
        instances=instances,
    )


def assumption_lines(assumptions: Assumptions, rates: Rates) -> list[str]:
    """Return sentences on what an estimate assumes and what it excludes."""
    if assumptions.instances is None:
        instances = "Provisioned instances: the minimum of each service's scaling profile"
    else:
        instances = f"Provisioned instances for each service: {assumptions.instances}"
    return [
        f"A month has {assumptions.hours:g} hours. A service runs while no schedule pauses it.",
        _busy_line(assumptions),
        f"{instances}. Not included: more instances under load, and twice as many during a deployment.",
        _EXCLUDED,
        _rates_line(rates),
    ]


def to_date_lines(assumptions: Assumptions, rates: Rates) -> list[str]:
    """Return sentences on what an estimate of the month to date assumes and what it excludes."""
    return [
        "An estimate, not AWS's bill: the hours since the beginning of the month (UTC) or the creation of the service "
        "in which no operation had paused it, and the whole fee for automatic deployments.",
        _busy_line(assumptions),
        "Provisioned instances: the current minimum of each service's scaling profile. Not included: more instances "
        "under load, and twice as many during a deployment.",
        _EXCLUDED,
        _rates_line(rates),
    ]


_EXCLUDED = (
    "Not included: builds from source, data transfer, NAT gateways and VPC endpoints, logs, alarms, "
    "dashboards, web ACLs, images, secrets, schedules, taxes and discounts."
)


def _busy_line(assumptions: Assumptions) -> str:
    return (
        f"Instances handle requests in {assumptions.active * 100:.4g}% of their running hours. "
        "AWS charges vCPUs only for these, and memory for all running hours."
    )


def _rates_line(rates: Rates) -> str:
    name = f"Prices in {rates.region}" if rates.region else "Custom prices"
    origin = f" Source: {rates.source.url} (read {rates.source.read})." if rates.source else ""
    return (
        f"{name}: ${rates.active_vcpu_hour:g} per active vCPU hour, "
        f"${rates.memory_gb_hour:g} per provisioned GB hour, "
        f"${rates.automatic_deployment_month:.2f} per month and service for automatic deployments.{origin}"
    )
