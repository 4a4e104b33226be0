"""Rules about who reaches a service: a firewall in front of it, or a private way in that is complete."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.ingress import IP_ADDRESS_TYPES, REQUESTS_ENDPOINT
from apprunner_facts.tokens import (
    SERVICE,
    SUBNET,
    VPC_CONNECTOR,
    VPC_ENDPOINT,
    VPC_INGRESS_CONNECTION,
    WEB_ACL,
    WEB_ACL_ASSOCIATION,
)
from apprunner_policies.environment import CONFIG
from apprunner_policies.rule import HasProps, Rule, Stack, StackRule, read

_INGRESS = "networkConfiguration.ingressConfiguration"
_PUBLIC = f"{_INGRESS}.isPubliclyAccessible"
_ADDRESSES = "networkConfiguration.ipAddressType"
_ENDPOINT = "ingressVpcConfiguration.vpcEndpointId"
_REQUESTS = REQUESTS_ENDPOINT.format(region="REGION")


def _is_private(service: HasProps) -> bool:
    """Tell whether the internet is kept out; pulumi-aws sends false for a block without the flag."""
    flag = read(service, _PUBLIC)
    return flag in (False, "false") or (flag is None and isinstance(read(service, _INGRESS), Mapping))


def _public_is_firewalled(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.config.get("onlyInProduction", True) is not False and not stack.is_production:
        return
    firewalls = _attached(stack, WEB_ACL_ASSOCIATION, "resourceArn")
    if service.urn in firewalls.by_service or _is_private(service):
        return
    if firewalls.unknown:
        raise firewalls.unknown
    found = "not set, which leaves a new service open" if read(service, _PUBLIC) is None else "true"
    yield (
        f"{_PUBLIC} is {found}, and no aws.wafv2.WebAclAssociation of the stack has the service's ARN for its "
        "resourceArn: the whole internet reaches the service, and nothing stands in front of it. Add such an "
        f"association with the webAclArn of a REGIONAL web ACL, or set {_PUBLIC} to false."
    )


def _private_has_a_way_in(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if service.resource_type != SERVICE:
        return
    ways = _attached(stack, VPC_INGRESS_CONNECTION, "serviceArn")
    found = ways.by_service.get(service.urn, [])
    if found and not _is_private(service):
        yield (
            f"{_PUBLIC} is not false, but the VpcIngressConnection {found[0].name} has the service's ARN for its "
            f"serviceArn, and a VPC endpoint leads to private services only. Set {_PUBLIC} to false, or take "
            f"{found[0].name} out."
        )
    elif not found and _is_private(service):
        if ways.unknown:
            raise ways.unknown
        yield (
            f"{_PUBLIC} is false, and no VpcIngressConnection of the stack has the service's ARN for its serviceArn: "
            "nobody reaches the service. Add an aws.apprunner.VpcIngressConnection, with the id of an interface "
            f"endpoint whose serviceName is {_REQUESTS} in {_ENDPOINT}."
        )


def _endpoint_leads_to_services(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    if connection.resource_type != VPC_INGRESS_CONNECTION:
        return
    for endpoint in stack.referred(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        kind = read(endpoint, "vpcEndpointType")
        if kind != "Interface":
            yield (
                f"{_ENDPOINT} is that of {endpoint.name}, whose vpcEndpointType is "
                f"{'not set, which means Gateway' if kind is None else kind}: only an interface endpoint leads to a "
                f'service. Set vpcEndpointType of {endpoint.name} to "Interface".'
            )
        name = read(endpoint, "serviceName")
        if not str(name).endswith(REQUESTS_ENDPOINT.partition("{region}")[2]):
            yield (
                f"{_ENDPOINT} is that of {endpoint.name}, whose serviceName is {name or 'not set'}, which does not "
                f"lead to services of App Runner (without .requests it is App Runner's API). Set serviceName of "
                f"{endpoint.name} to {_REQUESTS}."
            )


def _endpoint_is_in_the_vpc(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    if connection.resource_type != VPC_INGRESS_CONNECTION:
        return
    made_from = {each.urn for each in connection.property_dependencies.get("ingressVpcConfiguration", [])}
    for endpoint in stack.referred(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        vpc = {each.urn for each in endpoint.property_dependencies.get("vpcId", [])}
        if vpc and vpc <= made_from:
            continue
        wanted, given = read(endpoint, "vpcId"), read(connection, "ingressVpcConfiguration.vpcId")
        if wanted is not None and given is not None and wanted != given:
            yield (
                f"ingressVpcConfiguration.vpcId is {given}, but the endpoint {endpoint.name} of {_ENDPOINT} is in "
                f"{wanted}. Set ingressVpcConfiguration.vpcId to {wanted}, and replace the connection: the provider "
                "does not apply this change to one that exists."
            )


def _firewall_needs_no_addresses(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if service.resource_type != SERVICE:
        return
    firewalls = _attached(stack, WEB_ACL_ASSOCIATION, "resourceArn").by_service.get(service.urn, ())
    if not firewalls or not _is_private(service):
        return
    for firewall in firewalls:
        for acl in stack.referred(firewall, "webAclArn", WEB_ACL):
            for path in _address_rules(read(acl, "rules"), "rules"):
                yield (
                    f"{_PUBLIC} is false, and {firewall.name} puts the web ACL {acl.name} before the service, with "
                    f"{path}: rules on source addresses do not work on private services. Take it out, and name who "
                    "may come in in the security groups of the interface endpoint."
                )


def _address_rules(value: Any, path: str) -> Iterator[str]:
    """Yield where in a web ACL's rules the caller's address is asked for, at any depth."""
    if isinstance(value, Mapping):
        block = cast(Mapping[str, Any], value)
        for key in list(block):
            if key == "ipSetReferenceStatement" and block[key] is not None:
                yield f"{path}.{key}"
            else:
                yield from _address_rules(block[key], f"{path}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, item in enumerate(cast(Sequence[Any], value)):
            yield from _address_rules(item, f"{path}[{place}]")


class _Attached(NamedTuple):
    """What points to services of a stack."""

    by_service: Mapping[str, Sequence[PolicyResource]]
    """By the service's URN."""
    unknown: UnknownValueError | None
    """One of them may point to any service: nobody knows yet."""


