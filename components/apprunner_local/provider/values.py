# pyright: standard
"""Property values as plain Python, and which of them are secret."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.provider.experimental.property_value import PropertyValue

Path = tuple[str | int, ...]
Properties = dict[str, Any]


def from_struct(properties: Struct) -> tuple[Properties, set[Path]]:
    """Return a message's properties, and the paths of the secrets in it."""
    secret: set[Path] = set()
    plain = {key: _from_value(value, (key,), secret) for key, value in PropertyValue.unmarshal_map(properties).items()}
    return plain, secret


def to_struct(plain: Mapping[str, Any], secret: Iterable[Path] = ()) -> Struct:
    """Return properties as a message.

    Secrets stay secret. Where a path does not exist any more, its longest existing part is secret.
    """
    paths = {_existing_prefix(plain, path) for path in secret}
    values = {key: _to_value(value, (key,), paths) for key, value in plain.items() if value is not None}
    return PropertyValue.marshal_map(values)


def _from_value(value: PropertyValue, path: Path, secret: set[Path]) -> Any:
    if value.is_secret:
        secret.add(path)
    inner = value.value
    if isinstance(inner, Mapping):
        return {key: _from_value(item, (*path, key), secret) for key, item in inner.items()}
    if isinstance(inner, tuple):
        return [_from_value(item, (*path, index), secret) for index, item in enumerate(inner)]
    return int(inner) if isinstance(inner, float) and inner.is_integer() else inner


def _to_value(value: Any, path: Path, secret: set[Path]) -> PropertyValue:
    if isinstance(value, dict):
        content: Any = {key: _to_value(item, (*path, key), secret) for key, item in value.items() if item is not None}
    elif isinstance(value, list):
        content = [_to_value(item, (*path, index), secret) for index, item in enumerate(value)]
    else:
        content = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return PropertyValue(content, is_secret=path in secret)


def _existing_prefix(plain: Any, path: Path) -> Path:
    """Return the longest part of the path that exists."""
    prefix: Path = ()
    for part in path:
        inside: Any = plain if isinstance(plain, dict) else dict(enumerate(plain)) if isinstance(plain, list) else {}
        if part not in inside:
            break
        plain, prefix = inside[part], (*prefix, part)
    return prefix
