"""What a program sends to the engine, as plain Python: unknown and secret values are marked."""

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
"""A value that only an update would tell."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the engine would encrypt; it shows itself as `[secret]`."""

    value: Any = field(repr=False)

    def __repr__(self) -> str:
        return "[secret]"

    __str__ = __repr__


def is_map(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value is an object in JSON's sense."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether a value is an array in JSON's sense."""
    return isinstance(value, list | tuple)


def mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """Return a value with all that is neither map nor list in it replaced by what a function makes of it."""
    if is_map(value):
        return {key: mapped(item, leaf) for key, item in value.items()}
    if is_list(value):
        return [mapped(item, leaf) for item in value]
    return leaf(value)


def leaves(value: Any) -> Iterator[Any]:
    """Yield all that is neither map nor list in a value; a secret, and then what is in it."""
    if is_map(value) or is_list(value):
        for item in value.values() if is_map(value) else value:
            yield from leaves(item)
        return
    yield value
    if isinstance(value, Secret):
        yield from leaves(value.value)


def revealed(value: Any) -> Any:
    """Return a value with its secrets laid open, at every depth; unknown ones stay `UNKNOWN`."""
    return mapped(value, lambda leaf: revealed(leaf.value) if isinstance(leaf, Secret) else leaf)


def shown(value: Any) -> Any:
    """Return a value as JSON can hold it: `[unknown]` and `[secret]` stand for what they hide."""
    return mapped(
        value, lambda leaf: leaf if leaf is None or isinstance(leaf, str | int | float | bool) else repr(leaf)
    )


def known(value: Any, kind: type[T]) -> T | None:
    """Return what a property holds, opened if it is secret, if it is known and of a kind; otherwise None."""
    if isinstance(value, Secret):
        value = value.value
    return value if isinstance(value, kind) else None


def at(inputs: Mapping[str, Any], *path: str | int) -> Any:
    """Return what stands at a path of keys and indexes; None where it leads nowhere, `UNKNOWN` where that is unknown.

    A secret on the way is opened.
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
