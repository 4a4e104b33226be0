"""How AWS is called around a deployment: whose credentials, which region, which endpoints."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi

from pulumi_apprunner.args.lifecycle import Lifecycle

_SESSION_NAME = "pulumi-apprunner"
_UNITS = {"h": 3600, "m": 60, "s": 1}
_PART = r"(\d+(?:\.\d+)?)([hms])"

READ_SETTINGS = (
    "accessKey",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "customCaBundle",
    "endpoints",
    "profile",
    "region",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "stsRegion",
    "token",
    "useDualstackEndpoint",
    "useFipsEndpoint",
)
"""The keys of the stack's `aws:` configuration that are passed on to boto3; docs/lifecycle.md lists the others."""


@dataclass(frozen=True)
class Access:
    """Everything that decides which account AWS sees: a Lifecycle's settings, else the `aws:` configuration of the
    stack, else boto3's own chain.

    Args:
        profile: A profile of the AWS configuration files.
        keys: Static credentials, under boto3's names.
        config_files: Paths of AWS configuration files in place of ~/.aws/config.
        credentials_files: Paths of AWS credentials files in place of ~/.aws/credentials.
        web_identity: A role that a token is exchanged for, as botocore's AssumeRoleWithWebIdentity takes it, with
            `token` or `token_file`.
        roles: Roles that are assumed one after the other, as botocore's AssumeRole takes them.
        region: The region where no ARN names one.
        sts_region: STS's region. Default: `region`.
        endpoints: Addresses of services, by boto3's names.
        connection: More settings of the connections, under botocore's names.
    """

    profile: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    config_files: Sequence[str] = ()
    credentials_files: Sequence[str] = ()
    web_identity: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    roles: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    region: str | None = None
    sts_region: str | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict[str, str])
    connection: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, settings: Lifecycle) -> "Access":
        """Return what holds for a component of the program that runs now."""
        config = pulumi.Config("aws")
        common: dict[str, Any] = {
            "config_files": _texts(config.get_object("sharedConfigFiles")),
            "credentials_files": _texts(config.get_object("sharedCredentialsFiles")),
            "region": config.get("region") or os.environ.get("AWS_REGION"),
            "sts_region": config.get("stsRegion"),
            "endpoints": {
                name: url for each in _blocks(config.get_object("endpoints")) for name, url in each.items() if url
            },
            "connection": _connection(config),
        }
        if settings.profile or settings.assume_role_arn:
            roles = (_role({"roleArn": settings.assume_role_arn}),) if settings.assume_role_arn else ()
            return cls(profile=settings.profile, roles=roles, **common)
        names = {"accessKey": "aws_access_key_id", "secretKey": "aws_secret_access_key", "token": "aws_session_token"}
        web_identity = next(iter(_blocks(config.get_object("assumeRoleWithWebIdentity"))), None)
        return cls(
            profile=config.get("profile"),
            keys={ours: value for theirs, ours in names.items() if (value := config.get(theirs))},
            web_identity=_web_identity(web_identity) if web_identity else {},
            roles=tuple(_role(each) for each in _blocks(config.get_object("assumeRoles")) if each.get("roleArn")),
            **common,
        )


def _connection(config: pulumi.Config) -> dict[str, Any]:
    given = {
        "verify": config.get("customCaBundle"),
        "use_fips_endpoint": config.get_bool("useFipsEndpoint"),
        "use_dualstack_endpoint": config.get_bool("useDualstackEndpoint"),
    }
    return {name: value for name, value in given.items() if value}


def _role(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block of `aws:assumeRoles` as AssumeRole takes it."""
    tags: Mapping[str, str] = block.get("tags") or {}
    return _given(
        {
            "RoleArn": str(block["roleArn"]),
            "RoleSessionName": _text(block.get("sessionName")) or _SESSION_NAME,
            "ExternalId": _text(block.get("externalId")),
            "DurationSeconds": _seconds(block.get("duration")),
            "Policy": _text(block.get("policy")),
            "PolicyArns": _policy_arns(block),
            "Tags": [{"Key": str(key), "Value": str(value)} for key, value in tags.items()],
            "TransitiveTagKeys": [str(key) for key in block.get("transitiveTagKeys") or ()],
            "SourceIdentity": _text(block.get("sourceIdentity")),
        }
    )


def _web_identity(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block `aws:assumeRoleWithWebIdentity` as AssumeRoleWithWebIdentity takes it, and its token."""
    return _given(
        {
            "RoleArn": block.get("roleArn"),
            "RoleSessionName": _text(block.get("sessionName")) or _SESSION_NAME,
            "DurationSeconds": _seconds(block.get("duration")),
            "Policy": _text(block.get("policy")),
            "PolicyArns": _policy_arns(block),
            "token": block.get("webIdentityToken"),
            "token_file": block.get("webIdentityTokenFile"),
        }
    )


def _policy_arns(block: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"arn": str(arn)} for arn in block.get("policyArns") or ()]


def _seconds(duration: object) -> int | None:
    """Return a duration of pulumi-aws, such as 1h30m, in seconds; None where there is none or it has another form."""
    if not isinstance(duration, str) or not re.fullmatch(rf"(?:{_PART})+", duration):
        return None
    return int(sum(float(number) * _UNITS[unit] for number, unit in re.findall(_PART, duration))) or None


def _text(value: object) -> str | None:
    """Return a value as text: YAML makes numbers of ids that are only digits."""
    return None if value is None else str(value)


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    """Return blocks of the configuration, which come as a list or as the only one of it."""
    listed = cast(list[Any], value) if isinstance(value, list) else [value]
    return [cast(Mapping[str, Any], each) for each in listed if isinstance(each, Mapping)]


def _texts(value: Any) -> tuple[str, ...]:
    listed = cast(list[Any], value) if isinstance(value, list) else []
    return tuple(each for each in listed if isinstance(each, str))
