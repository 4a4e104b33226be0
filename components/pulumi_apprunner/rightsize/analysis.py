"""Proposals for a service, from its measured usage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Literal

from apprunner_facts import sizes
from apprunner_facts.bill import measured_bill
from apprunner_facts.limits import MAX_SIZE_QUOTA
from apprunner_facts.load import Scaling
from apprunner_facts.prices import Rates
from apprunner_facts.windows import Week, Window
from pulumi_apprunner.rightsize.leaks import find_leak
from pulumi_apprunner.rightsize.quiet_hours import RunningHours, find_running_hours
from pulumi_apprunner.rightsize.usage import Usage, percentile

Confidence = Literal["high", "medium", "low"]

_MEMORY_RESERVE = 1.25
"""Memory of a proposed size, as a multiple of the highest measured usage. An instance without memory is stopped."""
_CPU_TARGET = 70.0
"""The highest utilization of a proposed size at the 99th percentile, in percent."""
_FULL_MEMORY, _FULL_CPU = 90.0, 85.0
"""Utilizations above which the current size is too small."""
_PRODUCTION_INSTANCES = 2
_LEAST_SAVING = 0.5
"""US dollars a month below which a cheaper setting is not proposed."""


@dataclass(frozen=True, kw_only=True)
class RunningService:
    """What runs now, and what its cost depends on.

    Args:
        name: Its name, for messages.
        cpu_units: CPU units of an instance.
        memory_mb: Memory of an instance in MB.
        scaling: Its scaling profile.
        rates: The prices of its region, or those of us-east-1 if they are unknown.
        rates_note: A sentence that says so; None if they are known (default).
        is_production: Whether it is in production, where at least two instances are kept and no pause is proposed.
        running_share: The share of all time in which no schedule pauses it (0 to 1, default 1).
    """

    name: str
    cpu_units: int
    memory_mb: int
    scaling: Scaling
    rates: Rates
    is_production: bool = False
    running_share: float = 1.0
    rates_note: str | None = None

    @property
    def size(self) -> str:
        return f"{sizes.format_cpu(self.cpu_units)}, {sizes.format_memory(self.memory_mb)}"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change of a service's settings.

    Args:
        subject: What changes.
        current: The current setting.
        proposed: The proposed setting.
        reason: The measured values that it follows from.
        confidence: How much data it is derived from.
        monthly_saving: US dollars per month, on its own; negative if it costs more.
        settings: The settings in the form of a stack file, below the service.
    """

    subject: Literal["size", "scaling", "pause"]
    current: str
    proposed: str
    reason: str
    confidence: Confidence
    monthly_saving: float
    settings: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The result for one service.

    Args:
        service: What runs.
        monthly_usd: Its current cost, as measured.
        proposed_usd: Its cost with all proposals.
        proposals: The proposed changes.
        findings: Sentences on what was measured, and on what was not proposed and why.
        measured: The values that 99% of the measured periods do not exceed, by their names: memory_percent and
            cpu_percent of an instance, latency_ms (the 99th percentile of each minute) and concurrency. Only those that
            CloudWatch has.
    """

    service: RunningService
    monthly_usd: float | None
    proposed_usd: float | None
    proposals: Sequence[Proposal]
    findings: Sequence[str]
    measured: Mapping[str, float] = field(default_factory=dict[str, float])


def advise(service: RunningService, usage: Usage, timezone: str = "UTC") -> Advice:
    """Return proposals for a service.

    Without two days of data there are none. With less than a week their confidence is low, with two weeks high.

    Args:
        service: What runs.
        usage: What was measured.
        timezone: The IANA name of the time zone of proposed pauses (default UTC).
    """
    if usage.shortage:
        return Advice(service=service, monthly_usd=None, proposed_usd=None, proposals=(), findings=(usage.shortage,))
    findings: list[str] = []
    wanted = _with_size(service, usage, findings)
    wanted = _with_scaling(wanted, usage, findings)
    windows = _windows(service, usage, timezone, findings)
    if windows:
        wanted = replace(wanted, running_share=_running_share(windows))
    proposals = list(_proposals(service, wanted, usage, windows, timezone))
    return Advice(
        service=service,
        monthly_usd=_cost(service, usage),
        proposed_usd=_cost(wanted, usage) if proposals else _cost(service, usage),
        proposals=proposals,
        findings=findings,
        measured=_measured(usage),
    )


def _measured(usage: Usage) -> Mapping[str, float]:
    series = {
        "memory_percent": usage.memory,
        "cpu_percent": usage.cpu,
        "latency_ms": usage.latency_ms,
        "concurrency": usage.concurrency,
    }
    return {name: percentile(values.values(), 0.99) for name, values in series.items() if values}


def _with_size(service: RunningService, usage: Usage, findings: list[str]) -> RunningService:
    """Return the service with the cheapest size that its usage fits in, or unchanged."""
    memory = max(usage.memory.values())
    cpu = percentile(usage.cpu.values(), 0.99) if usage.cpu else None
    needed_mb = service.memory_mb * memory / 100 * _MEMORY_RESERVE
    if leak := find_leak(usage):
        findings.append(
            f"Memory grows by {leak.growth:.1f} percentage points a day, which looks like a leak. "
            f"It is full in about {leak.days_left:.0f} days, unless a deployment restarts the instances. "
            "A size is not proposed; fix the leak first."
        )
        return service
    if cpu is None:
        findings.append("There is no CPU utilization. A size is not proposed.")
        return service
    needed_units = service.cpu_units * cpu / _CPU_TARGET
    fitting = [
        replace(service, cpu_units=units, memory_mb=mb)
        for units, memories in sizes.PAIRS.items()
        for mb in memories
        if units >= needed_units and mb >= needed_mb
    ]
    if not fitting:
        findings.append(
            f"No size is large enough: memory reaches {memory:.0f}%, CPU {cpu:.0f}% of {service.size}. "
            "Lower scaling.max_concurrency, so that an instance handles fewer requests at a time."
        )
        return service
    smallest = min(fitting, key=lambda each: (_cost(each, usage), each.memory_mb))
    is_too_small = memory >= _FULL_MEMORY or cpu >= _FULL_CPU
    is_cheaper = _cost(service, usage) - _cost(smallest, usage) >= _LEAST_SAVING
    fits = needed_mb <= service.memory_mb and needed_units <= service.cpu_units
    if is_too_small or (fits and is_cheaper):
        return smallest
    if not fits:
        findings.append(
            f"{service.size} has little reserve: memory reaches {memory:.0f}%, CPU {cpu:.0f}% at the 99th percentile."
        )
    return service


def _with_scaling(service: RunningService, usage: Usage, findings: list[str]) -> RunningService:
    """Return the service with a minimum and a maximum that fit its active instances, or unchanged."""
    if not usage.active_instances:
        findings.append("There is no number of active instances. A scaling profile is not proposed.")
        return service
    scaling, highest = service.scaling, max(usage.active_instances.values())
    least = _PRODUCTION_INSTANCES if service.is_production else 1
    typical = percentile(usage.active_instances.values(), 0.5)
    minimum = min(scaling.min_size, max(least, ceil(typical)))
    maximum = ceil(scaling.max_size * 1.5) if highest >= scaling.max_size > 1 else scaling.max_size
    if maximum > max(MAX_SIZE_QUOTA, scaling.max_size):
        findings.append(
            f"Active instances reached max_size, {scaling.max_size}. A maximum above {MAX_SIZE_QUOTA} requires a "
            "higher quota, which AWS Support sets on request."
        )
        maximum = max(MAX_SIZE_QUOTA, scaling.max_size)
    if scaling.min_size < least:
        findings.append(
            f"min_size is {scaling.min_size}. In production, {least} or more keep the service available if one fails."
        )
    return replace(service, scaling=replace(scaling, min_size=minimum, max_size=max(maximum, minimum)))


def _windows(service: RunningService, usage: Usage, timezone: str, findings: list[str]) -> Sequence[RunningHours]:
    """Return the hours in which a service must run; nothing if no pause is proposed."""
    if not usage.total_requests:
        findings.append(
            f"No requests in {usage.measured_days:.0f} days. If nobody needs the service, pause or delete it. "
            "Requests are counted by CloudWatch; work without requests is not."
        )
        return ()
    windows = find_running_hours(usage, timezone)
    if not windows or service.running_share < 1:
        return ()
    if service.is_production:
        hours = 168 * (1 - _running_share(windows))
        findings.append(f"No requests in about {hours:.0f} hours of every week. A pause is not proposed in production.")
        return ()
    return windows


def _proposals(
    service: RunningService, wanted: RunningService, usage: Usage, windows: Sequence[RunningHours], timezone: str
) -> Sequence[Proposal]:
    confidence = _confidence(usage)
    proposals: list[Proposal] = []

    def propose(changed: RunningService, **fields: Any) -> None:
        saving = _cost(service, usage) - _cost(changed, usage)
        proposals.append(Proposal(confidence=confidence, monthly_saving=saving, **fields))

    if wanted.size != service.size:
        cpu = percentile(usage.cpu.values(), 0.99)
        propose(
            replace(service, cpu_units=wanted.cpu_units, memory_mb=wanted.memory_mb),
            subject="size",
            current=service.size,
            proposed=wanted.size,
            reason=f"memory reaches {max(usage.memory.values()):.0f}%, CPU {cpu:.0f}% at the 99th percentile",
            settings={
                "size": {
                    "cpu": sizes.format_cpu(wanted.cpu_units),
                    "memory": sizes.format_memory(wanted.memory_mb),
                }
            },
        )
    if wanted.scaling != service.scaling:
        active = usage.active_instances.values()
        propose(
            replace(service, scaling=wanted.scaling),
            subject="scaling",
            current=_range(service.scaling),
            proposed=_range(wanted.scaling),
            reason=f"{percentile(active, 0.5):.0f} active instances at the median, {max(active):.0f} at most",
            settings={"scaling": {"minSize": wanted.scaling.min_size, "maxSize": wanted.scaling.max_size}},
        )
    if windows:
        propose(
            replace(service, running_share=wanted.running_share),
            subject="pause",
            current="never paused",
            proposed="; ".join(f"runs {each.days} {each.start:02}:00 to {each.end:02}:00" for each in windows)
            + f" ({timezone})",
            reason=f"no requests at other times in {usage.measured_days:.0f} days",
            settings={"pause": {"timezone": timezone, "running": [each.as_window() for each in windows]}},
        )
    return proposals


def _range(scaling: Scaling) -> str:
    return f"{scaling.min_size} to {scaling.max_size} instances"


def _running_share(windows: Sequence[RunningHours]) -> float:
    return Week(Window.parse(*each.as_window().values()) for each in windows).running_share


def _cost(service: RunningService, usage: Usage) -> float:
    """Return the monthly cost. Minutes without a value of active instances have none."""
    minutes = usage.measured_days * 24 * 60
    active = usage.instances
    minimum = service.scaling.min_size
    return measured_bill(
        cpu_units=service.cpu_units,
        memory_mb=service.memory_mb,
        instances=minimum,
        active_instances=sum(active.values()) / minutes,
        extra_instances=sum(max(0.0, count - minimum) for count in active.values()) / minutes,
        running_share=service.running_share,
        rates=service.rates,
    ).total


def _confidence(usage: Usage) -> Confidence:
    if usage.covered_days >= 13:
        return "high"
    return "medium" if usage.covered_days >= 7 else "low"
