"""Rules about custom domains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pulumi_policy import PolicyResource, Severity

from apprunner_facts import limits, source
from apprunner_facts.arns import EXAMPLE_ACCOUNT, parse_arn
from apprunner_facts.domains import hosts_of
from apprunner_facts.tokens import CUSTOM_DOMAIN, HOSTED_ZONE, RECORD, SERVICE
from apprunner_policies.hosts import known_name, normalize
from apprunner_policies.properties import UnknownValues, is_false, items, known_text, known_texts, text, value
from apprunner_policies.regions import region_of
from apprunner_policies.routing import Routing, conflict, routing_of
from apprunner_policies.rule import StackRule
from apprunner_policies.services import urns_by_arn
from apprunner_policies.stack import Resources, Stack

_RECORD_VALUES = ("records", "aliases")
"""The properties of a record that hold its target."""
_ADDRESSES = ".awsapprunner.com"
"""The end of App Runner's own addresses."""

custom_domains_limit = StackRule(
    "custom-domains-limit",
    resource_types=[CUSTOM_DOMAIN],
    description=f"A service has at most {limits.CUSTOM_DOMAINS_PER_SERVICE} custom domains.",
    remediation_steps=(
        "Remove domains, cover names of one level with a wildcard (*.example.com), or distribute them over several "
        "services. Domains that another stack associates count as well; the rule does not see them."
    ),
    source=source.CUSTOM_DOMAINS,
    severity=Severity.HIGH,
)


@custom_domains_limit.check
def _is_within_the_limit(association: PolicyResource, stack: Stack) -> Iterator[str]:
    most = limits.CUSTOM_DOMAINS_PER_SERVICE
    position = stack.once(_positions).get(association.urn)
    if position is None:
        value(association, "serviceArn")
    elif position.number > most:
        service = stack.by_urn.get(position.service)
        name = service.name if service else position.service
        yield (
            f"serviceArn must be a service with at most {most} custom domains, got {name}, with which this "
            f"stack associates {position.total}. App Runner rejects all after the first {most}. Remove one, cover "
            "several with a wildcard domain, or set serviceArn to another service."
        )


class _Position(NamedTuple):
    """The position of an association among those of its service."""

    number: int
    total: int
    service: str
    """The service's URN, or its ARN if it is outside the stack."""


def _positions(resources: Resources) -> Mapping[str, _Position]:
    """Return the positions of associations whose service is known, by the association's URN."""
    by_arn = resources.once(urns_by_arn)
    by_service: dict[str, list[str]] = defaultdict(list)
    for association in _in_order(resources, CUSTOM_DOMAIN):
        services = resources.referenced(association, "serviceArn", SERVICE)
        arn = known_text(association, "serviceArn")
        service = services[0].urn if len(services) == 1 else by_arn.get(arn, arn) if arn is not None else None
        if service is not None:
            by_service[service].append(association.urn)
    return {
        urn: _Position(number, len(urns), service)
        for service, urns in by_service.items()
        for number, urn in enumerate(urns, 1)
    }


custom_domain_used_once = StackRule(
    "custom-domain-used-once",
    resource_types=[CUSTOM_DOMAIN, RECORD],
    description="A custom domain is associated once in an account and region, and its records do not conflict.",
    remediation_steps=(
        "Remove one of the two associations: App Runner rejects the second. If one domain routes to services in two "
        "regions, add one routing policy and different setIdentifiers to both records: otherwise each update "
        "overwrites them, or Route 53 rejects the second one."
    ),
    source=source.CUSTOM_DOMAINS,
    severity=Severity.HIGH,
)


