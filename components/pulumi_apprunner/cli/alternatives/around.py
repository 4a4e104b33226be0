"""The part of the bill that is the same for each option: what surrounds the services of a stack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.surrounding_prices import PRICES
from apprunner_facts.surroundings import Line, Surrounding, absent, bill_surroundings, quantities_of_load
from pulumi_apprunner.cli.surroundings import inspected_services, private_services, read_surroundings
from pulumi_apprunner.offline.graph import Graph


@dataclass(frozen=True, kw_only=True)
class Around:
    """What surrounds the services of a stack.

    Args:
        lines: The lines of its bill.
        absent: The labels of what the stack does not have.
    """

    lines: Sequence[Line]
    absent: Sequence[str]

    @property
    def total(self) -> float | None:
        """US dollars in the month, without lines of unknown quantities or prices; None if all are unknown."""
        totals = [each.total for each in self.lines if each.total is not None]
        return sum(totals) if totals else None

    def as_json(self) -> dict[str, Any]:
        return {
            "monthly_usd": None if self.total is None else round(self.total, 2),
            "lines": [_line_as_json(each) for each in self.lines],
            "absent": list(self.absent),
        }


@dataclass(frozen=True, kw_only=True)
class Resources:
    """The resources of a stack, as far as their bill depends on them.

    Args:
        all: The resources.
        inspected: The URNs of the services whose requests a web ACL inspects.
        private: The URNs of the services that send nothing to the internet.
    """

    all: Sequence[Surrounding]
    inspected: frozenset[str]
    private: frozenset[str]

    @classmethod
    def read(cls, graph: Graph) -> "Resources":
        return cls(all=read_surroundings(graph), inspected=inspected_services(graph), private=private_services(graph))


def price_around(
    resources: Resources,
    hours: float,
    requests: Mapping[str, float] | None,
    response_kb: float,
    quantities: Mapping[str, float],
    rates: Mapping[str, float],
) -> Around:
    """Return the bill of what surrounds the services of a stack.

    Args:
        resources: The resources of the stack.
        hours: Hours of the month.
        requests: Requests to each service in the month by its URN; None if they are unknown.
        response_kb: The mean size of a response in KB.
        quantities: Quantities that override those of the load, by the names in QUANTITIES.
        rates: Prices that override those of the regions.
    """
    of_load: Mapping[str, float] = {}
    if requests is not None:
        of_load = quantities_of_load(
            requests=sum(requests.values()),
            public=sum(number for urn, number in requests.items() if urn not in resources.private),
            inspected=sum(number for urn, number in requests.items() if urn in resources.inspected),
            response_kb=response_kb,
        )
    lines = bill_surroundings(resources.all, hours, {**of_load, **quantities}, rates)
    return Around(lines=lines, absent=absent(resources.all))


def around_notes(resources: Resources) -> list[str]:
    """Return sentences on what the bill may count twice."""
    if not any(each.type == tokens.DISTRIBUTION for each in resources.all):
        return []
    return [
        "The stack has a CloudFront distribution. The data to the internet include what services send to it: set "
        "--quantity transfer_gb=0 if all requests come through it."
    ]


def quantity_text(line: Line) -> str:
    """Return the quantity of a line, such as "730 gateway hours"; "unknown GB" if it is unknown."""
    if line.quantity is None:
        return f"unknown {_plural(line.unit)}"
    number = f"{line.quantity:,.0f}" if line.quantity >= 100 else f"{line.quantity:,.3g}"
    return f"{number} {line.unit if number == '1' else _plural(line.unit)}"


def details_text(line: Line) -> str:
    """Return how the amount of a line is computed, or what is required for it."""
    price = PRICES[line.charge.price]
    if line.usd is None:
        region = line.region or "an unknown region"
        text = f"{quantity_text(line)}; no known price for {region}: --rate {line.charge.price}=PRICE"
        return text if line.quantity is not None else f"{text} --quantity {line.charge.basis}=NUMBER"
    usd = line.usd * price.per
    amount = f"{usd:.2f}" if abs(usd - round(usd, 2)) < 1e-9 else f"{usd:g}"
    text = f"{quantity_text(line)} at ${amount}" + (f" per {price.per:,}" if price.per > 1 else "")
    if not line.is_verified:
        text += ", set by --rate" if line.is_custom else ", reported"
    return text if line.quantity is not None else f"{text}: --quantity {line.charge.basis}=NUMBER"


def _plural(unit: str) -> str:
    return unit if unit == "GB" else f"{unit}s"


def _line_as_json(line: Line) -> dict[str, Any]:
    price = PRICES[line.charge.price]
    return {
        "label": line.charge.label,
        "region": line.region,
        "quantity": None if line.quantity is None else round(line.quantity, 4),
        "unit": line.unit,
        "rate": line.charge.price,
        "usd": None if line.usd is None else round(line.usd * price.per, 6),
        "per": price.per,
        "confidence": None if line.usd is None else line.confidence,
        "monthly_usd": None if line.total is None else round(line.total, 2),
        "source": None if line.usd is None or line.is_custom else price.source.url,
    }
