"""Compares what two programs register. Their measurements are comparable only if it is the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Registration: TypeAlias = Mapping[str, Any]


def differences(ours: Sequence[Registration], theirs: Sequence[Registration]) -> list[str]:
    """Return the differences between two programs: resources (type, name and parent), their inputs and options.

    The order of registrations is free.
    """
    there, here = Counter(map(_key, theirs)), Counter(map(_key, ours))
    found = [f"only with components: {_format(key)}" for key in (here - there).elements()]
    found += [f"only without components: {_format(key)}" for key in (there - here).elements()]
    by_hand = {_key(each): each for each in theirs}
    for each in ours:
        other = by_hand.get(_key(each), each)
        found += [
            f"{_format(_key(each))}: {field} is {each[field]!r} with components, {other[field]!r} without"
            for field in each
            if each[field] != other[field]
        ]
    return found


def flat(registrations: Sequence[Registration]) -> list[Registration]:
    """Return registrations without the components, with the stack as the parent of the others."""
    return [{**each, "parent": None} for each in registrations if not each["type"].startswith("apprunner:")]


def _key(each: Registration) -> tuple[str, str, str | None]:
    return each["type"], each["name"], each["parent"]


def _format(key: tuple[str, str, str | None]) -> str:
    kind, name, parent = key
    return f"{kind} '{name}' below {parent or 'the stack'}"
