"""The arguments of CustomDomain."""

import re
from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from apprunner_facts import arns, limits
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.args.values import ServiceArn, aws_assigned

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
class DomainSettings:
    """A custom domain of a service."""

    domain_name: DomainName
    """The domain: shop.example.com, example.com (the apex) or *.example.com (every immediate subdomain). A change
    replaces it."""

    enable_www_subdomain: StrictBool = False
    """Whether the service also serves www.DOMAIN. A change replaces the association, but not the records that are
    still needed. Default: false."""

    ttl: Annotated[int, Bounds(limits.TTL)] = limits.TTL.default
    """Seconds for which resolvers cache the records, 0 to 2,147,483,647. Default: 300."""

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
        return zone


def zone_problem(domain: str, zone: str) -> tuple[str, str] | None:
    """Return the requirement that a domain's zone does not meet, and how to fix it; None if the zone is valid."""
    if domain != zone and not domain.endswith(f".{zone}"):
        return f"must be the zone that contains {domain}", "Use that zone, or none for another DNS"
    if domain.startswith("*.") and domain != f"*.{zone}":
        return f"must be the zone {domain[2:]}", "App Runner supports the wildcard of a zone only"
    return None
