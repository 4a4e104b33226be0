"""The comparison of a described service with the settings of a program."""

from copy import deepcopy
from typing import Any

import pytest

from pulumi_apprunner.lifecycle.differences import has_settings, uses
from samples import IMAGE, ROLE_ARN

SCALING_ARN = "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/api/3/0123456789abcdef0123456789abcdef"

DESCRIBED = {
    "ServiceName": "api",
    "SourceConfiguration": {
        "ImageRepository": {
            "ImageIdentifier": IMAGE,
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {
                "Port": "8080",
                "RuntimeEnvironmentVariables": {"LOG_LEVEL": "info", "image_tag": "7"},
            },
        },
        "AutoDeploymentsEnabled": False,
        "AuthenticationConfiguration": {"AccessRoleArn": ROLE_ARN},
    },
    "InstanceConfiguration": {"Cpu": "1024", "Memory": "2048"},
    "HealthCheckConfiguration": {"Protocol": "TCP", "Path": "/", "Interval": 5},
    "NetworkConfiguration": {"EgressConfiguration": {"EgressType": "DEFAULT"}, "IpAddressType": "IPV4"},
    "AutoScalingConfigurationSummary": {"AutoScalingConfigurationArn": SCALING_ARN},
}
WANTED: dict[str, Any] = {
    "service_name": "api",
    "tags": {"team": "orders"},
    "source_configuration": {
        "image_repository": {
            "image_identifier": IMAGE,
            "image_repository_type": "ECR",
            "image_configuration": {
                "port": "8080",
                "start_command": None,
                "runtime_environment_variables": {"LOG_LEVEL": "info", "image_tag": "7"},
                "runtime_environment_secrets": {},
            },
        },
        "auto_deployments_enabled": False,
        "authentication_configuration": {"access_role_arn": ROLE_ARN},
    },
    "instance_configuration": {"cpu": "1024", "memory": "2048"},
    "health_check_configuration": {"protocol": "TCP", "path": "/", "interval": 5.0},
    "network_configuration": {"egress_configuration": {"egress_type": "DEFAULT"}, "ip_address_type": "IPV4"},
    "observability_configuration": {"observability_enabled": False},
    "auto_scaling_configuration_arn": SCALING_ARN,
}


def test_a_service_with_all_wanted_settings_has_them() -> None:
    assert has_settings(DESCRIBED, WANTED)


def test_the_inputs_of_a_hook_are_in_camel_case() -> None:
    camel = {
        "sourceConfiguration": {"imageRepository": {"imageIdentifier": IMAGE}},
        "instanceConfiguration": {"cpu": "1024"},
    }
    assert has_settings(DESCRIBED, camel)


def test_an_arn_without_a_revision_means_any_of_its_revisions() -> None:
    assert has_settings(DESCRIBED, {"auto_scaling_configuration_arn": SCALING_ARN.rsplit("/", 2)[0]})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("source_configuration.image_repository.image_identifier", f"{IMAGE}.1"),
        ("source_configuration.image_repository.image_configuration.port", "80"),
        ("source_configuration.image_repository.image_configuration.start_command", "serve"),
        ("source_configuration.image_repository.image_configuration.runtime_environment_variables", {}),
        ("source_configuration.image_repository.image_configuration.runtime_environment_variables.LOG_LEVEL", "debug"),
        ("source_configuration.image_repository.image_configuration.runtime_environment_secrets", {"A": "b"}),
        ("source_configuration.auto_deployments_enabled", True),
        ("instance_configuration.cpu", "512"),
        ("health_check_configuration.interval", 10),
        ("network_configuration.egress_configuration.vpc_connector_arn", "arn:aws:apprunner:x"),
        ("observability_configuration.observability_enabled", True),
        ("auto_scaling_configuration_arn", SCALING_ARN.replace("/3/", "/4/")),
    ],
)
def test_any_other_value_is_another_setting(path: str, value: Any) -> None:
    wanted = deepcopy(WANTED)
    *blocks, last = path.split(".")
    block = wanted
    for part in blocks:
        block = block[part]
    block[last] = value
    assert not has_settings(DESCRIBED, wanted)


def test_a_command_that_the_program_no_longer_sets_is_another_setting() -> None:
    described = deepcopy(DESCRIBED)
    described["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"]["StartCommand"] = "serve"  # type: ignore[index]
    assert not has_settings(described, WANTED)


def test_unknown_settings_differ_from_the_services() -> None:
    assert not has_settings(DESCRIBED, {})


def test_uses_compares_arns() -> None:
    connector = "arn:aws:apprunner:eu-west-1:123456789012:vpcconnector/private/1/0123456789abcdef0123456789abcdef"
    described = DESCRIBED | {"NetworkConfiguration": {"EgressConfiguration": {"VpcConnectorArn": connector}}}
    assert uses(described, SCALING_ARN)
    assert uses(described, connector)
    assert not uses(described, connector.replace("/1/", "/2/"))


def test_image_and_code_are_different_settings() -> None:
    assert not has_settings(DESCRIBED, {"source_configuration": {"code_repository": {"repository_url": "https://x"}}})
