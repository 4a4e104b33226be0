"""The arguments of CustomDomain."""

import re
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StrictBool, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from apprunner_facts import arns, limits, source
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.args.values import ServiceArn, aws_assigned

# A limit of this library, as for Lifecycle.timeout_minutes: an assumed role's credentials are valid for an hour.
_ACTIVE = limits.Range(1, 60, 30, "minutes", source.CUSTOM_DOMAINS)

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+{_LABEL}")


def _domain(name: str) -> str:
    name = name.lower()
    if not name.isascii():
        raise _not_ascii(name)
    if name.endswith("."):
        raise invalid("must not end with a dot", "Remove it")
    if len(name) > limits.DOMAIN_LENGTH or not _DOMAIN.fullmatch(name):
        raise invalid("must be a domain such as shop.example.com, example.com or *.example.com")
    return name


def _not_ascii(name: str) -> PydanticCustomError:
    """Return the error about a name with other characters than ASCII.

    It contains the punycode form if Python's codec agrees with registries. The codec follows RFC 3490, which maps a few
    characters that registries keep today (RFC 5892: the deviations).
    """
    fix = "Write its punycode form, which begins with xn--"
    try:
        encoded = "" if set(name) & set("\u00df\u03c2\u200c\u200d") else name.encode("idna").decode("ascii")
    except UnicodeError:
        encoded = ""
    return invalid("must be in ASCII", fix, fix_of_value=f'Write its punycode form, "{encoded}"' if encoded else fix)


def _zone_name(name: str) -> str:
    if name.startswith("*."):
        raise invalid("must not be a wildcard", "Remove *.")
    return name


DomainName = Annotated[str, AfterValidator(_domain)]


@args_type
class HostedZone:
    """A public hosted zone in Route 53."""

    id: In[Annotated[str, aws_assigned(arns.HOSTED_ZONE_ID, "the id of a hosted zone (Z...)")]]
    """The zone's id, Z..."""

    name: Annotated[DomainName, AfterValidator(_zone_name)]
    """The zone's name, such as example.com. A domain with this name is the zone's apex."""


@args_type
class Routing:
    """A routing policy of Route 53, so that one domain serves services in several regions. Exactly one of `weight`,
    `latency` and `failover` is required, the same one for all domains of a name."""

    set_identifier: Annotated[str, StringConstraints(min_length=1, max_length=limits.SET_IDENTIFIER_LENGTH)]
    """What distinguishes this domain's records from the others of the same name, 1 to 128 characters, such as
    eu-west-1."""

    weight: Annotated[int, Bounds(limits.RECORD_WEIGHT)] | None = None
    """This domain's share of the requests, 0 to 255, relative to the sum of the weights. If all are 0, the shares are
    equal. Default: none."""

    latency: StrictBool = False
    """Whether a client is routed to the service's region if that is the region with the lowest latency to it. Default:
    false."""

    failover: Literal["primary", "secondary"] | None = None
    """primary: this domain has all requests while its health check succeeds. secondary: it has them otherwise. Default:
    none."""

    health_check_id: (
        In[Annotated[str, StringConstraints(min_length=1, max_length=limits.HEALTH_CHECK_ID_LENGTH)]] | None
    ) = None
    """The id of a Route 53 health check of the service's own address. While it fails, Route 53 routes to the other
    domains of the name. Default: none, which is invalid for `failover: primary`."""

    @property
    def policy(self) -> Literal["weighted", "latency", "failover"]:
        """The policy's name in Route 53."""
        return "weighted" if self.weight is not None else "latency" if self.latency else "failover"

    @field_validator("failover")
    @classmethod
    def _exactly_one(cls, failover: str | None, info: ValidationInfo) -> str | None:
        if not {"weight", "latency"} <= info.data.keys():  # one is invalid, so reported already
            return failover
        present = {"weight": info.data["weight"] is not None, "latency": info.data["latency"], "failover": failover}
        names = [name for name, is_present in present.items() if is_present]
        if len(names) != 1:
            got = " and ".join(names) or "none"
            raise invalid_paths(
                {(): f"must have one of weight, latency and failover, got {got}. Set exactly one"},
                missing=[] if names else [*present],
            )
        return failover

    @field_validator("health_check_id")
    @classmethod
    def _required_for_the_primary(cls, health_check_id: Any, info: ValidationInfo) -> Any:
        if health_check_id is None and info.data.get("failover") == "primary":
            raise invalid(
                "is required for failover: primary",
                "Without it Route 53 never routes to the secondary domain. Create an aws.route53.HealthCheck of the "
                "service's own address",
                missing=["health_check_id"],
            )
        return health_check_id


@args_type
class DomainSettings:
    """A custom domain of a service."""

    domain_name: DomainName
    """The domain: shop.example.com, example.com (the apex) or *.example.com (every immediate subdomain). A change
    replaces it."""

    enable_www_subdomain: StrictBool = False
    """Whether the service also serves www.DOMAIN. A change replaces the association, but not the records that are
    still needed. Default: false."""

    ttl: Annotated[int, Bounds(limits.TTL)] | None = None
    """Seconds for which resolvers cache the records, 0 to 2,147,483,647. Default: 300, and 60 for the traffic records
    with `routing`."""

    routing: Routing | None = None
    """The routing policy of the traffic records, for a domain of services in several regions. It requires a zone.
    Default: none; no other domain may have the same name."""

    wait_until_active_minutes: Annotated[int, Bounds(_ACTIVE)] | None = None
    """Minutes, 1 to 60, for which `pulumi up` waits at its end until the domain serves requests. It fails if the domain
    is not active by then, with the reason. Default: none; it does not wait."""

    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    """Whether the component waits for the service and resumes it. App Runner rejects changes of a paused service's
    domains. Default: both."""

    @field_validator("enable_www_subdomain")
    @classmethod
    def _no_wildcard(cls, www: bool, info: ValidationInfo) -> bool:
        if www and str(info.data.get("domain_name", "")).startswith("*."):
            raise invalid("must be false for a wildcard, which covers www already", "Remove it")
        return www


@args_type
class CustomDomainArgs(DomainSettings):
    """The arguments of a CustomDomain."""

    service_arn: In[ServiceArn]
    """The service's ARN. A change replaces the association."""

    zone: HostedZone | None = None
    """The hosted zone for the records. Default: none; create the records in the output `records` in your DNS."""

    @field_validator("zone")
    @classmethod
    def _contains_the_domain(cls, zone: HostedZone | None, info: ValidationInfo) -> HostedZone | None:
        domain = info.data.get("domain_name")
        if zone and domain and (problem := zone_problem(domain, zone.name)):
            raise invalid(*problem, got=zone.name)
        if zone is None and info.data.get("routing"):
            raise invalid(
                "is required for routing, which is a property of records in Route 53",
                "Set it, or remove routing and set the policy in your DNS",
                missing=["zone"],
            )
        return zone


def zone_problem(domain: str, zone: str) -> tuple[str, str] | None:
    """Return the requirement that a domain's zone does not meet, and how to fix it; None if the zone is valid."""
    if domain != zone and not domain.endswith(f".{zone}"):
        return f"must be the zone that contains {domain}", "Use that zone, or none for another DNS"
    if domain.startswith("*.") and domain != f"*.{zone}":
        return f"must be the zone {domain[2:]}", "App Runner supports the wildcard of a zone only"
    return None
