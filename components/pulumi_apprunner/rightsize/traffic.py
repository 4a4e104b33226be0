"""The load of a service, as measured."""

from dataclasses import dataclass, replace
from math import log

from apprunner_facts.load import REQUEST_SECONDS, Load, Scaling, demand_of_load
from pulumi_apprunner.rightsize.usage import Usage, hour_of

_SHORTEST_REQUEST = 0.0001
"""Seconds. CloudWatch rounds a shorter mean to 0."""
_LARGEST_SHARE = 0.9999
"""The active share from which a load is computed if an instance was active in every minute."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """The measured requests to a service, and the instances that handled them.

    Args:
        days: The measured time in days, from the first value on.
        requests: The number of requests.
        busy_hours: Hours a day with at least one request.
        seconds_per_request: The mean duration of a request; None without requests.
        active_instances: The mean number of active instances over all hours.
        extra_instances: The mean number of active instances beyond the minimum over all hours.
        scaling: The scaling profile with that minimum.
    """

    days: float
    requests: float
    busy_hours: float
    seconds_per_request: float | None
    active_instances: float
    extra_instances: float
    scaling: Scaling

    @property
    def requests_per_second(self) -> float:
        """The mean rate in the busy hours."""
        return self.requests / (self.busy_hours * self.days * 3600) if self.busy_hours else 0.0

    def load(self, response_kb: float) -> Load | None:
        """Return the load that needs the measured instances; None without requests.

        Args:
            response_kb: The mean size of a response in KB, which App Runner does not measure.
        """
        rate = self.requests_per_second
        if not rate or self.seconds_per_request is None:
            return None
        busy_share = self.busy_hours / 24
        load = Load(
            requests_per_second=rate,
            seconds_per_request=self.seconds_per_request,
            busy_hours=self.busy_hours,
            response_kb=response_kb,
            extra_seconds=self.extra_instances / busy_share / rate,
        )
        peak = demand_of_load(load, self.scaling, 1).peak
        active = min(self.active_instances / busy_share / peak, _LARGEST_SHARE)
        return replace(load, active_seconds=-peak * log(1 - active) / rate)


def measure_traffic(usage: Usage, scaling: Scaling) -> Traffic:
    """Return the load of a service.

    Args:
        usage: What was measured.
        scaling: The scaling profile whose minimum is provisioned in any case.

    Raises:
        ValueError: The data do not suffice. The message is the reason.
    """
    if usage.shortage:
        raise ValueError(usage.shortage)
    busy = {hour_of(moment) for moment, count in usage.requests.items() if count}
    days, instances = usage.measured_days, usage.instances.values()
    return Traffic(
        days=days,
        requests=usage.total_requests,
        busy_hours=min(24.0, len(busy) / days),
        seconds_per_request=_mean_duration(usage) if busy else None,
        active_instances=sum(instances) / (days * 24 * 60),
        extra_instances=sum(max(0.0, count - scaling.min_size) for count in instances) / (days * 24 * 60),
        scaling=scaling,
    )


def _mean_duration(usage: Usage) -> float:
    """Return the mean duration of a request in seconds. Each minute counts by its requests."""
    counts = {moment: count for moment, count in usage.requests.items() if moment in usage.mean_latency_ms}
    total = sum(counts.values())
    if not total:
        raise ValueError("Not enough data: CloudWatch has requests, but not their latency.")
    milliseconds = sum(count * usage.mean_latency_ms[moment] for moment, count in counts.items()) / total
    return min(max(milliseconds / 1000, _SHORTEST_REQUEST), REQUEST_SECONDS)
