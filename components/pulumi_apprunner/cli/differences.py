"""Differences between the inputs of a resource in two plans, in the form of their JSON."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pulumi_apprunner.offline.values import is_list, is_map

ABSENT: Final = None
"""A missing value. Pulumi's engine treats null the same."""
UNKNOWN: Final = "[unknown]"
SECRET: Final = "[secret]"

Path = tuple[str | int, ...]

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
_PLAIN = re.compile(r"[A-Za-z_$][\w$]*")


class Difference(NamedTuple):
    """A value that was changed, added or removed."""

    path: Path
    before: Any
    after: Any

    @property
    def is_open(self) -> bool:
        """Whether one of the values is unknown, so that both may be equal."""
        return UNKNOWN in (self.before, self.after)


def differences(before: Any, after: Any, at: Path = (), *, ordered: bool) -> Iterator[Difference]:
    """Yield the differences between two values, at the deepest possible paths.

    Args:
        before: The old value.
        after: The new one.
        at: Their path.
        ordered: Whether the order of a list matters.
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
    """Return a value without the values at a path, in which `*` is any key or index."""
    if not path:
        return ABSENT
    step, rest = path[0], path[1:]
    matches: Callable[[str | int], bool] = lambda key: step in ("*", key)  # noqa: E731
    if is_map(value):
        return {key: without(item, rest) if matches(key) else item for key, item in value.items()}
    if is_list(value):
        return [without(item, rest) if matches(index) else item for index, item in enumerate(value)]
    return value


def parse_path(path: str) -> Path:
    """Return the steps of a path in the form of `ignore_changes`: `tags["a.b"]`, `rules[*].port`."""
    steps: Iterator[re.Match[str]] = _STEP.finditer(path)
    return tuple(
        int(index) if index and index != "*" else (key and re.sub(r"\\(.)", r"\1", key)) or index or name
        for key, index, name in (each.groups() for each in steps)
    )


def format_path(path: Path) -> str:
    """Return a path in Pulumi's form."""
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
    """Return whether one path is a prefix of the other, where `*` is any key or index."""
    return all(step in ("*", other) for step, other in zip(pattern, path, strict=False))


def has_secret(value: Any) -> bool:
    """Return whether a value in a plan contains a masked secret."""
    if is_map(value):
        return any(map(has_secret, value.values()))
    return any(map(has_secret, value)) if is_list(value) else value == SECRET


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
