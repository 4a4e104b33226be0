"""The prices of what surrounds the services of a stack, in US dollars, without taxes, free tiers and discounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from apprunner_facts.alternatives import PUBLIC_IPV4_PRICES, AlternativeRates
from apprunner_facts.source import Source

_AWS_SKILLS = "https://github.com/aws/agent-toolkit-for-aws/blob/main/skills"
_READ = date(2026, 11, 27)

NETWORK_PRICES = Source(
    f"{_AWS_SKILLS}/core-skills/aws-billing-and-cost-management/references/service-optimization.md", _READ
)
"""AWS's own repository: NAT gateways, interface endpoints and the storage of logs in us-east-1, in early 2026."""
LOG_PRICES = Source(
    f"{_AWS_SKILLS}/specialized-skills/analytics-skills/developing-applications-on-managed-service-for-apache-flink/"
    "references/logging-configuration.md",
    _READ,
)
"""AWS's own repository. It names no region; its storage price is that of us-east-1."""
TRANSFER_PRICES = Source(
    f"{_AWS_SKILLS}/specialized-skills/ec2-skills/launching-ec2-instance-with-best-practices/references/"
    "launch-ec2-instance-with-best-practices.md",
    _READ,
)
"""AWS's own repository, for us-east-1, beyond 100 GB a month that are free in an account."""
ALARM_PRICES = Source(
    "https://aws.amazon.com/blogs/compute/faster-scaling-with-amazon-ec2-auto-scaling-target-tracking/", _READ
)
"""A blog of AWS, for us-east-2. An alarm costs by the metrics that it reads."""
STEP_FUNCTIONS_PRICES = Source("https://aws.amazon.com/step-functions/pricing/", _READ)
DASHBOARD_PRICES = Source("https://coralogix.com/blog/is-cloudwatch-really-cost-efficient", _READ)
WEB_ACL_PRICES = Source("https://c3x.dev/blog/aws-waf-cost-explained/", _READ)
"""AWS states that they are the same in all regions, and that a group of rules counts as one rule
(https://aws.github.io/aws-security-services-best-practices/guides/waf/waf-cost/docs/, read 2026-11-27)."""
SECRET_PRICES = Source(
    "https://raw.githubusercontent.com/api-evangelist/amazon-secrets-manager/refs/heads/main/plans/"
    "amazon-secrets-manager-plans-pricing.yml",
    _READ,
)
"""A quote of AWS's page of 2026-09-20."""
KEY_PRICES = Source("https://gist.github.com/dasgoll/b88d5be05dcc0deb052ad40446c2fb40", _READ)
ZONE_PRICES = Source("https://eatsip365.com/understanding-how-route-53-billing-works", _READ)
EDGE_FUNCTION_PRICES = Source(
    "https://raw.githubusercontent.com/aws/agent-toolkit-for-aws/main/plugins/aws-startup-advisor/skills/"
    "architect-for-startups/references/cloudfront.md",
    _READ,
)
"""AWS's own repository."""
PRICE_LISTS = Source("https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/index.json", _READ)
"""AWS's price lists, as quoted in public repositories in 2026. The lists themselves were not read.

CloudFront's prices are those for HTTPS in North America."""