@custom_domain_used_once.check_of(CUSTOM_DOMAIN)
def _is_used_once(association: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message if an earlier association of the same account and region has the domain."""
    domain = value(association, "domainName")
    earlier = [stack.by_urn[urn] for urn in stack.once(_earlier).get(association.urn, ())]
    if not earlier:
        return
    place = _place(association, stack)
    unknowns = UnknownValues()
    for other in earlier:
        with unknowns:
            same = _are_same(place, _place(other, stack))
            if same is None:  # the account decides, and one of the two ARNs is unknown
                value(association, "serviceArn")
                value(other, "serviceArn")
            if same:
                (shared, *_) = [host for host in _hosts(association) if host in _hosts(other)]
                got = domain if shared == known_name(association, "domainName") else shared
                yield (
                    f'domainName must be associated once in an account and region, got "{got}", which {other.name} '
                    "also has. App Runner rejects a domain on two services, and twice on one. Remove one of the "
                    "associations."
                )
                return
    unknowns.raise_first()


def _earlier(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of the earlier associations with one of an association's hosts, by the association's URN."""
    by_domain: dict[str, list[str]] = defaultdict(list)
    earlier: dict[str, list[str]] = {}
    for association in _in_order(resources, CUSTOM_DOMAIN):
        hosts = _hosts(association)
        earlier[association.urn] = [urn for host in hosts for urn in by_domain[host]]
        for host in hosts:
            by_domain[host].append(association.urn)
    return earlier


def _hosts(association: PolicyResource) -> tuple[str, ...]:
    """Return the hosts of an association, none if its domain is unknown."""
    domain = known_name(association, "domainName")
    if domain is None:
        return ()
    with UnknownValues():
        www = not is_false(association, "enableWwwSubdomain")
        return hosts_of(domain, www=www and not domain.startswith("*."))
    return (domain,)


class _Place(NamedTuple):
    """Where a domain's service is."""

    region: str | None
    account: str | None
    """Known from the ARN only."""
    provider: str | None
    service: str | None
    """The URN of a service of the stack."""


def _place(association: PolicyResource, stack: Stack) -> _Place:
    provider = association.provider.urn if association.provider else None
    services = stack.referenced(association, "serviceArn", SERVICE)
    service = services[0].urn if len(services) == 1 else None
    try:
        arn = parse_arn(known_text(association, "serviceArn") or "")
    except ValueError:  # it is unknown, or another rule reports it
        return _Place(region_of(association), None, provider, service)
    return _Place(arn.region, arn.account, provider, service)


def _are_same(one: _Place, other: _Place) -> bool | None:
    """Return whether two services are in the same account and region; None if the account is unknown.

    An offline plan shows the example account for all providers.
    """
    if one.service is not None and one.service == other.service:
        return True
    if one.region != other.region:
        return False
    accounts = {one.account, other.account}
    if None not in accounts and (one.provider == other.provider or EXAMPLE_ACCOUNT not in accounts):
        return one.account == other.account
    return True if one.provider == other.provider else None


@custom_domain_used_once.check_of(RECORD)
def _does_not_conflict(record: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message if a record conflicts with the record of another association."""
    value(record, "name")
    if problem := stack.once(_conflicts).get(record.urn):
        yield problem


def _conflicts(resources: Resources) -> Mapping[str, str]:
    """Return how records conflict with an earlier one of the same name and hosted zone, but of another association.

    The key is the URN of the later record.
    """
    by_id = {zone_id: each.urn for each in resources.of(HOSTED_ZONE) if (zone_id := known_text(each, "zoneId"))}
    by_host: dict[tuple[str, str], list[_Record]] = defaultdict(list)
    conflicts: dict[str, str] = {}
    for record in _in_order(resources, RECORD):
        targets = {each.urn for key in _RECORD_VALUES for each in resources.referenced(record, key, CUSTOM_DOMAIN)}
        zone = _zone(record, resources, by_id)
        name = _full_name(record, resources.by_urn.get(zone or ""))
        if len(targets) != 1 or name is None or zone is None:
            continue
        this = _Record(record.name, targets.pop(), routing_of(record))
        for other in by_host[zone, name]:
            if other.target != this.target and (problem := conflict(this.routing, other.routing, name, other.name)):
                conflicts[record.urn] = problem
                break
        by_host[zone, name].append(this)
    return conflicts


class _Record(NamedTuple):
    """A record that routes to a custom domain's service, and the association's URN."""

    name: str
    target: str
    routing: Routing


def _full_name(record: PolicyResource, zone: PolicyResource | None) -> str | None:
    """Return a record's name with that of its zone, which the provider adds to a relative name; None if unknown."""
    name = known_name(record, "name")
    suffix = known_name(zone, "name") if zone is not None else None
    return name if name is None or suffix is None or name.endswith(suffix) else f"{name}.{suffix}".lstrip(".")


def _zone(record: PolicyResource, resources: Resources, by_id: Mapping[str, str]) -> str | None:
    """Return the URN of a record's zone if it is in the stack, else its id; None if neither is known."""
    zones = resources.referenced(record, "zoneId", HOSTED_ZONE)
    if len(zones) == 1:
        return zones[0].urn
    zone_id = (known_text(record, "zoneId") or "").removeprefix("/hostedzone/")
    return by_id.get(zone_id, zone_id) or None


no_apex_cname = StackRule(
    "no-apex-cname",
    resource_types=[RECORD],
    description="The record of a service at the apex of a zone is an alias, not a CNAME.",
    remediation_steps=(
        "Set type to A and aliases to the service's dns_target, with the zone id of App Runner in the service's region "
        "(aws.apprunner.get_hosted_zone_id). DNS does not allow a CNAME beside the other records of an apex."
    ),
    source=source.RESOURCE_RECORD_SET,
    severity=Severity.HIGH,
)


@no_apex_cname.check
def _apex_is_no_cname(record: PolicyResource, stack: Stack) -> Iterator[str]:
    if value(record, "type") != "CNAME" or not _routes_to_app_runner(record, stack):
        return
    zones = stack.referenced(record, "zoneId", HOSTED_ZONE)
    zone = known_name(zones[0], "name") if len(zones) == 1 else None
    name = normalize(text(record, "name") or "")
    if zone is None and name.count(".") == 1 and name in stack.once(_domains):
        zone = name  # no zone is above a public domain of this form but that of its top-level domain
    if zone is not None and name in ("", zone):
        yield (
            f'type must be A with aliases, got CNAME for "{zone}", the apex of its hosted zone. Route 53 '
            "rejects the record. Set type to A, and aliases to the service's address with the zone id from "
            "aws.apprunner.get_hosted_zone_id."
        )


def _domains(resources: Resources) -> set[str]:
    """Return the known custom domains of a stack; a function for `Resources.once`."""
    return {name for each in resources.of(CUSTOM_DOMAIN) if (name := known_name(each, "domainName")) is not None}


def _routes_to_app_runner(record: PolicyResource, stack: Stack) -> bool:
    """Return whether a record's target is a service: by reference, or by its address."""
    if any(stack.referenced(record, key, CUSTOM_DOMAIN, SERVICE) for key in _RECORD_VALUES):
        return True
    return any(normalize(each).endswith(_ADDRESSES) for each in known_texts(items(record, "records")))


def _in_order(resources: Resources, of_type: str) -> list[PolicyResource]:
    """Return the resources of a type in the order of their URNs: the engine's order varies."""
    return sorted(resources.of(of_type), key=lambda each: each.urn)


RULES = (custom_domains_limit, custom_domain_used_once, no_apex_cname)
