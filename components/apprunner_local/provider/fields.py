# pyright: standard
"""The properties of pulumi-aws's resources, read from pulumi_aws's own classes."""

import importlib
import inspect
import sys
import typing
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Lock
from typing import Any, Literal, get_args, get_origin

import pulumi
from pulumi import _types

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The marker of an unknown value, in requests and answers."""


_LOADING = Lock()


@dataclass(frozen=True)
class Field:
    """The type of a property.

    Args:
        kind: Its kind; a union with a string is text.
        item: The type of a list's or a map's items.
        fields: A block's own properties.
        required: The required ones.
    """

    kind: Literal["text", "whole", "number", "bool", "list", "map", "block"]
    item: "Field | None" = None
    fields: Mapping[str, "Field"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Schema:
    """A resource's inputs, and its outputs, which include the inputs."""

    inputs: Field
    outputs: Field


@cache
def schema(token: str) -> Schema:
    """Return a resource's properties.

    Args:
        token: Its type, such as aws:apprunner/service:Service.
    """
    _, place, name = token.split(":")
    # Through the package, which is loaded lazily: it stays incomplete if one of its modules is imported first, and
    # it is empty for a second thread while it is being loaded.
    with _LOADING:
        resource_class = getattr(importlib.import_module(f"pulumi_aws.{place.split('/')[0]}"), name)
    module = sys.modules[resource_class.__module__]
    return Schema(_block(getattr(module, f"{name}Args")), _block(getattr(module, f"_{name}State")))


@cache
def _block(of: type) -> Field:
    names = _types.input_type_py_to_pulumi_names(of)
    arguments = inspect.signature(of).parameters.values()
    required = frozenset(names[each.name] for each in arguments if each.default is inspect.Parameter.empty)
    return Field("block", fields=_Fields(of), required=required)


class _Fields(Mapping[str, Field]):
    """The fields of a block, read when they are first used: a statement of AWS WAF contains statements."""

    def __init__(self, of: type) -> None:
        self._of = of

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {name: _field(hint) for name, hint in _types.input_type_types(self._of).items()}

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


_PLAIN: Mapping[Any, Any] = {str: "text", int: "whole", float: "number", bool: "bool"}


def _field(hint: Any) -> Field:
    """Return the field of a type; `Input[T]` and `Optional[T]` count as T."""
    if hint in _PLAIN:
        return Field(_PLAIN[hint])
    origin, parts = get_origin(hint), get_args(hint)
    if origin is typing.Union:
        known = [part for part in parts if part is not type(None) and not _is_deferred(part)]
        return _field(str if str in known else known[0])
    if origin is Sequence:
        return Field("list", _field(parts[0]))
    if origin is Mapping:
        return Field("map", _field(parts[1]))
    if inspect.isclass(hint) and _types.is_input_type(hint):
        return _block(hint)
    raise TypeError(f"{hint}: this type of a property is not supported")


def _is_deferred(part: Any) -> bool:
    return get_origin(part) in (Awaitable, pulumi.Output)


def type_errors(of: Field, value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return the errors of a value: unknown properties, missing ones, wrong types."""
    if value is None or value == UNKNOWN:
        return []
    if of.kind == "block" and isinstance(value, dict):
        errors = [(_under(path, name), "unknown property") for name, item in value.items() if name not in of.fields]
        errors += [(_under(path, name), "is required") for name in sorted(of.required) if value.get(name) is None]
        for name, item in value.items():
            errors += type_errors(of.fields[name], item, _under(path, name)) if name in of.fields else []
        return errors
    if of.kind in ("list", "map") and isinstance(value, list if of.kind == "list" else dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        assert of.item is not None
        return [error for key, item in items for error in type_errors(of.item, item, f"{path}[{key}]")]
    return [] if _fits(of.kind, value) else [(path, f"must be {_NAMES[of.kind]}, got {type(value).__name__}")]


_NAMES: Mapping[str, str] = {
    "text": "a string",
    "whole": "an integer",
    "number": "a number",
    "bool": "a boolean",
    "list": "a list",
    "map": "a map",
    "block": "a block",
}


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_FITTING: Mapping[str, Any] = {"text": str, "whole": int, "number": int | float, "bool": bool}


def _fits(kind: str, value: Any) -> bool:
    return kind in _FITTING and isinstance(value, _FITTING[kind]) and (kind == "bool") == isinstance(value, bool)
