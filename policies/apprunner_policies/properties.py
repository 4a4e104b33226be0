"""Typed readers of a resource's properties.

A path names a property as Pulumi does in every language: "instanceConfiguration.cpu", "inlinePolicies[0].policy".
A reader returns None if the property is not set or has another type. It raises UnknownValueError, the SDK's own error,
if the value or a block on the way to it is unknown.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from math import isfinite
from types import TracebackType
from typing import Any, Protocol, cast

from pulumi_policy.proxy import UnknownValueError


class HasProps(Protocol):
    """A resource as a rule gets it: `ResourceValidationArgs`, `PolicyResource` or `PolicyProviderResource`."""

    @property
    def props(self) -> Mapping[str, Any]: ...


def value(resource: HasProps, path: str) -> Any:
    """Return the value at a path, whatever its type."""
    current: Any = resource.props
    for key in _keys(path):
        if isinstance(key, int):
            sequence = as_items(current)
            current = sequence[key] if key < len(sequence) else None
        else:
            current = member(current, key)
    return current


def text(resource: HasProps, path: str) -> str | None:
    """Return the string at a path."""
    return as_text(value(resource, path))


def number(resource: HasProps, path: str) -> float | None:
    """Return the number at a path, as the provider reads it: also from a string such as "3"."""
    return as_number(value(resource, path))


def mapping(resource: HasProps, path: str) -> Mapping[str, Any] | None:
    """Return the block or map at a path. Reading an unknown member of it raises."""
    return as_mapping(value(resource, path))


def items(resource: HasProps, path: str) -> Sequence[Any]:
    """Return the list at a path, empty if there is none. Reading an unknown item of it raises."""
    return as_items(value(resource, path))


def is_true(resource: HasProps, path: str) -> bool:
    """Return whether the value at a path is true, also as a string."""
    return value(resource, path) in (True, "true")


def is_false(resource: HasProps, path: str) -> bool:
    """Return whether the value at a path is false, also as a string."""
    return value(resource, path) in (False, "false")


def is_set(resource: HasProps, path: str) -> bool:
    """Return whether a property has a value other than the empty string. An unknown value counts, and never raises."""
    try:
        return value(resource, path) not in (None, "")
    except UnknownValueError:
        return True


def known(resource: HasProps, path: str) -> Any:
    """Return the value at a path, None if it is not set or unknown."""
    try:
        return value(resource, path)
    except UnknownValueError:
        return None


def known_text(resource: HasProps, path: str) -> str | None:
    """Return the string at a path, None if there is none or it is unknown."""
    return as_text(known(resource, path))


def read_identity(resource: HasProps, output: str) -> None:
    """Read the output by which other resources refer to this one, before a check reports that one of them is missing.

    A program may create it inside `apply`, which runs only once the output is known. Raises UnknownValueError before.
    """
    value(resource, output)


def as_text(item: Any) -> str | None:
    """Return a value if it is a string."""
    return item if isinstance(item, str) else None


def as_number(item: Any) -> float | None:
    """Return a value as a finite number, None if it is none."""
    try:
        result = float(item)
    except (TypeError, ValueError):
        return None
    return result if isfinite(result) else None


def as_mapping(item: Any) -> Mapping[str, Any] | None:
    """Return a value if it is a block or map."""
    return cast(Mapping[str, Any], item) if isinstance(item, Mapping) else None


def member(item: Any, key: str) -> Any:
    """Return a member of a block or map, None if it has none or the value is neither."""
    try:
        return item[key]
    except (KeyError, TypeError):  # faster than a check of the type, which is an abstract class
        return None


def as_items(item: Any) -> Sequence[Any]:
    """Return a value if it is a list, else an empty one."""
    return cast(Sequence[Any], item) if isinstance(item, Sequence) and not isinstance(item, str) else ()


def as_texts(item: Any) -> list[str]:
    """Return the strings of a list, such as one in a rule's configuration."""
    return [each for each in as_items(item) if isinstance(each, str)]


def known_items(sequence: Sequence[Any]) -> Iterator[Any]:
    """Yield the items of a list that are known."""
    for index in range(len(sequence)):
        with suppress(UnknownValueError):
            yield sequence[index]


def known_texts(sequence: Sequence[Any]) -> list[str]:
    """Return the known items of a list as strings."""
    return [str(each) for each in known_items(sequence)]


class UnknownValues:
    """Suppresses UnknownValueError in `with` blocks, so that a check goes on with what is known.

    It keeps the first error as plain data, without its traceback, which would keep a whole stack alive.
    """

    def __init__(self) -> None:
        self._first: tuple[str, list[str]] | None = None

    def __enter__(self) -> "UnknownValues":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, UnknownValueError):
            return False
        if self._first is None:
            self._first = (error.unknown_type_sentinel, error.props)
        return True

    def __bool__(self) -> bool:
        """Return whether any value was unknown."""
        return self._first is not None

    def raise_first(self) -> None:
        """Raise UnknownValueError for the first unknown value, if there was one."""
        if self._first is not None:
            raise UnknownValueError(*self._first)


@lru_cache(maxsize=1024)
def _keys(path: str) -> tuple[str | int, ...]:
    return tuple(int(key[1:-1]) if key.startswith("[") else key for key in re.findall(r"\[\d+\]|[^.\[]+", path))
