"""Rules about private access and firewalls."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.firewall import GLOBAL_ARN, GLOBAL_SCOPE
from apprunner_facts.ingress import REQUESTS_ENDPOINT
from apprunner_facts.tokens import (
    SERVICE,
    VPC_ENDPOINT,
    VPC_INGRESS_CONNECTION,
    WEB_ACL,
    WEB_ACL_ASSOCIATION,
)
from apprunner_policies.environment import CONFIG
from apprunner_policies.properties import UnknownValues, as_items, as_mapping, known, known_text, read_identity, value
from apprunner_policies.rule import StackRule
from apprunner_policies.services import PUBLIC, is_private, urns_by_arn
from apprunner_policies.stack import Resources, Stack

_VPC = "ingressVpcConfiguration.vpcId"
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


def _global_acl(association: PolicyResource, stack: Stack) -> str | None:
    """Return the web ACL of an association if its scope is CloudFront: its name, or its ARN."""
    for acl in stack.referenced(association, "webAclArn", WEB_ACL):
        if known(acl, "scope") == GLOBAL_SCOPE:
            return acl.name
    arn = known_text(association, "webAclArn")
    return arn if arn is not None and GLOBAL_ARN in arn else None


def _ingress_connections(resources: Resources) -> _Attached:
    return _attached(resources, VPC_INGRESS_CONNECTION, "serviceArn")


def _attached(resources: Resources, of_type: str, key: str) -> _Attached:
    """Return the resources of a type that have a service's ARN in a property: by reference, or as plain text."""
    by_service: dict[str, list[str]] = defaultdict(list)
    unknowns = UnknownValues()
    by_arn = resources.once(urns_by_arn)
    for each in resources.of(of_type):
        with unknowns:
            arn = known_text(each, key)
            is_arn = arn is None or ":service/" in arn  # not another output of the service, such as its address
            services = [service.urn for service in resources.referenced(each, key, SERVICE) if is_arn]
            for urn in services or [by_arn.get(str(value(each, key)), "")]:
                by_service[urn].append(each.urn)
    return _Attached(by_service, unknowns)


private_or_firewalled = StackRule(
    "private-or-firewalled",
    resource_types=[SERVICE],
    description="A public production service is protected by a web application firewall.",
    remediation_steps=(
        "Add an aws.wafv2.WebAclAssociation whose resourceArn is the service's ARN, or make the service private. If "
        "another stack or AWS Firewall Manager associates the web ACL, the rule does not see it: waive the rule for "
        "the service and name that place as the reason."
    ),
    source=source.ASSOCIATE_WEB_ACL,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "onlyInProduction": {
            "type": "boolean",
            "default": True,
            "description": "If true, services outside production are not checked.",
        },
        **CONFIG,
    },
)


