"""Compares a service in AWS with the settings of a program."""

import re
from collections.abc import Mapping
from typing import Any, cast

_BLOCKS = (
    "AutoScalingConfigurationArn",
    "HealthCheckConfiguration",
    "InstanceConfiguration",
    "NetworkConfiguration",
    "ObservabilityConfiguration",
    "SourceConfiguration",
)
_MAPS = ("RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets")
"""Blocks whose keys the user chooses."""
_EMPTY_IF_UNSET = ("StartCommand", "BuildCommand")
"""AWS returns these only if they are set. Other unset members have a default."""


def has_settings(described: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether a service has all settings of a program.

    Settings that the program does not set may have any value, except variables, secrets and commands: these must not
    exist. If the inputs are empty, they are unknown, and the result is False.

    Args:
        described: DescribeService's response.
        wanted: The service's inputs, in the form of pulumi_aws's dicts.
    """
    summary = described.get("AutoScalingConfigurationSummary", {})
    response = {**described, "AutoScalingConfigurationArn": summary.get("AutoScalingConfigurationArn")}
    return bool(wanted) and _matches(response, {key: value for key, value in wanted.items() if _member(key) in _BLOCKS})


def uses(described: Mapping[str, Any], arn: str) -> bool:
    """Return whether a service uses a connector, a scaling or an observability configuration."""
    egress = described.get("NetworkConfiguration", {}).get("EgressConfiguration", {})
    return arn in (
        egress.get("VpcConnectorArn"),
        described.get("AutoScalingConfigurationSummary", {}).get("AutoScalingConfigurationArn"),
        described.get("ObservabilityConfiguration", {}).get("ObservabilityConfigurationArn"),
    )


def _matches(described: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return described == wanted or _text(described) == _text(wanted) or _is_revision_of(described, wanted)
    members: Mapping[str, Any] = cast(Mapping[str, Any], described) if isinstance(described, Mapping) else {}
    for key, value in cast(Mapping[str, Any], wanted).items():
        member = _member(key)
        if value is None:
            if member in _EMPTY_IF_UNSET and members.get(member):
                return False
        elif member in _MAPS:
            if (members.get(member) or {}) != (value or {}):
                return False
        elif member in members:
            if not _matches(members[member], value):
                return False
        elif value not in (None, "", False) and not (isinstance(value, Mapping) and _matches({}, value)):
            return False
    return True


def _member(key: str) -> str:
    """Return AWS's name of an input: ImageIdentifier for image_identifier or imageIdentifier."""
    return "".join(part[:1].upper() + part[1:] for part in re.split("_", key))


def _is_revision_of(described: Any, wanted: Any) -> bool:
    """Return whether an ARN is a revision of the wanted one, which has no revision and so means the latest."""
    are_strings = isinstance(described, str) and isinstance(wanted, str)
    return are_strings and wanted.startswith("arn:") and described.startswith(f"{wanted}/")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
