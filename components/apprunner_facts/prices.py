"""App Runner's prices in US dollars, without taxes and discounts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType

from apprunner_facts.source import PRICING, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The prices of one region in US dollars.

    Args:
        active_vcpu_hour: One vCPU of an active instance for an hour (0 or more, default 0.064).
        memory_gb_hour: One GB of a provisioned instance for an hour, active or idle (0 or more, default 0.007).
        automatic_deployment_month: Automatic deployments of one service for a month (0 or more, default 1.00). Source:
            the price list of one region (ap-south-1); we assume the same price in all regions.
        region: The region; None for custom prices.
        source: The page with the prices; None for custom prices.

    Raises:
        ValueError: A price is negative, infinite or not a number.
    """

    active_vcpu_hour: float = 0.064
    memory_gb_hour: float = 0.007
    automatic_deployment_month: float = 1.00
    region: str | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        rates = ("active_vcpu_hour", "memory_gb_hour", "automatic_deployment_month")
        if invalid := [
            f"{name}: must be 0 or more, got {getattr(self, name)}" for name in rates if not self._is_price(name)
        ]:
            raise ValueError("; ".join(invalid))

    def _is_price(self, name: str) -> bool:
        return 0 <= getattr(self, name) < inf


US_EAST_1 = Rates(region="us-east-1", source=PRICING)

RATES: Mapping[str, Rates] = MappingProxyType(
    {region: replace(US_EAST_1, region=region) for region in ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")}
)
"""The verified prices by region. They are equal in these four; memory costs more in Tokyo and Singapore."""


def rates_or_default(region: str | None) -> Rates:
    """Return the prices of a region; those of us-east-1 if they are unknown."""
    return RATES.get(region or "", US_EAST_1)


def default_rates_note(region: str) -> str | None:
    """Return a sentence that says so if `rates_or_default` returns other prices than those of a region."""
    if region in RATES:
        return None
    return f"No verified prices for {region}; the estimate uses those of {US_EAST_1.region}."
