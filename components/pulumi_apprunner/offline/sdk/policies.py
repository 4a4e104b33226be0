# pyright: reportPrivateUsage=false
"""pulumi_policy without its server: packs that hand over their rules, and properties as the engine hands them out."""

import runpy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

from pulumi_policy import deserialize as _deserialize
from pulumi_policy import policy as _policy
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy
from pulumi_policy.secret import Secret as _Secret
from pulumi_policy.secret import secrets_preserving_proxy

from pulumi_apprunner.offline.sdk.wire import UNKNOWN_TEXT
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, is_map, mapped

NotApplicable: type[Exception] = _NotApplicableError
"""What a rule raises that says `args.not_applicable(reason)`; has a `reason`."""

__all__ = ["NotApplicable", "Pack", "UnknownValueError", "captured", "guarded", "remediable", "remediated"]


class Pack(BaseException):
    """What a program gave to `PolicyPack`. It is raised, since that never returns either."""

    def __init__(
        self, name: str, policies: Sequence[Any], level: Any, initial_config: Mapping[str, Any] | None
    ) -> None:
        super().__init__(name)
        self.name = name
        self.policies = list(policies)
        self.level = level
        self.initial_config = initial_config or {}


def captured(main: Path) -> Pack | None:
    """Run a pack's program as far as its `PolicyPack`; None if it makes none."""

    def instead(name: str, version: str, policies: Any, level: Any, config: Any = None, *rest: Any) -> NoReturn:
        raise Pack(name, policies, level, config)

    with mock.patch.object(_policy, "_PolicyAnalyzerServicer", instead):
        try:
            runpy.run_path(str(main), run_name="__main__")
        except Pack as pack:
            return pack
    return None


def guarded(values: Mapping[str, Any]) -> Any:
    """Return properties as `validate` gets them: secrets open, numbers floats, unknown ones raise when read."""
    return unknown_checking_proxy({key: _plain(value) for key, value in values.items()})


def remediable(values: Mapping[str, Any]) -> Any:
    """Return properties as `remediate` gets them: secrets kept, numbers floats, unknown ones as a text."""
    return secrets_preserving_proxy({key: _kept(value) for key, value in values.items()})


def remediated(properties: Any) -> dict[str, Any]:
    """Return what a rule's `remediate` gave back, with our marks for unknown and secret values."""
    return {key: _marked(value) for key, value in _deserialize.serialize_properties(properties).items()}


def _plain(value: Any) -> Any:
    return mapped(value, lambda leaf: _plain(leaf.value) if isinstance(leaf, Secret) else _plain_leaf(leaf))


def _kept(value: Any) -> Any:
    return mapped(value, lambda leaf: _Secret(_kept(leaf.value)) if isinstance(leaf, Secret) else _plain_leaf(leaf))


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return UNKNOWN_TEXT if value is UNKNOWN else value


def _marked(value: Any) -> Any:
    if is_map(value) and value.get(_deserialize.SPECIAL_SIG_KEY) == _deserialize.SPECIAL_SECRET_SIG:
        return Secret(_marked(value["value"]))
    if is_map(value):
        return {key: _marked(item) for key, item in value.items()}
    if is_list(value):
        return [_marked(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if value == UNKNOWN_TEXT else value
