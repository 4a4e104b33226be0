"""ARNs and ids as AWS services generate them, in every partition: all of them are valid."""

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
from apprunner_facts import arns, images
from apprunner_local.api_model import matches

PLACES = [
    ("aws", "eu-west-1"),
    ("aws", "mx-central-1"),
    ("aws-cn", "cn-northwest-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-iso", "us-iso-east-1"),
    ("aws-iso-b", "us-isob-east-1"),
    ("aws-iso-e", "eu-isoe-west-1"),
    ("aws-eusc", "eusc-de-east-1"),
]
"""Partitions with one of their regions (botocore's partitions.json)."""

UUID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
DEFAULT_ID = "0" * 31 + "1"
REGIONAL: list[tuple[re.Pattern[str], str]] = [
    (arns.SERVICE, f"apprunner:{{}}:123456789012:service/orders_api-1/{samples.ID}"),
    (arns.SERVICE, f"apprunner:{{}}:123456789012:service/orders-api/{UUID}"),
    (arns.CONNECTION, f"apprunner:{{}}:123456789012:connection/git_hub/{samples.ID}"),
    (arns.CONNECTION, f"apprunner:{{}}:123456789012:connection/github/{UUID}"),
    (arns.VPC_CONNECTOR, f"apprunner:{{}}:123456789012:vpcconnector/private/1/{samples.ID}"),
    (arns.AUTO_SCALING_CONFIGURATION, f"apprunner:{{}}:123456789012:autoscalingconfiguration/shared/3/{samples.ID}"),
    (
        arns.AUTO_SCALING_CONFIGURATION,
        f"apprunner:{{}}:123456789012:autoscalingconfiguration/DefaultConfiguration/1/{DEFAULT_ID}",
    ),
    (
        arns.OBSERVABILITY_CONFIGURATION,
        f"apprunner:{{}}:123456789012:observabilityconfiguration/DefaultConfiguration/1/{DEFAULT_ID}",
    ),
    (arns.KMS_KEY, f"kms:{{}}:123456789012:key/{UUID}"),
    (arns.ANY_KMS_KEY, f"kms:{{}}:123456789012:key/{UUID}"),
    (arns.ANY_KMS_KEY, "kms:{}:123456789012:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    (arns.SECRET, "secretsmanager:{}:123456789012:secret:orders/db_1+=.@-AbCdEf"),
    (arns.SECRET, f"secretsmanager:{{}}:123456789012:secret:rds!db-{UUID}-AbCdEf"),
    (arns.SECRET, f"secretsmanager:{{}}:123456789012:secret:rds!cluster-{UUID}-AbCdEf"),
    (arns.SECRET, "secretsmanager:{}:123456789012:secret:redshift!orders-awsuser-AbCdEf"),
    (arns.SECRET, f"secretsmanager:{{}}:123456789012:secret:events!connection/orders/{UUID}-AbCdEf"),
    (arns.PARAMETER, "ssm:{}:123456789012:parameter/orders/flags"),
    (arns.PARAMETER, "ssm:{}::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"),
    (arns.PARAMETER, f"ssm:{{}}:123456789012:parameter/aws/reference/secretsmanager/rds!db-{UUID}"),
    (arns.QUEUE, "sqs:{}:123456789012:failed_calls-1"),
]
GLOBAL: list[tuple[re.Pattern[str], str]] = [
    (arns.ROLE, "iam::123456789012:role/service-role/orders_+=,.@-1"),
    (arns.ROLE, "iam::123456789012:role/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner"),
    (
        arns.ROLE,
        "iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b2c3d4e5f6071",
    ),
    (arns.ASSUMABLE_ROLE, "iam::123456789012:role/a/b!c$(d)/deploy"),
    (arns.POLICY, "iam::123456789012:policy/a.b,c+@=_-/d/read"),
    (arns.POLICY, "iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"),
]


@pytest.mark.parametrize(("partition", "region"), PLACES)
@pytest.mark.parametrize(("pattern", "resource"), [*REGIONAL, *GLOBAL])
def test_an_arn_that_aws_generates_is_accepted(
    pattern: re.Pattern[str], resource: str, partition: str, region: str
) -> None:
    assert pattern.fullmatch(f"arn:{partition}:{resource.format(region)}")


@given(st.data())
def test_every_secret_name_that_aws_generates_is_accepted(data: st.DataObject) -> None:
    """Secrets Manager's characters for names, and the `!` after the owning service's name."""
    name = data.draw(st.from_regex(r"([a-z0-9-]+!)?[A-Za-z0-9/_+=.@-]{1,40}", fullmatch=True))
    arn = f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-a1B2c3"
    assert matches("appsync", "RdsDataApiConfigSecretArn", arn)
    assert arns.SECRET.fullmatch(arn)


@given(st.data())
def test_every_role_that_app_runner_accepts_is_accepted(data: st.DataObject) -> None:
    name = data.draw(st.from_regex(r"[A-Za-z0-9_+=,.@/-]{1,60}", fullmatch=True))
    arn = f"arn:aws:iam::123456789012:role/{name}"
    assert matches("apprunner", "RoleArn", arn)
    assert arns.ROLE.fullmatch(arn)
    assert not matches("apprunner", "RoleArn", arn.replace("role/", "role/!/"))


@given(st.data())
def test_every_role_and_policy_path_of_iam_is_accepted(data: st.DataObject) -> None:
    path = data.draw(st.from_regex(r"/([\x21-\x7e]{1,20}/)?", fullmatch=True))
    name = data.draw(st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True))
    assert matches("iam", "pathType", path)
    assert arns.ASSUMABLE_ROLE.fullmatch(f"arn:aws:iam::123456789012:role{path}{name}")
    if matches("iam", "policyPathType", path):
        assert arns.POLICY.fullmatch(f"arn:aws:iam::123456789012:policy{path}{name}")


