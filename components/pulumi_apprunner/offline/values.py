"""Property values as plain Python, with marks for unknown and secret values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard, TypeVar

T = TypeVar("T")


class Unknown:
    """The type of `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "[unknown]"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""A value that is unknown until an update."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value. Its `str` and `repr` are `[secret]`."""

    value: Any = field(repr=False)

    def __repr__(self) -> str:
        return "[secret]"

    __str__ = __repr__


def is_map(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is a map: an object in JSON."""
    # Most values are strings or dicts, for which the check of an abstract class is slow.
    return isinstance(value, dict) or (not isinstance(value, str) and isinstance(value, Mapping))


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Return whether a value is a list or tuple: an array in JSON."""
    return isinstance(value, list | tuple)


def map_leaves(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """Return a value in which a function replaces everything that is neither a map nor a list."""
    if is_map(value):
        return {key: map_leaves(item, leaf) for key, item in value.items()}
    if is_list(value):
        return [map_leaves(item, leaf) for item in value]
    return leaf(value)


def leaves(value: Any) -> Iterator[Any]:
    """Yield everything in a value that is neither a map nor a list; a secret, then its content."""
    if is_map(value):
        for item in value.values():
            yield from leaves(item)
    elif is_list(value):
        for item in value:
            yield from leaves(item)
    else:
        yield value
        if isinstance(value, Secret):
            yield from leaves(value.value)


def reveal(value: Any) -> Any:
    """Return a value with the content of its secrets, at every depth. `UNKNOWN` stays."""
    return map_leaves(value, lambda leaf: reveal(leaf.value) if isinstance(leaf, Secret) else leaf)


def printable(value: Any) -> Any:
    """Return a value that JSON can represent: `[unknown]` and `[secret]` replace unknown and secret values."""
    return map_leaves(
        value, lambda leaf: leaf if leaf is None or isinstance(leaf, str | int | float | bool) else repr(leaf)
    )


def describe(value: Any) -> str:
    """Return a value for an error message. Of a map it has the keys, of a list only the type."""
    if is_map(value):
        return f"a map with {', '.join(map(str, value))}" if value else "an empty map"
    if is_list(value):
        return "a list"
    return "nothing" if value is None else repr(value)


def known_value(value: Any, kind: type[T]) -> T | None:
    """Return a property's value, also a secret's, if it is known and has a type; otherwise None.

    Args:
        value: The property.
        kind: The type.
    """
    if isinstance(value, Secret):
        value = value.value
    return value if isinstance(value, kind) else None


def value_at(inputs: Mapping[str, Any], *path: str | int) -> Any:
    """Return the value at a path of keys and indexes, through secrets.

    Returns:
        None if the path does not exist, `UNKNOWN` if the value or one of its ancestors is unknown.
    """
    value: Any = inputs
    for part in path:
        if isinstance(value, Secret):
            value = value.value
        if value is UNKNOWN:
            return UNKNOWN
        try:
            value = value[part]
        except (LookupError, TypeError):
            return None
    return value


def with_value(value: Any, path: Sequence[str | int], new: Any) -> Any:
    """Return a value with another one at a path of keys and indexes. What is missing on the path becomes a map."""
    if not path:
        return new
    step, *rest = path
    if is_list(value) and isinstance(step, int):
        return [with_value(item, rest, new) if index == step else item for index, item in enumerate(value)]
    inner: Mapping[str, Any] = value if is_map(value) else {}
    return {**inner, str(step): with_value(inner.get(str(step)), rest, new)}
