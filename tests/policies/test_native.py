"""Resources of aws-native, by their type tokens: its SDK is not installed."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies import POLICIES

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:4.18.2"
KEY = "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"


def native(of_type: str, name: str = "api", **properties: Any) -> pulumi.CustomResource:
    return pulumi.CustomResource(f"aws-native:apprunner:{of_type}", name, properties)


def service(*, image: str = IMAGE, kind: str = "ECR", configuration: Any = None, **more: Any) -> pulumi.CustomResource:
    repository = {"imageIdentifier": image, "imageRepositoryType": kind, "imageConfiguration": configuration or {}}
    role = {"accessRoleArn": "arn:aws:iam::123456789012:role/pull"} if kind == "ECR" else {}
    source = {"imageRepository": repository, "authenticationConfiguration": role}
    defaults = {
        "serviceName": "orders",
        "sourceConfiguration": source,
        "instanceConfiguration": {"cpu": "1024", "memory": "2048"},
        "autoScalingConfigurationArn": "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/two/1/abc",
        "healthCheckConfiguration": {"protocol": "HTTP", "path": "/health"},
        "networkConfiguration": {
            "egressConfiguration": {"egressType": "DEFAULT"},
            "ingressConfiguration": {},
            "ipAddressType": "IPV4",
        },
    }
    return pulumi.CustomResource(
        "aws-native:apprunner:Service", "api", {**defaults, **more}, pulumi.ResourceOptions(protect=True)
    )


BAD = {
    "instance-size-pairing": lambda: service(instanceConfiguration={"cpu": "256", "memory": "4096"}),
    "no-plaintext-secrets": lambda: service(
        configuration={"runtimeEnvironmentVariables": [{"name": "STRIPE_KEY", "value": KEY}]}
    ),
    "reserved-environment-names": lambda: service(
        configuration={"runtimeEnvironmentVariables": [{"name": "AWSAPPRUNNER_X", "value": "1"}]}
    ),
    "scaling-bounds": lambda: native("AutoScalingConfiguration", minSize=0, maxSize=3),
    "prod-min-instances": lambda: native("AutoScalingConfiguration", minSize=1, maxSize=3),
    "service-limits": lambda: native(
        "VpcIngressConnection", vpcIngressConnectionName="x", serviceArn="a", ingressVpcConfiguration={}
    ),
    "immutable-image-in-prod": lambda: service(image=IMAGE.replace("4.18.2", "latest")),
    "encryption-key-form": lambda: service(encryptionConfiguration={"kmsKey": "alias/orders"}),
    "required-tags": lambda: service(tags=[{"key": "owner", "value": "shop"}]),
    "regions-allowed": lambda: pulumi.CustomResource(
        "aws-native:apprunner:VpcConnector",
        "api",
        {"subnets": ["subnet-1"]},
        pulumi.ResourceOptions(provider=pulumi.ProviderResource("aws-native", "far", {"region": "sa-east-1"})),
    ),
    "egress-explicit": lambda: service(networkConfiguration={}),
    "http-health-check": lambda: service(healthCheckConfiguration={"protocol": "TCP"}),
}
CONFIG = {
    "all": "mandatory",
    "no-new-app-runner": "disabled",
    **dict.fromkeys(
        ["connector-required", "customer-key-required", "no-public-access", "tracing-required"], "disabled"
    ),
    "monthly-budget": "disabled",
    "required-tags": {"tags": ["team"]},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_rule_about_single_resources_checks_those_of_aws_native(report, rule):
    result = report(BAD[rule], *POLICIES, config=CONFIG)

    assert result.has(rule, "api"), result.violations


@pytest.mark.parametrize("unknown", [False, True])
def test_a_service_without_violations(report, unknown):
    def program() -> None:
        service(
            tags=[{"key": "team", "value": "shop"}],
            configuration={
                "port": "8080",
                "runtimeEnvironmentVariables": [{"name": "LOG_LEVEL", "value": "info"}],
                "runtimeEnvironmentSecrets": [
                    {"name": "DB", "value": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"}
                ],
            },
        )
        native("AutoScalingConfiguration", "two", minSize=2, maxSize=4, tags=[{"key": "team", "value": "shop"}])

    result = report(program, *POLICIES, config=CONFIG, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_a_public_image_is_not_deployed_automatically_by_default(report):
    result = report(lambda: service(image="public.ecr.aws/nginx/nginx:1.27", kind="ECR_PUBLIC"), *POLICIES)

    assert not result.has("auto-deploy-consistency")


def test_an_unknown_variable_skips_the_check_that_reads_it(report):
    def program() -> None:
        queue = aws.sqs.Queue("orders")
        service(configuration={"runtimeEnvironmentVariables": [{"name": "QUEUE", "value": queue.url}]})

    result = report(program, *POLICIES, config=CONFIG, unknown=True)

    assert {each.policy for each in result.skipped} == {"no-plaintext-secrets", "service-limits"}


def test_rules_over_several_resources_are_not_applicable(report):
    result = report(service, *POLICIES, config=CONFIG)

    (message,) = [each for each in result.messages if each.startswith("not applicable: ")]
    assert "alarms-present" in message
    assert message.endswith(": resources of aws-native are not supported, got api")
    assert not result.has("alarms-present")


def test_no_remediation_changes_a_resource_of_aws_native(report):
    config = {"instance-size-pairing": "remediate"}

    result = report(lambda: service(instanceConfiguration={"cpu": "1vCPU", "memory": "2gb"}), *POLICIES, config=config)

    assert not [each for each in result.violations if each.level == "remediate"]
