"""What costs are computed for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apprunner_facts.load import RESPONSE_KB, Load
from pulumi_apprunner.rightsize.traffic import Traffic


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the costs are computed for.

    Args:
        load: The requests to each service; None if only `active` is known, or if the load is measured.
        traffic: The measured load of each service by its URN; None if it is not measured.
        response_kb: The mean size of a response in KB.
        active: The share of its running hours in which an instance handles requests, if there is no load.
        hours: Hours of the month.
        sharing: Services that share a load balancer (1 or more).
        rates: Prices that override the region's, by the names in RATE_NAMES.
        quantities: Quantities of the month, by the names in QUANTITIES.
    """

    load: Load | None = None
    traffic: Mapping[str, Traffic] | None = None
    response_kb: float = RESPONSE_KB
    active: float = 0.0
    hours: float
    sharing: int
    rates: Mapping[str, float] = field(default_factory=dict[str, float])
    quantities: Mapping[str, float] = field(default_factory=dict[str, float])

    def load_of(self, urn: str) -> Load | None:
        """Return the requests to a service; None if they are unknown, or none were measured."""
        if self.traffic is None:
            return self.load
        return self.traffic[urn].load(self.response_kb)

    def requests_to(self, urn: str) -> float | None:
        """Return the requests to a service in the month; None if they are unknown."""
        load = self.load_of(urn)
        if load is None:
            return None if self.traffic is None else 0.0
        return load.requests_per_second * load.busy_hours / 24 * self.hours * 3600

    @property
    def idle_share(self) -> float:
        """The active share of a service without a load."""
        return self.active if self.traffic is None else 0.0
