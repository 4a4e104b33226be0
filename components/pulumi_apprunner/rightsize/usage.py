"""The measured usage of a service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

LEAST_DAYS = 2.0
"""Days with a memory utilization that conclusions require."""

Series = Mapping[datetime, float]
"""Values by the start of their period, in UTC, ascending."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What CloudWatch has about a service.

    Args:
        start: The beginning of the time, UTC.
        end: Its end.
        requests: The number of requests in each minute.
        active_instances: The number of active instances in each minute.
        concurrency: The number of requests in progress in each minute. AWS's page does not list this metric, and it may
            be empty.
        mean_latency_ms: The mean duration of requests in each minute, in milliseconds.
        latency_ms: The 99th percentile of the duration of requests in each minute, in milliseconds.
        cpu: The highest CPU utilization of an instance in each period of five minutes, in percent.
        memory: The highest memory utilization of an instance in each period of five minutes, in percent.
    """

    start: datetime
    end: datetime
    requests: Series = field(default_factory=dict[datetime, float])
    active_instances: Series = field(default_factory=dict[datetime, float])
    concurrency: Series = field(default_factory=dict[datetime, float])
    mean_latency_ms: Series = field(default_factory=dict[datetime, float])
    latency_ms: Series = field(default_factory=dict[datetime, float])
    cpu: Series = field(default_factory=dict[datetime, float])
    memory: Series = field(default_factory=dict[datetime, float])

    @property
    def days(self) -> float:
        """The time in days."""
        return (self.end - self.start) / timedelta(days=1)

    @property
    def measured_days(self) -> float:
        """The time in days from the first hour with a value; 0 without one. A new service has no earlier values."""
        firsts = [hour_of(next(iter(each))) for each in (self.memory, self.requests, self.active_instances) if each]
        return (self.end - max(self.start, min(firsts))) / timedelta(days=1) if firsts else 0.0

    @property
    def covered_days(self) -> float:
        """Days in which a memory utilization was measured. An hour counts if it has a value."""
        return len({hour_of(moment) for moment in self.memory}) / 24

    @property
    def shortage(self) -> str | None:
        """A sentence on missing data; None if there are `LEAST_DAYS` with data."""
        if self.covered_days >= LEAST_DAYS:
            return None
        return (
            f"Not enough data: {self.covered_days:.1f} days with a memory utilization, {LEAST_DAYS:g} are required. "
            "CloudWatch may not have data of a paused service."
        )

    @property
    def total_requests(self) -> float:
        return sum(self.requests.values())

    @property
    def instances(self) -> Series:
        """The number of active instances in each minute; 1 in each minute with requests if it was not measured."""
        return self.active_instances or {moment: 1.0 for moment, count in self.requests.items() if count}


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour of a time, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least a share of all values (0 to 1) does not exceed.

    Raises:
        ValueError: There is no value.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("must have at least one value")
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
