"""The prices of a comparison: verified ones by region, and those of the option --rate; and the option --quantity."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from math import inf
from typing import Any

import pulumi

from apprunner_facts.alternatives import ALTERNATIVE_RATES, AlternativeRates, rates_of
from apprunner_facts.prices import Rates
from apprunner_facts.surrounding_prices import PRICES
from apprunner_facts.surroundings import QUANTITIES
from pulumi_apprunner.offline.listing import suggestion

_APP_RUNNER_RATES = ("active_vcpu_hour", "memory_gb_hour", "automatic_deployment_month")
_OTHER_RATES = tuple(each.name for each in fields(AlternativeRates))
RATE_NAMES = tuple(dict.fromkeys((*_APP_RUNNER_RATES, *_OTHER_RATES, *PRICES)))
"""The prices that --rate overrides, and the discount of Fargate Spot."""
_DISCOUNT = "fargate_spot_discount"
_COMPARED = [name for name in (*_APP_RUNNER_RATES, *_OTHER_RATES) if name != _DISCOUNT]
"""The prices that a comparison requires for a region."""


def parse_rates(texts: Iterable[str]) -> Mapping[str, float]:
    """Return the prices of texts such as "lcu_hour=0.008". Hyphens in names are underscores.

    Raises:
        pulumi.RunError: Names are not in RATE_NAMES, or values are not prices. It lists all.
    """

    def required(name: str) -> str:
        return "a share from 0 to 1" if name == _DISCOUNT else "a number of US dollars"

    rates, problems = _parse("--rate", "PRICE", texts, RATE_NAMES, required)
    problems += _invalid(rates)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return rates


def parse_quantities(texts: Iterable[str]) -> Mapping[str, float]:
    """Return the quantities of texts such as "nat_gb=50". Hyphens in names are underscores.

    Raises:
        pulumi.RunError: Names are not in QUANTITIES, or values are not numbers of 0 or more. It lists all.
    """
    quantities, problems = _parse("--quantity", "NUMBER", texts, QUANTITIES, lambda _: "a number")
    problems += _negative("--quantity", quantities)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return quantities


def _parse(
    option: str, kind: str, texts: Iterable[str], names: Sequence[str], required: Callable[[str], str]
) -> tuple[dict[str, float], list[str]]:
    """Return the numbers of texts such as NAME=NUMBER, and a line for each invalid one."""
    numbers: dict[str, float] = {}
    problems: list[str] = []
    for text in texts:
        name, separator, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not separator and name in names:
            problems.append(f"{option} {name}: requires a value, as in {option} {name}=0.5")
            continue
        if name not in names:
            hint = suggestion(name, names) or f". Names: {', '.join(names)}"
            problems.append(f"{option}: must be NAME={kind}, got {text!r}{hint}")
            continue
        try:
            numbers[name] = float(value)
        except ValueError:
            problems.append(f"{option} {name}: must be {required(name)}, got {value!r}")
    return numbers, problems


def _negative(option: str, numbers: Mapping[str, float]) -> list[str]:
    """Return a line for each number that is negative or not finite."""
    return [
        f"{option} {name}: must be 0 or more, got {value}" for name, value in numbers.items() if not 0 <= value < inf
    ]


def rates_of_regions(
    regions: Iterable[str | None], overrides: Mapping[str, float]
) -> Mapping[str | None, tuple[Rates, AlternativeRates]]:
    """Return the prices of some regions: the verified ones with overrides, or only overrides.

    Raises:
        pulumi.RunError: A region has no verified prices, and not all are overridden.
    """
    own: dict[str, Any] = {name: value for name, value in overrides.items() if name in _APP_RUNNER_RATES}
    others: dict[str, Any] = {name: value for name, value in overrides.items() if name in _OTHER_RATES}
    rates: dict[str | None, tuple[Rates, AlternativeRates]] = {}
    for region in regions:
        known = rates_of(region or "")
        if known is not None:
            rates[region] = replace(known[0], **own), replace(known[1], **others)
        elif overrides.keys() >= set(_COMPARED):
            rates[region] = Rates(**own, region=region), AlternativeRates(**others)
        else:
            missing = " ".join(f"--rate {name}=PRICE" for name in _COMPARED if name not in overrides)
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
    around = {name: value for name, value in rates.items() if name in PRICES and name not in _OTHER_RATES}
    return problems + _negative("--rate", around)
