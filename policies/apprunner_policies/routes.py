"""The routes of the subnets in a stack."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pulumi_policy import PolicyResource

from apprunner_facts.tokens import (
    DEFAULT_ROUTE_TABLE,
    DEFAULT_SUBNET,
    INTERNET_GATEWAY,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    VPC,
)
from apprunner_policies.properties import (
    UnknownValues,
    as_items,
    items,
    known,
    known_items,
    known_text,
    member,
    value,
)
from apprunner_policies.stack import Resources

SUBNETS = (SUBNET, DEFAULT_SUBNET)
_TABLES = (ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
_DESTINATIONS = ("cidrBlock", "destinationCidrBlock", "ipv6CidrBlock", "destinationIpv6CidrBlock")
"""The properties with the destination of a route: in a route table, and of a resource of its own."""
_ALL_ADDRESSES = ("/0", "/1")
"""The ends of destinations that contain the whole internet, or one of its two halves."""


def public_subnets(resources: Resources) -> Mapping[str, str]:
    """Return the reasons why subnets are public, by URN; by id for a subnet outside the stack."""
    routes = _PublicRoutes(resources)
    public: dict[str, str] = {}
    associated: set[str] = set()
    for association in resources.of(ROUTE_TABLE_ASSOCIATION):
        own = {each.urn for each in resources.referenced(association, "subnetId", *SUBNETS)}
        subnet_id = known_text(association, "subnetId")
        keys = own or ({subnet_id} if subnet_id is not None else set[str]())
        tables = resources.referenced(association, "routeTableId", *_TABLES)
        if any(each.urn in routes.tables for each in tables):
            public |= dict.fromkeys(keys, "whose route table has a route to an internet gateway")
        associated |= keys
    for subnet in resources.of(*SUBNETS):
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


def ways_out(resources: Resources) -> Mapping[str, bool]:
    """Return whether the subnets of the stack route to the internet, by URN.

    Subnets are left out if the stack does not show all their routes. A default route counts, whatever its target: a NAT
    gateway, a transit gateway, a firewall, or an internet gateway (`public_subnets`).
    """
    by_table: dict[str, list[PolicyResource]] = defaultdict(list)
    unknowns = UnknownValues()
    for route in resources.of(ROUTE):
        tables = resources.referenced(route, "routeTableId", *_TABLES)
        for table in tables:
            by_table[table.urn].append(route)
        if not tables:
            with unknowns:
                value(route, "routeTableId")
    leads = {each.urn: _leads_to_the_internet(each, by_table[each.urn]) for each in resources.of(*_TABLES)}
    ways: dict[str, bool] = {}
    for association in resources.of(ROUTE_TABLE_ASSOCIATION):
        tables = resources.referenced(association, "routeTableId", *_TABLES)
        lead = leads[tables[0].urn] if len(tables) == 1 else None
        if lead or (lead is False and not unknowns):
            ways |= {each.urn: lead for each in resources.referenced(association, "subnetId", *SUBNETS)}
    return ways


def _leads_to_the_internet(table: PolicyResource, routes: list[PolicyResource]) -> bool | None:
    """Return whether a table has a default route, None if that is unknown."""
    unknowns = UnknownValues()
    # The provider fills in what the program leaves out, with values that are unknown in a preview.
    own = table.property_dependencies
    with unknowns:
        if "propagatingVgws" in own and items(table, "propagatingVgws"):
            return None
        inline = items(table, "routes") if "routes" in own else ()
        for index in range(len(inline)):
            with unknowns:
                if _is_default(inline[index], unknowns):
                    return True
    if any(_is_default(each.props, unknowns) for each in routes):
        return True
    return None if unknowns else False


def _is_default(route: Any, unknowns: UnknownValues) -> bool:
    """Return whether a route is a default route. One to a prefix list may be."""
    for key in _DESTINATIONS:
        with unknowns:
            if str(member(route, key)).endswith(_ALL_ADDRESSES):
                return True
    with unknowns:
        return bool(member(route, "destinationPrefixListId"))
    return False
