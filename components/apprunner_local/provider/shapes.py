# pyright: standard
"""Conversion between properties with pulumi-aws's names and members with AWS's, by the types of both."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from apprunner_local.provider.fields import Field

Names = Mapping[str, str]
"""AWS's names that differ from the provider's; a name with dots is a path into a block."""


_UNCHANGED: Names = MappingProxyType({})


def to_aws(value: Any, shape: Any, names: Names = _UNCHANGED, *, empty_blocks: bool = False) -> Any:
    """Return properties as the members of an operation's input, without empty ones, as pulumi-aws does.

    Args:
        value: The properties.
        shape: The type of the input.
        names: AWS's names that differ.
        empty_blocks: Whether blocks without properties are sent, as in AWS WAF's {"Allow": {}}.

    Raises:
        LookupError: AWS has no member for a property.
    """
    kind = shape.type_name
    if kind == "structure":
        return {
            _member(shape, key, names): to_aws(
                item, shape.members[_member(shape, key, names)], empty_blocks=empty_blocks
            )
            for key, item in value.items()
            if item is not None and item != "" and item != [] and (item != {} or empty_blocks)
        }
    if kind == "list" and isinstance(value, dict):
        return [{"Key": key, "Value": item} for key, item in value.items()]
    if kind == "list":
        return [to_aws(item, shape.member, empty_blocks=empty_blocks) for item in value]
    return value


def from_aws(value: Any, field: Field, names: Names = _UNCHANGED) -> Any:
    """Return a response's members as properties; a member without a property is omitted."""
    if field.kind == "block":
        values = {key: _lookup(value, names.get(key, key)) for key in field.fields}
        return {key: from_aws(item, field.fields[key]) for key, item in values.items() if item is not None}
    if field.kind == "map" and isinstance(value, list):
        return {item["Key"]: item["Value"] for item in value}
    if field.kind == "list" and field.item is not None:
        return [from_aws(item, field.item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str) and field.kind != "text":
        return value == "true" if field.kind == "bool" else int(value)
    return value


def _member(shape: Any, key: str, names: Names) -> str:
    wanted = names.get(key, key).lower()
    for member in shape.members:
        if member.lower() == wanted:
            return str(member)
    raise LookupError(f"{key}: AWS's {shape.name} has no such member, and the emulated provider does not handle it")


def _lookup(members: Mapping[str, Any], path: str) -> Any:
    first, _, rest = path.partition(".")
    result = next((value for member, value in members.items() if member.lower() == first.lower()), None)
    return _lookup(result, rest) if rest and result is not None else result
