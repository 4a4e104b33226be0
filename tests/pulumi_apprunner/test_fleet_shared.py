"""What the services of a Fleet share, existing or created: endpoints and scaling profiles; and their retention."""

from typing import Any

import pulumi
import pytest

from plans import children, plan, problems
from pulumi_apprunner import Fleet
from pulumi_apprunner.testing import reveal
from samples import PUBLIC_IMAGE, SCALING_ARN, SUBNET_IDS, VPC_ID

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
CONNECTION = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"
WEB_ACL_ARN = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
ENDPOINT_ID = "vpce-0a1b2c3d4e5f60718"
INTERNAL = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "clients": {"offices": {"cidr": "10.20.0.0/16"}}}
SITE: dict[str, Any] = {"image": {"identifier": PUBLIC_IMAGE}}
PRIVATE = {**SITE, "is_publicly_accessible": False, "ingress": "internal"}


def fleet(services: dict[str, Any], **more: Any) -> Any:
    """Return a program with a Fleet of these services."""
    args: Any = {"environment": "staging", "services": services, **more}
    return lambda: pulumi.export("services", Fleet("shop", args).services)


def test_services_share_an_endpoint_of_the_fleet() -> None:
    services = {"admin": {**PRIVATE, "tags": {"team": "back-office"}}, "reports": PRIVATE}
    graph = plan(fleet(services, endpoints={"internal": {**INTERNAL, "tags": {"owner": "network"}}}))
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "admin"),
        ("apprunner:index:AppRunnerService", "reports"),
        ("apprunner:index:PrivateEndpoint", "internal"),
        ("apprunner:index:PrivateIngress", "admin-ingress"),
        ("apprunner:index:PrivateIngress", "reports-ingress"),
    ]
    endpoint = graph.one(ENDPOINT)
    shared = {"environment": "staging", "project": "project"}
    assert endpoint["tags"] == {**shared, "owner": "network"}
    connection = graph.named("admin-ingress-connection")
    assert connection["ingressVpcConfiguration"] == {"vpcId": VPC_ID, "vpcEndpointId": endpoint.id}
    assert connection["serviceArn"] == graph.named("admin-service").outputs["arn"]
    assert connection["tags"] == {**shared, "team": "back-office"}
    for name in services:
        host = graph.named(f"{name}-ingress-connection").outputs["domainName"]
        assert reveal(graph.exports["services"])[name]["privateUrl"] == f"https://{host}"


def test_an_existing_endpoint_is_used_by_its_id() -> None:
    graph = plan(fleet({"admin": PRIVATE}, endpoints={"internal": {"vpc_id": VPC_ID, "id": ENDPOINT_ID}}))
    assert not graph.all(ENDPOINT)
    assert graph.one(CONNECTION)["ingressVpcConfiguration"] == {"vpcId": VPC_ID, "vpcEndpointId": ENDPOINT_ID}


def test_services_share_a_scaling_profile_of_the_fleet() -> None:
    services = {name: {**SITE, "scaling_profile": "small"} for name in ("admin", "reports")}
    graph = plan(fleet(services, scaling_profiles={"small": {"max_size": 3, "tags": {"owner": "platform"}}}))
    profile = graph.named("small-profile")
    assert (profile["maxSize"], profile["tags"]["owner"], profile["tags"]["project"]) == (3, "platform", "project")
    for name in services:
        assert graph.named(f"{name}-service")["autoScalingConfigurationArn"] == profile.outputs["arn"]
        assert ("apprunner:index:ScalingProfile", "small") in children(graph, "shop")


def test_services_share_a_firewall_of_the_fleet() -> None:
    services = {name: {**SITE, "firewall": "public"} for name in ("admin", "reports")}
    graph = plan(fleet(services, firewalls={"public": {"mode": "count", "tags": {"owner": "security"}}}))
    acl = graph.one("aws:wafv2/webAcl:WebAcl")
    assert acl["tags"] == {"environment": "staging", "project": "project", "owner": "security"}
    associations = graph.all("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert {each["webAclArn"] for each in associations} == {acl.outputs["arn"]}
    assert [each["resourceArn"] for each in associations] == [
        graph.named(f"{name}-service").outputs["arn"] for name in services
    ]


def test_a_service_without_monitoring_has_a_retention() -> None:
    graph = plan(fleet({"admin": {**SITE, "log_retention_days": 30}}))
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "admin"),
        ("apprunner:index:LogRetention", "admin-retention"),
    ]


