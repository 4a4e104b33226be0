"""YAML as the Pulumi CLI reads it (go-yaml 3): `20:00` and `on` are texts, a number keeps no trailing zeros."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.offline.config.yaml_scalars import ScalarError, scalar
from pulumi_apprunner.offline.values import is_list


class YamlError(pulumi.RunError):
    """A file that is no YAML; the message says where."""


def read_yaml(path: Path) -> Any:
    """Return a file's first document: mappings with texts as keys, lists, texts, numbers, booleans, None.

    A date or a time that is not quoted is a `yaml_scalars.Timestamp`.

    Raises:
        YamlError: It is no YAML, a key is given twice, or ruamel.yaml is not installed.
        OSError: It cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise YamlError(f"{path}: not YAML: its characters are not UTF-8") from None
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
    except ImportError:
        raise YamlError(
            f"{path}: ruamel.yaml is needed to read it: install pulumi-apprunner[cli] or [testing]"
        ) from None
    try:
        reader: Any = YAML(typ="safe", pure=True)
        node = next(iter(reader.compose_all(io.StringIO(text))), None)  # the CLI reads no second document
    except MarkedYAMLError as raised:
        error: Any = raised
        mark = error.problem_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
        raise YamlError(f"{path}{where}: not YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise YamlError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    return None if node is None else _value(node, path)


def _value(node: Any, path: Path) -> Any:
    if node.id == "scalar":
        return _scalar(node, path)
    if node.id == "sequence":
        return [_value(item, path) for item in node.value]
    items: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    written: set[str] = set()
    for key, value in node.value:
        if key.value == "<<" and key.style is None:
            given = _value(value, path)
            sources: Sequence[Mapping[str, Any]] = given if is_list(given) else [given]
            for source in sources:
                merged = {**source, **merged}
            continue
        if key.value in written:
            raise YamlError(f"{path}{_place(key)}: '{key.value}' is given twice")
        written.add(key.value)
        items[_key(_scalar(key, path))] = _value(value, path)
    return {**merged, **items}


def _scalar(node: Any, path: Path) -> Any:
    if node.style is not None and node.ctag.handle is None:  # quoted, and without a tag such as !!int
        return node.value
    try:
        return scalar(node.value, str(node.tag) if node.ctag.handle is not None else None)
    except ScalarError as error:
        raise YamlError(f"{path}{_place(node)}: {error}") from None


def _key(value: Any) -> str:
    """Return a key as Go prints it."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _place(node: Any) -> str:
    return f":{node.start_mark.line + 1}:{node.start_mark.column + 1}"