@lru_cache(maxsize=2)
def _attached(stack: Stack, of_type: str, key: str) -> _Attached:
    """Return the resources of a type that have a service's ARN in a property: made from it, or written as a text."""
    found: dict[str, list[PolicyResource]] = defaultdict(list)
    unknown: UnknownValueError | None = None
    by_arn: dict[str, str] = {}
    for service in stack.of(SERVICE):
        with suppress(UnknownValueError):  # a new one, whose ARN nobody can have written as a text
            arn = read(service, "arn")
            if isinstance(arn, str):
                by_arn[arn] = service.urn
    for each in stack.of(of_type):
        try:
            services = [service.urn for service in stack.referred(each, key, SERVICE)]
            for urn in services or [by_arn.get(str(read(each, key)), "")]:
                found[urn].append(each)
        except UnknownValueError as error:
            unknown = unknown or error
    return _Attached(found, unknown)


def _addresses_are_possible(args: ResourceValidationArgs) -> Iterator[str]:
    written = read(args, _ADDRESSES)
    if written is not None and written not in IP_ADDRESS_TYPES:
        yield f"{_ADDRESSES} is {written}, but possible are {' and '.join(IP_ADDRESS_TYPES)}. Set it to one of them."


def _dual_stack_is_public(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if service.resource_type == SERVICE and read(service, _ADDRESSES) == "DUAL_STACK" and _is_private(service):
        yield (
            f"{_ADDRESSES} is DUAL_STACK and {_PUBLIC} is false. AWS's documents disagree here: the API takes both, "
            "the guide knows DUAL_STACK for services that the internet reaches, and private ones by IPv4 only. Set "
            f"{_ADDRESSES} to IPV4 unless you have seen it work."
        )


def _connector_has_ipv4(connector: PolicyResource, stack: Stack) -> Iterator[str]:
    if connector.resource_type != VPC_CONNECTOR:
        return
    for subnet in stack.referred(connector, "subnets", SUBNET):
        if read(subnet, "ipv6Native") is True:
            yield (
                f"subnets has {subnet.name}, whose ipv6Native is true: App Runner takes subnets with IPv4, or with "
                f"IPv4 and IPv6. Take {subnet.name} out of subnets, or set its ipv6Native to false and its cidrBlock."
            )


private_or_firewalled = StackRule(
    "private-or-firewalled",
    resource_types=[SERVICE],
    checks=[_public_is_firewalled],
    description="A production service that the internet reaches has a web application firewall in front of it.",
    remediation=(
        "Add an aws.wafv2.WebAclAssociation with the service's ARN for its resourceArn, or make the service private. "
        "Where the firewall is associated in another stack or by AWS Firewall Manager, which nobody sees from here, "
        "waive the rule for the service and name that place as the reason."
    ),
    source=source.ASSOCIATE_WEB_ACL,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "onlyInProduction": {
            "type": "boolean",
            "default": True,
            "description": "Whether services outside production are left alone.",
        },
        **CONFIG,
    },
)

private_service_complete = StackRule(
    "private-service-complete",
    resource_types=[SERVICE, VPC_INGRESS_CONNECTION],
    checks=[
        _private_has_a_way_in,
        _endpoint_leads_to_services,
        _endpoint_is_in_the_vpc,
        _firewall_needs_no_addresses,
    ],
    description="A private service has a way in: an ingress connection, and an endpoint that leads to App Runner.",
    remediation=(
        f"Add an aws.ec2.VpcEndpoint with vpcEndpointType Interface and serviceName {_REQUESTS} (one serves many "
        "services), and for each service an aws.apprunner.VpcIngressConnection. Where they stand in another stack, "
        "waive the rule for the service and name that stack as the reason."
    ),
    source=source.PRIVATE_ENDPOINTS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

ip_address_type = Rule(
    "ip-address-type",
    resource_types=[SERVICE],
    checks=[_addresses_are_possible],
    description="A service's kind of IP addresses is one that App Runner has.",
    remediation=f"Set {_ADDRESSES} to {' or '.join(IP_ADDRESS_TYPES)}, or leave it out for {IP_ADDRESS_TYPES[0]}.",
    source=source.NETWORK_CONFIGURATION,
    severity=Severity.MEDIUM,
)

dual_stack_consistency = StackRule(
    "dual-stack-consistency",
    resource_types=[SERVICE, VPC_CONNECTOR],
    checks=[_dual_stack_is_public, _connector_has_ipv4],
    description="Services and connectors have IP addresses of a kind that App Runner is known to serve there.",
    remediation=(
        f"Set {_ADDRESSES} to DUAL_STACK for services that the internet reaches, and give a VPC connector subnets that "
        "have IPv4 addresses."
    ),
    source=source.PRIVATE_ENDPOINTS_MANAGED,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)

RULES = (private_or_firewalled, private_service_complete, ip_address_type, dual_stack_consistency)
