"""What a service costs in a month: an estimate, from rates and from what has to be assumed."""

from dataclasses import dataclass

from apprunner_facts.limits import MAX_SIZE
from apprunner_facts.prices import US_EAST_1, Rates

HOURS_A_MONTH = 730.0
"""The month of AWS's own calculator: 8,760 hours a year over 12."""
_LONGEST_MONTH = 744


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a program does not say and the bill depends on.

    hours: hours in the month (1-744, 730).
    active: the share of its running hours in which an instance handles requests (0-1, 0.10).
    instances: instances that are provisioned while the service runs (1 or more); None is the minimum of the service's
        own scaling profile.

    Raises ValueError with all that is wrong, by name.
    """

    hours: float = HOURS_A_MONTH
    active: float = 0.10
    instances: int | None = None

    def __post_init__(self) -> None:
        problems: list[str] = []
        if not 1 <= self.hours <= _LONGEST_MONTH:
            problems.append(f"hours: {self.hours:g} is not possible: a month has 1 to {_LONGEST_MONTH}")
        if not 0 <= self.active <= 1:
            meant = f"; {self.active:g} % is {self.active / 100:g}" if 1 < self.active <= 100 else ""
            problems.append(f"active: {self.active:g} is not possible: give a share from 0 to 1{meant}")
        if self.instances is not None and self.instances not in MAX_SIZE:
            problems.append(f"instances: {self.instances} is not possible: give {MAX_SIZE}")
        if problems:
            raise ValueError("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A month's cost of one service, US dollars, unrounded.

    provisioned_memory: the memory of all provisioned instances over the running hours.
    active_vcpu: the vCPUs of all provisioned instances over the hours in which they handle requests.
    automatic_deployments: the fee for them, 0 without.
    running_hours: hours of the month in which the service is not paused.
    instances: how many are provisioned.
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
    """Return what a service costs in a month.

    Memory is paid at the full rate for every provisioned instance while the service runs, vCPUs only while an instance
    is active. An active instance's memory is not charged again: only what exceeds the provisioned memory would be.

    cpu_units, memory_mb: an instance's size, a pair of sizes.PAIRS.
    instances: the minimum of the service's scaling profile (1-25, 1); `assumptions.instances` goes before it.
    running_share: the part of all time in which no schedule pauses the service (0-1, 1), as Rhythm.running_share.
        Paused, it costs neither memory nor vCPUs; the fee for automatic deployments is taken to be due all the same.
    automatic_deployments: whether they are on (off). The fee is due once a service, whatever its size.
    assumptions: see Assumptions.
    rates: those of the service's region (us-east-1).

    Raises ValueError where running_share is out of range. Source: prices.Rates.source.
    """
    if not 0 <= running_share <= 1:
        raise ValueError(f"running_share: {running_share:g} is not possible: give a share from 0 to 1")
    provisioned = assumptions.instances or instances
    hours = assumptions.hours * running_share
    return Bill(
        provisioned_memory=memory_mb / 1024 * hours * provisioned * rates.memory_gb_hour,
        active_vcpu=cpu_units / 1024 * hours * assumptions.active * provisioned * rates.active_vcpu_hour,
        automatic_deployments=rates.automatic_deployment_month if automatic_deployments else 0.0,
        running_hours=hours,
        instances=provisioned,
    )


def assumption_lines(assumptions: Assumptions, rates: Rates) -> list[str]:
    """Return in plain sentences what an estimate rests on and what it leaves out."""
    if assumptions.instances is None:
        instances = "As many instances are provisioned as the service's scaling profile has at least"
    else:
        instances = f"Instances provisioned for each service: {assumptions.instances}"
    return [
        f"A month has {assumptions.hours:g} hours; a service runs in those in which no schedule pauses it.",
        f"Each instance handles requests in {assumptions.active * 100:.4g}% of its running hours: "
        "vCPUs are paid only then, memory in all running hours.",
        f"{instances}; more of them under load, or twice as many during a deployment, are not counted.",
        "Left out: builds from source, data transfer, NAT gateways and VPC endpoints, logs, images, secrets, "
        "schedules, taxes and discounts.",
        _rates_line(rates),
    ]


def _rates_line(rates: Rates) -> str:
    where = f"Rates of {rates.region}" if rates.region else "Rates as given"
    origin = f" (AWS's price page, read {rates.source.read}: {rates.source.url})" if rates.source else ""
    return (
        f"{where}: ${rates.active_vcpu_hour:g} per active vCPU hour, "
        f"${rates.memory_gb_hour:g} per provisioned GB hour, "
        f"${rates.automatic_deployment_month:.2f} a month for a service's automatic deployments{origin}."
    )
