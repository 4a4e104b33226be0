"""In what the inputs of a resource differ between two plans, as JSON has them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pulumi_apprunner.offline.values import is_list, is_map

ABSENT: Final = None
"""Stands for what is not there; the engine takes a null for the same."""
UNKNOWN: Final = "[unknown]"
SECRET: Final = "[secret]"

Path = tuple[str | int, ...]

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
_PLAIN = re.compile(r"[A-Za-z_$][\w$]*")


class Difference(NamedTuple):
    """A value that is another one, was added or was taken out."""

    path: Path
    before: Any
    after: Any

    @property
    def is_open(self) -> bool:
        """Whether one of the values is not known yet, so that they may turn out to be the same."""
        return UNKNOWN in (self.before, self.after)


def differences(before: Any, after: Any, at: Path = (), *, ordered: bool) -> Iterator[Difference]:
    """Yield where two values differ, as deep as can be told.

    Args:
        before: The old value.
        after: The new one.
        at: Where they stand.
        ordered: Whether another order makes another list.
    """
    if before == after:
        return
    if is_map(before) and is_map(after):
        for key in sorted({*before, *after}):
            yield from differences(before.get(key), after.get(key), (*at, key), ordered=ordered)
    elif is_list(before) and is_list(after):
        if not ordered and sorted(map(_text, before)) == sorted(map(_text, after)):
            return
        if len(before) == len(after) and all(map(is_map, (*before, *after))):
            for index, (one, other) in enumerate(zip(before, after, strict=True)):
                yield from differences(one, other, (*at, index), ordered=ordered)
        else:
            yield Difference(at, before, after)
    else:
        yield Difference(at, before, after)


def without(value: Any, path: Path) -> Any:
    """Return a value without what stands at a path, in which `*` is any key or index."""
    if not path:
        return ABSENT
    step, rest = path[0], path[1:]
    concerned: Callable[[str | int], bool] = lambda key: step in ("*", key)  # noqa: E731
    if is_map(value):
        return {key: without(item, rest) if concerned(key) else item for key, item in value.items()}
    if is_list(value):
        return [without(item, rest) if concerned(index) else item for index, item in enumerate(value)]
    return value


def parsed(path: str) -> Path:
    """Return the steps of a path as options like `ignore_changes` hold it: `tags["a.b"]`, `rules[*].port`."""
    found: Iterator[re.Match[str]] = _STEP.finditer(path)
    return tuple(
        int(index) if index and index != "*" else (key and re.sub(r"\\(.)", r"\1", key)) or index or name
        for key, index, name in (each.groups() for each in found)
    )


def written(path: Path) -> str:
    """Return a path as Pulumi writes it."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step, ensure_ascii=False)}]"
    return text


def covers(pattern: Path, path: Path) -> bool:
    """Tell whether one of two paths leads through the other's end, where `*` is any key or index."""
    return all(step in ("*", other) for step, other in zip(pattern, path, strict=False))


def hides_a_secret(value: Any) -> bool:
    """Tell whether a plan shows a mask in place of something in a value."""
    if is_map(value):
        return any(map(hides_a_secret, value.values()))
    return any(map(hides_a_secret, value)) if is_list(value) else value == SECRET


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
