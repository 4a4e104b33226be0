"""A stack's file, `Pulumi.<stack>.yaml`: its keys, and the encrypted values in it."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.values import describe, is_list, is_map

KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""The keys that the Pulumi CLI reads. It ignores others."""

_PLAIN = re.compile(r"[\w-]+")
"""A key that needs no quotation marks in a path."""
_SIMILARITY = 0.5
"""The similarity to a valid key, 0 to 1 (difflib's ratio), from which an unknown key is a misspelling."""


@dataclass(frozen=True)
class StackFile:
    """The content of a stack's file."""

    keys: frozenset[str]
    """Its top-level keys."""
    config: Mapping[str, Any]
    """The values by key, as in the file; `{"secure": …}` is an encrypted value."""
    environment: Any
    """Its ESC environment; None without one."""
    messages: Sequence[str]
    """Warnings for the user."""

    @classmethod
    def read(cls, path: Path) -> "StackFile":
        """Read a stack's file; an empty file has no values.

        Raises:
            ProjectError: It is not YAML, is invalid, or has a misspelled key. Lists all errors.
            OSError: It cannot be read.
        """
        content: Any = read_yaml(path)
        if content is None:
            return cls(frozenset(), {}, None, ())
        if not is_map(content):
            raise ProjectError(f"{path}: must be a map with the key config, got {describe(content)}")
        if errors := list(_errors(content)):
            raise ProjectError("\n".join([f"{path}: invalid stack file", *(f"  {each}" for each in errors)]))
        messages = [
            f"warning: {path.name}: {key} is not a key of a stack file, and is ignored. Valid keys: {', '.join(KEYS)}"
            for key in content
            if key not in KEYS
        ]
        return cls(frozenset(content), content.get("config") or {}, content.get("environment"), messages)


def _errors(content: Mapping[str, Any]) -> Iterator[str]:
    for key in content:
        similar = difflib.get_close_matches(key, KEYS, 1, _SIMILARITY)
        if key not in KEYS and similar:
            yield f"{key}: unknown key. Did you mean {similar[0]}?"
    for key in KEYS[2:]:
        if content.get(key) is not None and not isinstance(content[key], str):
            yield f"{key}: must be a string, got {describe(content[key])}"
    config = content.get("config")
    if config is not None and not is_map(config):
        yield f"config: must be a map of keys to values, such as `aws:region: eu-west-1`, got {describe(config)}"
        return
    for key in config or {}:
        parts = key.split(":")
        if len(parts) > 3 or (len(parts) == 3 and parts[1] != "config"):
            yield f"config.{key}: must be <name> or <namespace>:<name>"


def encrypted_paths(node: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of the encrypted values in a configuration, in the form of `pulumi config set --path`."""
    if is_map(node):
        if set(node) == {"secure"}:
            yield path
            return
        for key, item in node.items():
            part = f".{key}" if _PLAIN.fullmatch(key) else f"[{json.dumps(key)}]"
            yield from encrypted_paths(item, f"{path}{part}" if path else key)
    elif is_list(node):
        for index, item in enumerate(node):
            yield from encrypted_paths(item, f"{path}[{index}]")
