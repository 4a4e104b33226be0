"""Rules about who reaches a service: a firewall in front of it, or a private way in that is complete."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.ingress import REQUESTS_ENDPOINT
from apprunner_facts.tokens import (
    SERVICE,
    VPC_ENDPOINT,
    VPC_INGRESS_CONNECTION,
    WEB_ACL,
    WEB_ACL_ASSOCIATION,
)
from apprunner_policies.environment import CONFIG
from apprunner_policies.properties import UnknownValues, as_items, as_mapping, value
from apprunner_policies.rule import StackRule
from apprunner_policies.services import PUBLIC, is_private, urns_by_arn
from apprunner_policies.stack import Resources, Stack

_ENDPOINT = "ingressVpcConfiguration.vpcEndpointId"
_REQUESTS = REQUESTS_ENDPOINT.format(region="REGION")


class _Attached(NamedTuple):
    """The resources of one type that point to services of the stack."""

    by_service: Mapping[str, Sequence[str]]
    """Their URNs, by the service's URN."""
    unknowns: UnknownValues
    """Resources that may point to any service."""


def _firewalls(resources: Resources) -> _Attached:
    return _attached(resources, WEB_ACL_ASSOCIATION, "resourceArn")


def _ingress_connections(resources: Resources) -> _Attached:
    return _attached(resources, VPC_INGRESS_CONNECTION, "serviceArn")


def _attached(resources: Resources, of_type: str, key: str) -> _Attached:
    """Return the resources of a type that have a service's ARN in a property: by reference, or as plain text."""
    by_service: dict[str, list[str]] = defaultdict(list)
    unknowns = UnknownValues()
    by_arn = resources.once(urns_by_arn)
    for each in resources.of(of_type):
        with unknowns:
            services = [service.urn for service in resources.referenced(each, key, SERVICE)]
            for urn in services or [by_arn.get(str(value(each, key)), "")]:
                by_service[urn].append(each.urn)
    return _Attached(by_service, unknowns)


private_or_firewalled = StackRule(
    "private-or-firewalled",
    resource_types=[SERVICE],
    description="A production service that the internet reaches has a web application firewall in front of it.",
    remediation_steps=(
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


@private_or_firewalled.check
def _public_is_firewalled(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.config.get("onlyInProduction", True) is not False and not stack.is_production:
        return
    firewalls = stack.once(_firewalls)
    if service.urn in firewalls.by_service or is_private(service):
        return
    firewalls.unknowns.raise_first()
    got = "not set, which leaves a new service open" if value(service, PUBLIC) is None else "true"
    yield (
        f"{PUBLIC} is {got}, and no aws.wafv2.WebAclAssociation of the stack has the service's ARN for its "
        "resourceArn: the whole internet reaches the service, and nothing stands in front of it. Add such an "
        f"association with the webAclArn of a REGIONAL web ACL, or set {PUBLIC} to false."
    )


private_service_complete = StackRule(
    "private-service-complete",
    resource_types=[SERVICE, VPC_INGRESS_CONNECTION],
    description="A private service has a way in: an ingress connection, and an endpoint that leads to App Runner.",
    remediation_steps=(
        f"Add an aws.ec2.VpcEndpoint with vpcEndpointType Interface and serviceName {_REQUESTS} (one serves many "
        "services), and for each service an aws.apprunner.VpcIngressConnection. Where they stand in another stack, "
        "waive the rule for the service and name that stack as the reason."
    ),
    source=source.PRIVATE_ENDPOINTS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@private_service_complete.check_of(SERVICE)
def _private_has_a_way_in(service: PolicyResource, stack: Stack) -> Iterator[str]:
    connections = stack.once(_ingress_connections)
    own = connections.by_service.get(service.urn, ())
    if own and not is_private(service):
        name = stack.by_urn[own[0]].name
        yield (
            f"{PUBLIC} is not false, but the VpcIngressConnection {name} has the service's ARN for its "
            f"serviceArn, and a VPC endpoint leads to private services only. Set {PUBLIC} to false, or take "
            f"{name} out."
        )
    elif not own and is_private(service):
        connections.unknowns.raise_first()
        yield (
            f"{PUBLIC} is false, and no VpcIngressConnection of the stack has the service's ARN for its serviceArn: "
            "nobody reaches the service. Add an aws.apprunner.VpcIngressConnection, with the id of an interface "
            f"endpoint whose serviceName is {_REQUESTS} in {_ENDPOINT}."
        )


@private_service_complete.check_of(VPC_INGRESS_CONNECTION)
def _endpoint_leads_to_services(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    for endpoint in stack.referenced(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        kind = value(endpoint, "vpcEndpointType")
        if kind != "Interface":
            yield (
                f"{_ENDPOINT} is that of {endpoint.name}, whose vpcEndpointType is "
                f"{'not set, which means Gateway' if kind is None else kind}: only an interface endpoint leads to a "
                f'service. Set vpcEndpointType of {endpoint.name} to "Interface".'
            )
        name = value(endpoint, "serviceName")
        if not str(name).endswith(REQUESTS_ENDPOINT.partition("{region}")[2]):
            yield (
                f"{_ENDPOINT} is that of {endpoint.name}, whose serviceName is {name or 'not set'}, which does not "
                f"lead to services of App Runner (without .requests it is App Runner's API). Set serviceName of "
                f"{endpoint.name} to {_REQUESTS}."
            )


@private_service_complete.check_of(VPC_INGRESS_CONNECTION)
def _endpoint_is_in_the_vpc(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    origins = {each.urn for each in connection.property_dependencies.get("ingressVpcConfiguration", [])}
    for endpoint in stack.referenced(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        vpc = {each.urn for each in endpoint.property_dependencies.get("vpcId", [])}
        if vpc and vpc <= origins:
            continue
        required, got = value(endpoint, "vpcId"), value(connection, "ingressVpcConfiguration.vpcId")
        if required is not None and got is not None and required != got:
            yield (
                f"ingressVpcConfiguration.vpcId is {got}, but the endpoint {endpoint.name} of {_ENDPOINT} is in "
                f"{required}. Set ingressVpcConfiguration.vpcId to {required}, and replace the connection: the "
                "provider does not apply this change to one that exists."
            )


@private_service_complete.check_of(SERVICE)
def _firewall_needs_no_addresses(service: PolicyResource, stack: Stack) -> Iterator[str]:
    firewalls = stack.once(_firewalls).by_service.get(service.urn, ())
    if not firewalls or not is_private(service):
        return
    for firewall in (stack.by_urn[urn] for urn in firewalls):
        for acl in stack.referenced(firewall, "webAclArn", WEB_ACL):
            for path in _address_rules(value(acl, "rules"), "rules"):
                yield (
                    f"{PUBLIC} is false, and {firewall.name} puts the web ACL {acl.name} before the service, with "
                    f"{path}: rules on source addresses do not work on private services. Take it out, and name who "
                    "may come in in the security groups of the interface endpoint."
                )


def _address_rules(rules: Any, path: str) -> Iterator[str]:
    """Yield the paths in a web ACL's rules that match the caller's address, at any depth."""
    block = as_mapping(rules) or {}
    for key in list(block):
        if key == "ipSetReferenceStatement" and block[key] is not None:
            yield f"{path}.{key}"
        else:
            yield from _address_rules(block[key], f"{path}.{key}")
    for index, item in enumerate(as_items(rules)):
        yield from _address_rules(item, f"{path}[{index}]")


RULES = (private_or_firewalled, private_service_complete)
