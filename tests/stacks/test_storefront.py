"""The example project's two environments: the resources that each of them creates."""

import json
from pathlib import Path

import pytest

from apprunner_local.input_check import check
from plans import children, tree
from pulumi_apprunner.testing import Graph, reveal, run_project

SERVICE = "aws:apprunner/service:Service"
PROJECT = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("stack", ["staging", "prod"])


@pytest.fixture(scope="module")
def staging() -> Graph:
    return run_project(PROJECT, "staging")


@pytest.fixture(scope="module")
def prod() -> Graph:
    return run_project(PROJECT, "prod")


def components(graph: Graph) -> list[tuple[str, str]]:
    """Return class and name of the components that the Fleet creates, sorted."""
    (fleet,) = (each for each in graph.resources if each.parent is None)
    assert (fleet.type, fleet.name) == ("apprunner:index:Fleet", "storefront")
    return [(kind.rpartition(":")[2], name) for kind, name in children(graph, "storefront")]


def test_staging_has_these_components(staging: Graph) -> None:
    assert components(staging) == [
        ("AppRunnerService", "admin"),
        ("AppRunnerService", "api"),
        ("CustomDomain", "api.staging.example.com"),
        ("LogRetention", "admin-retention"),
        ("LogRetention", "api-retention"),
        ("NotificationTopic", "on-call"),
        ("PauseSchedule", "admin-hours"),
        ("PauseSchedule", "api-hours"),
        ("PrivateEndpoint", "internal"),
        ("PrivateIngress", "admin-ingress"),
        ("RedeployOnRotation", "api-rotation"),
        ("ScalingProfile", "small"),
        ("SecretsBinding", "api-secrets"),
        ("ServiceMonitoring", "admin-monitoring"),
        ("ServiceMonitoring", "api-monitoring"),
        ("VpcEgress", "back-office"),
        ("VpcEgress", "orders"),
        ("WebFirewall", "public"),
    ]


def test_prod_has_these_components(prod: Graph) -> None:
    assert components(prod) == [
        ("AppRunnerService", "admin"),
        ("AppRunnerService", "api"),
        ("CustomDomain", "api.example.com"),
        ("CustomDomain", "example.com"),
        ("LogRetention", "admin-retention"),
        ("LogRetention", "api-retention"),
        ("NotificationTopic", "on-call"),
        ("PrivateEndpoint", "internal"),
        ("PrivateIngress", "admin-ingress"),
        ("RedeployOnRotation", "api-rotation"),
        ("ScalingProfile", "small"),
        ("SecretsBinding", "api-secrets"),
        ("ServiceMonitoring", "admin-monitoring"),
        ("ServiceMonitoring", "api-monitoring"),
        ("VpcEgress", "back-office"),
        ("VpcEgress", "orders"),
        ("WebFirewall", "public"),
    ]


def test_the_api_has_both_roles_a_scaling_configuration_tracing_and_a_firewall(prod: Graph) -> None:
    assert children(prod, "api") == [
        ("aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion", "api-scaling"),
        ("aws:apprunner/observabilityConfiguration:ObservabilityConfiguration", "api-observability"),
        ("aws:apprunner/service:Service", "api-service"),
        ("aws:iam/role:Role", "api-access-role"),
        ("aws:iam/role:Role", "api-instance-role"),
        ("aws:iam/rolePolicy:RolePolicy", "api-access-policy"),
        ("aws:iam/rolePolicy:RolePolicy", "api-instance-policy"),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", "api-firewall"),
    ]


def test_the_public_image_of_the_admin_tool_needs_no_access_role(prod: Graph) -> None:
    assert children(prod, "admin") == [
        ("aws:apprunner/service:Service", "admin-service"),
        ("aws:iam/role:Role", "admin-instance-role"),
    ]


def test_the_zones_apex_gets_an_alias_and_its_www_a_cname(prod: Graph) -> None:
    apex, www = prod.named("example.com-traffic"), prod.named("example.com-traffic-www")
    assert (apex["name"], apex["type"], apex["aliases"][0]["zoneId"]) == ("example.com", "A", "Z087551914Z2PCAU0QHMW")
    assert (www["name"], www["type"]) == ("www.example.com", "CNAME")


