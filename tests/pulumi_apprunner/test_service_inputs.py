"""The inputs of the App Runner service: variables, secrets and blocks."""

from typing import Any

import pulumi
import pytest

from plans import plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    BoundSecrets,
    HealthCheck,
)
from pulumi_apprunner.testing import Secret
from samples import (
    CONNECTOR_ARN,
    OBSERVABILITY_ARN,
    SECRET_ARN,
)
from services import OBSERVABILITY, PUBLIC, SERVICE, image_configuration, service, service_graph


def test_an_http_health_check_has_all_fields() -> None:
    check = HealthCheck(
        protocol="HTTP", path="/healthz", interval=10, timeout=4, healthy_threshold=2, unhealthy_threshold=3
    )
    assert service(health_check=check)["healthCheckConfiguration"] == {
        "protocol": "HTTP",
        "path": "/healthz",
        "interval": 10,
        "timeout": 4,
        "healthyThreshold": 2,
        "unhealthyThreshold": 3,
    }


def test_a_private_service_with_a_connector() -> None:
    inputs = service(vpc_connector_arn=CONNECTOR_ARN, is_publicly_accessible=False, ip_address_type="DUAL_STACK")
    assert inputs["networkConfiguration"] == {
        "egressConfiguration": {"egressType": "VPC", "vpcConnectorArn": CONNECTOR_ARN},
        "ingressConfiguration": {"isPubliclyAccessible": False},
        "ipAddressType": "DUAL_STACK",
    }


def test_the_redeploy_trigger_becomes_a_variable() -> None:
    inputs = image_configuration(redeploy_trigger="2026-11-23", environment={"LEVEL": "info"})
    assert inputs["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "2026-11-23"}


def test_tracing_variables_of_the_user_take_precedence() -> None:
    inputs = image_configuration(tracing=True, environment={"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop"})
    assert inputs["runtimeEnvironmentVariables"]["OTEL_RESOURCE_ATTRIBUTES"] == "service.name=shop"
    assert inputs["runtimeEnvironmentVariables"]["OTEL_PROPAGATORS"] == "xray"


def test_a_secret_replaces_a_tracing_variable() -> None:
    inputs = image_configuration(
        tracing=True, secrets=[BoundSecrets(value_from={"OTEL_EXPORTER_OTLP_ENDPOINT": SECRET_ARN})]
    )
    both = inputs["runtimeEnvironmentVariables"].keys() & inputs["runtimeEnvironmentSecrets"].keys()
    assert both == set()


def test_a_shared_tracing_configuration_is_used() -> None:
    graph = service_graph(tracing=True, observability_configuration_arn=OBSERVABILITY_ARN)
    assert graph.one(SERVICE)["observabilityConfiguration"]["observabilityConfigurationArn"] == OBSERVABILITY_ARN
    assert not graph.all(OBSERVABILITY)


def test_a_variable_that_is_set_twice_is_an_error() -> None:
    secrets = [BoundSecrets(value_from={"A": SECRET_ARN}), BoundSecrets(value_from={"A": SECRET_ARN, "B": SECRET_ARN})]
    args = AppRunnerServiceArgs(image=PUBLIC, environment={"B": "b"}, secrets=secrets)
    assert problems(lambda: AppRunnerService("api", args)) == {
        "secrets[1].value_from.A": "must be set once, but secrets[1] and secrets[0] both set A. Remove one of them",
        "secrets[1].value_from.B": "must be set once, but secrets[1] and environment both set B. Remove one of them",
    }


def test_a_duplicate_variable_in_an_output_is_an_error() -> None:
    def program() -> None:
        late = pulumi.Output.from_input({"A": SECRET_ARN})
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(image=PUBLIC, environment={"A": "a"}, secrets=[BoundSecrets(value_from=late)]),
        )

    assert problems(program) == {
        "secrets[0].value_from.A": "must be set once, but secrets[0] and environment both set A. Remove one of them"
    }


def test_maps_may_be_outputs() -> None:
    def program() -> None:
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(
                image=PUBLIC,
                environment=pulumi.Output.from_input({"LEVEL": "info"}),
                secrets=[BoundSecrets(value_from=pulumi.Output.from_input({"A": SECRET_ARN}))],
                redeploy_trigger="1",
            ),
        )

    inputs = plan(program).one(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert inputs["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "1"}
    assert inputs["runtimeEnvironmentSecrets"] == {"A": SECRET_ARN}


@pytest.mark.parametrize("where", ["environment", "secrets"])
@pytest.mark.parametrize("late", [False, True])
def test_the_variable_of_the_redeploy_trigger_is_reserved(where: str, late: bool) -> None:
    variables: Any = {"APPRUNNER_DEPLOYMENT": SECRET_ARN}

    def program() -> None:
        value = pulumi.Output.from_input(variables) if late else variables
        more: Any = {"environment": value} if where == "environment" else {"secrets": [BoundSecrets(value_from=value)]}
        AppRunnerService("api", AppRunnerServiceArgs(image=PUBLIC, redeploy_trigger="1", **more))

    assert len(problems(program)) == 1


def test_a_secret_value_stays_secret() -> None:
    def program() -> None:
        AppRunnerService(
            "api", AppRunnerServiceArgs(image=PUBLIC, environment={"TOKEN": pulumi.Output.secret("hush"), "LEVEL": "1"})
        )

    inputs = plan(program).one(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert inputs["runtimeEnvironmentVariables"] == {"TOKEN": Secret("hush"), "LEVEL": "1"}
