# pyright: standard
"""The properties of pulumi-aws's resources, read from pulumi_aws's own classes."""

import importlib
import inspect
import sys
import typing
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Literal, get_args, get_origin

import pulumi
from pulumi import _types

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that is not known yet, in both directions."""


_LOADING = Lock()


@dataclass(frozen=True)
class Field:
    """The type of a property.

    Args:
        kind: Its kind; a union with text is text.
        item: The type of a list's or a map's items.
        fields: A block's own properties.
        required: Those of them that must be given.
    """

    kind: Literal["text", "whole", "number", "bool", "list", "map", "block"]
    item: "Field | None" = None
    fields: Mapping[str, "Field"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Schema:
    """What a resource takes, and all that it gives: its outputs hold its inputs too."""

    inputs: Field
    outputs: Field


@cache
def schema(token: str) -> Schema:
    """Return a resource's properties.

    Args:
        token: Its type, such as aws:apprunner/service:Service.
    """
    _, place, name = token.split(":")
    # By way of the package, which is loaded lazily: it stays half loaded where one of its modules is imported before
    # it, and looks empty to a second thread while it is being loaded.
    with _LOADING:
        made = getattr(importlib.import_module(f"pulumi_aws.{place.split('/')[0]}"), name)
    module = sys.modules[made.__module__]
    return Schema(_block(getattr(module, f"{name}Args")), _block(getattr(module, f"_{name}State")))


@cache
def provider_settings() -> Field:
    """Return what the provider itself takes."""
    return _block(importlib.import_module("pulumi_aws.provider").ProviderArgs)


@cache
def _block(of: type) -> Field:
    fields = {name: _field(hint) for name, hint in _types.input_type_types(of).items()}
    names = _types.input_type_py_to_pulumi_names(of)
    arguments = inspect.signature(of).parameters.values()
    required = frozenset(names[each.name] for each in arguments if each.default is inspect.Parameter.empty)
    return Field("block", fields=fields, required=required)


_PLAIN: Mapping[Any, Any] = {str: "text", int: "whole", float: "number", bool: "bool"}


def _field(hint: Any) -> Field:
    """Return what a type says; of `Input[T]` and `Optional[T]` it is T."""
    if hint in _PLAIN:
        return Field(_PLAIN[hint])
    origin, parts = get_origin(hint), get_args(hint)
    if origin is typing.Union:
        known = [part for part in parts if part is not type(None) and not _comes_late(part)]
        return _field(str if str in known else known[0])
    if origin is Sequence:
        return Field("list", _field(parts[0]))
    if origin is Mapping:
        return Field("map", _field(parts[1]))
    if inspect.isclass(hint) and _types.is_input_type(hint):
        return _block(hint)
    raise TypeError(f"{hint}: such a type of a property is not known here")


def _comes_late(part: Any) -> bool:
    return get_origin(part) in (Awaitable, pulumi.Output)


def faults(of: Field, value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return what is wrong with a value: properties that there are none of, missing ones, wrong types."""
    if value is None or value == UNKNOWN:
        return []
    if of.kind == "block" and isinstance(value, dict):
        found = [
            (_under(path, name), "there is no such property") for name, item in value.items() if name not in of.fields
        ]
        found += [(_under(path, name), "is required") for name in sorted(of.required) if value.get(name) is None]
        for name, item in value.items():
            found += faults(of.fields[name], item, _under(path, name)) if name in of.fields else []
        return found
    if of.kind in ("list", "map") and isinstance(value, list if of.kind == "list" else dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        assert of.item is not None
        return [fault for key, item in items for fault in faults(of.item, item, f"{path}[{key}]")]
    return [] if _fits(of.kind, value) else [(path, f"{type(value).__name__} is no {of.kind}")]


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_FITTING: Mapping[str, Any] = {"text": str, "whole": int, "number": int | float, "bool": bool}


def _fits(kind: str, value: Any) -> bool:
    return kind in _FITTING and isinstance(value, _FITTING[kind]) and (kind == "bool") == isinstance(value, bool)
