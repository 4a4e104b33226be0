"""Rules about VPC connectors."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.tokens import (
    DEFAULT_SECURITY_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
    VPC_CONNECTOR,
)
from apprunner_policies.properties import (
    UnknownValues,
    items,
    known_text,
    known_texts,
    read_identity,
    value,
)
from apprunner_policies.routes import SUBNETS
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)

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
    ids = known_texts(subnets)
    if len(subnets) < 2 or (len(ids) == len(subnets) and len(set(ids)) < 2):
        yield (
            f"subnets must be in two availability zones, got {'one subnet' if subnets else 'none'}. If its zone fails, "
            "the service has no outbound network. Add a subnet of another zone."
        )
        return
    own = stack.referenced(connector, "subnets", *SUBNETS)
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


RULES = (vpc_connector_subnets, connector_lets_traffic_out)
