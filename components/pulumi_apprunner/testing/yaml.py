"""YAML as the Pulumi CLI reads it (go-yaml 3): `20:00` and `on` are texts, a number keeps no trailing zeros."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.testing.values import is_list


class YamlError(pulumi.RunError):
    """A file that is no YAML; the message says where."""


_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NULLS = ("", "~", "null", "Null", "NULL")


def read_yaml(path: Path) -> Any:
    """Return a file's one document: mappings with texts as keys, lists, texts, numbers, booleans, None.

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
        node = reader.compose(io.StringIO(text))
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
        plain = node.style is None and node.ctag.handle is None  # neither quoted nor under a tag such as !!str
        return _scalar(node.value) if plain else node.value
    if node.id == "sequence":
        return [_value(item, path) for item in node.value]
    items: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<" and key.style is None:
            given = _value(value, path)
            sources: Sequence[Mapping[str, Any]] = given if is_list(given) else [given]
            for source in sources:
                merged = {**source, **merged}
            continue
        if key.value in items:
            mark = key.start_mark
            raise YamlError(f"{path}:{mark.line + 1}:{mark.column + 1}: '{key.value}' is given twice")
        items[key.value] = _value(value, path)
    return {**merged, **items}


def _scalar(text: str) -> Any:
    """Return what an unquoted word stands for."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if _DATE.fullmatch(text):
        return f"{text} 00:00:00 +0000 UTC"  # as Go prints a time
    return text


def _integer(text: str) -> int:
    digits = text.lstrip("+-")
    octal = digits[0] == "0" and digits.isdecimal() and set(digits) <= set("01234567")
    number = int(digits, 8) if octal else int(digits, 10) if digits.isdecimal() else int(digits, 0)
    return -number if text.startswith("-") else number
