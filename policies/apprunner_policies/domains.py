"""Rules about custom domains that are claimed twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pulumi_policy import PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.arns import parse_arn
from apprunner_facts.tokens import CUSTOM_DOMAIN, HOSTED_ZONE, RECORD, SERVICE
from apprunner_policies.places import region_of
from apprunner_policies.rule import Stack, StackRule, known, read

_VALUES = ("records", "aliases")
"""What a record's target is in."""


class _Place(NamedTuple):
    """Where a domain's service is; its account is known by its ARN only."""

    region: str | None
    account: str | None
    provider: str | None
    service: str | None
    """The URN of a service of the stack."""


def _is_used_once(association: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message for a domain that an earlier association of the same account and region has."""
    if association.resource_type != CUSTOM_DOMAIN:
        return
    domain = read(association, "domainName")
    earlier = _earlier(stack).get(association.urn, [])
    place = _place(association, stack) if earlier else None
    unknown: UnknownValueError | None = None
    for other in earlier:
        try:
            same = place and _same(place, _place(other, stack))
            if same is None:  # the account decides, and one of the two ARNs is not known yet
                read(association, "serviceArn")
                read(other, "serviceArn")
            if same:
                yield (
                    f'domainName must be used once in an account and region, got "{domain}", which {other.name} also '
                    "has. App Runner refuses a domain on two services, and twice on one. Remove one of the "
                    "associations."
                )
                return
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown:
        raise unknown


@lru_cache(maxsize=1)
def _earlier(stack: Stack) -> Mapping[str, list[PolicyResource]]:
    """Return for each association, by URN, those of the same domain before it, in the order of their URNs."""
    of_domain: dict[str, list[PolicyResource]] = defaultdict(list)
    found: dict[str, list[PolicyResource]] = {}
    for association in sorted(stack.of(CUSTOM_DOMAIN), key=lambda each: each.urn):  # the engine's order is its own
        domain = known(association, "domainName")
        if isinstance(domain, str):
            found[association.urn] = list(of_domain[_bare(domain)])
            of_domain[_bare(domain)].append(association)
    return found


def _place(association: PolicyResource, stack: Stack) -> _Place:
    provider = association.provider.urn if association.provider else None
    referred = stack.referred(association, "serviceArn", SERVICE)
    service = referred[0].urn if len(referred) == 1 else None
    arn = known(association, "serviceArn")
    try:
        parts = parse_arn(arn) if isinstance(arn, str) else None
    except ValueError:
        parts = None  # it is no ARN: another rule says so
    if parts is not None:
        return _Place(parts.region, parts.account, provider, service)
    return _Place(region_of(association), None, provider, service)


def _same(one: _Place, other: _Place) -> bool | None:
    """Return whether two services are in one account and region; None where the account is not known."""
    if one.service is not None and one.service == other.service:
        return True
    if one.region != other.region:
        return False
    if one.account is not None and other.account is not None:
        return one.account == other.account
    return True if one.provider == other.provider else None


class _Record(NamedTuple):
    """A record that leads to a service: the association whose target it has, and its name and zone."""

    resource: PolicyResource
    association: str


def _is_written_once(record: PolicyResource, stack: Stack) -> Iterator[str]:
    """Yield a message for a record that another association's record overwrites."""
    if record.resource_type != RECORD:
        return
    name = read(record, "name")
    for each in _records(stack).get(record.urn, []):
        yield (
            f'name must be used once in a hosted zone, got "{name}", which {each.resource.name} also has, with another '
            "association's target. Each overwrites the other on every update. Remove one of them, or give both a "
            "routing policy and a setIdentifier."
        )
        return


@lru_cache(maxsize=1)
def _records(stack: Stack) -> Mapping[str, list[_Record]]:
    """Return for each record that leads to a service, by URN, those before it of its name and zone that lead to
    another."""
    by_id = {zone_id: each.urn for each in stack.of(HOSTED_ZONE) if isinstance(zone_id := known(each, "zoneId"), str)}
    of_host: dict[tuple[str, str], list[_Record]] = defaultdict(list)
    found: dict[str, list[_Record]] = {}
    for record in sorted(stack.of(RECORD), key=lambda each: each.urn):
        origins = {each.urn for key in _VALUES for each in stack.referred(record, key, CUSTOM_DOMAIN)}
        name, zone = known(record, "name"), _zone(record, stack, by_id)
        if len(origins) != 1 or not isinstance(name, str) or zone is None or _is_given(record, "setIdentifier"):
            continue
        mine, there = _Record(record, *origins), of_host[zone, _bare(name)]
        found[record.urn] = [each for each in there if each.association != mine.association]
        there.append(mine)
    return found


def _zone(record: PolicyResource, stack: Stack, by_id: Mapping[str, str]) -> str | None:
    """Return the URN of a record's zone where that is in the stack, else its id, None where neither is known."""
    referred = stack.referred(record, "zoneId", HOSTED_ZONE)
    if len(referred) == 1:
        return referred[0].urn
    zone_id = known(record, "zoneId")
    bare = zone_id.removeprefix("/hostedzone/") if isinstance(zone_id, str) else None
    return by_id.get(bare, bare) if bare else None


def _is_given(resource: PolicyResource, key: str) -> bool:
    try:
        return read(resource, key) is not None
    except UnknownValueError:
        return True


def _bare(name: str) -> str:
    return name.rstrip(".").lower()


custom_domain_used_once = StackRule(
    "custom-domain-used-once",
    resource_types=[CUSTOM_DOMAIN, RECORD],
    checks=[_is_used_once, _is_written_once],
    description="A custom domain is on one service of an account and region, and one service's record leads to it.",
    remediation=(
        "Take one of the two associations out: App Runner refuses the second. Where one domain leads to services in "
        "two regions, give both records a routing policy and a setIdentifier: otherwise each update overwrites them."
    ),
    source=source.CUSTOM_DOMAINS,
    severity=Severity.HIGH,
)

RULES = (custom_domain_used_once,)
