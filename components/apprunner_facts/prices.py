"""What App Runner costs, in US dollars, without taxes and discounts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType

from apprunner_facts.source import PRICING, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The prices of one region, US dollars.

    active_vcpu_hour: one vCPU of an active instance for an hour (0 or more, 0.064).
    memory_gb_hour: one GB of a provisioned instance for an hour, active or idle (0 or more, 0.007).
    automatic_deployment_month: automatic deployments of one service for a month (0 or more, 1.00). Found in one
        region's price list (ap-south-1) and taken to be the same in all.
    region: whose prices they are, None where they are the user's own.
    source: where they were read and when, None where they are the user's own.

    Raises ValueError with all that is wrong.
    """

    active_vcpu_hour: float = 0.064
    memory_gb_hour: float = 0.007
    automatic_deployment_month: float = 1.00
    region: str | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        rates = ("active_vcpu_hour", "memory_gb_hour", "automatic_deployment_month")
        if wrong := [f"{name}: {getattr(self, name)} is not a price" for name in rates if not self._is_price(name)]:
            raise ValueError("; ".join(wrong) + ": give US dollars, 0 or more")

    def _is_price(self, name: str) -> bool:
        return 0 <= getattr(self, name) < inf


US_EAST_1 = Rates(region="us-east-1", source=PRICING)

RATES: Mapping[str, Rates] = MappingProxyType(
    {region: replace(US_EAST_1, region=region) for region in ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")}
)
"""The rates by region, where they are known for sure: these four are alike. Memory is dearer in Tokyo and Singapore."""
