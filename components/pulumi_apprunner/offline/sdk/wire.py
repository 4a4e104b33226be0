# pyright: reportPrivateUsage=false
"""Converts values between Python and the protobuf messages of the SDK."""

from collections.abc import Callable
from typing import Any, TypeVar

from pulumi.runtime import rpc as _rpc

from pulumi_apprunner.offline.values import UNKNOWN, Secret, map_leaves

T = TypeVar("T")

UNKNOWN_TEXT: str = _rpc.UNKNOWN
"""An unknown value in a message."""

_SIGNATURE: str = _rpc._special_sig_key
_SECRET: str = _rpc._special_secret_sig
_RESOURCE: str = _rpc._special_resource_sig


def decode(struct: Any) -> dict[str, Any]:
    """Return a protobuf Struct as a dict with sorted keys, and with `UNKNOWN` and `Secret` values."""
    fields = struct.fields
    return {key: decode_value(fields[key]) for key in sorted(fields)}


def decode_value(value: Any) -> Any:
    """Return a protobuf Value as plain Python."""
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text == UNKNOWN_TEXT else text
        case "struct_value":
            return _decode_struct(value.struct_value)
        case "list_value":
            return [decode_value(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _decode_struct(struct: Any) -> Any:
    fields = struct.fields
    if _SIGNATURE not in fields:
        return decode(struct)
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return Secret(decode_value(fields["value"]))
    if signature == _RESOURCE:
        return fields["urn"].string_value
    return _rpc.deserialize_properties(struct)  # an asset or an archive


def encode(value: Any) -> Any:
    """Return a value for a message, with `UNKNOWN` and `Secret` encoded."""
    return map_leaves(value, _encode_leaf)


def _encode_leaf(value: Any) -> Any:
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": encode(value.value)}
    return UNKNOWN_TEXT if value is UNKNOWN else value


def optional_field(request: Any, name: str, read: Callable[[Any], T]) -> T | None:
    """Return a converted field of a request; None if it is not set, or this SDK version has no such field."""
    field = request.DESCRIPTOR.fields_by_name.get(name)
    if field is None or (field.has_presence and not request.HasField(name)):
        return None
    return read(getattr(request, name))
