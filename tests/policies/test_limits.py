from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import (
    AUTO_SCALING,
    CONNECTION,
    CUSTOM_DOMAIN,
    OBSERVABILITY,
    SERVICE,
    VPC_CONNECTOR,
    VPC_INGRESS_CONNECTION,
)
from apprunner_policies.themes.limits import service_limits

SOURCE: Any = {
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    }
}
NAMES = [
    (SERVICE, "serviceName", 40),
    (VPC_CONNECTOR, "vpcConnectorName", 40),
    (VPC_INGRESS_CONNECTION, "name", 40),
    (CONNECTION, "connectionName", 32),
    (AUTO_SCALING, "autoScalingConfigurationName", 32),
    (OBSERVABILITY, "observabilityConfigurationName", 32),
]


@pytest.mark.parametrize(("of_type", "key", "longest"), NAMES)
def test_a_name_of_the_maximum_length_passes_and_a_longer_one_is_a_violation(check_rule, of_type, key, longest):
    assert check_rule(service_limits, {key: "a" * longest}, of_type=of_type).clean

    (message,) = check_rule(service_limits, {key: "a" * (longest + 1)}, of_type=of_type).messages
    assert message.startswith(f"api: {key} must be 4 to {longest} letters")
    assert 'got "aaa' in message


@pytest.mark.parametrize("name", ["api", "-shop", "shop api", "shop.api", ""])
def test_an_invalid_name_is_a_violation(check_rule, name):
    assert len(check_rule(service_limits, {"serviceName": name}, of_type=SERVICE).messages) == 1


@pytest.mark.parametrize("name", [None, 12345, ["shop"], {"a": "b"}, True])
def test_a_name_that_is_not_a_string_is_not_checked(check_rule, name):
    assert check_rule(service_limits, {"serviceName": name}, of_type=SERVICE).clean


def test_the_name_of_the_default_is_reserved_for_observability_configurations_only(check_rule):
    name = "DefaultConfiguration"

    (message,) = check_rule(service_limits, {"observabilityConfigurationName": name}, of_type=OBSERVABILITY).messages
    assert "which AWS reserves" in message
    assert check_rule(service_limits, {"autoScalingConfigurationName": name}, of_type=AUTO_SCALING).clean


@pytest.mark.parametrize("key", ["interval", "timeout", "healthyThreshold", "unhealthyThreshold"])
def test_the_maximum_of_a_health_check_number_is_20(check_rule, key):
    assert check_rule(service_limits, {"healthCheckConfiguration": {key: 20}}, of_type=SERVICE).clean

    (message,) = check_rule(service_limits, {"healthCheckConfiguration": {key: 21}}, of_type=SERVICE).messages
    assert message.startswith(f"api: healthCheckConfiguration.{key} must be a whole number, 1 to 20 ")


def test_the_last_port_passes_and_the_next_is_a_violation(report):
    def program(port):
        source: Any = {"image_repository": {**SOURCE["image_repository"], "image_configuration": {"port": port}}}
        return lambda: aws.apprunner.Service("api", service_name="shop-api", source_configuration=source)

    assert not report(program("65535"), service_limits).violations
    (violation,) = report(program("65536"), service_limits).violations
    assert violation.level == "mandatory"
    assert "imageConfiguration.port must be a whole number, 1 to 65535 (TCP port), got 65536" in violation.message
    assert violation.message.endswith("Set it to the port on which the application listens.")


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        ({"domainName": "*.example.com"}, "Set enableWwwSubdomain to false"),
        ({"domainName": "*.example.com", "enableWwwSubdomain": True}, "Set enableWwwSubdomain to false"),
        ({"domainName": "example.com."}, 'Set it to "example.com"'),
    ],
)
def test_an_invalid_domain_is_a_violation(check_rule, props, expected):
    (message,) = check_rule(service_limits, props, of_type=CUSTOM_DOMAIN).messages

    assert expected in message


@pytest.mark.parametrize(
    "props", [{"domainName": "*.example.com", "enableWwwSubdomain": False}, {"domainName": "example.com"}]
)
def test_a_valid_domain_passes(check_rule, props):
    assert check_rule(service_limits, props, of_type=CUSTOM_DOMAIN).clean


