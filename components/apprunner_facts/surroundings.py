"""What AWS charges for the resources around the services of a stack."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.surrounding_prices import PRICES

LOG_KB = 1.0
"""The assumed KB of logs for each request."""
_KB_PER_GB = 1_000_000

PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        tokens.VPC_ENDPOINT: ("vpcEndpointType", "subnetIds"),
        tokens.METRIC_ALARM: ("metricQueries",),
        tokens.WEB_ACL: ("rules",),
    }
)
"""The properties that a charge depends on, by type token, under the provider's names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """A resource of a stack.

    Args:
        type: Its type token.
        region: Its region, or None if unknown.
        properties: The known properties of PATHS by path. Unset and unknown ones are omitted.
    """

    type: str
    region: str | None
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _one(_: Surrounding) -> int:
    return 1


def _zones(endpoint: Surrounding) -> int:
    """Return the zones of an interface endpoint, each with a subnet; 0 for a gateway endpoint, which is free."""
    if endpoint.properties.get("vpcEndpointType") != "Interface":
        return 0
    return max(1, len(endpoint.properties.get("subnetIds", ())))


def _metrics(alarm: Surrounding) -> int:
    """Return the metrics that an alarm reads. A query on metrics counts as one."""
    queries = alarm.properties.get("metricQueries", ())
    return max(1, sum(1 for each in queries if isinstance(each, Mapping) and each.get("metric")))  # pyright: ignore[reportUnknownMemberType]


def _rules(web_acl: Surrounding) -> int:
    return len(web_acl.properties.get("rules", ()))


@dataclass(frozen=True, slots=True)
class Charge:
    """What AWS charges for a type of resource.

    Args:
        label: Its name in a bill, in the plural.
        type: The type token.
        price: The name of its price in PRICES.
        basis: "hour" or "month"; a name of QUANTITIES if it is charged by use.
        units: Returns the units of one resource (default 1). A resource with 0 is free.
    """

    label: str
    type: str
    price: str
    basis: str
    units: Callable[[Surrounding], int] = _one

    @property
    def is_by_use(self) -> bool:
        return self.basis not in ("hour", "month")


CHARGES: Sequence[Charge] = (
    Charge("NAT gateways", tokens.NAT_GATEWAY, "nat_gateway_hour", "hour"),
    Charge("data through NAT gateways", tokens.NAT_GATEWAY, "nat_gateway_gb", "nat_gb"),
    Charge("public IPv4 addresses", tokens.ELASTIC_IP, "public_ipv4_hour", "hour"),
    Charge("VPC endpoints", tokens.VPC_ENDPOINT, "endpoint_hour", "hour", _zones),
    Charge("data through VPC endpoints", tokens.VPC_ENDPOINT, "endpoint_gb", "endpoint_gb", _zones),
    Charge("data to the internet", tokens.SERVICE, "transfer_gb", "transfer_gb"),
    Charge("ingested logs", tokens.SERVICE, "log_gb", "log_gb"),
    Charge("stored logs", tokens.SERVICE, "log_gb_month", "stored_log_gb"),
    Charge("alarms", tokens.METRIC_ALARM, "alarm_month", "month", _metrics),
    Charge("composite alarms", tokens.COMPOSITE_ALARM, "composite_alarm_month", "month"),
    Charge("dashboards", tokens.DASHBOARD, "dashboard_month", "month"),
    Charge("web ACLs", tokens.WEB_ACL, "web_acl_month", "month"),
    Charge("rules of web ACLs", tokens.WEB_ACL, "web_acl_rule_month", "month", _rules),
    Charge("requests to web ACLs", tokens.WEB_ACL, "web_acl_million_requests", "web_acl_requests"),
    Charge("CloudFront distributions", tokens.DISTRIBUTION, "cloudfront_ten_thousand_requests", "cloudfront_requests"),
    Charge("data from CloudFront", tokens.DISTRIBUTION, "cloudfront_gb", "cloudfront_gb"),
    Charge("CloudFront functions", tokens.EDGE_FUNCTION, "edge_function_million_invocations", "edge_invocations"),
    Charge("secrets", tokens.SECRET, "secret_month", "month"),
    Charge("KMS keys", tokens.KMS_KEY, "key_month", "month"),
    Charge("KMS replica keys", tokens.KMS_REPLICA_KEY, "key_month", "month"),
    Charge("hosted zones", tokens.HOSTED_ZONE, "hosted_zone_month", "month"),
    Charge("health checks", tokens.HEALTH_CHECK, "health_check_month", "month"),
    Charge("images", tokens.ECR_REPOSITORY, "image_gb_month", "image_gb"),
    Charge("schedules", tokens.SCHEDULE, "schedule_million_invocations", "schedule_invocations"),
    Charge("state machines", tokens.STATE_MACHINE, "thousand_state_transitions", "state_transitions"),
)
"""All charges. A service writes logs and sends data, whether or not the stack has resources for them."""

QUANTITIES = tuple(each.basis for each in CHARGES if each.is_by_use)
"""The names of quantities in a month that no program contains: GB, requests, invocations, transitions."""
TYPES = frozenset(each.type for each in CHARGES)
"""The type tokens of resources with charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the bill of a month.

    Args:
        charge: What is charged.
        region: The region, or None if unknown.
        quantity: The number of units in the month; None if unknown.
        usd: US dollars for a unit; None if there is no known price.
        is_verified: Whether AWS itself states the price for the region.
        is_custom: Whether the price is an override.
    """

    charge: Charge
    region: str | None
    quantity: float | None
    usd: float | None
    is_verified: bool = False
    is_custom: bool = False

    @property
    def confidence(self) -> str:
        """How sure the price is: verified (AWS states it), reported (others state it), or custom."""
        return "custom" if self.is_custom else "verified" if self.is_verified else "reported"

    @property
    def unit(self) -> str:
        return PRICES[self.charge.price].unit

    @property
    def total(self) -> float | None:
        """US dollars in the month, not rounded; None if the quantity or the price is unknown."""
        if self.quantity is None or self.usd is None:
            return None
        return self.quantity * self.usd


def bill_surroundings(
    resources: Iterable[Surrounding],
    hours: float,
    quantities: Mapping[str, float] = MappingProxyType({}),
    overrides: Mapping[str, float] = MappingProxyType({}),
) -> list[Line]:
    """Return a line for each charge and region of a stack's resources, in the order of CHARGES.

    Args:
        resources: The resources. Types without charges are ignored.
        hours: Hours of the month.
        quantities: Quantities of the month by the names in QUANTITIES. Schedules without one run once a day.
        overrides: Prices that override those of all regions, by the names in PRICES.
    """
    listed = list(resources)
    lines: list[Line] = []
    for charge in CHARGES:
        by_region: dict[str | None, int] = {}
        for each in listed:
            if each.type == charge.type and (units := charge.units(each)):
                by_region[each.region] = by_region.get(each.region, 0) + units
        if charge.is_by_use:  # a quantity is that of the whole stack
            by_region = dict(islice(by_region.items(), 1))
        lines += [
            _line(charge, region, _quantity(charge, units, hours, quantities), overrides)
            for region, units in by_region.items()
        ]
    return lines


def _quantity(charge: Charge, units: int, hours: float, quantities: Mapping[str, float]) -> float | None:
    """Return the units of a month; None if they are unknown."""
    if charge.basis == "hour":
        return units * hours
    if charge.basis == "month":
        return float(units)
    invocations = units * hours / 24 if charge.type == tokens.SCHEDULE else None
    return quantities.get(charge.basis, invocations)


def _line(charge: Charge, region: str | None, quantity: float | None, overrides: Mapping[str, float]) -> Line:
    price = PRICES[charge.price]
    own = overrides.get(charge.price)
    usd = price.in_region(region) if own is None else own
    return Line(
        charge=charge,
        region=region,
        quantity=quantity,
        usd=None if usd is None else usd / price.per,
        is_verified=own is None and price.is_verified_in(region),
        is_custom=own is not None,
    )


def quantities_of_load(*, requests: float, public: float, inspected: float, response_kb: float) -> Mapping[str, float]:
    """Return the quantities that follow from a load. Each request writes LOG_KB of logs, which are kept for a month.

    Args:
        requests: Requests to all services in the month.
        public: Those to services on the internet.
        inspected: Those to services with a web ACL.
        response_kb: The mean size of a response in KB.
    """
    log_gb = requests * LOG_KB / _KB_PER_GB
    return {
        "transfer_gb": public * response_kb / _KB_PER_GB,
        "log_gb": log_gb,
        "stored_log_gb": log_gb,
        "web_acl_requests": inspected,
    }


def absent(resources: Iterable[Surrounding]) -> list[str]:
    """Return the labels of what a stack does not have, in the order of CHARGES."""
    types = {each.type for each in resources}
    labels: dict[str, str] = {}
    for each in CHARGES:
        labels.setdefault(each.type, each.label)
    return [label for type, label in labels.items() if type not in types]
