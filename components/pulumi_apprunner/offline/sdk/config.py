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
from pulumi_apprunner.offline.values import mapped


class _SecureText(str, pulumi.output.Unknown):
    """A configuration value that nobody can read here: a text to the program, unknown to the SDK."""


def _secure_text() -> _SecureText:
    return str.__new__(_SecureText, "[secret]")


@contextmanager
def configured(config: Mapping[str, str], secret_keys: Sequence[str]) -> Generator[None]:
    """Give a program its configuration, as the language host does; what was there before comes back.

    Args:
        config: Values by namespaced key, objects as JSON; `UNKNOWN_TEXT`, alone or inside of an object, is a secure
            value that cannot be read here: it becomes an unknown one.
        secret_keys: The keys of `config` that the engine would say are secret.
    """
    environment = {"PULUMI_CONFIG": json.dumps(config), "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(secret_keys))}
    secure = {key: _secure_text() for key, value in config.items() if value == UNKNOWN_TEXT}
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
    """Let the typed readers of `pulumi.Config` hand on a value that cannot be read, in place of failing on its text."""
    if not present:
        yield
        return

    def tolerant(read: Callable[..., Any]) -> Callable[..., Any]:
        def reading(self: pulumi.Config, key: str, *rest: Any) -> Any:
            if isinstance(_config.get_config(self.full_key(key)), _SecureText):
                return pulumi.output.UNKNOWN
            return _unknown_within(read(self, key, *rest))

        return reading

    readers = ("_get_bool", "_get_int", "_get_float", "_get_object")
    with ExitStack() as patches:
        for name in readers:
            patches.enter_context(mock.patch.object(pulumi.Config, name, tolerant(getattr(pulumi.Config, name))))
        yield


def _unknown_within(value: Any) -> Any:
    return mapped(value, lambda leaf: pulumi.output.UNKNOWN if leaf == UNKNOWN_TEXT else leaf)
