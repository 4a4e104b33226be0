"""What a program sends to the engine, as plain Python: unknown and secret values are marked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

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


def revealed(value: Any) -> Any:
    """Return a value with its secrets laid open, at every depth; unknown ones stay `UNKNOWN`."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, dict):
        items: dict[str, Any] = value
        return {key: revealed(item) for key, item in items.items()}
    if isinstance(value, list):
        listed: list[Any] = value
        return [revealed(item) for item in listed]
    return value


def shown(value: Any) -> Any:
    """Return a value as JSON can hold it: `[unknown]` and `[secret]` stand for what they hide."""
    if isinstance(value, dict):
        items: dict[str, Any] = value
        return {key: shown(item) for key, item in items.items()}
    if isinstance(value, list):
        listed: list[Any] = value
        return [shown(item) for item in listed]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)


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
