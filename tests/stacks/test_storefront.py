"""The two environments as they are committed: what each of them makes."""

from pathlib import Path

import pytest

from apprunner_local.api_model import check
from plans import children, tree
from pulumi_apprunner.testing import Graph, reveal, run_project

SERVICE = "aws:apprunner/service:Service"
BOTH = pytest.mark.parametrize("stack", ["staging", "prod"])


@pytest.fixture
def staging(project: Path) -> Graph:
    return run_project(project, "staging")


@pytest.fixture
def prod(project: Path) -> Graph:
    return run_project(project, "prod")


def components(graph: Graph) -> list[tuple[str, str]]:
    return sorted((each.type.rpartition(":")[2], each.name) for each in graph.resources if each.parent is None)


def test_staging_is_made_of_these_components(staging: Graph) -> None:
    assert components(staging) == [
        ("AppRunnerService", "admin"),
        ("AppRunnerService", "api"),
        ("CustomDomain", "api.staging.example.com"),
        ("PauseSchedule", "admin-hours"),
        ("PauseSchedule", "api-hours"),
        ("SecretsBinding", "api-secrets"),
        ("VpcEgress", "back-office"),
        ("VpcEgress", "orders"),
    ]


def test_prod_is_made_of_these_components(prod: Graph) -> None:
    assert components(prod) == [
        ("AppRunnerService", "admin"),
        ("AppRunnerService", "api"),
        ("CustomDomain", "api.example.com"),
        ("CustomDomain", "example.com"),
        ("SecretsBinding", "api-secrets"),
        ("VpcEgress", "back-office"),
        ("VpcEgress", "orders"),
    ]


def test_the_api_is_a_private_image_with_both_roles_a_profile_and_tracing(prod: Graph) -> None:
    assert children(prod, "api") == [
        ("aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion", "api-scaling"),
        ("aws:apprunner/observabilityConfiguration:ObservabilityConfiguration", "api-observability"),
        ("aws:apprunner/service:Service", "api-service"),
        ("aws:iam/role:Role", "api-access-role"),
        ("aws:iam/role:Role", "api-instance-role"),
        ("aws:iam/rolePolicy:RolePolicy", "api-access-policy"),
        ("aws:iam/rolePolicy:RolePolicy", "api-instance-policy"),
    ]


def test_the_admin_tool_is_a_public_image_which_no_role_pulls(prod: Graph) -> None:
    assert children(prod, "admin") == [
        ("aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion", "admin-scaling"),
        ("aws:apprunner/service:Service", "admin-service"),
        ("aws:iam/role:Role", "admin-instance-role"),
    ]


def test_the_apex_of_the_zone_is_an_alias_and_its_www_a_cname(prod: Graph) -> None:
    apex, www = prod.named("example.com-traffic"), prod.named("example.com-traffic-www")
    assert (apex["name"], apex["type"], apex["aliases"][0]["zoneId"]) == ("example.com", "A", "Z087551914Z2PCAU0QHMW")
    assert (www["name"], www["type"]) == ("www.example.com", "CNAME")


def test_in_prod_the_services_are_protected_and_in_staging_they_are_not(staging: Graph, prod: Graph) -> None:
    assert [each.protect for each in prod.all(SERVICE)] == [True, True]
    assert [each.protect for each in staging.all(SERVICE)] == [False, False]


def test_what_both_environments_share_is_in_both(staging: Graph, prod: Graph) -> None:
    for graph in (staging, prod):
        api = graph.named("api-service")
        image = api["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
        assert image["port"] == "8000"
        assert image["runtimeEnvironmentVariables"]["DATABASE_NAME"] == "orders"
        assert api["healthCheckConfiguration"]["path"] == "/healthz"


def test_every_taggable_resource_carries_the_stacks_tags(staging: Graph) -> None:
    tagged = [each for each in staging.resources if "tags" in each.inputs]
    assert len(tagged) > 10
    for each in tagged:
        assert (
            each["tags"].items()
            >= {
                "team": "commerce",
                "cost-center": "4711",
                "environment": "staging",
                "project": "storefront",
            }.items()
        ), each


def test_the_exports_say_where_the_services_are_and_what_pausing_saves(staging: Graph) -> None:
    services = reveal(staging.exports)["services"]
    assert services["api"]["hoursSavedPerWeek"] == 168 - 5 * 13
    assert services["admin"]["url"].startswith("https://")


@BOTH
def test_a_first_preview_shows_the_same_resources(project: Path, stack: str) -> None:
    assert tree(run_project(project, stack, unknown=True)) == tree(run_project(project, stack))


@BOTH
@pytest.mark.parametrize("unknown", [False, True])
def test_awss_models_take_every_input(project: Path, stack: str, unknown: bool) -> None:
    made = [each for each in run_project(project, stack, unknown=unknown).resources if each.type.startswith("aws:")]
    assert len(made) > 20
    assert [problem for each in made for problem in check(each.type, each.inputs)] == []


@BOTH
def test_no_plaintext_secret_and_no_encrypted_value_stands_in_a_stack_file(project: Path, stack: str) -> None:
    text = (project / f"Pulumi.{stack}.yaml").read_text()
    assert "secure:" not in text
    assert "encryption" not in text
