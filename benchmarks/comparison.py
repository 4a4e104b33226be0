"""Compares what two programs register. Their figures can be compared only if it is the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Registration: TypeAlias = Mapping[str, Any]


def differences(ours: Sequence[Registration], theirs: Sequence[Registration]) -> list[str]:
    """Return the resources (type, name and parent) that only one program registers, and different inputs and options.

    The order of registrations does not matter.
    """
    our_keys, their_keys = Counter(map(_key, ours)), Counter(map(_key, theirs))
    problems = [f"only with components: {_describe(key)}" for key in (our_keys - their_keys).elements()]
    problems += [f"only hand-written: {_describe(key)}" for key in (their_keys - our_keys).elements()]
    counterparts = {_key(each): each for each in theirs}
    for each in ours:
        other = counterparts.get(_key(each), each)
        problems += [
            f"{_describe(_key(each))}: {field} is {each[field]!r} with components, {other[field]!r} hand-written"
            for field in each
            if each[field] != other[field]
        ]
    return problems


def without_components(registrations: Sequence[Registration]) -> list[Registration]:
    """Return the registrations of resources that are no components, with the stack as their parent."""
    return [{**each, "parent": None} for each in registrations if not each["type"].startswith("apprunner:")]


def _key(each: Registration) -> tuple[str, str, str | None]:
    return each["type"], each["name"], each["parent"]


def _describe(key: tuple[str, str, str | None]) -> str:
    kind, name, parent = key
    return f"{kind} '{name}' in {parent or 'the stack'}"
