"""Reads YAML as the Pulumi CLI does (go-yaml 3): `20:00` and `on` are strings, numbers lose trailing zeros."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.config.yaml_problems import describe_character, describe_problem
from pulumi_apprunner.offline.config.yaml_scalars import ScalarError, resolve_scalar
from pulumi_apprunner.offline.values import is_list, is_map


class YamlError(ProjectError):
    """An invalid YAML file. The message has the line and column."""


def read_yaml(path: Path) -> Any:
    """Return a file's first document: maps with string keys, lists, strings, numbers, booleans, None.

    An unquoted date or time is a `yaml_scalars.Timestamp`.

    Raises:
        YamlError: The file is not valid YAML, a key is duplicate, or ruamel.yaml is not installed.
        OSError: The file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise YamlError(f"{path}: must be UTF-8. Save the file in this encoding") from None
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError
        from ruamel.yaml.reader import ReaderError
    except ImportError:
        raise YamlError(
            f"{path}: cannot be read without ruamel.yaml. Install pulumi-apprunner[cli] or [testing]"
        ) from None
    try:
        reader: Any = YAML(typ="safe", pure=True)
        node = next(iter(reader.compose_all(io.StringIO(text))), None)  # the CLI ignores further documents
        return None if node is None else _value(node, path)
    except MarkedYAMLError as error:
        raise YamlError(f"{path}{describe_problem(error)}") from None
    except ReaderError as error:
        raise YamlError(f"{path}{describe_character(error, text)}") from None
    except RecursionError:
        raise YamlError(f"{path}: must have fewer nested values, and no anchor that contains itself") from None


def _value(node: Any, path: Path) -> Any:
    if node.id == "scalar":
        return _scalar(node, path)
    if node.id == "sequence":
        return [_value(item, path) for item in node.value]
    items: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    keys: set[str] = set()
    for key, value in node.value:
        if key.value == "<<" and key.style is None:
            content = _value(value, path)
            sources: Sequence[Mapping[str, Any]] = content if is_list(content) else [content]
            if not all(map(is_map, sources)):
                raise YamlError(f"{path}{_position(value)}: << must refer to a map, or to a list of maps")
            for source in sources:
                defaults = {**source, **defaults}
            continue
        if key.value in keys:
            raise YamlError(f"{path}{_position(key)}: {key.value} is a duplicate key. Remove one of the two")
        keys.add(key.value)
        items[_key(_scalar(key, path))] = _value(value, path)
    return {**defaults, **items}


def _scalar(node: Any, path: Path) -> Any:
    if node.style is not None and node.ctag.handle is None:  # quoted, and without a tag such as !!int
        return node.value
    try:
        return resolve_scalar(node.value, str(node.tag) if node.ctag.handle is not None else None)
    except ScalarError as error:
        raise YamlError(f"{path}{_position(node)}: {error}") from None


def _key(value: Any) -> str:
    """Return a key as Go formats it."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _position(node: Any) -> str:
    return f":{node.start_mark.line + 1}:{node.start_mark.column + 1}"
