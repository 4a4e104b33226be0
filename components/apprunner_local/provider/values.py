# pyright: standard
"""Property values as plain Python, and which of them are secret."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.provider.experimental.property_value import PropertyValue

Path = tuple[str | int, ...]
Properties = dict[str, Any]


def from_struct(properties: Struct) -> tuple[Properties, set[Path]]:
    """Return what came over the wire, and the paths of what was secret in it."""
    secret: set[Path] = set()
    plain = {key: _from_value(value, (key,), secret) for key, value in PropertyValue.unmarshal_map(properties).items()}
    return plain, secret


def to_struct(plain: Mapping[str, Any], secret: Iterable[Path] = ()) -> Struct:
    """Return what goes over the wire.

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
        held: Any = {key: _to_value(item, (*path, key), secret) for key, item in value.items() if item is not None}
    elif isinstance(value, list):
        held = [_to_value(item, (*path, index), secret) for index, item in enumerate(value)]
    else:
        held = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return PropertyValue(held, is_secret=path in secret)


def _existing_prefix(plain: Any, path: Path) -> Path:
    """Return the path as far as there is something."""
    found: Path = ()
    for part in path:
        inside: Any = plain if isinstance(plain, dict) else dict(enumerate(plain)) if isinstance(plain, list) else {}
        if part not in inside:
            break
        plain, found = inside[part], (*found, part)
    return found