@pytest.mark.parametrize(
    ("kind", "item"), [("endpoints", INTERNAL), ("firewalls", {}), ("scaling_profiles", {}), ("topics", {})]
)
def test_two_fleets_must_not_create_components_of_the_same_name(kind: str, item: Any) -> None:
    def program() -> None:
        for name in ("eu", "us"):
            args: Any = {"environment": "staging", "services": {}, kind: {"shared": item}}
            Fleet(name, args)

    assert problems(program) == {
        f"{kind}.shared": "must be unique in the program, got \"shared\", which Fleet 'eu' also has. Change one of them"
    }


def test_two_fleets_may_use_an_existing_endpoint_of_the_same_name() -> None:
    def program() -> None:
        for name in ("eu", "us"):
            endpoints = {"internal": {"vpc_id": VPC_ID, "id": ENDPOINT_ID}}
            args: Any = {"environment": "staging", "services": {}, "endpoints": endpoints}
            Fleet(name, args)

    assert len(plan(program).all("apprunner:index:Fleet")) == 2


PUBLIC = "must be false with ingress, got true. App Runner connects only private services with an endpoint. Set it to "


@pytest.mark.parametrize(
    ("service", "more", "path", "message"),
    [
        (
            {"ingress": "intern", "is_publicly_accessible": False},
            {"endpoints": {"internal": INTERNAL}},
            "services.admin.ingress",
            'endpoint "intern" is not defined. Defined endpoints: internal. Did you mean "internal"?',
        ),
        (
            {"scaling_profile": "smal"},
            {"scaling_profiles": {"small": {}, "large": {}}},
            "services.admin.scaling_profile",
            'scaling profile "smal" is not defined. Defined scaling profiles: large, small. Did you mean "small"?',
        ),
        (
            {"ingress": "internal"},
            {"endpoints": {"internal": INTERNAL}},
            "services.admin.is_publicly_accessible",
            f"{PUBLIC}false, or remove ingress",
        ),
        (
            {**PRIVATE, "ip_address_type": "DUAL_STACK"},
            {"endpoints": {"internal": INTERNAL}},
            "services.admin.ip_address_type",
            "must be IPV4 with ingress, got DUAL_STACK. AWS documents private endpoints for IPv4 only. Remove it",
        ),
        (
            {"firewall": "publc"},
            {"firewalls": {"public": {}}},
            "services.admin.firewall",
            'firewall "publc" is not defined. Defined firewalls: public. Did you mean "public"?',
        ),
        (
            {"firewall": "public", "web_acl_arn": WEB_ACL_ARN},
            {"firewalls": {"public": {}}},
            "services.admin.firewall",
            'must not be set together with web_acl_arn, got "public". Remove one of them',
        ),
        (
            {**PRIVATE, "firewall": "public"},
            {"endpoints": {"internal": INTERNAL}, "firewalls": {"public": {}}},
            "services.admin.firewall",
            'must be a firewall with private: true for a private service, got "public". Rules on source addresses do '
            "not work for private services. Use another firewall",
        ),
        (
            {"scaling_profile": "small", "scaling": {"max_size": 3}},
            {"scaling_profiles": {"small": {}}},
            "services.admin.scaling_profile",
            'must not be set together with scaling, got "small". Remove one of them',
        ),
        (
            {"scaling_profile": "small", "auto_scaling_configuration_arn": SCALING_ARN},
            {"scaling_profiles": {"small": {}}},
            "services.admin.scaling_profile",
            'must not be set together with auto_scaling_configuration_arn, got "small". Remove one of them',
        ),
        (
            {},
            {"endpoints": {"internal": {**INTERNAL, "id": ENDPOINT_ID}}},
            "endpoints.internal.id",
            "must not be set together with subnet_ids and clients. Remove one of them",
        ),
        (
            {},
            {"endpoints": {"internal": {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS}}},
            "endpoints.internal.clients",
            "is required for a new one. Set it, or set id to use an existing one",
        ),
        (
            {},
            {"scaling_profiles": {"small": {"account_default": True}, "large": {"account_default": True}}},
            "scaling_profiles.large.account_default",
            "must be true for one profile of an account and region, got true also for small. Remove one of them",
        ),
        (
            {"log_retention_days": 31},
            {},
            "services.admin.log_retention_days",
            "must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
            "2922, 3288, 3653 days, got 31",
        ),
    ],
)
def test_an_invalid_section_or_reference_is_an_error(service: Any, more: Any, path: str, message: str) -> None:
    assert problems(fleet({"admin": {**SITE, **service}}, **more)) == {path: message}


def test_a_misspelled_id_is_the_only_error_of_an_existing_endpoint() -> None:
    errors = problems(fleet({}, endpoints={"internal": {"vpc_id": VPC_ID, "ids": ENDPOINT_ID}}))
    assert list(errors) == ["endpoints.internal.ids"]
