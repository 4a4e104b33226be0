"""Rules about the routes of a VPC connector's subnets."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.tokens import VPC_CONNECTOR
from apprunner_policies.properties import items, known_texts, read_identity
from apprunner_policies.routes import SUBNETS, public_subnets, ways_out
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Stack

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
    public = stack.once(public_subnets)
    own = [each for each in stack.referenced(connector, "subnets", *SUBNETS) if each.urn in public]
    names = {each.name: public[each.urn] for each in own}
    names |= {each: public[each] for each in known_texts(items(connector, "subnets")) if each in public}
    if names:
        (reason, *_) = names.values()
        yield (
            f"subnets must be private, got {' and '.join(names)}, {reason}. A connector's network interfaces have no "
            "public addresses, so traffic to the internet fails in a public subnet. Set subnets to private ones that "
            "route to a NAT gateway."
        )


connector_subnets_route_out = StackRule(
    "connector-subnets-route-out",
    resource_types=[VPC_CONNECTOR],
    description="The subnets of a VPC connector all have a route to the internet, or none has.",
    remediation_steps=(
        "Associate each subnet with a route table that has a default route to a NAT gateway, or another way out. "
        "Without one the application reaches neither the internet nor AWS's APIs, VPC endpoints excepted. Set "
        "internetRequired to require a way out of every subnet. Only subnets whose routes are in the stack are checked."
    ),
    source=source.VPC_ACCESS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "internetRequired": {
            "type": "boolean",
            "default": False,
            "description": "If true, connectors without any way out are violations too.",
        }
    },
)


@connector_subnets_route_out.check
def _routes_out(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    ways = stack.once(ways_out)
    own = [each for each in stack.referenced(connector, "subnets", *SUBNETS) if each.urn in ways]
    isolated = [each for each in own if not ways[each.urn]]
    others = [each.name for each in own if ways[each.urn]]
    if not isolated or not (others or stack.config.get("internetRequired") is True):
        return
    for subnet in isolated:
        read_identity(subnet, "arn")
    names = " and ".join(each.name for each in isolated)
    have = "have" if len(isolated) > 1 else "has"
    besides = f", unlike {' and '.join(others)}" if others else ""
    yield (
        f"subnets must route to the internet, got {names}, which {have} no default route{besides}. "
        "Requests of the application to the internet and to AWS's APIs fail there, unless a VPC endpoint serves them. "
        "Add a route with destinationCidrBlock 0.0.0.0/0 to a NAT gateway."
    )


RULES = (connector_subnets_private, connector_subnets_route_out)
