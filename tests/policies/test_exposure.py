from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy.proxy import unknown_checking_proxy

from apprunner_facts.tokens import SERVICE, VPC_ENDPOINT, VPC_INGRESS_CONNECTION, WEB_ACL_ASSOCIATION
from apprunner_policies.rule import StackRule
from apprunner_policies.themes import addresses, exposure
from apprunner_policies.themes.exposure import private_or_firewalled, private_service_complete
from policies.public_services import messages
from policies.public_services import network_service as service
from pulumi_apprunner import AppRunnerService, PrivateEndpoint, PrivateIngress

ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
ELSEWHERE = "arn:aws:apprunner:eu-west-1:123456789012:service/other/8fe1e10304f84fd2b0df550fe98a71fa"
OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/7f42a23efa1c35997b2f252f9f11e910"
REQUESTS = "com.amazonaws.eu-west-1.apprunner.requests"


def endpoint(service_name=REQUESTS, kind: str | None = "Interface", vpc: Any = "vpc-1"):
    return aws.ec2.VpcEndpoint("requests", vpc_id=vpc, service_name=service_name, vpc_endpoint_type=kind)


def connection(arn, through, vpc: Any = "vpc-1"):
    return aws.apprunner.VpcIngressConnection(
        "way",
        name="way-in",
        service_arn=arn,
        ingress_vpc_configuration={"vpc_id": vpc, "vpc_endpoint_id": through},
    )


@pytest.mark.parametrize(
    ("public", "expected"), [(True, "true"), (None, "true (the default of a new service, since it is not set)")]
)
def test_a_public_production_service_without_a_web_acl_is_a_violation(report, public, expected):
    (message,) = messages(report(lambda: service(public=public), private_or_firewalled))

    assert message.startswith("api: networkConfiguration.ingressConfiguration.isPubliclyAccessible must be false, or ")
    assert f"got {expected} and no such association" in message
    assert "Add the association" in message
    assert "isPubliclyAccessible to false" in message


def test_a_web_acl_association_with_a_literal_arn_counts(count_violations):
    assert count_violations(ARN, ARN) == 0
    assert count_violations(ARN, ELSEWHERE) == 1
    assert count_violations(None, None) == 1


@pytest.fixture
def count_violations():
    """Return a function that counts the violations for a service's ARN and the ARN in a web ACL association."""

    def count(arn: Any, association_arn: Any) -> int:
        reported: list[str] = []
        public = {"ingressConfiguration": {"isPubliclyAccessible": True}}
        resources = [
            resource(SERVICE, {"arn": arn, "networkConfiguration": public}),
            resource(WEB_ACL_ASSOCIATION, {"resourceArn": association_arn}),
        ]
        private_or_firewalled.validate(
            StackValidationArgs(resources), lambda message, urn=None: reported.append(message)
        )
        return len(reported)

    return count


def resource(of_type, props, dependencies=None):
    urn = f"urn:pulumi:prod::shop::{of_type}::odd"
    wrapped = unknown_checking_proxy(props)
    return PolicyResource(of_type, wrapped, urn, "odd", OPTIONS, None, None, [], dependencies or {})


def test_other_environments_are_ignored_unless_they_are_configured(report):
    everywhere = {"private-or-firewalled": {"enforcementLevel": "advisory", "onlyInProduction": False}}

    assert not report(service, private_or_firewalled, stack="dev").violations
    assert report(service, private_or_firewalled, stack="dev", config=everywhere).violations


@pytest.mark.parametrize("ingress", [{"is_publicly_accessible": False}, {"is_publicly_accessible": "false"}, {}])
def test_a_private_service_needs_no_web_acl(report, ingress):
    def program():
        aws.apprunner.Service(
            "api",
            service_name="api",
            source_configuration={"auto_deployments_enabled": False},
            network_configuration={"ingress_configuration": ingress},
        )

    result = report(program, private_or_firewalled)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("rule", [private_or_firewalled, private_service_complete])
def test_the_components_of_a_private_service_pass(report, rule):
    result = report(private_service, rule)

    assert not result.violations
    assert not result.skipped


