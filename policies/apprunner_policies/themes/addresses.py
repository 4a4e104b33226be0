"""Rules about IP address types."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.ingress import IP_ADDRESS_TYPES
from apprunner_facts.tokens import SERVICE, SUBNET, VPC_CONNECTOR
from apprunner_policies.properties import value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import PUBLIC, is_private
from apprunner_policies.stack import Stack

_ADDRESSES = "networkConfiguration.ipAddressType"

ip_address_type = Rule(
    "ip-address-type",
    resource_types=[SERVICE],
    description="The IP address type of a service is one that App Runner offers.",
    remediation_steps=(f"Set {_ADDRESSES} to {' or '.join(IP_ADDRESS_TYPES)}, or omit it for {IP_ADDRESS_TYPES[0]}."),
    source=source.NETWORK_CONFIGURATION,
    severity=Severity.MEDIUM,
)


@ip_address_type.check
def _addresses_are_valid(service: ResourceValidationArgs) -> Iterator[str]:
    kind = value(service, _ADDRESSES)
    if kind is not None and kind not in IP_ADDRESS_TYPES:
        yield f"{_ADDRESSES} must be {' or '.join(IP_ADDRESS_TYPES)}, got {kind}. Set it to one of them."


dual_stack_consistency = StackRule(
    "dual-stack-consistency",
    resource_types=[SERVICE, VPC_CONNECTOR],
    description="Services and connectors have IP address types that App Runner is known to support for them.",
    remediation_steps=(
        f"Set {_ADDRESSES} to DUAL_STACK for public services only, and use subnets with IPv4 addresses for VPC "
        "connectors."
    ),
    source=source.PRIVATE_ENDPOINTS_MANAGED,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)


@dual_stack_consistency.check_of(SERVICE)
def _dual_stack_is_public(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if value(service, _ADDRESSES) == "DUAL_STACK" and is_private(service):
        yield (
            f"{_ADDRESSES} must be IPV4, since {PUBLIC} is false, got DUAL_STACK. AWS's documentation disagrees: the "
            "API accepts both, the guide describes DUAL_STACK for public services, and IPv4 only for private ones. Set "
            f"{_ADDRESSES} to IPV4 unless you have verified that DUAL_STACK works."
        )


@dual_stack_consistency.check_of(VPC_CONNECTOR)
def _connector_has_ipv4(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    for subnet in stack.referenced(connector, "subnets", SUBNET):
        if value(subnet, "ipv6Native") is True:
            yield (
                f"subnets must have IPv4 addresses, got {subnet.name}, whose ipv6Native is true. App Runner supports "
                f"subnets with IPv4, or with IPv4 and IPv6. Remove {subnet.name} from subnets, or set its ipv6Native "
                "to false and its cidrBlock."
            )


RULES = (ip_address_type, dual_stack_consistency)