@pytest.mark.parametrize(
    "name",
    [
        "/orders/flags",
        "flags",
        "/aws/service/global-infrastructure/version",
        f"/aws/reference/secretsmanager/rds!db-{UUID}",
    ],
)
def test_a_parameter_name_that_aws_defines_is_accepted(name: str) -> None:
    assert arns.PARAMETER_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["rds!db", "/orders/a!b", "", "/", "a b", "/aws/reference/secretsmanager/"])
def test_a_parameter_name_that_ssm_does_not_allow_is_invalid(name: str) -> None:
    assert not arns.PARAMETER_NAME.fullmatch(name)


@pytest.mark.parametrize(("partition", "region"), PLACES[:5])
def test_an_ecr_image_of_every_region_is_parsed(partition: str, region: str) -> None:
    identifier = f"123456789012.dkr.ecr.{region}.amazonaws.com/orders:1"
    assert matches("apprunner", "ImageIdentifier", identifier)
    image = images.parse_image(identifier)
    assert image is not None
    assert image.region == region


@pytest.mark.parametrize(("partition", "region"), PLACES[:4])
def test_an_ecr_image_has_the_arn_of_its_repository(partition: str, region: str) -> None:
    image = images.parse_image(f"123456789012.dkr.ecr.{region}.amazonaws.com/team/orders:1")
    assert image is not None
    assert image.repository_arn == f"arn:{partition}:ecr:{region}:123456789012:repository/team/orders"


def test_an_image_of_a_public_registry_has_no_repository_arn() -> None:
    image = images.parse_image("public.ecr.aws/docker/library/nginx:1.27")
    assert image is not None
    assert image.repository_arn is None


def test_a_copy_of_an_image_keeps_its_parts() -> None:
    image = images.parse_image("public.ecr.aws/docker/library/nginx:1.27")
    copied = copy.deepcopy(image)
    assert copied == image == "public.ecr.aws/docker/library/nginx:1.27"
    assert copied is not None
    assert copied.tag == "1.27"


@pytest.mark.parametrize(
    "host",
    [
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
        "123456789012.dkr-ecr.eu-west-1.on.aws",
    ],
)
def test_ecr_hosts_that_app_runner_rejects_are_invalid(host: str) -> None:
    """ECR has these hosts, but the pattern in App Runner's own model excludes them."""
    assert not matches("apprunner", "ImageIdentifier", f"{host}/orders:1")
    assert images.parse_image(f"{host}/orders:1") is None


@given(st.data())
def test_every_repository_name_that_app_runner_accepts_is_parsed(data: st.DataObject) -> None:
    name = data.draw(st.from_regex(r"[a-z0-9._/-]{2,30}", fullmatch=True))
    identifier = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{name}"
    assert matches("apprunner", "ImageIdentifier", identifier) == (images.parse_image(identifier) is not None)


@pytest.mark.parametrize(
    ("text", "is_service"),
    [
        (f"arn:aws:apprunner:eu-west-1:123456789012:service/orders/{samples.ID}", True),
        ("arn:aws-cn:apprunner:cn-north-1:123456789012:service/orders", True),
        ("arn:aws:apprunner:eu-west-1:123456789012:services/orders", False),
        ("arn:aws:ecs:eu-west-1:123456789012:service/orders", False),
        ("service/orders", False),
        ("", False),
    ],
)
def test_an_arn_names_its_service_and_the_kind_of_its_resource(text: str, is_service: bool):
    assert arns.is_app_runner_arn(text, "service") is is_service
