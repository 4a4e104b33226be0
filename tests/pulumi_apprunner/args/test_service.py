"""The validation of a service's arguments, and its messages."""

from typing import Any

import pytest

from plans import problems
from pulumi_apprunner import AppRunnerService, AppRunnerServiceArgs, Code
from samples import CONNECTION_ARN, IMAGE, KMS_KEY_ARN, ROLE_ARN, SERVICE_ARN
from services import service_errors


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"image": None}, {"image": "must be set, or code. Exactly one of both is required"}),
        (
            {"scaling": {"min_size": 26}},
            "must be 1 to 25, got 26. App Runner's API accepts no higher value",
        ),
        ({"scaling": {"max_size": 0}}, {"scaling.max_size": "must be 1 or more, got 0"}),
        (
            {"scaling": {"min_size": 5, "max_size": 4}},
            {"scaling.max_size": "must be at least min_size, 5, got 4"},
        ),
        (
            {"scaling": {"max_concurrency": 201}},
            {"scaling.max_concurrency": "must be 1 to 200, got 201"},
        ),
        ({"health_check": {"interval": 0}}, {"health_check.interval": "must be 1 to 20 seconds, got 0"}),
        ({"health_check": {"timeout": 21}}, {"health_check.timeout": "must be 1 to 20 seconds, got 21"}),
        (
            {"health_check": {"protocol": "HTTPS"}},
            {"health_check.protocol": 'must be "HTTP" or "TCP", got "HTTPS"'},
        ),
        (
            {"health_check": {"path": "/healthz"}},
            {
                "health_check.path": 'must not be set with protocol "TCP", got "/healthz". Set protocol to "HTTP", '
                "or remove the path"
            },
        ),
        ({"port": True}, {"port": "must be an integer, 1 to 65535, got true"}),
        ({"port": 80.5}, {"port": "must be an integer, 1 to 65535, got 80.5"}),
        (
            {"environment": {"LEVEL": 1}},
            {"environment.LEVEL": "must be a string, got a number. Quote the value"},
        ),
        (
            {"environment": {"AWSAPPRUNNER_X": "x"}},
            {"environment.AWSAPPRUNNER_X": "names that begin with AWSAPPRUNNER are reserved. Choose another name"},
        ),
        (
            {"service_name": "api"},
            {
                "service_name": "must be 4 to 40 letters, digits, hyphens and underscores, beginning with a letter or "
                'digit, got "api"'
            },
        ),
        (
            {"auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "must be false for a public image, got true. App Runner deploys new images "
                "of private ECR only"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "cross_account": True}, "auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "must be false for an image in another account, got true. App Runner "
                "deploys new images of its own account's ECR only"
            },
        ),
        (
            {"access_role_arn": ROLE_ARN},
            {
                "access_role_arn": f'must not be set without a private image, got "{ROLE_ARN}". App Runner rejects it '
                "for other sources"
            },
        ),
        (
            {"instance_role": {"arn": ROLE_ARN, "policy_documents": ['{"Statement": [{"Effect": "Allow"}]}']}},
            {
                "instance_role.policy_documents": "must not be set with arn. "
                "Add the permissions where that role is created"
            },
        ),
        (
            {"image": {"identifier": "docker.io/library/nginx:1.27"}},
            {
                "image.identifier": "must be an image in Amazon ECR: "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG or public.ecr.aws/ALIAS/REPOSITORY:TAG "
                '(or @sha256:DIGEST), got "docker.io/library/nginx:1.27". App Runner pulls from no other registry. '
                "Docker's official images are in public.ecr.aws/docker/library/"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "repository_type": "ECR_PUBLIC"}},
            {"image.repository_type": 'must be ECR, the type of the identifier, got "ECR_PUBLIC". Remove it'},
        ),
    ],
)
def test_a_message_has_requirement_value_and_fix(args: dict[str, Any], expected: Any) -> None:
    errors = service_errors(**args)
    if isinstance(expected, str):
        (reason,) = errors.values()
        assert reason.startswith(expected)
    else:
        assert errors == expected


def test_what_apprunner_yaml_overrides_must_not_be_set() -> None:
    code: Any = {
        "connection_arn": CONNECTION_ARN,
        "repository_url": "https://github.com/example/orders",
        "configuration_source": "REPOSITORY",
        "runtime": "PYTHON_311",
        "build_command": "make",
    }
    args: Any = {
        "code": code,
        "port": 8000,
        "environment": {"A": "a"},
        "start_command": "serve",
        "redeploy_trigger": "1",
        "secrets": [{"value_from": {"B": "b"}}],
    }
    errors = problems(lambda: AppRunnerService("api", args))
    assert set(errors) == {"code.runtime", "code.build_command"}
    del code["runtime"], code["build_command"]
    errors = problems(lambda: AppRunnerService("api", args))
    assert set(errors) == {"port", "environment", "start_command", "redeploy_trigger", "secrets"}
    assert all("apprunner.yaml overrides it" in reason for reason in errors.values())


def test_a_runtime_is_required_unless_apprunner_yaml_sets_it() -> None:
    code = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders")
    errors = problems(lambda: AppRunnerService("api", AppRunnerServiceArgs(code=code)))
    assert list(errors) == ["code.runtime"]
    assert errors["code.runtime"].startswith("is required. Use one of PYTHON_3, PYTHON_311, ")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:kms:eu-west-1:123456789012:alias/orders", "aliases"),
        ("arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "multi-Region keys"),
        (KMS_KEY_ARN.rpartition("/")[2], ""),
    ],
)
def test_an_encryption_key_must_be_a_single_region_key(arn: str, kind: str) -> None:
    assert service_errors(kms_key_arn=arn) == {
        "kms_key_arn": "must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-"
        f'xxxxxxxxxxxx), got "{arn}"'
        + (f". App Runner does not support {kind}. Use the ARN of a single-Region key" if kind else "")
    }


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"Statement": []}', '{"Statement": ["Allow"]}', '{"Statement": [[]]}', "[" * 100_000, "null"],
)
def test_a_policy_document_must_contain_statements(document: str) -> None:
    assert list(service_errors(instance_role={"policy_documents": [document]})) == ["instance_role.policy_documents[0]"]


@pytest.mark.parametrize(
    "args",
    [
        {"health_check": {"protocol": "HTTP", "path": "healthz"}},
        {"start_command": "a\nb"},
    ],
)
def test_messages_describe_a_form_without_regular_expressions(args: dict[str, Any]) -> None:
    (reason,) = service_errors(**args).values()
    assert "pattern" not in reason
    assert "^" not in reason


@pytest.mark.parametrize("tags", [{"aws:team": "a"}, {"a,b": "c"}, {"a": "b\nc"}, {"": "a"}, {"a": "x" * 257}])
def test_tags_that_some_service_rejects_are_an_error(tags: dict[str, str]) -> None:
    assert len(service_errors(tags=tags)) == 1


def test_an_arn_of_another_type_is_an_error() -> None:
    assert service_errors(vpc_connector_arn=SERVICE_ARN) == {
        "vpc_connector_arn": "must be the ARN of a VPC connector "
        f'(arn:aws:apprunner:REGION:ACCOUNT:vpcconnector/NAME/1/ID), got "{SERVICE_ARN}"'
    }
