"""Values for tests with arbitrary arguments: parts of valid ones, outputs, and anything else."""

import datetime
import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic.alias_generators import to_camel

Args = dict[str, Any]


@dataclass(frozen=True)
class Late:
    """A placeholder for an output, which can be created only while a program runs."""

    value: Any
    known: bool = True
    secret: bool = False


def in_program(value: Any) -> Any:
    """Return arguments in which an output replaces each `Late`."""
    match value:
        case Late():
            late = pulumi.Output.from_input("").apply(lambda _: in_program(value.value))
            if not value.known:
                late = pulumi.Output.from_input(pulumi.output.UNKNOWN)
            return pulumi.Output.secret(late) if value.secret else late
        case dict():
            return {key: in_program(item) for key, item in value.items()}
        case list():
            return [in_program(item) for item in value]
        case _:
            return value


def some(**fields: SearchStrategy[Any]) -> SearchStrategy[Args]:
    """Return mappings with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def one(*values: Any) -> SearchStrategy[Any]:
    return st.sampled_from(values)


_texts = st.one_of(st.text(st.characters(), max_size=20), one("\ud800", "\x00", "a\nb", "\u202e", "x" * 3_000, ""))
_plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    one(10**400, -(2**63) - 1, 0),
    st.floats(),
    _texts,
)
_json = st.recursive(
    _plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_texts, inner, max_size=3)),
    max_leaves=5,
)
_odd = one(
    b"bytes",
    (1, "two"),
    {"set"},
    object(),
    int,
    len,
    decimal.Decimal("1.5"),
    datetime.date(2026, 11, 23),
    datetime.timedelta(minutes=1),
    complex(1, 1),
    range(3),
)
junk: SearchStrategy[Any] = st.one_of(_json, _odd, st.builds(Late, _json, st.booleans(), st.booleans()))
"""Arbitrary values, and outputs that resolve to them."""


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of a value and of everything nested in it."""
    paths = [path]
    if isinstance(value, Mapping):
        for key, item in value.items():
            paths += _paths(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            paths += _paths(item, (*path, index))
    return paths


def _replace(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    first, *rest = path
    if isinstance(value, Mapping):
        return {key: _replace(item, tuple(rest), change) if key == first else item for key, item in value.items()}
    return [_replace(item, tuple(rest), change) if index == first else item for index, item in enumerate(value)]


def _camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            to_camel(key) if isinstance(key, str) and key.islower() else key: _camel(item)
            for key, item in value.items()
        }
    return [_camel(item) for item in value] if isinstance(value, list) else value


@st.composite
def maybe_invalid(draw: st.DrawFn, valid: SearchStrategy[Args]) -> Any:
    args: Any = draw(valid)
    for _ in range(draw(one(0, 0, 1, 1, 2, 3))):
        path = draw(st.sampled_from(_paths(args)))
        kind = draw(one("late", "late", "junk", "key", "both spellings"))
        if kind == "late":
            known, secret = draw(st.booleans()), draw(st.booleans())
            args = _replace(args, path, lambda value: Late(value, known, secret))  # noqa: B023
        elif kind == "junk":
            wrong = draw(junk)
            args = _replace(args, path, lambda _: wrong)  # noqa: B023
        elif isinstance(args, dict) and kind == "key":
            args = args | {draw(_texts): draw(junk)}
        elif isinstance(args, dict) and args:
            key = draw(st.sampled_from(list(args)))
            args = args | {to_camel(str(key)): draw(junk)}
    return _camel(args) if draw(st.booleans()) else args
