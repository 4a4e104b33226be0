"""Whose credentials are used: what is said, else what the stack's configuration gives to pulumi-aws."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access
from pulumi_apprunner.testing import run
from samples import ROLE_ARN


def access(config: Mapping[str, Any], **said: Any) -> Access:
    """Return how AWS is asked by a component of a stack with this configuration."""
    found: list[Access] = []
    run(lambda: found.append(Access.of(Lifecycle(**said))), config=config)
    return found[0]


@pytest.fixture(autouse=True)
def _no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


def test_nothing_said_is_left_to_boto3() -> None:
    assert access({}) == Access()


def test_the_region_is_the_providers_before_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert access({}).region == "us-east-1"
    assert access({"aws:region": "eu-west-1"}).region == "eu-west-1"


def test_the_providers_profile_keys_and_endpoints_are_taken() -> None:
    endpoints = json.dumps([{"apprunner": "https://apprunner.example.com", "sts": ""}])
    found = access({"aws:profile": "shop", "aws:accessKey": "a", "aws:secretKey": "s", "aws:endpoints": endpoints})
    assert found.profile == "shop"
    assert found.keys == {"aws_access_key_id": "a", "aws_secret_access_key": "s"}
    assert found.endpoints == {"apprunner": "https://apprunner.example.com"}


def test_the_providers_roles_are_assumed_one_after_the_other() -> None:
    roles = [{"roleArn": ROLE_ARN, "externalId": "x", "sessionName": "ci"}, {"roleArn": f"{ROLE_ARN}-2"}]
    assert access({"aws:assumeRoles": json.dumps(roles)}).roles == (
        {"RoleArn": ROLE_ARN, "RoleSessionName": "ci", "ExternalId": "x"},
        {"RoleArn": f"{ROLE_ARN}-2", "RoleSessionName": "pulumi-apprunner"},
    )


def test_everything_that_is_said_of_a_role_is_passed_on() -> None:
    role = {
        "roleArn": ROLE_ARN,
        "sessionName": "ci",
        "externalId": "x",
        "duration": "1h30m",
        "policy": "{}",
        "policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "tags": {"team": "orders"},
        "transitiveTagKeys": ["team"],
        "sourceIdentity": "alice",
    }
    assert access({"aws:assumeRoles": json.dumps([role])}).roles == (
        {
            "RoleArn": ROLE_ARN,
            "RoleSessionName": "ci",
            "ExternalId": "x",
            "DurationSeconds": 5400,
            "Policy": "{}",
            "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            "Tags": [{"Key": "team", "Value": "orders"}],
            "TransitiveTagKeys": ["team"],
            "SourceIdentity": "alice",
        },
    )


def test_numbers_are_taken_as_text_and_a_duration_of_another_form_is_left_out() -> None:
    role = {"roleArn": ROLE_ARN, "externalId": 987654321, "tags": {"cost": 4711}, "duration": "500ms"}
    (taken,) = access({"aws:assumeRoles": json.dumps([role])}).roles
    assert taken["ExternalId"] == "987654321"
    assert taken["Tags"] == [{"Key": "cost", "Value": "4711"}]
    assert "DurationSeconds" not in taken
    (longer,) = access({"aws:assumeRoles": json.dumps([role | {"duration": "1.5h"}])}).roles
    assert longer["DurationSeconds"] == 5400


def test_no_external_id_shows_in_a_representation() -> None:
    role = {"roleArn": ROLE_ARN, "externalId": "canary"}
    assert "canary" not in repr(access({"aws:assumeRoles": json.dumps([role])}))


def test_a_web_identity_is_taken_with_its_token() -> None:
    block = {"roleArn": ROLE_ARN, "webIdentityTokenFile": "/var/run/token", "duration": "15m"}
    assert access({"aws:assumeRoleWithWebIdentity": json.dumps(block)}).web_identity == {
        "RoleArn": ROLE_ARN,
        "RoleSessionName": "pulumi-apprunner",
        "DurationSeconds": 900,
        "token_file": "/var/run/token",
    }


def test_files_region_of_sts_and_settings_of_the_connection_are_taken() -> None:
    found = access(
        {
            "aws:sharedConfigFiles": json.dumps(["one", "two"]),
            "aws:sharedCredentialsFiles": json.dumps(["three"]),
            "aws:stsRegion": "us-east-1",
            "aws:customCaBundle": "ca.pem",
            "aws:useFipsEndpoint": "true",
        }
    )
    assert (found.config_files, found.credentials_files) == (("one", "two"), ("three",))
    assert found.sts_region == "us-east-1"
    assert found.connection == {"verify": "ca.pem", "use_fips_endpoint": True}


def test_what_is_said_stands_in_place_of_all_of_it() -> None:
    config = {"aws:profile": "shop", "aws:accessKey": "a", "aws:assumeRoles": json.dumps([{"roleArn": ROLE_ARN}])}
    assert access(config, profile="other") == Access(profile="other", roles=())
    (role,) = access(config, assume_role_arn=f"{ROLE_ARN}-2").roles
    assert role["RoleArn"] == f"{ROLE_ARN}-2"


def test_no_key_shows_in_a_representation() -> None:
    assert "canary" not in repr(access({"aws:accessKey": "a", "aws:secretKey": "canary"}))
