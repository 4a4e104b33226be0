# pyright: reportPrivateUsage=false
"""The configuration that `pulumi.Config` reads."""

import json
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import pulumi
from pulumi.runtime import config as _config

from pulumi_apprunner.offline.sdk.wire import UNKNOWN_TEXT
from pulumi_apprunner.offline.values import map_leaves


class _SecureString(str, pulumi.output.Unknown):
    """An encrypted configuration value: a string to the program, unknown to the SDK."""


def _secure_string() -> _SecureString:
    return str.__new__(_SecureString, "[secret]")


@contextmanager
def pulumi_config(config: Mapping[str, str], secret_keys: Sequence[str]) -> Generator[None]:
    """Set the configuration that a program reads, as the language host does, and restore the previous one afterwards.

    Args:
        config: Values by namespaced key, objects as JSON. `UNKNOWN_TEXT`, also inside an object, is an encrypted value,
            which becomes unknown.
        secret_keys: The keys of `config` that are secret.
    """
    environment = {"PULUMI_CONFIG": json.dumps(config), "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(secret_keys))}
    secure = {key: _secure_string() for key, value in config.items() if value == UNKNOWN_TEXT}
    with (
        mock.patch.dict(os.environ, environment),
        _secure_values(any(UNKNOWN_TEXT in text for text in config.values())),
    ):
        before = _config.CONFIG.get(), _config._SECRET_KEYS.get()
        _config.set_all_config({**config, **secure}, list(secret_keys))
        try:
            yield
        finally:
            _config.CONFIG.set(before[0])
            _config._SECRET_KEYS.set(before[1])


@contextmanager
def _secure_values(present: bool) -> Generator[None]:
    """Make the typed readers of `pulumi.Config` return an unknown value for an encrypted one, instead of failing."""
    if not present:
        yield
        return

    def tolerate_unknown(read: Callable[..., Any]) -> Callable[..., Any]:
        def read_value(self: pulumi.Config, key: str, *rest: Any) -> Any:
            if isinstance(_config.get_config(self.full_key(key)), _SecureString):
                return pulumi.output.UNKNOWN
            return _restore_unknown(read(self, key, *rest))

        return read_value

    readers = ("_get_bool", "_get_int", "_get_float", "_get_object")
    with ExitStack() as patches:
        for name in readers:
            patches.enter_context(
                mock.patch.object(pulumi.Config, name, tolerate_unknown(getattr(pulumi.Config, name)))
            )
        yield


def _restore_unknown(value: Any) -> Any:
    return map_leaves(value, lambda leaf: pulumi.output.UNKNOWN if leaf == UNKNOWN_TEXT else leaf)