def private_service() -> None:
    """Create a service with the library's components for private access."""
    image: Any = {"identifier": "public.ecr.aws/nginx/nginx:1.27"}
    orders = AppRunnerService("orders", {"image": image, "is_publicly_accessible": False})
    endpoint = PrivateEndpoint(
        "internal", {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1"], "clients": {"offices": {"cidr": "10.20.0.0/16"}}}
    )
    PrivateIngress(
        "orders-ingress",
        {"service_arn": orders.arn, "vpc_id": endpoint.vpc_id, "vpc_endpoint_id": endpoint.vpc_endpoint_id},
    )


@pytest.mark.parametrize("unknown", [True, False])
def test_a_service_with_a_web_acl_passes_before_its_arn_is_known(report, unknown):
    def program():
        aws.wafv2.WebAclAssociation("wall", resource_arn=service().arn, web_acl_arn=ACL)

    result = report(program, private_or_firewalled, unknown=unknown)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("unknown", [False, True])
def test_two_associations_of_a_service_are_a_violation_in_every_environment(report, unknown):
    def program(*names: str) -> None:
        web = service()
        for name in names:
            aws.wafv2.WebAclAssociation(name, resource_arn=web.arn, web_acl_arn=ACL)

    (message,) = messages(report(lambda: program("one", "two"), private_or_firewalled, stack="dev", unknown=unknown))
    assert message.startswith("api: must have one aws.wafv2.WebAclAssociation, got one and two. ")
    assert not messages(report(lambda: program("one"), private_or_firewalled, stack="dev", unknown=unknown))


def test_the_web_acl_of_another_service_does_not_count(report):
    def program():
        service("bare")
        aws.wafv2.WebAclAssociation("wall", resource_arn=service().arn, web_acl_arn=ACL)
        aws.wafv2.WebAclAssociation("far", resource_arn=ELSEWHERE, web_acl_arn=ACL)

    (message,) = messages(report(program, private_or_firewalled))

    assert message.startswith("bare: ")


def test_a_web_acl_of_an_unknown_resource_skips_only_services_without_one(report):
    def program():
        service("bare")
        aws.wafv2.WebAclAssociation("wall", resource_arn=service().arn, web_acl_arn=ACL)
        balancer = aws.lb.LoadBalancer("front")
        aws.wafv2.WebAclAssociation("front", resource_arn=balancer.arn, web_acl_arn=ACL)

    result = report(program, private_or_firewalled, unknown=True)

    assert not result.violations
    assert "resourceArn can't be known" in result.skipped[0].reason


def test_a_service_with_unknown_access_is_no_violation(report):
    result = report(lambda: service(public=pulumi.Output.from_input(unknown_flag())), private_or_firewalled)

    assert not result.violations
    assert "isPubliclyAccessible can't be known" in result.skipped[0].reason


def unknown_flag():
    return pulumi.StackReference("network").get_output("public")


def test_an_unreachable_private_service_is_reported_with_the_missing_resources(report):
    (message,) = messages(report(lambda: service(public=False), private_service_complete))

    assert "a VpcIngressConnection must have the service's ARN" in message
    assert "com.amazonaws.REGION.apprunner.requests" in message


def test_a_public_service_needs_no_ingress_connection(report):
    assert not report(service, private_service_complete).violations


@pytest.mark.parametrize("unknown", [True, False])
def test_a_private_service_with_a_connection_and_an_endpoint_is_complete(report, unknown):
    def program():
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        connection(service(public=False).arn, endpoint(vpc=vpc.id).id, vpc.id)

    result = report(program, private_service_complete, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_an_ingress_connection_of_an_unknown_service_skips_the_check(report):
    def program():
        service(public=False)
        connection(pulumi.StackReference("other").get_output("arn"), "vpce-1")

    result = report(program, private_service_complete)

    assert not result.violations
    assert "serviceArn can't be known" in result.skipped[0].reason


def test_an_endpoint_from_outside_the_stack_is_not_checked(report):
    assert not report(lambda: connection(service(public=False).arn, "vpce-1"), private_service_complete).violations


@pytest.mark.parametrize("unknown", [True, False])
def test_a_public_service_with_an_ingress_connection_is_a_violation(report, unknown):
    (message,) = messages(
        report(lambda: connection(service().arn, "vpce-1"), private_service_complete, unknown=unknown)
    )

    assert message.startswith("api: networkConfiguration.ingressConfiguration.isPubliclyAccessible must be false")
    assert "way has the service's ARN as serviceArn" in message


@pytest.mark.parametrize("unknown", [True, False])
def test_the_endpoint_of_the_app_runner_api_does_not_count(report, unknown):
    def program():
        connection(service(public=False).arn, endpoint("com.amazonaws.eu-west-1.apprunner").id)

    (message,) = messages(report(program, private_service_complete, unknown=unknown))

    assert message.startswith(
        "way: ingressVpcConfiguration.vpcEndpointId must be an endpoint for App Runner's requests, got requests with "
    )
    assert "Set serviceName of requests to com.amazonaws.REGION.apprunner.requests" in message


@pytest.mark.parametrize(
    ("kind", "expected"), [(None, "Gateway (the default, since it is not set)"), ("Gateway", "Gateway")]
)
def test_the_endpoint_must_be_an_interface_endpoint(report, kind, expected):
    def program():
        connection(service(public=False).arn, endpoint(kind=kind).id)

    (message,) = messages(report(program, private_service_complete))

    assert f"got requests with vpcEndpointType {expected}." in message


def test_the_ingress_connection_must_have_the_vpc_of_its_endpoint(report):
    def program():
        connection(service(public=False).arn, endpoint().id, "vpc-2")

    (message,) = messages(report(program, private_service_complete))

    assert "vpcId must be the VPC of the endpoint requests, vpc-1, got vpc-2" in message
    assert "Set ingressVpcConfiguration.vpcId to vpc-1" in message


def firewall(statement, public=False):
    acl = aws.wafv2.WebAcl(
        "acl",
        scope="REGIONAL",
        default_action={"allow": {}},
        visibility_config={"cloudwatch_metrics_enabled": True, "metric_name": "m", "sampled_requests_enabled": True},
        rules=[
            {
                "name": "office",
                "priority": 1,
                "action": {"block": {}},
                "statement": statement,
                "visibility_config": {
                    "cloudwatch_metrics_enabled": True,
                    "metric_name": "m",
                    "sampled_requests_enabled": True,
                },
            }
        ],
    )
    api = service(public=public)
    aws.wafv2.WebAclAssociation("wall", resource_arn=api.arn, web_acl_arn=acl.arn)
    if not public:
        connection(api.arn, "vpce-1")


@pytest.mark.parametrize("unknown", [True, False])
def test_source_addresses_in_the_web_acl_of_a_private_service_are_reported_at_any_depth(report, unknown):
    def program():
        office = aws.wafv2.IpSet("office", scope="REGIONAL", ip_address_version="IPV4")
        # The lowest pulumi-aws does not translate names so deep.
        firewall({"not_statement": {"statement": {"ipSetReferenceStatement": {"arn": office.arn}}}})

    (message,) = messages(report(program, private_service_complete, unknown=unknown))

    assert "got rules[0].statement.notStatement.statement.ipSetReferenceStatement" in message
    assert "security groups of the interface endpoint" in message


def test_other_web_acl_rules_and_web_acls_of_public_services_are_ignored(report):
    assert not report(
        lambda: firewall({"managed_rule_group_statement": {"vendor_name": "AWS", "name": "Common"}}),
        private_service_complete,
    ).violations
    assert not report(
        lambda: firewall({"ip_set_reference_statement": {"arn": ACL}}, public=True), private_service_complete
    ).violations


@pytest.mark.parametrize("odd", [None, 3, "text", True, [], [None], {}, {"ingressConfiguration": 3}])
def test_unexpected_values_raise_nothing(odd):
    keys = (
        "networkConfiguration",
        "resourceArn",
        "serviceArn",
        "ingressVpcConfiguration",
        "serviceName",
        "arn",
        "vpcId",
    )
    endpoints = [resource(VPC_ENDPOINT, dict.fromkeys(keys, odd))]
    resources = [
        resource(each, dict.fromkeys(keys, odd), {"ingressVpcConfiguration": endpoints})
        for each in (SERVICE, WEB_ACL_ASSOCIATION, VPC_INGRESS_CONNECTION)
    ]
    for rule in (*exposure.RULES, *addresses.RULES):
        if isinstance(rule, StackRule):
            rule.validate(StackValidationArgs([*endpoints, *resources]), lambda message, urn=None: None)


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("by_reference", [True, False])
def test_a_web_acl_for_cloudfront_protects_no_service(report, by_reference, unknown):
    def program():
        arn: Any = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
        if by_reference:
            metrics: Any = {"cloudwatch_metrics_enabled": True, "metric_name": "m", "sampled_requests_enabled": True}
            arn = aws.wafv2.WebAcl(
                "edge", scope="CLOUDFRONT", default_action={"allow": {}}, visibility_config=metrics
            ).arn
        aws.wafv2.WebAclAssociation("firewall", resource_arn=service().arn, web_acl_arn=arn)

    (message,) = messages(report(program, private_or_firewalled, unknown=unknown))

    assert message.startswith("api: the web ACL of the WebAclAssociation firewall must have the scope REGIONAL, got ")


@pytest.mark.parametrize(
    ("vpc", "through", "expected"),
    [
        (
            "vpc-1",
            "vpc-1",
            "ingressVpcConfiguration.vpcEndpointId must be the id of an interface endpoint, which b",
        ),
        (
            "subnet-1",
            "vpce-1",
            "ingressVpcConfiguration.vpcId must be the id of a VPC, which begins with vpc-, got",
        ),
    ],
)
def test_ids_of_other_resources_are_violations(report, vpc, through, expected):
    def program():
        aws.apprunner.VpcIngressConnection(
            "in",
            name="in",
            service_arn=ELSEWHERE,
            ingress_vpc_configuration={"vpc_id": vpc, "vpc_endpoint_id": through},
        )

    (message,) = messages(report(program, private_service_complete))

    assert message.startswith(f"in: {expected}")


def test_an_association_with_the_address_of_a_service_does_not_count(report):
    def program():
        aws.wafv2.WebAclAssociation("firewall", resource_arn=service().service_url, web_acl_arn=ACL)

    assert report(program, private_or_firewalled).violations
