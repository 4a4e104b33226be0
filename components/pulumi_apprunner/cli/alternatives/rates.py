"""The prices of a comparison: verified ones by region, and those of the option --rate."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

import pulumi

from apprunner_facts.alternatives import ALTERNATIVE_RATES, AlternativeRates, rates_of
from apprunner_facts.prices import Rates
from pulumi_apprunner.offline.listing import suggestion

_APP_RUNNER_RATES = ("active_vcpu_hour", "memory_gb_hour", "automatic_deployment_month")
RATE_NAMES = (*_APP_RUNNER_RATES, *(each.name for each in fields(AlternativeRates)))
"""The prices that --rate overrides, and the discount of Fargate Spot."""
_DISCOUNT = "fargate_spot_discount"
_PRICES = [name for name in RATE_NAMES if name != _DISCOUNT]
"""The prices that differ among regions."""


def parse_rates(texts: Iterable[str]) -> Mapping[str, float]:
    """Return the prices of texts such as "lcu_hour=0.008". Hyphens in names are underscores.

    Raises:
        pulumi.RunError: Names are not in RATE_NAMES, or values are not prices. It lists all.
    """
    rates: dict[str, float] = {}
    problems: list[str] = []
    for text in texts:
        name, separator, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not separator and name in RATE_NAMES:
            problems.append(f"--rate {name}: requires a value, as in --rate {name}=0.5")
            continue
        if name not in RATE_NAMES:
            hint = suggestion(name, RATE_NAMES) or f". Prices: {', '.join(RATE_NAMES)}"
            problems.append(f"--rate: must be NAME=PRICE, got {text!r}{hint}")
            continue
        try:
            rates[name] = float(value)
        except ValueError:
            required = "a share from 0 to 1" if name == _DISCOUNT else "a number of US dollars"
            problems.append(f"--rate {name}: must be {required}, got {value!r}")
    problems += _invalid(rates)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return rates


def rates_of_regions(
    regions: Iterable[str | None], overrides: Mapping[str, float]
) -> Mapping[str | None, tuple[Rates, AlternativeRates]]:
    """Return the prices of some regions: the verified ones with overrides, or only overrides.

    Raises:
        pulumi.RunError: A region has no verified prices, and not all are overridden.
    """
    own: dict[str, Any] = {name: value for name, value in overrides.items() if name in _APP_RUNNER_RATES}
    others: dict[str, Any] = {name: value for name, value in overrides.items() if name not in _APP_RUNNER_RATES}
    rates: dict[str | None, tuple[Rates, AlternativeRates]] = {}
    for region in regions:
        known = rates_of(region or "")
        if known is not None:
            rates[region] = replace(known[0], **own), replace(known[1], **others)
        elif overrides.keys() >= set(_PRICES):
            rates[region] = Rates(**own, region=region), AlternativeRates(**others)
        else:
            missing = " ".join(f"--rate {name}=PRICE" for name in _PRICES if name not in overrides)
            raise pulumi.RunError(
                f"region: must have verified prices ({', '.join(ALTERNATIVE_RATES)}), "
                f"got {region or 'an unknown region'}. Set the region's prices: {missing}"
            )
    return rates


def _invalid(rates: Mapping[str, float]) -> list[str]:
    """Return a line for each price that is out of range."""
    problems: list[str] = []
    for kind in (Rates, AlternativeRates):
        names = {each.name for each in fields(kind)}
        own: dict[str, Any] = {name: value for name, value in rates.items() if name in names}
        try:
            kind(**own)
        except ValueError as error:
            problems += [f"--rate {line}" for line in str(error).splitlines()]
    return problems
