"""Whether a service is described with the settings that a program wants."""

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
"""Their keys are the user's."""
_EMPTY_IF_UNSET = ("StartCommand", "BuildCommand")
"""AWS returns them only if they are set; what else is unset has a default."""


def has_settings(described: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether a service has all settings that a program wants.

    What the program leaves open may be anything; but a variable, secret or command that it does not set must not be
    there. No wanted settings at all are unknown ones, which a service does not have.

    Args:
        described: DescribeService's answer.
        wanted: The service's inputs, in the form of pulumi_aws's dicts.
    """
    summary = described.get("AutoScalingConfigurationSummary", {})
    answer = {**described, "AutoScalingConfigurationArn": summary.get("AutoScalingConfigurationArn")}
    return bool(wanted) and _holds(answer, {key: value for key, value in wanted.items() if _member(key) in _BLOCKS})


def uses(described: Mapping[str, Any], arn: str) -> bool:
    """Return whether a service is described with a connector, a scaling or an observability configuration."""
    egress = described.get("NetworkConfiguration", {}).get("EgressConfiguration", {})
    return arn in (
        egress.get("VpcConnectorArn"),
        described.get("AutoScalingConfigurationSummary", {}).get("AutoScalingConfigurationArn"),
        described.get("ObservabilityConfiguration", {}).get("ObservabilityConfigurationArn"),
    )


def _holds(described: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return described == wanted or _text(described) == _text(wanted) or _is_revision_of(described, wanted)
    there: Mapping[str, Any] = cast(Mapping[str, Any], described) if isinstance(described, Mapping) else {}
    for key, value in cast(Mapping[str, Any], wanted).items():
        member = _member(key)
        if value is None:
            if member in _EMPTY_IF_UNSET and there.get(member):
                return False
        elif member in _MAPS:
            if (there.get(member) or {}) != (value or {}):
                return False
        elif member in there:
            if not _holds(there[member], value):
                return False
        elif value not in (None, "", False) and not (isinstance(value, Mapping) and _holds({}, value)):
            return False
    return True


def _member(key: str) -> str:
    """Return AWS's name of an input: ImageIdentifier of image_identifier or imageIdentifier."""
    return "".join(part[:1].upper() + part[1:] for part in re.split("_", key))


def _is_revision_of(described: Any, wanted: Any) -> bool:
    """Return whether a configuration's ARN names a revision of what is wanted: an ARN without one means the latest."""
    given = isinstance(described, str) and isinstance(wanted, str)
    return given and wanted.startswith("arn:") and described.startswith(f"{wanted}/")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