_US = ("us-east-1", "us-east-2", "us-west-2")
_ALL = (*_US, "eu-west-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of a unit.

    Args:
        unit: The unit, such as "gateway hour".
        usd: US dollars by region. A region that is not in it has no known price, unless `everywhere` is set.
        source: The page with the price.
        verified: The regions for which AWS itself states the price. For others it is reported.
        per: The number of units for this price (default 1), such as 1,000,000 requests.
        everywhere: US dollars in all regions (default None: the price depends on the region).
    """

    unit: str
    usd: Mapping[str, float]
    source: Source
    verified: Collection[str] = ()
    per: int = 1
    everywhere: float | None = None

    def in_region(self, region: str | None) -> float | None:
        """Return US dollars in a region (None if it is unknown); None if there is no known price."""
        return self.usd.get(region or "", self.everywhere)

    def is_verified_in(self, region: str | None) -> bool:
        """Return whether AWS itself states the price for a region, or for all if it is the same everywhere."""
        return bool(self.verified) if self.everywhere is not None else region in self.verified


def _global_price(unit: str, usd: float, source: Source, *, verified: Collection[str] = (), per: int = 1) -> Price:
    """Return the price of a service that costs the same in all regions."""
    return Price(unit=unit, usd=MappingProxyType({}), source=source, verified=verified, per=per, everywhere=usd)


def _price(
    unit: str,
    usd: float,
    source: Source,
    *,
    regions: Collection[str] = _ALL,
    eu_west_1: float | None = None,
    verified: Collection[str] = (),
    per: int = 1,
) -> Price:
    prices = dict.fromkeys(regions, usd) | ({} if eu_west_1 is None else {"eu-west-1": eu_west_1})
    return Price(unit=unit, usd=MappingProxyType(prices), source=source, verified=verified, per=per)


PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "nat_gateway_hour": _price("gateway hour", 0.045, NETWORK_PRICES, eu_west_1=0.048, verified=["us-east-1"]),
        "nat_gateway_gb": _price("GB", 0.045, NETWORK_PRICES, eu_west_1=0.048, verified=["us-east-1"]),
        "endpoint_hour": _price("zone hour", 0.01, NETWORK_PRICES, eu_west_1=0.011, verified=["us-east-1"]),
        "endpoint_gb": _price("GB", 0.01, NETWORK_PRICES, verified=["us-east-1"]),
        "public_ipv4_hour": _price(
            "address hour", AlternativeRates().public_ipv4_hour, PUBLIC_IPV4_PRICES, verified=["us-east-1"]
        ),
        "transfer_gb": _price("GB", 0.09, TRANSFER_PRICES, verified=["us-east-1"]),
        "log_gb": _price("GB", 0.50, LOG_PRICES, eu_west_1=0.57, verified=["us-east-1"]),
        "log_gb_month": _price("GB", 0.03, LOG_PRICES, verified=["us-east-1"]),
        "alarm_month": _price("metric", 0.10, ALARM_PRICES, verified=["us-east-2"]),
        "composite_alarm_month": _price("alarm", 0, PRICE_LISTS, regions=()),
        "dashboard_month": _price("dashboard", 3.00, DASHBOARD_PRICES),
        "web_acl_month": _global_price("web ACL", 5.00, WEB_ACL_PRICES),
        "web_acl_rule_month": _global_price("rule", 1.00, WEB_ACL_PRICES),
        "web_acl_million_requests": _global_price("request", 0.60, WEB_ACL_PRICES, per=1_000_000),
        "cloudfront_ten_thousand_requests": _global_price("request", 0.01, PRICE_LISTS, per=10_000),
        "cloudfront_gb": _global_price("GB", 0.085, PRICE_LISTS),
        "edge_function_million_invocations": _global_price(
            "invocation", 0.10, EDGE_FUNCTION_PRICES, verified=_ALL, per=1_000_000
        ),
        "secret_month": _price("secret", 0.40, SECRET_PRICES),
        "key_month": _price("key", 1.00, KEY_PRICES),
        "hosted_zone_month": _global_price("zone", 0.50, ZONE_PRICES),
        "health_check_month": _global_price("check", 0.50, PRICE_LISTS),
        "image_gb_month": _price("GB", 0.10, PRICE_LISTS),
        "schedule_million_invocations": _price("invocation", 1.00, PRICE_LISTS, per=1_000_000),
        "thousand_state_transitions": _price(
            "state transition", 0.025, STEP_FUNCTIONS_PRICES, verified=_ALL, per=1_000
        ),
    }
)
"""The prices by name, as --rate overrides them. The price of eu-west-1 is reported wherever it differs. Route 53 and
CloudFront have no regions; AWS WAF costs the same in all (WEB_ACL_PRICES)."""
