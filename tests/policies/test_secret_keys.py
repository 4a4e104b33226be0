"""The rule secrets-grant-matches: the instance role may decrypt the bound secrets of a customer-managed key."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.secret_grants import secrets_grant_matches
from policies.public_services import messages
from policies.secret_services import service

TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)
READ = ["secretsmanager:GetSecretValue", "ssm:GetParameters"]
ELSEWHERE = "arn:aws:kms:eu-west-1:123456789012:key/5f2b7c1e-8d3a-4e6f-9b10-2c4d6e8f0a1b"


def document(*statements):
    return pulumi.Output.json_dumps({"Statement": [{"Effect": "Allow", **each} for each in statements]})


def own_key(**more: Any):
    return aws.kms.Key("key", **more)


def secret_of(key: Any):
    return aws.secretsmanager.Secret("password", kms_key_id=key).arn


def parameter_of(key: Any):
    return aws.ssm.Parameter("flags", name="/shop/flags", type="SecureString", value="x", key_id=key).arn


def parameter_by_name(key: Any):
    parameter_of(key)
    return "/shop/flags"


def bound(reference: Any, *statements):
    """Create a service whose role may read a secret, with more statements."""
    role = aws.iam.Role("tasks", assume_role_policy=TRUST)
    reads = {"Action": READ, "Resource": "arn:aws:*:*:123456789012:*/shop/*"}
    secrets = {"Action": READ, "Resource": [reference] if reference != "/shop/flags" else "*"}
    aws.iam.RolePolicy("own", role=role.name, policy=document(reads, secrets, *statements))
    service(role=role.arn, secrets={"DB_PASSWORD": reference})
    return role


def decryptions(report, program, **more):
    return [each for each in messages(report(program, secrets_grant_matches, **more)) if "kms:Decrypt" in each]


@pytest.mark.parametrize("encrypted", [secret_of, parameter_of, parameter_by_name])
@pytest.mark.parametrize("name", [lambda key: key.arn, lambda key: key.key_id])
def test_a_role_that_may_not_use_the_key_is_reported(report, encrypted, name):
    (message,) = decryptions(report, lambda: bound(encrypted(name(own_key()))))

    assert "DB_PASSWORD must be readable by tasks, the role of instanceConfiguration.instanceRoleArn" in message
    assert "got no policy that allows kms:Decrypt on key, the key that encrypts " in message


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("encrypted", [secret_of, parameter_of])
def test_a_role_that_may_use_the_key_passes(report, encrypted, unknown):
    def program():
        key = own_key()
        bound(encrypted(key.arn), {"Action": "kms:Decrypt", "Resource": key.arn})

    assert not decryptions(report, program, unknown=unknown)


def test_a_permission_on_another_key_does_not_count(report):
    def program():
        bound(secret_of(own_key().arn), {"Action": "kms:Decrypt", "Resource": ELSEWHERE})

    assert decryptions(report, program)


@pytest.mark.parametrize("name", [lambda alias: alias.arn, lambda alias: alias.name, lambda alias: "alias/shop"])
def test_an_alias_names_its_key(report, name):
    def program():
        alias = aws.kms.Alias("alias", name="alias/shop", target_key_id=own_key().key_id)
        bound(secret_of(name(alias)))

    assert decryptions(report, program)


@pytest.mark.parametrize("key", [None, ELSEWHERE, "alias/aws/secretsmanager"])
def test_keys_outside_the_stack_are_not_checked(report, key):
    assert not decryptions(report, lambda: bound(secret_of(key)))


def test_an_unknown_secret_is_skipped(report):
    result = report(lambda: bound(secret_of(own_key().arn)), secrets_grant_matches, unknown=True)

    assert not result.violations
    assert result.skipped


def test_the_policy_of_the_key_can_name_the_role(report):
    def program():
        key = own_key()
        role = bound(secret_of(key.arn))
        allows = {"Principal": {"AWS": role.arn}, "Action": "kms:Decrypt", "Resource": "*"}
        aws.kms.KeyPolicy("key", key_id=key.id, policy=document(allows))

    assert not decryptions(report, program)


@pytest.mark.parametrize(("principal", "is_reported"), [("*", False), ("arn:aws:iam::123456789012:root", True)])
def test_the_policy_of_the_key_can_name_everybody_and_delegate_to_policies(report, principal, is_reported):
    def program():
        allows = {"Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
        bound(secret_of(own_key(policy=document(allows)).arn))

    assert bool(decryptions(report, program)) is is_reported


@pytest.mark.parametrize(("operation", "is_reported"), [("Decrypt", False), ("Encrypt", True)])
def test_a_grant_of_the_key_counts(report, operation, is_reported):
    def program():
        key = own_key()
        role = bound(secret_of(key.arn))
        aws.kms.Grant("tasks", key_id=key.key_id, grantee_principal=role.arn, operations=[operation])

    assert bool(decryptions(report, program)) is is_reported
