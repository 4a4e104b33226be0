"""A Fleet from a stack's configuration: merging, null, encrypted values, and errors with the stack file's paths."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pulumi
import pytest

from pulumi_apprunner import ArgsError, Fleet, FleetService, HealthCheck
from pulumi_apprunner.testing import UNKNOWN, Graph, Secret, run, run_project

SITE: dict[str, Any] = {"image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"}}
SMALL: dict[str, Any] = {"environment": "staging", "services": {"site": SITE}}
EGRESS = {"vpcId": "vpc-1", "subnetIds": ["subnet-1", "subnet-2"]}
PRIVATE = {"image": {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1"}}
PAUSE = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
API = {
    "port": 8000,
    "health_check": {"protocol": "HTTP", "path": "/healthz", "interval": 10},
    "environment": {"LOG_FORMAT": "json", "DATABASE_NAME": "orders"},
    "egress": "orders",
}


def create(
    values: Mapping[str, Any],
    *,
    stack: str = "staging",
    other: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    **options: Any,
) -> Graph:
    """Return the graph of a Fleet from these values, whose keys are in the namespace shop."""
    config = {"aws:region": "eu-west-1", **{f"shop:{key}": value for key, value in values.items()}, **(other or {})}

    def program() -> None:
        pulumi.export("services", Fleet.from_config("shop", defaults=defaults).services)

    return run(program, project="shop", stack=stack, config=config, **options)


def error(values: Mapping[str, Any], **options: Any) -> str:
    with pytest.raises(ArgsError) as caught:
        create(values, **options)
    return str(caught.value)


def variables(graph: Graph, service: str) -> Mapping[str, str]:
    source = graph.named(f"{service}-service")["sourceConfiguration"]["imageRepository"]
    return source["imageConfiguration"]["runtimeEnvironmentVariables"]


def test_all_problems_are_reported_at_once_with_the_file_and_its_paths() -> None:
    values = {
        "environment": "",
        "servises": {},
        "services": {
            "site": {
                **SITE,
                "scaling": {"minSize": 0},
                "size": {"cpu": "2 vCPU", "memory": "3 GB"},
                "egress": "orders",
            }
        },
    }
    header, *problems = error(values).splitlines()
    assert header == "Pulumi.staging.yaml: invalid configuration"
    assert [each.strip().partition(": ")[0] for each in problems] == [
        "shop:environment",
        "shop:services.site.size.memory",
        "shop:services.site.scaling.minSize",
        "shop:servises",
        "shop:services.site.egress",
    ]


def test_the_error_about_a_missing_key_uses_the_spelling_of_the_file() -> None:
    assert "shop:egress.orders.subnetIds: " in error({**SMALL, "egress": {"orders": {"vpcId": "vpc-1"}}})


def test_a_missing_argument_of_the_fleet_is_an_error() -> None:
    assert "shop:services: " in error({"environment": "staging"})


def test_a_misspelled_key_of_a_service_gets_a_suggestion_in_the_spelling_of_the_file() -> None:
    text = error({**SMALL, "services": {"site": {**SITE, "healthchek": {}}}})
    assert "shop:services.site.healthchek: " in text
    assert "healthCheck" in text


def test_an_encrypted_value_is_the_only_reported_error() -> None:
    services = {"site": {**SITE, "environment": {"TOKEN": "canary"}, "tags": {"owner?": "canary"}}}
    assert error({**SMALL, "services": services}, secret_keys=["shop:services"]).splitlines() == [
        "Pulumi.staging.yaml: invalid configuration",
        "  shop:services: must not contain an encrypted value: AWS shows a service's settings in plain text. Store the "
        "secret in Secrets Manager or Parameter Store, and refer to it in the service's secrets",
    ]


def test_an_encrypted_value_that_is_unknown_is_reported_with_its_full_path() -> None:
    secret = Secret(UNKNOWN)
    services = {"site": {**SITE, "environment": {"TOKEN": secret, "LEVEL": "info"}, "secrets": [secret]}}
    lines = error({**SMALL, "tags": secret, "services": services}).splitlines()[1:]
    assert [line.partition(": ")[0] for line in lines] == [
        "  shop:services.site.environment.TOKEN",
        "  shop:services.site.secrets[0]",
        "  shop:tags",
    ]


def test_the_error_about_encrypted_values_has_their_paths_in_the_stack_file(tmp_path: Path) -> None:
    files = {
        "Pulumi.yaml": "name: shop\nruntime: python\n",
        "__main__.py": "from pulumi_apprunner import Fleet\n\nFleet.from_config('shop')\n",
        "Pulumi.staging.yaml": """
            config:
              shop:environment: staging
              shop:tags: {team: commerce, owner: {secure: v1:a}}
              shop:services:
                site:
                  image: {identifier: public.ecr.aws/docker/library/nginx:1}
                  environment: {TOKEN: {secure: v1:b}, LEVEL: info}
                  domains: [{domainName: {secure: v1:c}}]
                  secrets: {hunter2: {parameterName: {secure: v1:d}}}
            """,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(dedent(text))
    with pytest.raises(ArgsError) as caught:
        run_project(tmp_path, stack="staging")
    assert list(caught.value.problems) == [
        "shop:services.site.environment.TOKEN",
        "shop:services.site.domains[0].domainName",
        "shop:services.site.secrets.(key 1).parameterName",
        "shop:tags.owner",
    ]


@pytest.mark.parametrize(("value", "protect"), [("true", True), ("false", False)])
def test_a_boolean_key_is_a_boolean_although_pulumi_passes_it_as_a_string(value: str, protect: bool) -> None:
    """`pulumi config set shop:protect true` writes a string, and a program reads true as a string too."""
    assert create({**SMALL, "protect": value}).one("aws:apprunner/service:Service").protect is protect


def test_another_string_in_place_of_a_boolean_key_is_an_error() -> None:
    assert 'shop:protect: must be true or false, got "yes"' in error({**SMALL, "protect": "yes"})


def test_a_string_that_looks_like_a_boolean_stays_a_string() -> None:
    graph = create({**SMALL, "environment": "true"})
    assert graph.one("aws:apprunner/service:Service")["tags"]["environment"] == "true"


def test_an_encrypted_value_of_another_namespace_is_accepted() -> None:
    assert create(SMALL, other={"other:token": "canary"}, secret_keys=["other:token"]).named("site-service")


def test_a_number_in_the_environment_must_be_quoted() -> None:
    text = error({**SMALL, "services": {"site": {**SITE, "environment": {"WORKERS": 4}}}})
    assert "shop:services.site.environment.WORKERS: " in text
    assert "quote" in text.lower()


def test_a_string_that_begins_like_json_is_a_string() -> None:
    assert "shop:environment: " in error({**SMALL, "environment": "[staging"})


# Defaults


def test_the_file_is_merged_over_the_defaults_at_every_depth() -> None:
    api = {**PRIVATE, "healthCheck": {"path": "/up"}, "environment": {"LOG_FORMAT": "text"}}
    values = {**SMALL, "egress": {"orders": EGRESS}, "services": {"api": api}}
    graph = create(values, defaults={"tags": {"team": "commerce"}, "services": {"api": API}})
    service = graph.named("api-service")
    check = service["healthCheckConfiguration"]
    assert (check["protocol"], check["path"], check["interval"]) == ("HTTP", "/up", 10)
    assert variables(graph, "api") == {"LOG_FORMAT": "text", "DATABASE_NAME": "orders"}
    assert service["networkConfiguration"]["egressConfiguration"]["egressType"] == "VPC"
    assert service["tags"]["team"] == "commerce"


@pytest.mark.parametrize("default_key", ["health_check", "healthCheck"])
@pytest.mark.parametrize("file_key", ["health_check", "healthCheck"])
def test_defaults_and_file_may_use_different_spellings_of_a_key(default_key: str, file_key: str) -> None:
    defaults = {"services": {"site": {default_key: {"protocol": "HTTP", "path": "/healthz"}}}}
    graph = create({**SMALL, "services": {"site": {**SITE, file_key: {"path": "/up"}}}}, defaults=defaults)
    check = graph.named("site-service")["healthCheckConfiguration"]
    assert (check["protocol"], check["path"]) == ("HTTP", "/up")


def test_an_optional_section_of_the_file_may_use_another_spelling_than_the_defaults() -> None:
    template = {**SITE, "pause": {**PAUSE, "deploy_minutes_after_resume": 5}}
    values = {**SMALL, "services": {"site": {"pause": {"deployMinutesAfterResume": 20}}}}
    graph = create(values, defaults={"services": {"site": template}})
    assert graph.named("site-hours-deploy")["scheduleExpression"] == "cron(20 8 ? * MON-FRI *)"


def test_defaults_may_be_dataclasses() -> None:
    site = FleetService(port=8000, health_check=HealthCheck(protocol="HTTP", path="/healthz"))
    graph = create(
        {**SMALL, "services": {"site": {**SITE, "healthCheck": {"path": "/up"}}}}, defaults={"services": {"site": site}}
    )
    service = graph.named("site-service")
    assert service["healthCheckConfiguration"]["path"] == "/up"
    assert service["sourceConfiguration"]["imageRepository"]["imageConfiguration"]["port"] == "8000"


def test_a_service_without_values_of_its_own_is_created_from_the_defaults() -> None:
    graph = create({**SMALL, "services": {"site": None}}, defaults={"services": {"site": SITE}})
    assert graph.named("site-service")["sourceConfiguration"]["imageRepository"]["imageRepositoryType"] == "ECR_PUBLIC"


def test_a_service_that_only_the_defaults_have_is_not_created() -> None:
    graph = create(SMALL, defaults={"services": {"api": {**API, **PRIVATE}}})
    assert [each.name for each in graph.all("aws:apprunner/service:Service")] == ["site-service"]


def test_services_in_the_defaults_do_not_replace_missing_ones_in_the_file() -> None:
    assert "shop:services: " in error({"environment": "staging"}, defaults={"services": {"site": SITE}})


def test_null_removes_a_default() -> None:
    graph = create({**SMALL, "services": {"api": {**PRIVATE, "egress": None}}}, defaults={"services": {"api": API}})
    assert graph.named("api-service")["networkConfiguration"]["egressConfiguration"] == {"egressType": "DEFAULT"}


def test_null_removes_a_variable_of_the_defaults() -> None:
    api = {**PRIVATE, "egress": None, "environment": {"LOG_FORMAT": None, "EXTRA": "1"}}
    graph = create({**SMALL, "services": {"api": api}}, defaults={"services": {"api": API}})
    assert variables(graph, "api") == {"EXTRA": "1", "DATABASE_NAME": "orders"}


def test_null_without_a_default_equals_a_missing_key() -> None:
    site = {**SITE, "tags": {"team": None}, "scaling": {"maxSize": None}, "secrets": {"TOKEN": None}}
    graph = create({**SMALL, "tags": {"owner": None}, "zones": {"public": None}, "services": {"site": site}})
    assert set(graph.named("site-service")["tags"]) == {"environment", "project"}


# Namespaces


@pytest.mark.parametrize("namespace", ["shpo", "Shop", "sh-op"])
def test_a_key_in_a_misspelled_namespace_is_an_error(namespace: str) -> None:
    assert error(SMALL, other={f"{namespace}:tags": {"team": "a"}}).splitlines() == [
        "Pulumi.staging.yaml: invalid configuration",
        f'  {namespace}:tags: must be in the namespace "shop", got "{namespace}". Write shop:tags',
    ]


def test_a_misspelled_namespace_is_reported_together_with_the_other_problems() -> None:
    text = error({**SMALL, "environment": ""}, other={"shpo:zones": {}})
    assert "shop:environment: " in text
    assert "shpo:zones: must be in the namespace" in text


@pytest.mark.parametrize("key", ["pulumi:tags", "azure:environment", "datadog:services", "shpo:apiKey"])
def test_keys_of_other_programs_are_ignored(key: str) -> None:
    assert create(SMALL, other={key: "x"}).named("site-service")


# Configuration without the CLI


def test_configuration_that_a_program_sets_directly_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inline programs of the Automation API and tests use `pulumi.runtime.set_all_config`."""
    import json

    from pulumi.runtime import config

    values = {f"shop:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in SMALL.items()}
    before, secret = config.CONFIG.get(), config._SECRET_KEYS.get()

    def program() -> None:
        pulumi.runtime.set_all_config(values, ["shop:services"] if encrypted else [])
        Fleet.from_config("shop")

    try:
        encrypted = False
        assert run(program, project="shop").named("site-service")
        encrypted = True
        with pytest.raises(ArgsError, match="shop:services: must not contain an encrypted value"):
            run(program, project="shop")
    finally:
        config.CONFIG.set(before)
        config._SECRET_KEYS.set(secret)


@pytest.mark.parametrize(
    ("defaults", "path"), [([1], "defaults"), ("site", "defaults"), ({"services": ["site"]}, "defaults.services")]
)
def test_defaults_must_be_mappings(defaults: Any, path: str) -> None:
    with pytest.raises(ArgsError) as error:
        create(SMALL, defaults=defaults)
    assert list(error.value.problems) == [path]
    assert error.value.problems[path].startswith("must be a mapping, got a ")
