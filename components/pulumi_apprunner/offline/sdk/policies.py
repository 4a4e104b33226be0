# pyright: reportPrivateUsage=false
"""pulumi_policy without its server: captures a pack's rules, and converts properties as its server does."""

import runpy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from pulumi_policy import deserialize as _deserialize
from pulumi_policy import policy as _policy
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy
from pulumi_policy.secret import Secret as _Secret
from pulumi_policy.secret import secrets_preserving_proxy

from pulumi_apprunner.offline.sdk.wire import UNKNOWN_TEXT
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, is_map, map_leaves

NotApplicable: type[Exception] = _NotApplicableError
"""What `args.not_applicable(reason)` raises in a rule."""

__all__ = [
    "NotApplicable",
    "PackCreated",
    "UnknownValueError",
    "capture_pack",
    "decode_remediation",
    "remediation_properties",
    "validation_properties",
]


class PackCreated(BaseException):
    """The arguments of a `PolicyPack`. It is an exception because the real `PolicyPack` does not return either."""

    def __init__(
        self, name: str, policies: Sequence[Any], level: Any, initial_config: Mapping[str, Any] | None
    ) -> None:
        super().__init__(name)
        self.name = name
        self.policies = list(policies)
        self.level = level
        self.initial_config = initial_config or {}


class _Capture:
    """In place of the SDK's servicer, which the `PolicyPack` creates."""

    def __init__(self, name: str, version: str, policies: Any, level: Any, config: Any = None, *rest: Any) -> None:
        raise PackCreated(name, policies, level, config)

    def Configure(self, request: Any, context: Any) -> None:  # noqa: N802 - a pack may replace the SDK's
        """Do nothing: no engine calls it."""


def capture_pack(main: Path) -> PackCreated | None:
    """Run a pack's program up to its `PolicyPack` and return the arguments; None if it creates none."""

    with mock.patch.object(_policy, "_PolicyAnalyzerServicer", _Capture):
        try:
            runpy.run_path(str(main), run_name="__main__")
        except PackCreated as pack:
            return pack
    return None


def validation_properties(values: Mapping[str, Any]) -> Any:
    """Return properties for `validate`: secrets revealed, numbers as floats; reading an unknown value raises."""
    return unknown_checking_proxy({key: _reveal(value) for key, value in values.items()})


def remediation_properties(values: Mapping[str, Any]) -> Any:
    """Return properties for `remediate`: secrets kept, numbers as floats, unknown values as a string."""
    return secrets_preserving_proxy({key: _keep_secrets(value) for key, value in values.items()})


def decode_remediation(properties: Any) -> dict[str, Any]:
    """Return the result of a rule's `remediate`, with `UNKNOWN` and `Secret` for unknown and secret values."""
    return {key: _decode(value) for key, value in _deserialize.serialize_properties(properties).items()}


def _reveal(value: Any) -> Any:
    if isinstance(value, str):  # most values are
        return value
    if is_map(value):
        return {key: _reveal(item) for key, item in value.items()}
    if is_list(value):
        return [_reveal(item) for item in value]
    return _reveal(value.value) if isinstance(value, Secret) else _encode_leaf(value)


def _keep_secrets(value: Any) -> Any:
    return map_leaves(
        value, lambda leaf: _Secret(_keep_secrets(leaf.value)) if isinstance(leaf, Secret) else _encode_leaf(leaf)
    )


def _encode_leaf(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return UNKNOWN_TEXT if value is UNKNOWN else value


def _decode(value: Any) -> Any:
    if is_map(value) and value.get(_deserialize.SPECIAL_SIG_KEY) == _deserialize.SPECIAL_SECRET_SIG:
        return Secret(_decode(value["value"]))
    if is_map(value):
        return {key: _decode(item) for key, item in value.items()}
    if is_list(value):
        return [_decode(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if value == UNKNOWN_TEXT else value
