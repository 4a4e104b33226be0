"""A stack's configuration, merged from its file and the declarations in Pulumi.yaml."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import pulumi

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.values import UNKNOWN, Secret, describe, is_list, is_map, leaves, reveal


class ProjectError(pulumi.RunError):
    """An invalid project, stack or configuration."""


@dataclass(frozen=True)
class Configuration:
    """The values that a program reads with `pulumi.Config`."""

    values: Mapping[str, str]
    """By namespaced key; lists and maps as JSON, encrypted values as `sdk.UNKNOWN_TEXT`."""
    secret_keys: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    """Warnings for the user."""

    def get(self, key: str) -> str | None:
        """Return a value; None if it is missing or encrypted."""
        value = self.values.get(key)
        return None if value == sdk.UNKNOWN_TEXT else value

    def by_namespace(self) -> dict[str, dict[str, Any]]:
        """Return the values by namespace and key, encrypted ones as `UNKNOWN`, secret ones as `Secret`."""
        namespaces: dict[str, dict[str, Any]] = {}
        for key, text in self.values.items():
            namespace, _, name = key.partition(":")
            value = UNKNOWN if text == sdk.UNKNOWN_TEXT else text
            namespaces.setdefault(namespace, {})[name] = Secret(value) if key in self.secret_keys else value
        return namespaces


@dataclass(frozen=True)
class Declaration:
    """The declaration of one key in Pulumi.yaml."""

    key: str
    """The key, as in the file."""
    type: str | None = None
    items: Mapping[str, Any] | None = None
    default: Any = None
    value: Any = None
    secret: bool = False

    @property
    def type_name(self) -> str:
        """The type as the Pulumi CLI prints it: `array<string>`."""
        return _type_name(self.type or "", self.items)


def namespaced(project: str, key: str) -> str:
    """Return a key with its namespace; the default namespace is the project."""
    namespace, _, name = key.rpartition(":")
    return f"{namespace.removesuffix(':config') or project}:{name}"


def configuration_from_values(
    project: str, values: Mapping[str, Any], secret_keys: Sequence[str] = ()
) -> Configuration:
    """Return the configuration for Python values. A value that contains a `Secret` is secret.

    Raises:
        ProjectError: A number is infinite or not a number.
    """
    strings: dict[str, str] = {}
    secret = {namespaced(project, key) for key in secret_keys}
    for key, value in values.items():
        name = namespaced(project, key)
        if any(isinstance(leaf, float) and not math.isfinite(leaf) for leaf in leaves(value)):
            raise ProjectError(f"{name}: must be a finite number. Quote the value to make it a string")
        strings[name] = _to_string(reveal(value))
        if _is_secret(value):
            secret.add(name)
    return Configuration(strings, tuple(sorted(secret & set(strings))))


def merge_configuration(
    project: str,
    stack: str,
    declarations: Sequence[Declaration],
    stack_config: Mapping[str, Any],
    file: str,
    hint: str = "",
) -> Configuration:
    """Return a stack's configuration: its own values over the project's, checked as the Pulumi CLI checks them.

    Args:
        project: The project's name.
        stack: The stack's name.
        declarations: The keys that Pulumi.yaml declares.
        stack_config: The stack's values by key, as in its file; `{"secure": …}` is an encrypted value.
        file: The name of the stack's file, for error messages.
        hint: Text to add to the error about missing values.

    Raises:
        ProjectError: A key is missing, does not have its declared type, or must be encrypted. Lists all.
    """
    values = {namespaced(project, key): _mark_encrypted(value) for key, value in stack_config.items()}
    errors: list[str] = []
    for each in sorted(declarations, key=lambda each: each.key):
        key = namespaced(project, each.key)
        if key not in values:
            fallback = each.value if each.default is None else each.default
            if fallback is not None:
                values[key] = fallback
            elif key.startswith(f"{project}:"):
                errors.append(f"config.{key}: is required{hint}. {_fix(each, stack)}")
                continue
        if each.type is not None and key in values:
            errors += _value_errors(key, stack, each, values[key])
    if errors:
        raise ProjectError("\n".join([f"{file}: invalid configuration", *(f"  {each}" for each in errors)]))
    return configuration_from_values(project, values)


def _fix(declaration: Declaration, stack: str) -> str:
    if declaration.type in ("object", "array") and not declaration.secret:
        return "Add it to the file"
    secret = "--secret " if declaration.secret else ""
    return f"Set it: `pulumi config set {secret}{declaration.key} VALUE --stack {stack}`"


def _value_errors(key: str, stack: str, declaration: Declaration, value: Any) -> list[str]:
    is_secret = _is_secret(value)
    if declaration.secret and not is_secret and declaration.default is None and declaration.value is None:
        return [f"config.{key}: must be encrypted, because Pulumi.yaml declares it secret. {_fix(declaration, stack)}"]
    # The CLI converts everything but lists and maps to strings before it checks the type.
    content = reveal(value)
    if not (is_map(content) or is_list(content) or content is UNKNOWN):
        content = _to_string(content)
    if _has_type(declaration.type or "", declaration.items, content):
        return []
    received = "another type" if is_secret or declaration.secret else describe(content)
    return [f"config.{key}: must be of type {declaration.type_name}, got {received}"]


def _has_type(type: str, items: Mapping[str, Any] | None, value: Any) -> bool:
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
                and all(_has_type(items["type"], items.get("items"), item) for item in value)
            )


def has_declared_type(declaration: Declaration, value: Any) -> bool:
    """Return whether a value has the declared type."""
    return _has_type(declaration.type or "", declaration.items, value)


def _type_name(type: str, items: Mapping[str, Any] | None) -> str:
    return f"array<{_type_name(items.get('type', ''), items.get('items'))}>" if items else type


def _mark_encrypted(value: Any) -> Any:
    """Return a value of a stack file with its encrypted parts as unknown secrets."""
    if is_map(value):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return Secret(UNKNOWN)
        return {key: _mark_encrypted(item) for key, item in value.items()}
    return [_mark_encrypted(item) for item in value] if is_list(value) else value


def _is_secret(value: Any) -> bool:
    return any(isinstance(leaf, Secret) for leaf in leaves(value))


def _to_string(value: Any) -> str:
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
            return go_json(sdk.encode(value))


def go_json(value: Any) -> str:
    """Return the JSON that the Pulumi CLI writes: sorted keys, numbers in Go's format, `<`, `>` and `&` escaped."""
    match value:
        case dict():
            items = sorted(cast(dict[str, Any], value).items())
            return "{" + ",".join(f"{go_json(key)}:{go_json(item)}" for key, item in items) + "}"
        case list() | tuple():
            return "[" + ",".join(map(go_json, cast(Sequence[Any], value))) + "]"
        case str():
            text = json.dumps(value, ensure_ascii=False)
            return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)
        case int() if not isinstance(value, bool) and value >= _UNSIGNED:
            return _float_string(float(value))
        case float():
            return _float_string(value)
        case _:
            return json.dumps(value)


_UNSIGNED = 2**63
"""The CLI converts an integer in a list or map to a float from this value on."""


def _float_string(value: float) -> str:
    """Return a float as Go's encoding/json (and ECMAScript) writes it: 1e+21, 1e-7, 100000."""
    if value and not 1e-6 <= abs(value) < 1e21:
        mantissa, _, exponent = repr(value).partition("e")
        if exponent:
            return f"{mantissa.removesuffix('.0')}e{exponent[0]}{exponent[1:].lstrip('0')}"
    return format(Decimal(repr(value)), "f").removesuffix(".0")
