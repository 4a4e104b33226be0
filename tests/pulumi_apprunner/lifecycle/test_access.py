"""The credentials of the lifecycle settings, or else of the `aws:` configuration of the stack."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access
from pulumi_apprunner.testing import run
from samples import ROLE_ARN


def access(config: Mapping[str, Any], **settings: Any) -> Access:
    """Return the access of a component in a stack with this configuration."""
    accesses: list[Access] = []
    run(lambda: accesses.append(Access.of(Lifecycle(**settings))), config=config)
    return accesses[0]


@pytest.fixture(autouse=True)
def _no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


def test_without_settings_boto3_decides() -> None:
    assert access({}) == Access()


def test_the_providers_region_precedes_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert access({}).region == "us-east-1"
    assert access({"aws:region": "eu-west-1"}).region == "eu-west-1"


def test_the_providers_profile_keys_and_endpoints_are_used() -> None:
    endpoints = json.dumps([{"apprunner": "https://apprunner.example.com", "sts": ""}])
    result = access({"aws:profile": "shop", "aws:accessKey": "a", "aws:secretKey": "s", "aws:endpoints": endpoints})
    assert result.profile == "shop"
    assert result.keys == {"aws_access_key_id": "a", "aws_secret_access_key": "s"}
    assert result.endpoints == {"apprunner": "https://apprunner.example.com"}


def test_the_providers_roles_are_assumed_one_after_the_other() -> None:
    roles = [{"roleArn": ROLE_ARN, "externalId": "x", "sessionName": "ci"}, {"roleArn": f"{ROLE_ARN}-2"}]
    assert access({"aws:assumeRoles": json.dumps(roles)}).roles == (
        {"RoleArn": ROLE_ARN, "RoleSessionName": "ci", "ExternalId": "x"},
        {"RoleArn": f"{ROLE_ARN}-2", "RoleSessionName": "pulumi-apprunner"},
    )


def test_every_setting_of_a_role_is_used() -> None:
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


def test_numbers_become_strings_and_an_invalid_duration_is_ignored() -> None:
    role = {"roleArn": ROLE_ARN, "externalId": 987654321, "tags": {"cost": 4711}, "duration": "500ms"}
    (assumed,) = access({"aws:assumeRoles": json.dumps([role])}).roles
    assert assumed["ExternalId"] == "987654321"
    assert assumed["Tags"] == [{"Key": "cost", "Value": "4711"}]
    assert "DurationSeconds" not in assumed
    (longer,) = access({"aws:assumeRoles": json.dumps([role | {"duration": "1.5h"}])}).roles
    assert longer["DurationSeconds"] == 5400


def test_the_repr_has_no_external_id() -> None:
    role = {"roleArn": ROLE_ARN, "externalId": "canary"}
    assert "canary" not in repr(access({"aws:assumeRoles": json.dumps([role])}))


def test_a_web_identity_is_used_with_its_token() -> None:
    block = {"roleArn": ROLE_ARN, "webIdentityTokenFile": "/var/run/token", "duration": "15m"}
    assert access({"aws:assumeRoleWithWebIdentity": json.dumps(block)}).web_identity == {
        "RoleArn": ROLE_ARN,
        "RoleSessionName": "pulumi-apprunner",
        "DurationSeconds": 900,
        "token_file": "/var/run/token",
    }


def test_files_sts_region_and_connection_settings_are_used() -> None:
    result = access(
        {
            "aws:sharedConfigFiles": json.dumps(["one", "two"]),
            "aws:sharedCredentialsFiles": json.dumps(["three"]),
            "aws:stsRegion": "us-east-1",
            "aws:customCaBundle": "ca.pem",
            "aws:useFipsEndpoint": "true",
        }
    )
    assert (result.config_files, result.credentials_files) == (("one", "two"), ("three",))
    assert result.sts_region == "us-east-1"
    assert result.connection == {"verify": "ca.pem", "use_fips_endpoint": True}


def test_lifecycle_settings_replace_the_providers_credentials() -> None:
    config = {"aws:profile": "shop", "aws:accessKey": "a", "aws:assumeRoles": json.dumps([{"roleArn": ROLE_ARN}])}
    assert access(config, profile="other") == Access(profile="other", roles=())
    (role,) = access(config, assume_role_arn=f"{ROLE_ARN}-2").roles
    assert role["RoleArn"] == f"{ROLE_ARN}-2"


def test_a_run_reads_the_configuration_once() -> None:
    accesses: list[Access] = []
    run(lambda: accesses.extend(Access.of(Lifecycle()) for _ in range(2)), config={"aws:profile": "shop"})
    assert accesses[0] is accesses[1]
    assert access({"aws:profile": "other"}).profile == "other"


def test_the_repr_has_no_key() -> None:
    assert "canary" not in repr(access({"aws:accessKey": "a", "aws:secretKey": "canary"}))
