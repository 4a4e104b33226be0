"""Rules about VPC connectors: that a failing zone does not cut them off, and that traffic gets out of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.tokens import (
    INTERNET_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
    SUBNET,
    VPC_CONNECTOR,
)
from apprunner_policies.rule import Stack, StackRule, known, read


def _stands_in_two_zones(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    number, known = _listed(connector, "subnets")
    if number < 2 or (len(known) == number and len(set(known)) < 2):
        yield (
            f"subnets holds {'one subnet' if number else 'none'}: where its availability zone fails, the service "
            "reaches nothing any more. Add a subnet of another zone."
        )
        return
    own = stack.referred(connector, "subnets", SUBNET)
    if len(own) < number:
        return  # nobody here knows the zones of those that are made elsewhere
    zone = _zone(own[0])
    if zone is not None and all(_zone(subnet) == zone for subnet in own[1:]):
        yield (
            f"subnets holds {len(own)} subnets, and all of them stand in {zone}: where that availability zone fails, "
            "the service reaches nothing any more. Put one of them into another zone."
        )


def _zone(subnet: PolicyResource) -> Any:
    zone = read(subnet, "availabilityZone")
    return read(subnet, "availabilityZoneId") if zone is None else zone


def _lets_traffic_out(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    own = stack.referred(connector, "securityGroups", SECURITY_GROUP)
    rules = _egress_rules(stack)
    if not own or any(group.urn in rules.of_groups for group in own):
        return
    if len(own) < _listed(connector, "securityGroups")[0] or any(map(_has_own_egress, own)):
        return  # nobody here knows what groups let out that are made elsewhere
    if rules.unknown:
        raise rules.unknown
    names = " and ".join(group.name for group in own)
    yield (
        f"securityGroups holds {names}, without any rule for egress: pulumi-aws takes AWS's rule for all traffic off a "
        "new group, so that the service reaches nothing, not even the internet. Add an "
        f"aws.vpc.SecurityGroupEgressRule with the securityGroupId of {names}, to what the service needs."
    )


def _has_own_egress(group: PolicyResource) -> bool:
    egress = read(group, "egress")
    return isinstance(egress, Sequence) and len(cast(Sequence[Any], egress)) > 0


@dataclass
class _EgressRules:
    """The rules that stand beside their groups."""

    of_groups: set[str] = field(default_factory=set[str])
    """URNs of the groups that have one."""
    unknown: UnknownValueError | None = None
    """Why it is not known of some rule whose it is."""


@lru_cache(maxsize=1)
def _egress_rules(stack: Stack) -> _EgressRules:
    found = _EgressRules()
    for rule in stack.of(SECURITY_GROUP_RULE, SECURITY_GROUP_EGRESS_RULE):
        groups = stack.referred(rule, "securityGroupId", SECURITY_GROUP)
        try:
            if rule.resource_type == SECURITY_GROUP_EGRESS_RULE or read(rule, "type") == "egress":
                found.of_groups |= {group.urn for group in groups}
                if not groups:
                    read(rule, "securityGroupId")
        except UnknownValueError as error:
            found.unknown = found.unknown or error
    return found


def _is_in_private_subnets(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    public = _public_subnets(stack)
    names = [each.name for each in stack.referred(connector, "subnets", SUBNET) if each.urn in public]
    names += [each for each in _listed(connector, "subnets")[1] if each in public]
    if names:
        found = " and ".join(dict.fromkeys(names))
        yield (
            f"subnets must be private, got {found}, whose route table has a route to an internet gateway. A "
            "connector's network interfaces have no public addresses, so traffic to the internet fails. Set subnets "
            "to private ones that route to a NAT gateway."
        )


@lru_cache(maxsize=1)
def _public_subnets(stack: Stack) -> set[str]:
    """Return the subnets that the stack routes to an internet gateway: URNs, and ids that are written as text."""
    tables = {each.urn for each in stack.of(ROUTE_TABLE) if _leads_out(each, "routes", stack)}
    tables |= {
        table.urn
        for route in stack.of(ROUTE)
        if _leads_out(route, "gatewayId", stack)
        for table in stack.referred(route, "routeTableId", ROUTE_TABLE)
    }
    found: set[str] = set()
    for association in stack.of(ROUTE_TABLE_ASSOCIATION):
        if any(each.urn in tables for each in stack.referred(association, "routeTableId", ROUTE_TABLE)):
            subnets = stack.referred(association, "subnetId", SUBNET)
            written = known(association, "subnetId")
            found |= {each.urn for each in subnets} or ({written} if isinstance(written, str) else set())
    return found


def _leads_out(resource: PolicyResource, key: str, stack: Stack) -> bool:
    """Return whether a route, or one of a table's own, leads to an internet gateway."""
    if stack.referred(resource, key, INTERNET_GATEWAY):
        return True
    given: Any = known(resource, key)
    if isinstance(given, str):
        return given.startswith("igw-")
    routes = cast(Sequence[Any], given) if isinstance(given, Sequence) else ()
    return any(str(_gateway(route)).startswith("igw-") for route in routes)


def _gateway(route: Any) -> Any:
    try:
        return cast(Mapping[str, Any], route).get("gatewayId") if isinstance(route, Mapping) else None
    except UnknownValueError:
        return None


def _listed(connector: PolicyResource, key: str) -> tuple[int, list[str]]:
    """Return how many items a list has, and those of them that are known."""
    given: Any = read(connector, key)
    if not isinstance(given, Sequence) or isinstance(given, str):
        return 0, []
    items, known = cast(Sequence[Any], given), list[str]()
    for place in range(len(items)):
        with suppress(UnknownValueError):
            known.append(str(items[place]))
    return len(items), known


vpc_connector_subnets = StackRule(
    "vpc-connector-subnets",
    resource_types=[VPC_CONNECTOR],
    checks=[_stands_in_two_zones],
    description="A VPC connector stands in two availability zones at least.",
    remediation=(
        "Give subnets of two zones. A connector cannot change: other subnets make a new one, under a new name, that "
        "the services are given before the old one goes. Some zones take no connector; App Runner names them when it "
        "refuses."
    ),
    source=source.VPC_ACCESS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

connector_lets_traffic_out = StackRule(
    "connector-lets-traffic-out",
    resource_types=[VPC_CONNECTOR],
    checks=[_lets_traffic_out],
    description="One of a VPC connector's security groups lets traffic out.",
    remediation=(
        "Add a rule for egress to a security group of the connector. Through a connector goes all that the application "
        "sends, also to the internet. Rules that stand in another stack than their group are not seen here: waive this "
        "rule for such a connector."
    ),
    source=source.SECURITY_GROUP,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.HIGH,
)

connector_subnets_private = StackRule(
    "connector-subnets-private",
    resource_types=[VPC_CONNECTOR],
    checks=[_is_in_private_subnets],
    description="A VPC connector is in private subnets.",
    remediation=(
        "Use subnets that route to a NAT gateway, or only inside the VPC. Other subnets make a new connector, under a "
        "new name. If the service sends nothing to the internet, add a waiver."
    ),
    source=source.VPC_ACCESS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

RULES = (vpc_connector_subnets, connector_lets_traffic_out, connector_subnets_private)
