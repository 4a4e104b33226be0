"""What App Runner is told of a service: its variables, secrets and blocks."""

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
from services import OBSERVABILITY, PUBLIC, SERVICE, image_configuration, made, service


def test_a_health_check_over_http_is_sent_in_full() -> None:
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


def test_a_private_service_with_a_connector_is_sent_as_such() -> None:
    told = service(vpc_connector_arn=CONNECTOR_ARN, is_publicly_accessible=False, ip_address_type="DUAL_STACK")
    assert told["networkConfiguration"] == {
        "egressConfiguration": {"egressType": "VPC", "vpcConnectorArn": CONNECTOR_ARN},
        "ingressConfiguration": {"isPubliclyAccessible": False},
        "ipAddressType": "DUAL_STACK",
    }


def test_the_deployment_text_goes_into_a_variable_so_that_app_runner_sees_an_update() -> None:
    told = image_configuration(redeploy_trigger="2026-11-23", environment={"LEVEL": "info"})
    assert told["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "2026-11-23"}


def test_a_users_own_tracing_variables_win() -> None:
    told = image_configuration(tracing=True, environment={"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop"})
    assert told["runtimeEnvironmentVariables"]["OTEL_RESOURCE_ATTRIBUTES"] == "service.name=shop"
    assert told["runtimeEnvironmentVariables"]["OTEL_PROPAGATORS"] == "xray"


def test_a_secret_with_a_tracing_variables_name_stands_in_its_place() -> None:
    told = image_configuration(
        tracing=True, secrets=[BoundSecrets(value_from={"OTEL_EXPORTER_OTLP_ENDPOINT": SECRET_ARN})]
    )
    both = told["runtimeEnvironmentVariables"].keys() & told["runtimeEnvironmentSecrets"].keys()
    assert both == set()


def test_a_shared_tracing_configuration_is_used() -> None:
    graph = made(tracing=True, observability_configuration_arn=OBSERVABILITY_ARN)
    assert graph.one(SERVICE)["observabilityConfiguration"]["observabilityConfigurationArn"] == OBSERVABILITY_ARN
    assert not graph.all(OBSERVABILITY)


def test_a_name_bound_twice_or_also_set_in_the_environment_is_refused() -> None:
    secrets = [BoundSecrets(value_from={"A": SECRET_ARN}), BoundSecrets(value_from={"A": SECRET_ARN, "B": SECRET_ARN})]
    args = AppRunnerServiceArgs(image=PUBLIC, environment={"B": "b"}, secrets=secrets)
    assert problems(lambda: AppRunnerService("api", args)) == {
        "secrets[1].value_from.A": "must be set once, but secrets[1] and secrets[0] both set A. Remove one of them",
        "secrets[1].value_from.B": "must be set once, but secrets[1] and environment both set B. Remove one of them",
    }


def test_a_name_bound_twice_is_found_late_where_a_map_is_pending() -> None:
    def program() -> None:
        pending = pulumi.Output.from_input({"A": SECRET_ARN})
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(image=PUBLIC, environment={"A": "a"}, secrets=[BoundSecrets(value_from=pending)]),
        )

    assert problems(program) == {
        "secrets[0].value_from.A": "must be set once, but secrets[0] and environment both set A. Remove one of them"
    }


def test_pending_maps_arrive_whole() -> None:
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

    told = plan(program).one(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert told["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "1"}
    assert told["runtimeEnvironmentSecrets"] == {"A": SECRET_ARN}


@pytest.mark.parametrize("where", ["environment", "secrets"])
@pytest.mark.parametrize("pending", [False, True])
def test_the_deployment_variable_belongs_to_deployment(where: str, pending: bool) -> None:
    said: Any = {"APPRUNNER_DEPLOYMENT": SECRET_ARN}

    def program() -> None:
        given = pulumi.Output.from_input(said) if pending else said
        more: Any = {"environment": given} if where == "environment" else {"secrets": [BoundSecrets(value_from=given)]}
        AppRunnerService("api", AppRunnerServiceArgs(image=PUBLIC, redeploy_trigger="1", **more))

    assert len(problems(program)) == 1


def test_a_secret_value_stays_secret_on_its_way() -> None:
    def program() -> None:
        AppRunnerService(
            "api", AppRunnerServiceArgs(image=PUBLIC, environment={"TOKEN": pulumi.Output.secret("hush"), "LEVEL": "1"})
        )

    told = plan(program).one(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert told["runtimeEnvironmentVariables"] == {"TOKEN": Secret("hush"), "LEVEL": "1"}
