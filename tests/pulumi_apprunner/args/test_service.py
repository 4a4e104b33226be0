"""The rules of a service's arguments: what is refused, and what the message says to do."""

from typing import Any

import pytest

from plans import problems
from pulumi_apprunner import AppRunnerService, AppRunnerServiceArgs, Code
from samples import CONNECTION_ARN, IMAGE, KMS_KEY_ARN, ROLE_ARN, SERVICE_ARN
from services import refused


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"image": None}, {"code": "is missing, and so is image: give one"}),
        (
            {"scaling": {"min_size": 26}},
            "26 is not possible: 1 to 25 (instances). App Runner's API accepts no more",
        ),
        ({"scaling": {"max_size": 0}}, {"scaling.max_size": "0 is not possible: 1 or more (instances)"}),
        (
            {"scaling": {"min_size": 5, "max_size": 4}},
            {"scaling.max_size": "4 is less than min_size, 5: give at least that"},
        ),
        (
            {"scaling": {"max_concurrency": 201}},
            {"scaling.max_concurrency": "201 is not possible: 1 to 200 (requests at a time per instance)"},
        ),
        ({"health_check": {"interval": 0}}, {"health_check.interval": "0 is not possible: 1 to 20 (seconds)"}),
        ({"health_check": {"timeout": 21}}, {"health_check.timeout": "21 is not possible: 1 to 20 (seconds)"}),
        (
            {"health_check": {"protocol": "HTTPS"}},
            {"health_check.protocol": "'HTTPS' is not one of 'HTTP' or 'TCP'"},
        ),
        (
            {"health_check": {"path": "/healthz"}},
            {"health_check.path": "'/healthz' goes with protocol \"HTTP\" only: set it, or leave the path out"},
        ),
        ({"port": True}, {"port": "True is not possible: 1 to 65535 (TCP port)"}),
        (
            {"environment": {"LEVEL": 1}},
            {"environment.LEVEL": "is a number or truth value, not a text: put it in quotes"},
        ),
        (
            {"environment": {"AWSAPPRUNNER_X": "x"}},
            {
                "environment.AWSAPPRUNNER_X": "is reserved: App Runner sets PORT itself (to `port`) "
                "and keeps names that begin with AWSAPPRUNNER"
            },
        ),
        (
            {"service_name": "api"},
            {
                "service_name": "'api' is not a name that AWS takes: 4 to 40 letters, digits, hyphens and "
                "underscores, beginning with a letter or digit"
            },
        ),
        (
            {"auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "True is not possible for a public image: App Runner follows private "
                "ECR only"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "cross_account": True}, "auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "True is not possible for an image in another account: App Runner "
                "follows its own account's ECR only"
            },
        ),
        (
            {"access_role_arn": ROLE_ARN},
            {
                "access_role_arn": f"'{ROLE_ARN}' goes with a private image only: App Runner refuses it for other "
                "sources"
            },
        ),
        (
            {"instance_role": {"arn": ROLE_ARN, "policy_documents": ['{"Statement": [{"Effect": "Allow"}]}']}},
            {
                "instance_role.policy_documents": "cannot be put on a role that is passed in as arn: "
                "give it the permission where it is made"
            },
        ),
        (
            {"image": {"identifier": "docker.io/library/nginx:1.27"}},
            {
                "image.identifier": "'docker.io/library/nginx:1.27' is not an image that App Runner can pull: "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG or public.ecr.aws/ALIAS/REPOSITORY:TAG "
                "(or @sha256:DIGEST); Docker's official images are at public.ecr.aws/docker/library/"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "repository_type": "ECR_PUBLIC"}},
            {"image.repository_type": "'ECR_PUBLIC' does not agree with the identifier, which is in ECR: leave it out"},
        ),
    ],
)
def test_a_rule_says_what_was_got_what_is_allowed_and_what_to_do(args: dict[str, Any], expected: Any) -> None:
    found = refused(**args)
    if isinstance(expected, str):
        (reason,) = found.values()
        assert reason.startswith(expected)
    else:
        assert found == expected


def test_a_file_that_configures_leaves_nothing_to_say_here() -> None:
    code = {
        "connection_arn": CONNECTION_ARN,
        "repository_url": "https://github.com/example/orders",
        "configuration_source": "REPOSITORY",
        "runtime": "PYTHON_311",
        "build_command": "make",
    }
    args = {
        "code": code,
        "port": 8000,
        "environment": {"A": "a"},
        "start_command": "serve",
        "redeploy_trigger": "1",
        "secrets": [{"value_from": {"B": "b"}}],
    }
    found = problems(lambda: AppRunnerService("api", args))
    assert set(found) == {"code.runtime", "code.build_command"}
    del code["runtime"], code["build_command"]
    found = problems(lambda: AppRunnerService("api", args))
    assert set(found) == {"port", "environment", "start_command", "redeploy_trigger", "secrets"}
    assert all("would be overridden by apprunner.yaml" in reason for reason in found.values())


def test_code_needs_a_runtime_unless_its_file_names_one() -> None:
    code = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders")
    found = problems(lambda: AppRunnerService("api", AppRunnerServiceArgs(code=code)))
    assert list(found) == ["code.runtime"]
    assert found["code.runtime"].startswith("is missing: choose one of PYTHON_3, PYTHON_311, ")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:kms:eu-west-1:123456789012:alias/orders", "an alias"),
        ("arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "a multi-Region key"),
        (KMS_KEY_ARN.rpartition("/")[2], "no key's ARN"),
    ],
)
def test_only_a_key_with_a_uuid_encrypts(arn: str, kind: str) -> None:
    assert refused(kms_key_arn=arn) == {
        "kms_key_arn": f"'{arn}' is {kind}, which App Runner does not take: give the key's ARN with its UUID, "
        "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    }


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"Statement": []}', '{"Statement": ["Allow"]}', '{"Statement": [[]]}', "[" * 100_000, "null"],
)
def test_a_policy_document_holds_statements(document: str) -> None:
    assert list(refused(instance_role={"policy_documents": [document]})) == ["instance_role.policy_documents[0]"]


@pytest.mark.parametrize(
    "args",
    [
        {"health_check": {"protocol": "HTTP", "path": "healthz"}},
        {"start_command": "a\nb"},
        {"instance_role": {"policy_arns": {"a b": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
    ],
)
def test_a_form_is_told_in_words_and_not_as_a_regular_expression(args: dict[str, Any]) -> None:
    (reason,) = refused(**args).values()
    assert "pattern" not in reason
    assert "^" not in reason


@pytest.mark.parametrize("tags", [{"aws:team": "a"}, {"a,b": "c"}, {"a": "b\nc"}, {"": "a"}, {"a": "x" * 257}])
def test_tags_are_what_every_service_that_gets_them_takes(tags: dict[str, str]) -> None:
    assert len(refused(tags=tags)) == 1


def test_an_arn_of_another_kind_is_refused_on_the_line() -> None:
    assert refused(vpc_connector_arn=SERVICE_ARN) == {
        "vpc_connector_arn": f"'{SERVICE_ARN[:77]}...' is not a VPC connector's ARN: "
        "arn:aws:apprunner:REGION:ACCOUNT:vpcconnector/NAME/1/ID"
    }
