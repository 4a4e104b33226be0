"""The load on a service, and the instances that it needs."""

from dataclasses import dataclass
from math import ceil, exp, isfinite

from apprunner_facts.limits import MAX_CONCURRENCY, MIN_SIZE

REQUEST_SECONDS = 120
"""Seconds after which App Runner ends a request, and so the largest useful duration
(https://docs.aws.amazon.com/apprunner/latest/dg/develop.html, read 2026-11-23)."""
_HOURS_A_DAY = 24
RESPONSE_KB = 10.0
"""The assumed mean size of a response in KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The requests to a service on an average day.

    Args:
        requests_per_second: The mean rate in the busy hours (0 or more). The other hours have no requests.
        seconds_per_request: The mean duration of a request (more than 0, at most 120).
        busy_hours: Hours a day with requests (more than 0, at most 24, default 24).
        response_kb: The mean size of a response in KB (0 or more, default 10), for a load balancer's bill.
        requests_per_connection: The mean number of requests that a client sends on a connection (1 or more, default
            10), for a load balancer's bill.
        active_seconds: The seconds for which a request keeps an instance active if no other request does (default
            seconds_per_request). A measured load has more: its requests do not arrive independently, and CloudWatch
            counts active instances in minutes.
        extra_seconds: The seconds of instances beyond the minimum for each request, as measured (0 or more, default 0).

    Raises:
        ValueError: Values are out of range; one line for each.
    """

    requests_per_second: float
    seconds_per_request: float
    busy_hours: float = _HOURS_A_DAY
    response_kb: float = RESPONSE_KB
    requests_per_connection: float = 10.0
    active_seconds: float | None = None
    extra_seconds: float = 0.0

    def __post_init__(self) -> None:
        checks = (
            ("requests_per_second", self.requests_per_second >= 0, "0 or more"),
            (
                "seconds_per_request",
                0 < self.seconds_per_request <= REQUEST_SECONDS,
                f"more than 0 and at most {REQUEST_SECONDS}, after which App Runner ends a request",
            ),
            (
                "busy_hours",
                0 < self.busy_hours <= _HOURS_A_DAY,
                f"more than 0 and at most {_HOURS_A_DAY}",
            ),
            ("response_kb", self.response_kb >= 0, "0 or more"),
            ("requests_per_connection", self.requests_per_connection >= 1, "1 or more"),
        )
        problems = [
            f"{name}: must be {required}, got {getattr(self, name):g}"
            for name, valid, required in checks
            if not (valid and isfinite(getattr(self, name)))
        ]
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def concurrency(self) -> float:
        """The mean number of requests in progress in the busy hours (Little's law)."""
        return self.requests_per_second * self.seconds_per_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """The scaling profile of a service, as in AutoScalingConfigurationVersion.

    Args:
        min_size: Provisioned instances (1 to 25, default 1).
        max_size: The most instances (1 or more, default 25).
        max_concurrency: Requests in progress at which App Runner adds an instance (1 to 200, default 100).
    """

    min_size: int = MIN_SIZE.default
    max_size: int = 25
    max_concurrency: int = MAX_CONCURRENCY.default


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a load needs from the instances of a service in a month.

    Args:
        base: Instances that run all the time.
        peak: Instances in the busy hours, `base` or more. The mean of a measured load is not a whole number.
        busy_hours: Busy hours of the month.
        active: The share of the busy hours in which an instance handles at least one request (0 to 1).
        load: The load; None if only the active share is known.
        exceeds_maximum: Whether the load needs more instances than the profile allows.
    """

    base: int
    peak: float
    busy_hours: float
    active: float
    load: Load | None = None
    exceeds_maximum: bool = False

    @property
    def extra(self) -> float:
        """Instances in the busy hours beyond those that always run."""
        return self.peak - self.base

    @property
    def requests(self) -> float | None:
        """Requests in the month; None if the load is unknown."""
        return None if self.load is None else self.load.requests_per_second * self.busy_hours * 3600


def demand_of_load(load: Load, scaling: Scaling, hours: float) -> Demand:
    """Return what a load needs.

    Requests arrive independently, and instances share them equally. An instance with a mean of c requests in progress
    then handles none for the share exp(-c) of the time. Fewer instances with more requests each would be active less
    in total, so that the estimate for App Runner is rather too high than too low.

    Args:
        load: The load.
        scaling: The service's scaling profile.
        hours: Hours of the month.
    """
    needed = max(1, ceil(load.concurrency / scaling.max_concurrency))
    extra = load.requests_per_second * load.extra_seconds
    peak = max(scaling.min_size, min(max(needed, scaling.min_size + extra), scaling.max_size))
    active_seconds = load.seconds_per_request if load.active_seconds is None else load.active_seconds
    return Demand(
        base=scaling.min_size,
        peak=peak,
        busy_hours=hours * load.busy_hours / _HOURS_A_DAY,
        active=1 - exp(-load.requests_per_second * active_seconds / peak),
        load=load,
        exceeds_maximum=needed > scaling.max_size,
    )


def demand_of_share(active: float, instances: int, hours: float) -> Demand:
    """Return the demand of instances that handle requests for a share of all their hours (0 to 1)."""
    return Demand(base=instances, peak=instances, busy_hours=hours, active=active)
