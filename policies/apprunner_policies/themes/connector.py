"""Rules about VPC connectors."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.tokens import (
    DEFAULT_ROUTE_TABLE,
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    INTERNET_GATEWAY,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
    SUBNET,
    VPC,
    VPC_CONNECTOR,
)
from apprunner_policies.properties import (
    UnknownValues,
    as_items,
    items,
    known,
    known_items,
    known_text,
    member,
    read_identity,
    value,
)
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_SUBNETS = (SUBNET, DEFAULT_SUBNET)
_GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
_TABLES = (ROUTE_TABLE, DEFAULT_ROUTE_TABLE)

vpc_connector_subnets = StackRule(
    "vpc-connector-subnets",
    resource_types=[VPC_CONNECTOR],
    description="A VPC connector has subnets in at least two availability zones.",
    remediation_steps=(
        "Set subnets in two zones. A connector is immutable: other subnets create a new one, with a new name, and the "
        "services change to it before the old one is deleted. Some zones do not support connectors; App Runner's error "
        "names them."
    ),
    source=source.VPC_ACCESS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@vpc_connector_subnets.check
def _is_in_two_zones(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    subnets = items(connector, "subnets")
    ids = _known_texts(subnets)
    if len(subnets) < 2 or (len(ids) == len(subnets) and len(set(ids)) < 2):
        yield (
            f"subnets must be in two availability zones, got {'one subnet' if subnets else 'none'}. If its zone fails, "
            "the service has no outbound network. Add a subnet of another zone."
        )
        return
    own = stack.referenced(connector, "subnets", *_SUBNETS)
    if len(own) < len(subnets):
        return  # the zones of subnets outside the stack are not visible here
    zone = _zone(own[0])
    if zone is not None and all(_zone(subnet) == zone for subnet in own[1:]):
        yield (
            f"subnets must be in two availability zones, got {len(own)} subnets in {zone}. If that zone fails, the "
            "service has no outbound network. Replace one of them with a subnet of another zone."
        )


def _zone(subnet: PolicyResource) -> Any:
    zone = value(subnet, "availabilityZone")
    return value(subnet, "availabilityZoneId") if zone is None else zone


connector_lets_traffic_out = StackRule(
    "connector-lets-traffic-out",
    resource_types=[VPC_CONNECTOR],
    description="A security group of a VPC connector allows outbound traffic.",
    remediation_steps=(
        "Add an egress rule to a security group of the connector. All outbound traffic of the application goes through "
        "the connector, traffic to the internet included. If the egress rules are in another stack than their group, "
        "waive this rule for the connector."
    ),
    source=source.SECURITY_GROUP,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.HIGH,
)


@connector_lets_traffic_out.check
def _lets_traffic_out(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    own = stack.referenced(connector, "securityGroups", *_GROUPS)
    rules = stack.once(_egress_rules)
    if not own or any(group.urn in rules.groups for group in own):
        return
    if len(own) < len(items(connector, "securityGroups")) or any(items(group, "egress") for group in own):
        return  # the rules of groups outside the stack are not visible here
    rules.unknowns.raise_first()
    for group in own:
        read_identity(group, "arn")
    names = " and ".join(group.name for group in own)
    yield (
        f"securityGroups must allow outbound traffic, got {names} without an egress rule. The service reaches nothing, "
        "not even the internet: pulumi-aws removes the rule for all traffic that AWS adds to a new group. Add an "
        f"aws.vpc.SecurityGroupEgressRule with the securityGroupId of {names} for the traffic that the service needs."
    )


class _EgressRules(NamedTuple):
    """The egress rules that are resources of their own."""

    groups: set[str]
    """URNs of the groups that have one."""
    unknowns: UnknownValues
    """Rules that may belong to any group."""


def _egress_rules(resources: Resources) -> _EgressRules:
    rules = _EgressRules(set(), UnknownValues())
    by_id = {group_id: group.urn for group in resources.of(*_GROUPS) if (group_id := _group_id(group)) is not None}
    for rule in resources.of(SECURITY_GROUP_RULE, SECURITY_GROUP_EGRESS_RULE):
        groups = resources.referenced(rule, "securityGroupId", *_GROUPS)
        with rules.unknowns:
            if rule.resource_type == SECURITY_GROUP_EGRESS_RULE or value(rule, "type") == "egress":
                rules.groups.update(group.urn for group in groups)
                if not groups:
                    rules.groups.add(by_id.get(str(value(rule, "securityGroupId")), ""))
    return rules


def _group_id(group: PolicyResource) -> str | None:
    arn = known_text(group, "arn")
    return known_text(group, "id") or (arn.rpartition("/")[2] if arn is not None else None)


connector_subnets_private = StackRule(
    "connector-subnets-private",
    resource_types=[VPC_CONNECTOR],
    description="A VPC connector is in private subnets.",
    remediation_steps=(
        "Use subnets that route to a NAT gateway, or only inside the VPC. Other subnets create a new connector with a "
        "new name. If the service sends nothing to the internet, add a waiver."
    ),
    source=source.VPC_ACCESS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@connector_subnets_private.check
def _is_in_private_subnets(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    public = stack.once(_public_subnets)
    own = [each for each in stack.referenced(connector, "subnets", *_SUBNETS) if each.urn in public]
    names = {each.name: public[each.urn] for each in own}
    names |= {each: public[each] for each in _known_texts(items(connector, "subnets")) if each in public}
    if names:
        (reason, *_) = names.values()
        yield (
            f"subnets must be private, got {' and '.join(names)}, {reason}. A connector's network interfaces have no "
            "public addresses, so traffic to the internet fails in a public subnet. Set subnets to private ones that "
            "route to a NAT gateway."
        )


def _public_subnets(resources: Resources) -> Mapping[str, str]:
    """Return the reasons why subnets are public, by URN; by id for a subnet outside the stack."""
    routes = _PublicRoutes(resources)
    public: dict[str, str] = {}
    associated: set[str] = set()
    for association in resources.of(ROUTE_TABLE_ASSOCIATION):
        own = {each.urn for each in resources.referenced(association, "subnetId", *_SUBNETS)}
        subnet_id = known_text(association, "subnetId")
        keys = own or ({subnet_id} if subnet_id is not None else set[str]())
        tables = resources.referenced(association, "routeTableId", *_TABLES)
        if any(each.urn in routes.tables for each in tables):
            public |= dict.fromkeys(keys, "whose route table has a route to an internet gateway")
        associated |= keys
    for subnet in resources.of(*_SUBNETS):
        if subnet.urn in associated:
            continue
        if any(each.urn in routes.main_of for each in resources.referenced(subnet, "vpcId", VPC)):
            public[subnet.urn] = "whose VPC's main route table has a route to an internet gateway"
        elif subnet.resource_type == DEFAULT_SUBNET:
            public[subnet.urn] = "a default subnet, which is public"
        elif known(subnet, "mapPublicIpOnLaunch") in (True, "true"):
            public[subnet.urn] = "whose mapPublicIpOnLaunch is true"
    return public


class _PublicRoutes:
    """The routes to internet gateways in a stack.

    tables: URNs of route tables with one.
    main_of: URNs of VPCs whose main route table has one.
    """

    def __init__(self, resources: Resources) -> None:
        self.tables = {each.urn for each in resources.of(*_TABLES) if _leads_out(each, "routes", resources)}
        self.main_of: set[str] = set()
        for route in resources.of(ROUTE):
            if _leads_out(route, "gatewayId", resources):
                self.tables |= {each.urn for each in resources.referenced(route, "routeTableId", *_TABLES)}
                # a VPC's outputs hold the id of its main route table
                self.main_of |= {each.urn for each in resources.referenced(route, "routeTableId", VPC)}
        for association in resources.of(MAIN_ROUTE_TABLE_ASSOCIATION):
            tables = resources.referenced(association, "routeTableId", *_TABLES)
            if any(each.urn in self.tables for each in tables):
                self.main_of |= {each.urn for each in resources.referenced(association, "vpcId", VPC)}
        for table in resources.of(DEFAULT_ROUTE_TABLE):
            if table.urn in self.tables:
                self.main_of |= {each.urn for each in resources.referenced(table, "defaultRouteTableId", VPC)}


def _leads_out(resource: PolicyResource, key: str, resources: Resources) -> bool:
    """Return whether a route leads to an internet gateway, or one of the routes of a table.

    Args:
        resource: The route or the table.
        key: The property with the gateway's id, or with the table's routes.
        resources: Those of the stack.
    """
    if resources.referenced(resource, key, INTERNET_GATEWAY):
        return True
    target = known(resource, key)
    if isinstance(target, str):
        return target.startswith("igw-")
    for route in known_items(as_items(target)):
        with UnknownValues():
            if str(member(route, "gatewayId")).startswith("igw-"):
                return True
    return False


def _known_texts(sequence: Sequence[Any]) -> list[str]:
    return [str(each) for each in known_items(sequence)]


RULES = (vpc_connector_subnets, connector_lets_traffic_out, connector_subnets_private)