def test_the_topic_receives_the_alarms_of_both_services(staging: Graph, prod: Graph) -> None:
    for graph in (staging, prod):
        alarms = graph.all("aws:cloudwatch/metricAlarm:MetricAlarm")
        assert {graph[each.parent or ""].name for each in alarms} == {"admin-monitoring", "api-monitoring"}
        assert [each["alarmActions"] for each in alarms] == [[graph.named("on-call-topic").outputs["arn"]]] * len(
            alarms
        )


@BOTH
def test_only_the_offices_reach_the_back_office(stack: str) -> None:
    graph = run_project(PROJECT, stack)
    network = graph.named("admin-service")["networkConfiguration"]
    assert network["ingressConfiguration"] == {"isPubliclyAccessible": False}
    connection, endpoint = graph.named("admin-ingress-connection"), graph.named("internal-endpoint")
    assert connection["ingressVpcConfiguration"] == {"vpcId": endpoint["vpcId"], "vpcEndpointId": endpoint.id}
    clients = [each["cidrIpv4"] for each in graph.resources if each.name.startswith("internal-client-")]
    assert clients == ["10.20.0.0/16"]
    assert graph.named("api-service")["networkConfiguration"]["ingressConfiguration"] == {"isPubliclyAccessible": True}


def test_a_firewall_inspects_the_requests_of_the_api(staging: Graph, prod: Graph) -> None:
    for graph in (staging, prod):
        association = graph.one("aws:wafv2/webAclAssociation:WebAclAssociation")
        assert association["resourceArn"] == graph.named("api-service").outputs["arn"]
        assert association["webAclArn"] == graph.named("public-acl").outputs["arn"]


def test_the_services_share_a_small_scaling_profile(staging: Graph, prod: Graph) -> None:
    for graph, names in ((staging, ["admin-service", "api-service"]), (prod, ["admin-service"])):
        arn = graph.named("small-profile").outputs["arn"]
        assert [each.name for each in graph.all(SERVICE) if each["autoScalingConfigurationArn"] == arn] == names


def test_the_logs_of_the_api_are_kept_longer_in_prod(staging: Graph, prod: Graph) -> None:
    for graph, days in ((staging, 30), (prod, 90)):
        target = graph.named("api-retention-application")["target"]
        assert json.loads(target["input"])["RetentionInDays"] == days


def test_services_are_protected_in_prod_only(staging: Graph, prod: Graph) -> None:
    assert [each.protect for each in prod.all(SERVICE)] == [True, True]
    assert [each.protect for each in staging.all(SERVICE)] == [False, False]


def test_both_environments_have_the_shared_defaults(staging: Graph, prod: Graph) -> None:
    for graph in (staging, prod):
        api = graph.named("api-service")
        image = api["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
        assert image["port"] == "8000"
        assert image["runtimeEnvironmentVariables"]["DATABASE_NAME"] == "orders"
        assert api["healthCheckConfiguration"]["path"] == "/healthz"


def test_every_taggable_resource_has_the_stacks_tags(staging: Graph) -> None:
    tagged = [each for each in staging.resources if "tags" in each.inputs]
    assert len(tagged) > 10
    tags = {"team": "commerce", "cost-center": "4711", "environment": "staging", "project": "storefront"}
    assert [each.name for each in tagged if not tags.items() <= each["tags"].items()] == []


def test_the_stack_exports_the_services_addresses_and_the_hours_that_pausing_saves(staging: Graph) -> None:
    services = reveal(staging.exports)["services"]
    assert services["api"]["hoursSavedPerWeek"] == 168 - 5 * 13
    assert services["api"]["url"].startswith("https://")
    assert services["admin"]["privateUrl"].startswith("https://")


@BOTH
def test_a_first_preview_shows_the_same_resources(stack: str) -> None:
    assert tree(run_project(PROJECT, stack, unknown=True)) == tree(run_project(PROJECT, stack))


@BOTH
@pytest.mark.parametrize("unknown", [False, True])
def test_awss_models_accept_every_input(stack: str, unknown: bool) -> None:
    resources = [
        each for each in run_project(PROJECT, stack, unknown=unknown).resources if each.type.startswith("aws:")
    ]
    assert len(resources) > 20
    assert [problem for each in resources for problem in check(each.type, each.inputs)] == []


@BOTH
def test_a_stack_file_contains_no_encrypted_value(stack: str) -> None:
    text = (PROJECT / f"Pulumi.{stack}.yaml").read_text()
    assert "secure:" not in text
    assert "encryption" not in text
