"""A stack's configuration: from its file, and from what the project declares."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import pulumi

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, is_map, leaves, revealed


class ProjectError(pulumi.RunError):
    """A project that cannot be run: it, its stack or its configuration is wrong."""


@dataclass(frozen=True)
class Configuration:
    """What a program can read with `pulumi.Config`."""

    values: Mapping[str, str]
    """By namespaced key; lists and maps as JSON, what cannot be read as `sdk.UNKNOWN_TEXT`."""
    secret_keys: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    """What the user should know about it."""

    def get(self, key: str) -> str | None:
        """Return a value that can be read."""
        value = self.values.get(key)
        return None if value == sdk.UNKNOWN_TEXT else value


@dataclass(frozen=True)
class Declaration:
    """What Pulumi.yaml says of one key."""

    key: str
    """As it is written."""
    type: str | None = None
    items: Mapping[str, Any] | None = None
    default: Any = None
    value: Any = None
    secret: bool = False

    @property
    def type_name(self) -> str:
        """The type as the CLI names it: `array<string>`."""
        return _type_name(self.type or "", self.items)


def namespaced(project: str, key: str) -> str:
    """Return a key as programs ask for it; one without a namespace is the project's."""
    namespace, _, name = key.rpartition(":")
    return f"{namespace.removesuffix(':config') or project}:{name}"


def from_values(project: str, values: Mapping[str, Any], secret_keys: Sequence[str] = ()) -> Configuration:
    """Return the configuration that Python values make; those with a secret in them are secret.

    Raises:
        ProjectError: A number is infinite or not a number.
    """
    texts: dict[str, str] = {}
    secret = {namespaced(project, key) for key in secret_keys}
    for key, value in values.items():
        name = namespaced(project, key)
        if any(isinstance(leaf, float) and not math.isfinite(leaf) for leaf in leaves(value)):
            raise ProjectError(f"{name}: must be a finite number. Quote the value to have it as a string")
        texts[name] = _text(revealed(value))
        if _is_secret(value):
            secret.add(name)
    return Configuration(texts, tuple(sorted(secret & set(texts))))


def merged(
    project: str, stack: str, declared: Sequence[Declaration], given: Mapping[str, Any], file: str, hint: str = ""
) -> Configuration:
    """Return a stack's configuration: its own values, then the project's, checked as the CLI checks them.

    Args:
        project: The project's name.
        stack: The stack's name.
        declared: What Pulumi.yaml says of keys.
        given: The stack's own values by key, as its file has them; `{"secure": …}` is one that is encrypted.
        file: The name of the stack's file, for messages.
        hint: What to add where a value is missing.

    Raises:
        ProjectError: All keys that are missing, are of another type than declared, or should be encrypted.
    """
    values = {namespaced(project, key): _readable(value) for key, value in given.items()}
    missing: list[str] = []
    problems: list[str] = []
    for each in sorted(declared, key=lambda each: each.key):
        key = namespaced(project, each.key)
        if key not in values:
            fallback = each.value if each.default is None else each.default
            if fallback is not None:
                values[key] = fallback
            elif key.startswith(f"{project}:"):
                missing.append(each.key)
                continue
        if each.type is not None and key in values:
            problems += _problems(stack, each, values[key])
    if missing:
        plural = "value" if len(missing) == 1 else "values"
        problems.insert(0, f"Stack '{stack}' is missing configuration {plural} {_enumerated(missing)}{hint}")
    if problems:
        raise ProjectError("\n".join([f"{file}: wrong configuration", *(f"  {each}" for each in problems)]))
    return from_values(project, values)


def _problems(stack: str, declared: Declaration, value: Any) -> list[str]:
    where = f"Stack '{stack}' with configuration key '{declared.key}'"
    if declared.secret and not _is_secret(value) and declared.default is None and declared.value is None:
        return [f"{where} must be encrypted as it's secret"]
    # What is no list or map is a text by the time that the CLI looks at it.
    content = revealed(value)
    if not (is_map(content) or is_list(content) or content is UNKNOWN):
        content = _text(content)
    if _fits(declared.type or "", declared.items, content):
        return []
    return [f"{where} must be of type '{declared.type_name}'"]


def _fits(type: str, items: Mapping[str, Any] | None, value: Any) -> bool:
    if value is UNKNOWN:
        return True
    match type:
        case "string":
            return isinstance(value, str)
        case "integer":
            if isinstance(value, str):
                digits = value[1:] if value[:1] in ("-", "+") else value
                return digits.isascii() and digits.isdecimal()
            return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        case "boolean":
            return isinstance(value, bool) or value in ("true", "false")
        case "object":
            return is_map(value)
        case _:
            return (
                is_list(value)
                and items is not None
                and all(_fits(items["type"], items.get("items"), item) for item in value)
            )


def fits(declared: Declaration, value: Any) -> bool:
    """Tell whether a value is of the declared type."""
    return _fits(declared.type or "", declared.items, value)


def _type_name(type: str, items: Mapping[str, Any] | None) -> str:
    return f"array<{_type_name(items.get('type', ''), items.get('items'))}>" if items else type


def _readable(value: Any) -> Any:
    """Return a value of a stack file, with what is encrypted in it marked as an unknown secret."""
    if is_map(value):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return Secret(UNKNOWN)
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if is_list(value) else value


def _is_secret(value: Any) -> bool:
    return any(isinstance(leaf, Secret) for leaf in leaves(value))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _ if value is UNKNOWN:
            return sdk.UNKNOWN_TEXT
        case _:
            return go_json(sdk.encoded(value))


def go_json(value: Any) -> str:
    """Return a value as the CLI writes it in JSON: keys sorted, numbers in Go's form, no markup in texts."""
    match value:
        case dict():
            items = sorted(cast(dict[str, Any], value).items())
            return "{" + ",".join(f"{go_json(key)}:{go_json(item)}" for key, item in items) + "}"
        case list() | tuple():
            return "[" + ",".join(map(go_json, cast(Sequence[Any], value))) + "]"
        case str():
            text = json.dumps(value, ensure_ascii=False)
            return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
        case int() if not isinstance(value, bool) and value >= _UNSIGNED:
            return _float_text(float(value))
        case float():
            return _float_text(value)
        case _:
            return json.dumps(value)


_UNSIGNED = 2**63
"""From here on an integer in a list or map goes through a float."""


def _float_text(value: float) -> str:
    """Return a float as Go writes it in JSON (encoding/json, as ECMAScript does it): 1e+21, 1e-7, 100000."""
    if value and not 1e-6 <= abs(value) < 1e21:
        mantissa, _, exponent = repr(value).partition("e")
        if exponent:
            return f"{mantissa.removesuffix('.0')}e{exponent[0]}{exponent[1:].lstrip('0')}"
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _enumerated(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
