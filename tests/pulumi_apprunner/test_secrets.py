"""Secrets: the reference to each source, and a policy that allows reading exactly these."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions

from plans import plan, problems
from pulumi_apprunner import SecretsBinding, SecretsBindingArgs, SecretSource
from pulumi_apprunner.testing import Graph, run
from samples import KMS_KEY_ARN, PARAMETER_ARN, SECRET_ARN

OTHER_KEY_ARN = KMS_KEY_ARN.replace("0a1b2c3d", "01234567")
OTHER_SECRET_ARN = SECRET_ARN.replace("orders/db-AbCdEf", "mail-XyZ123")


def binding(**secrets: Any) -> Callable[[], None]:
    """Return a program that binds these secrets."""
    return lambda: SecretsBinding("secrets", SecretsBindingArgs(secrets=secrets)) and None


def plan_of(**secrets: Any) -> Graph:
    return plan(binding(**secrets), config={"aws:region": "eu-west-1"})


def value_from(**source: Any) -> str:
    return plan_of(A=SecretSource(**source)).named("secrets").outputs["valueFrom"]["A"]


def statements(**secrets: Any) -> Any:
    document = json.loads(plan_of(**secrets).named("secrets").outputs["policyDocument"])
    assert document["Version"] == "2012-10-17"
    return document["Statement"]


def allowed(action: str, *resources: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources)}


def decrypts(through: list[str], *keys: str) -> dict[str, Any]:
    return allowed("kms:Decrypt", *keys) | {"Condition": {"StringEquals": {"kms:ViaService": through}}}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"secret_arn": SECRET_ARN}, SECRET_ARN),
        ({"secret_arn": SECRET_ARN, "json_key": "password"}, f"{SECRET_ARN}:password::"),
        ({"secret_arn": SECRET_ARN, "version_stage": "AWSPREVIOUS"}, f"{SECRET_ARN}::AWSPREVIOUS:"),
        ({"secret_arn": SECRET_ARN, "version_id": "0a1b"}, f"{SECRET_ARN}:::0a1b"),
        ({"secret_arn": SECRET_ARN, "json_key": "user", "version_id": "0a1b"}, f"{SECRET_ARN}:user::0a1b"),
        ({"secret_arn": SECRET_ARN, "json_key": "user", "version_stage": "MINE"}, f"{SECRET_ARN}:user:MINE:"),
        ({"parameter_arn": PARAMETER_ARN}, PARAMETER_ARN),
        ({"parameter_name": "/orders/flags"}, "/orders/flags"),
        ({"parameter_name": "flags"}, "flags"),
    ],
)
def test_each_source_has_app_runners_reference(source: dict[str, str], expected: str) -> None:
    assert value_from(**source) == expected


def test_the_policy_has_plain_arns_and_only_the_keys_in_the_arguments() -> None:
    assert statements(
        PASSWORD=SecretSource(secret_arn=SECRET_ARN, json_key="password"),
        USER=SecretSource(secret_arn=SECRET_ARN, json_key="user"),
        MAIL=SecretSource(secret_arn=OTHER_SECRET_ARN, kms_key_arn=KMS_KEY_ARN),
        FLAGS=SecretSource(parameter_arn=PARAMETER_ARN),
    ) == [
        allowed("secretsmanager:GetSecretValue", OTHER_SECRET_ARN, SECRET_ARN),
        allowed("ssm:GetParameters", PARAMETER_ARN),
        decrypts(["secretsmanager.eu-west-1.amazonaws.com"], KMS_KEY_ARN),
    ]


def test_a_key_decrypts_only_through_the_services_of_its_sources() -> None:
    assert statements(
        MAIL=SecretSource(secret_arn=OTHER_SECRET_ARN, kms_key_arn=KMS_KEY_ARN),
        PASSWORD=SecretSource(secret_arn=SECRET_ARN, kms_key_arn=OTHER_KEY_ARN),
        FLAGS=SecretSource(parameter_arn=PARAMETER_ARN, kms_key_arn=KMS_KEY_ARN),
        LEVEL=SecretSource(parameter_name="/orders/level", kms_key_arn=OTHER_KEY_ARN),
    )[2:] == [
        decrypts(
            ["secretsmanager.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"], *[OTHER_KEY_ARN, KMS_KEY_ARN]
        )
    ]


def test_keys_of_other_services_and_regions_have_separate_conditions() -> None:
    elsewhere = SECRET_ARN.replace("eu-west-1", "us-east-1")
    assert statements(
        PASSWORD=SecretSource(secret_arn=elsewhere, kms_key_arn=OTHER_KEY_ARN),
        FLAGS=SecretSource(parameter_arn=PARAMETER_ARN, kms_key_arn=KMS_KEY_ARN),
    )[2:] == [
        decrypts(["secretsmanager.us-east-1.amazonaws.com"], OTHER_KEY_ARN),
        decrypts(["ssm.eu-west-1.amazonaws.com"], KMS_KEY_ARN),
    ]


def test_in_china_the_services_have_chinas_suffix() -> None:
    secret, key = (
        arn.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1") for arn in (SECRET_ARN, KMS_KEY_ARN)
    )
    assert statements(A=SecretSource(secret_arn=secret, kms_key_arn=key))[1:] == [
        decrypts(["secretsmanager.cn-north-1.amazonaws.com.cn"], key)
    ]


def test_a_parameter_that_refers_to_a_secret_is_decrypted_through_either_service() -> None:
    reference = PARAMETER_ARN.replace("orders/flags", "aws/reference/secretsmanager/orders")
    assert statements(A=SecretSource(parameter_arn=reference, kms_key_arn=KMS_KEY_ARN))[1:] == [
        decrypts(["secretsmanager.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"], KMS_KEY_ARN)
    ]


def test_a_key_that_is_an_output_gets_its_condition_when_it_is_known() -> None:
    def program() -> None:
        key = pulumi.Output.from_input(KMS_KEY_ARN)
        SecretsBinding("secrets", {"secrets": {"A": {"secret_arn": SECRET_ARN, "kms_key_arn": key}}})

    document = json.loads(run(program).named("secrets").outputs["policyDocument"])
    assert document["Statement"][1] == decrypts(["secretsmanager.eu-west-1.amazonaws.com"], KMS_KEY_ARN)


def test_the_policy_allows_only_what_is_needed() -> None:
    assert statements(FLAGS=SecretSource(parameter_arn=PARAMETER_ARN)) == [allowed("ssm:GetParameters", PARAMETER_ARN)]


@pytest.mark.parametrize("name", ["/orders/flags", "orders/flags"])
def test_a_parameter_name_is_allowed_in_the_providers_account_and_region(name: str) -> None:
    assert statements(FLAGS=SecretSource(parameter_name=name)) == [
        allowed("ssm:GetParameters", "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags")
    ]


def test_account_and_region_are_looked_up_once_for_each_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    providers: list[str] = []
    look_up = aws.get_caller_identity_output

    def counted(opts: Any) -> Any:
        providers.append(opts.provider and opts.provider.pulumi_resource_name)
        return look_up(opts=opts)

    monkeypatch.setattr(aws, "get_caller_identity_output", counted)

    def program() -> None:
        other = aws.Provider("other", region="eu-central-1")
        secrets = SecretsBindingArgs(
            secrets={"A": SecretSource(parameter_name="a"), "B": SecretSource(parameter_name="b")}
        )
        for name, opts in (("first", None), ("second", None), ("third", ResourceOptions(provider=other))):
            SecretsBinding(name, secrets, opts)
        SecretsBinding("fourth", secrets, ResourceOptions(providers={"aws": other}))

    graph = run(program, config={"aws:region": "eu-west-1"})
    assert providers == [None, "other"]
    arns = {name: graph.named(name).outputs["policyDocument"] for name in ("second", "third", "fourth")}
    assert {name: "arn:aws:ssm:eu-central-1:" in document for name, document in arns.items()} == {
        "second": False,
        "third": True,
        "fourth": True,
    }


def test_an_arn_may_be_an_output() -> None:
    def program() -> None:
        late = pulumi.Output.from_input(SECRET_ARN)
        SecretsBinding("secrets", SecretsBindingArgs(secrets={"A": SecretSource(secret_arn=late, json_key="user")}))

    outputs = plan(program).named("secrets").outputs
    assert outputs["valueFrom"] == {"A": f"{SECRET_ARN}:user::"}
    assert json.loads(outputs["policyDocument"])["Statement"] == [allowed("secretsmanager:GetSecretValue", SECRET_ARN)]


def test_it_creates_no_resource() -> None:
    assert [each.type for each in plan_of(A=SecretSource(parameter_name="a")).resources] == [
        "apprunner:index:SecretsBinding"
    ]


def test_the_names_are_plain_so_that_the_graph_is_the_same_in_every_preview() -> None:
    bindings: list[Any] = []

    def program() -> None:
        bindings.append(
            SecretsBinding("s", {"secrets": {"A": {"secret_arn": SECRET_ARN}, "B": {"parameter_name": "b"}}})
        )

    run(program, unknown=True)
    assert list(bindings[0].value_from) == ["A", "B"]
    assert bindings[0].bound.value_from is bindings[0].value_from
    assert bindings[0].bound.policy_document is bindings[0].policy_document


# Errors


@pytest.mark.parametrize(
    ("source", "path", "reason"),
    [
        ({}, "parameter_name", "secret_arn, parameter_arn or parameter_name is required. Set one of them"),
        (
            {"secret_arn": SECRET_ARN, "parameter_name": "flags"},
            "parameter_name",
            "must not be set together with another source. Set one of secret_arn, parameter_arn and parameter_name",
        ),
        (
            {"parameter_name": "flags", "json_key": "a"},
            "json_key",
            "must not be set without secret_arn. A parameter has one value",
        ),
        (
            {"secret_arn": SECRET_ARN, "version_stage": "A", "version_id": "b"},
            "version_id",
            "must not be set together with version_stage. Each selects a version. Remove one of them",
        ),
        (
            {"secret_arn": f"{SECRET_ARN}:password::"},
            "secret_arn",
            f'must end with the secret\'s name and six characters, got "{SECRET_ARN}:password::". '
            'Set json_key to "password" instead',
        ),
        (
            {"secret_arn": SECRET_ARN.rpartition("-")[0]},
            "secret_arn",
            "must be the full ARN of a secret (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-XXXXXX), "
            f'got "{SECRET_ARN.rpartition("-")[0]}". '
            "It ends with the six characters that Secrets Manager adds to the name",
        ),
        (
            {"secret_arn": SECRET_ARN, "kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:alias/orders"},
            "kms_key_arn",
            "must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias, "
            'got "arn:aws:kms:eu-west-1:123456789012:alias/orders"',
        ),
    ],
)
def test_an_invalid_source_is_an_error(source: dict[str, str], path: str, reason: str) -> None:
    assert problems(binding(A=SecretSource(**source))) == {f"secrets.A.{path}": reason}


def test_several_problems_are_reported_together() -> None:
    source = SecretSource(secret_arn=SECRET_ARN, parameter_arn=PARAMETER_ARN, json_key="a:b")
    assert set(problems(binding(PORT=SecretSource(parameter_name="p"), A=source))) == {
        "secrets.PORT",
        "secrets.A.json_key",
        "secrets.A.parameter_name",
    }


def test_an_empty_binding_is_an_error() -> None:
    assert list(problems(binding())) == ["secrets"]


@pytest.mark.parametrize(
    "source",
    [{"secret_arn": "hunter2"}, {"parameter_arn": "hunter2"}, {"parameter_name": "hunter2!"}, "hunter2"],
    ids=["secret_arn", "parameter_arn", "parameter_name", "in place of a source"],
)
def test_a_secret_in_place_of_its_reference_is_not_in_the_message(source: Any) -> None:
    errors = problems(lambda: SecretsBinding("secrets", {"secrets": {"PASSWORD": source}}))
    assert errors
    assert "hunter2" not in str(errors)