@private_or_firewalled.check
def _public_is_firewalled(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if stack.config.get("onlyInProduction", True) is not False and not stack.is_production:
        return
    firewalls = stack.once(_firewalls)
    if is_private(service):
        return
    own = [stack.by_urn[urn] for urn in firewalls.by_service.get(service.urn, ())]
    wrong = [(each, acl) for each in own if (acl := _global_acl(each, stack)) is not None]
    if wrong:
        association, acl = wrong[0]
        yield (
            f"the web ACL of the WebAclAssociation {association.name} must have the scope REGIONAL, got {acl} with "
            f"{GLOBAL_SCOPE}. AWS WAF does not associate such a web ACL with a service, and the internet reaches it "
            "without a firewall. Set webAclArn to a REGIONAL web ACL of the service's region."
        )
    if own:
        return
    firewalls.unknowns.raise_first()
    read_identity(service, "arn")
    got = "true (the default of a new service, since it is not set)" if value(service, PUBLIC) is None else "true"
    yield (
        f"{PUBLIC} must be false, or an aws.wafv2.WebAclAssociation must have the service's ARN as resourceArn, got "
        f"{got} and no such association in the stack. The internet reaches the service without a firewall. Add the "
        f"association with the webAclArn of a REGIONAL web ACL, or set {PUBLIC} to false."
    )


@private_or_firewalled.check
def _has_one_association(service: PolicyResource, stack: Stack) -> Iterator[str]:
    names = [stack.by_urn[urn].name for urn in stack.once(_firewalls).by_service.get(service.urn, ())]
    if len(names) > 1:
        yield (
            f"must have one aws.wafv2.WebAclAssociation, got {' and '.join(sorted(names))}. A service has one web ACL: "
            "the association that is created last replaces the other's without an error, and the deletion of either "
            "leaves the service without a firewall. Remove all but one association."
        )


private_service_complete = StackRule(
    "private-service-complete",
    resource_types=[SERVICE, VPC_INGRESS_CONNECTION],
    description="A private service has an ingress connection and an interface endpoint for App Runner's requests.",
    remediation_steps=(
        f"Add an aws.ec2.VpcEndpoint with vpcEndpointType Interface and serviceName {_REQUESTS} (one serves many "
        "services), and an aws.apprunner.VpcIngressConnection for each service. If they are in another stack, waive "
        "the rule for the service and name that stack as the reason."
    ),
    source=source.PRIVATE_ENDPOINTS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@private_service_complete.check_of(SERVICE)
def _private_has_a_connection(service: PolicyResource, stack: Stack) -> Iterator[str]:
    connections = stack.once(_ingress_connections)
    own = connections.by_service.get(service.urn, ())
    if own and not is_private(service):
        name = stack.by_urn[own[0]].name
        yield (
            f"{PUBLIC} must be false for a service with a VpcIngressConnection, and {name} has the service's ARN as "
            f"serviceArn. A VPC endpoint reaches private services only. Set {PUBLIC} to false, or remove {name}."
        )
    elif not own and is_private(service):
        connections.unknowns.raise_first()
        read_identity(service, "arn")
        yield (
            f"a VpcIngressConnection must have the service's ARN as serviceArn, since {PUBLIC} is false, got none in "
            "the stack. Nothing can reach the service. Add an aws.apprunner.VpcIngressConnection whose "
            f"{_ENDPOINT} is the id of an interface endpoint with serviceName {_REQUESTS}."
        )


@private_service_complete.check_of(VPC_INGRESS_CONNECTION)
def _ids_are_those_of_a_vpc_and_an_endpoint(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    for path, prefix, kind in ((_VPC, "vpc-", "a VPC"), (_ENDPOINT, "vpce-", "an interface endpoint")):
        got = known_text(connection, path)
        if got is not None and not got.startswith(prefix):
            yield f'{path} must be the id of {kind}, which begins with {prefix}, got "{got}". Set it to that id.'


@private_service_complete.check_of(VPC_INGRESS_CONNECTION)
def _endpoint_is_for_requests(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    for endpoint in stack.referenced(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        kind = value(endpoint, "vpcEndpointType")
        if kind != "Interface":
            yield (
                f"{_ENDPOINT} must be an interface endpoint, got {endpoint.name} with vpcEndpointType "
                f"{'Gateway (the default, since it is not set)' if kind is None else kind}. Set vpcEndpointType of "
                f'{endpoint.name} to "Interface".'
            )
        name = value(endpoint, "serviceName")
        if not str(name).endswith(REQUESTS_ENDPOINT.partition("{region}")[2]):
            yield (
                f"{_ENDPOINT} must be an endpoint for App Runner's requests, got {endpoint.name} with serviceName "
                f"{name or 'not set'}. Without .requests an endpoint is for App Runner's API. Set serviceName of "
                f"{endpoint.name} to {_REQUESTS}."
            )


@private_service_complete.check_of(VPC_INGRESS_CONNECTION)
def _endpoint_is_in_the_vpc(connection: PolicyResource, stack: Stack) -> Iterator[str]:
    origins = {each.urn for each in connection.property_dependencies.get("ingressVpcConfiguration", [])}
    for endpoint in stack.referenced(connection, "ingressVpcConfiguration", VPC_ENDPOINT):
        vpc = {each.urn for each in endpoint.property_dependencies.get("vpcId", [])}
        if vpc and vpc <= origins:
            continue
        required, got = value(endpoint, "vpcId"), value(connection, _VPC)
        if required is not None and got is not None and required != got:
            yield (
                f"{_VPC} must be the VPC of the endpoint {endpoint.name}, {required}, got {got}. Set {_VPC} to "
                f"{required}, and replace the connection: the provider does not apply this change to an existing one."
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
                    f"the web ACL {acl.name} must not match source addresses, since {PUBLIC} is false, got {path} in "
                    f"the association {firewall.name}. Rules on source addresses do not work for private services. "
                    "Remove it, and limit the sources in the security groups of the interface endpoint."
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