def test_an_unknown_name_does_not_hide_a_number_out_of_range(check_rule, unknown):
    result = check_rule(
        service_limits, {"serviceName": unknown, "healthCheckConfiguration": {"interval": 21}}, of_type=SERVICE
    )

    assert len(result.messages) == 1
    assert "serviceName can't be known" in result.unknown


@pytest.mark.parametrize("written", ["docker.io/library/nginx:1.27", "nginx:1.27", "ghcr.io/example/shop:1", ""])
def test_an_image_of_an_unsupported_registry_is_reported_with_the_supported_registries(check_rule, written):
    source = {"imageRepository": {"imageIdentifier": written, "imageRepositoryType": "ECR_PUBLIC"}}

    (message,) = check_rule(service_limits, {"sourceConfiguration": source}, of_type=SERVICE).messages

    assert f'with a tag or digest, got "{written}". Set it to an image in ECR' in message
    assert "public.ecr.aws/docker/library/" in message


@pytest.mark.parametrize(
    ("written", "kind", "right"),
    [
        ("public.ecr.aws/nginx/nginx:1.27", "ECR", "ECR_PUBLIC"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1", "ECR_PUBLIC", "ECR"),
    ],
)
def test_an_image_type_that_does_not_match_its_address_is_a_violation(check_rule, unknown, written, kind, right):
    source = {"imageRepository": {"imageIdentifier": written, "imageRepositoryType": kind}}
    (message,) = check_rule(service_limits, {"sourceConfiguration": source}, of_type=SERVICE).messages
    assert message.endswith(f'Set it to "{right}".')

    for known in ({**source["imageRepository"], "imageRepositoryType": right}, {"imageIdentifier": unknown}):
        assert not check_rule(
            service_limits, {"sourceConfiguration": {"imageRepository": known}}, of_type=SERVICE
        ).messages


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ("imageRepository.imageConfiguration", "startCommand"),
        ("codeRepository.codeConfiguration.codeConfigurationValues", "startCommand"),
        ("codeRepository.codeConfiguration.codeConfigurationValues", "buildCommand"),
    ],
)
@pytest.mark.parametrize("command", ["node a.js\nnode b.js", "node a.js\r\n", "node a.js\n"])
def test_a_command_with_a_line_break_is_a_violation(check_rule, block, key, command):
    def props(command):
        inner: dict[str, Any] = {key: command}
        for each in reversed(["sourceConfiguration", *block.split(".")]):
            inner = {each: inner}
        return inner

    (message,) = check_rule(service_limits, props(command), of_type=SERVICE).messages
    assert f"sourceConfiguration.{block}.{key} must be a command on one line, got line breaks" in message
    assert check_rule(service_limits, props("node a.js"), of_type=SERVICE).clean


@pytest.mark.parametrize(
    ("key", "longest"), [("runtimeEnvironmentVariables", 51_200), ("runtimeEnvironmentSecrets", 2_048)]
)
def test_a_value_of_the_maximum_length_passes_and_a_longer_one_is_a_violation(check_rule, unknown, key, longest):
    def props(value):
        configuration = {key: {"A": unknown, "BIG": value}}
        return {"sourceConfiguration": {"imageRepository": {"imageConfiguration": configuration}}}

    assert not check_rule(service_limits, props("a" * longest), of_type=SERVICE).messages
    (message,) = check_rule(service_limits, props("a" * (longest + 1)), of_type=SERVICE).messages
    assert f"{key}.BIG must be at most {longest} characters long" in message
    assert "aaa" not in message


@pytest.mark.parametrize(
    "domain",
    [
        "https://shop.example.com",
        "shop.example.com/api",
        "shop.example.com:443",
        "a.*.example.com",
        "*",
        "shop",
        "a..b",
        "",
    ],
)
def test_a_domain_that_is_no_host_name_is_a_violation(check_rule, domain):
    props = {"domainName": domain, "enableWwwSubdomain": False}
    (message,) = check_rule(service_limits, props, of_type=CUSTOM_DOMAIN).messages

    assert message.startswith("api: domainName must be a host name, or *. and a root domain")


@pytest.mark.parametrize("domain", ["example.com", "*.example.com", "shop-1.EXAMPLE.co.uk", "xn--bcher-kva.example"])
def test_host_names_and_wildcards_pass(check_rule, domain):
    assert check_rule(service_limits, {"domainName": domain, "enableWwwSubdomain": False}, of_type=CUSTOM_DOMAIN).clean
