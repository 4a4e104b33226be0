"""Rules about custom domains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pulumi_policy import PolicyResource, Severity

from apprunner_facts import limits, source
from apprunner_facts.arns import parse_arn
from apprunner_facts.tokens import CUSTOM_DOMAIN, HOSTED_ZONE, RECORD, SERVICE
from apprunner_policies.hosts import known_name
from apprunner_policies.properties import UnknownValues, is_set, known_text, value
from apprunner_policies.regions import region_of
from apprunner_policies.rule import StackRule
from apprunner_policies.services import urns_by_arn
from apprunner_policies.stack import Resources, Stack

_RECORD_VALUES = ("records", "aliases")
"""The properties of a record that hold its target."""

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
        yield (
            f"a service must have at most {most} custom domains, got number {position.number} of "
            f"{service.name if service else position.service} in this stack. Remove it, cover several names with one "
            "wildcard domain, or set serviceArn to another service."
        )


class _Position(NamedTuple):
    """The position of an association among those of its service."""

    number: int
    service: str
    """The service's URN, or its ARN if it is outside the stack."""


def _positions(resources: Resources) -> Mapping[str, _Position]:
    """Return the positions of associations whose service is known, by the association's URN."""
    by_arn = resources.once(urns_by_arn)
    positions: dict[str, _Position] = {}
    counts: dict[str, int] = defaultdict(int)
    for association in _in_order(resources, CUSTOM_DOMAIN):
        services = resources.referenced(association, "serviceArn", SERVICE)
        arn = known_text(association, "serviceArn")
        service = services[0].urn if len(services) == 1 else by_arn.get(arn, arn) if arn is not None else None
        if service is not None:
            counts[service] += 1
            positions[association.urn] = _Position(counts[service], service)
    return positions


custom_domain_used_once = StackRule(
    "custom-domain-used-once",
    resource_types=[CUSTOM_DOMAIN, RECORD],
    description="A custom domain is associated once in an account and region, and one record routes it.",
    remediation_steps=(
        "Remove one of the two associations: App Runner rejects the second. If one domain routes to services in two "
        "regions, add a routing policy and a setIdentifier to both records: otherwise each update overwrites them."
    ),
    source=source.CUSTOM_DOMAINS,
    severity=Severity.HIGH,
)


@custom_domain_used_once.check_of(CUSTOM_DOMAIN)
def _is_used_once(association: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message if an earlier association of the same account and region has the domain."""
    domain = value(association, "domainName")
    earlier = [stack.by_urn[urn] for urn in stack.once(_earlier).get(association.urn, ())]
    place = _place(association, stack) if earlier else None
    unknowns = UnknownValues()
    for other in earlier:
        with unknowns:
            same = place and _same(place, _place(other, stack))
            if same is None:  # the account decides, and one of the two ARNs is unknown
                value(association, "serviceArn")
                value(other, "serviceArn")
            if same:
                yield (
                    f'domainName must be associated once in an account and region, got "{domain}", which {other.name} '
                    "also has. App Runner rejects a domain on two services, and twice on one. Remove one of the "
                    "associations."
                )
                return
    unknowns.raise_first()


def _earlier(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the earlier associations of the same domain, by the association's URN."""
    by_domain: dict[str, list[str]] = defaultdict(list)
    earlier: dict[str, list[str]] = {}
    for association in _in_order(resources, CUSTOM_DOMAIN):
        domain = known_name(association, "domainName")
        if domain is not None:
            earlier[association.urn] = list(by_domain[domain])
            by_domain[domain].append(association.urn)
    return earlier


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


def _same(one: _Place, other: _Place) -> bool | None:
    """Return whether two services are in the same account and region; None if the account is unknown."""
    if one.service is not None and one.service == other.service:
        return True
    if one.region != other.region:
        return False
    if one.account is not None and other.account is not None:
        return one.account == other.account
    return True if one.provider == other.provider else None


@custom_domain_used_once.check_of(RECORD)
def _is_written_once(record: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message if a record overwrites that of another association."""
    name = value(record, "name")
    urn = stack.once(_overwritten).get(record.urn)
    if urn is not None:
        yield (
            f'name must be unique in a hosted zone, got "{name}", which {stack.by_urn[urn].name} also has, with the '
            "target of another association. Each overwrites the other on every update. Remove one of them, or add a "
            "routing policy and a setIdentifier to both."
        )


def _overwritten(resources: Resources) -> Mapping[str, str]:
    """Return by the URN of a record that of an earlier one of its name and zone with another association's target."""
    by_id = {zone_id: each.urn for each in resources.of(HOSTED_ZONE) if (zone_id := known_text(each, "zoneId"))}
    by_host: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    overwritten: dict[str, str] = {}
    for record in _in_order(resources, RECORD):
        targets = {each.urn for key in _RECORD_VALUES for each in resources.referenced(record, key, CUSTOM_DOMAIN)}
        name, zone = known_name(record, "name"), _zone(record, resources, by_id)
        if len(targets) != 1 or name is None or zone is None or is_set(record, "setIdentifier"):
            continue
        (target,) = targets
        first_of_targets = by_host[zone, name]
        other = next((urn for each, urn in first_of_targets.items() if each != target), None)
        if other is not None:
            overwritten[record.urn] = other
        first_of_targets.setdefault(target, record.urn)
    return overwritten


def _zone(record: PolicyResource, resources: Resources, by_id: Mapping[str, str]) -> str | None:
    """Return the URN of a record's zone if it is in the stack, else its id; None if neither is known."""
    zones = resources.referenced(record, "zoneId", HOSTED_ZONE)
    if len(zones) == 1:
        return zones[0].urn
    zone_id = (known_text(record, "zoneId") or "").removeprefix("/hostedzone/")
    return by_id.get(zone_id, zone_id) or None


def _in_order(resources: Resources, of_type: str) -> list[PolicyResource]:
    """Return the resources of a type in the order of their URNs: the engine's order varies."""
    return sorted(resources.of(of_type), key=lambda each: each.urn)


RULES = (custom_domains_limit, custom_domain_used_once)
