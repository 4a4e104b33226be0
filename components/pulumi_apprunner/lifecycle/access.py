"""Access to AWS around a deployment: credentials, region and endpoints."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pulumi

from pulumi_apprunner import sdk
from pulumi_apprunner.args.lifecycle import Lifecycle

_SESSION_NAME = "pulumi-apprunner"
_UNITS = {"h": 3600, "m": 60, "s": 1}
_PART = r"(\d+(?:\.\d+)?)([hms])"


@dataclass(frozen=True)
class Access:
    """Credentials, region and endpoints: from a Lifecycle's settings, otherwise from the stack's `aws:` configuration,
    otherwise from boto3's default chain.

    Args:
        profile: A profile of the AWS configuration files.
        keys: Static credentials, under boto3's names.
        config_files: Paths of AWS configuration files. Default: ~/.aws/config.
        credentials_files: Paths of AWS credentials files. Default: ~/.aws/credentials.
        web_identity: The arguments of AssumeRoleWithWebIdentity, and `token` or `token_file`.
        roles: The arguments of AssumeRole for each role, assumed one after the other.
        region: The region of calls without an ARN.
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
        """Return the access of a component with these settings."""
        configured = sdk.once_per_run(_configured)
        if not settings.profile and not settings.assume_role_arn:
            return configured
        roles = (_role({"roleArn": settings.assume_role_arn}),) if settings.assume_role_arn else ()
        return replace(configured, profile=settings.profile, keys={}, web_identity={}, roles=roles)


def _configured() -> Access:
    """Return the access that the stack's `aws:` configuration describes."""
    config = pulumi.Config("aws")
    names = {"accessKey": "aws_access_key_id", "secretKey": "aws_secret_access_key", "token": "aws_session_token"}
    web_identity = next(iter(_blocks(config.get_object("assumeRoleWithWebIdentity"))), None)
    return Access(
        profile=config.get("profile"),
        keys={ours: value for theirs, ours in names.items() if (value := config.get(theirs))},
        config_files=_strings(config.get_object("sharedConfigFiles")),
        credentials_files=_strings(config.get_object("sharedCredentialsFiles")),
        web_identity=_web_identity(web_identity) if web_identity else {},
        roles=tuple(_role(each) for each in _blocks(config.get_object("assumeRoles")) if each.get("roleArn")),
        region=config.get("region") or os.environ.get("AWS_REGION"),
        sts_region=config.get("stsRegion"),
        endpoints={name: url for each in _blocks(config.get_object("endpoints")) for name, url in each.items() if url},
        connection=_connection(config),
    )


def _connection(config: pulumi.Config) -> dict[str, Any]:
    settings = {
        "verify": config.get("customCaBundle"),
        "use_fips_endpoint": config.get_bool("useFipsEndpoint"),
        "use_dualstack_endpoint": config.get_bool("useDualstackEndpoint"),
    }
    return _without_empty(settings)


def _role(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of AssumeRole for a block of `aws:assumeRoles`."""
    tags: Mapping[str, str] = block.get("tags") or {}
    return _without_empty(
        {
            "RoleArn": str(block["roleArn"]),
            "RoleSessionName": _string(block.get("sessionName")) or _SESSION_NAME,
            "ExternalId": _string(block.get("externalId")),
            "DurationSeconds": _seconds(block.get("duration")),
            "Policy": _string(block.get("policy")),
            "PolicyArns": _policy_arns(block),
            "Tags": [{"Key": str(key), "Value": str(value)} for key, value in tags.items()],
            "TransitiveTagKeys": [str(key) for key in block.get("transitiveTagKeys") or ()],
            "SourceIdentity": _string(block.get("sourceIdentity")),
        }
    )


def _web_identity(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return AssumeRoleWithWebIdentity's arguments for the block `aws:assumeRoleWithWebIdentity`, and its token."""
    return _without_empty(
        {
            "RoleArn": block.get("roleArn"),
            "RoleSessionName": _string(block.get("sessionName")) or _SESSION_NAME,
            "DurationSeconds": _seconds(block.get("duration")),
            "Policy": _string(block.get("policy")),
            "PolicyArns": _policy_arns(block),
            "token": block.get("webIdentityToken"),
            "token_file": block.get("webIdentityTokenFile"),
        }
    )


def _policy_arns(block: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"arn": str(arn)} for arn in block.get("policyArns") or ()]


def _seconds(duration: object) -> int | None:
    """Return a duration of pulumi-aws, such as 1h30m, in seconds; None if it is missing or invalid."""
    if not isinstance(duration, str) or not re.fullmatch(rf"(?:{_PART})+", duration):
        return None
    return int(sum(float(number) * _UNITS[unit] for number, unit in re.findall(_PART, duration))) or None


def _string(value: object) -> str | None:
    """Return a value as a string, because YAML parses an id that consists of digits as a number."""
    return None if value is None else str(value)


def _without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    """Return the blocks of a configuration value: a list of blocks or a single block."""
    listed = cast(list[Any], value) if isinstance(value, list) else [value]
    return [cast(Mapping[str, Any], each) for each in listed if isinstance(each, Mapping)]


def _strings(value: Any) -> tuple[str, ...]:
    listed = cast(list[Any], value) if isinstance(value, list) else []
    return tuple(each for each in listed if isinstance(each, str))
