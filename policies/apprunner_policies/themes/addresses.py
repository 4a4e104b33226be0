"""Rules about the kind of IP addresses."""

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
    description="A service's kind of IP addresses is one that App Runner has.",
    remediation_steps=(
        f"Set {_ADDRESSES} to {' or '.join(IP_ADDRESS_TYPES)}, or leave it out for {IP_ADDRESS_TYPES[0]}."
    ),
    source=source.NETWORK_CONFIGURATION,
    severity=Severity.MEDIUM,
)


@ip_address_type.check
def _addresses_are_valid(service: ResourceValidationArgs) -> Iterator[str]:
    kind = value(service, _ADDRESSES)
    if kind is not None and kind not in IP_ADDRESS_TYPES:
        yield f"{_ADDRESSES} is {kind}, but possible are {' and '.join(IP_ADDRESS_TYPES)}. Set it to one of them."


dual_stack_consistency = StackRule(
    "dual-stack-consistency",
    resource_types=[SERVICE, VPC_CONNECTOR],
    description="Services and connectors have IP addresses of a kind that App Runner is known to serve there.",
    remediation_steps=(
        f"Set {_ADDRESSES} to DUAL_STACK for services that the internet reaches, and give a VPC connector subnets that "
        "have IPv4 addresses."
    ),
    source=source.PRIVATE_ENDPOINTS_MANAGED,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)


@dual_stack_consistency.check_of(SERVICE)
def _dual_stack_is_public(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if value(service, _ADDRESSES) == "DUAL_STACK" and is_private(service):
        yield (
            f"{_ADDRESSES} is DUAL_STACK and {PUBLIC} is false. AWS's documents disagree here: the API takes both, "
            "the guide knows DUAL_STACK for services that the internet reaches, and private ones by IPv4 only. Set "
            f"{_ADDRESSES} to IPV4 unless you have seen it work."
        )


@dual_stack_consistency.check_of(VPC_CONNECTOR)
def _connector_has_ipv4(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    for subnet in stack.referenced(connector, "subnets", SUBNET):
        if value(subnet, "ipv6Native") is True:
            yield (
                f"subnets has {subnet.name}, whose ipv6Native is true: App Runner takes subnets with IPv4, or with "
                f"IPv4 and IPv6. Take {subnet.name} out of subnets, or set its ipv6Native to false and its cidrBlock."
            )


RULES = (ip_address_type, dual_stack_consistency)
