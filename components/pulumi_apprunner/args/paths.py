"""Paths of arguments: their spelling in messages, and the type, annotations and value at a path."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast, get_args

from pydantic.alias_generators import to_camel, to_snake

from pulumi_apprunner.args.annotations import Sensitive, bare, fields, item_type

Path: TypeAlias = tuple[Any, ...]

KEY = "[key]"
"""The part that pydantic adds to the location of a problem with a mapping's key."""


@dataclasses.dataclass(frozen=True)
class Deferred:
    """An Output or an awaitable among the arguments, and its path."""

    value: Any
    path: Path


def spell_path(model: Any, value: Any, loc: Path, camel: bool) -> Iterator[Any]:
    """Yield the parts of a path for messages: keys as the user spells them, "(key 2)" for one that may be a secret.

    Args:
        model: The type of the arguments.
        value: The arguments.
        loc: The location.
        camel: Whether a key that the arguments do not contain is spelled in camelCase.
    """
    for part in loc:
        model = bare(model)[0]
        shown: Any = part
        if isinstance(value, Mapping):
            mapping = cast(Mapping[Any, Any], value)
            spellings = (part, to_snake(part), to_camel(part)) if isinstance(part, str) else (part,)
            missing = part if not isinstance(part, str) else to_camel(part) if camel else to_snake(part)
            part = next((key for key in spellings if key in mapping), missing)
            shown = f"(key {[*mapping].index(part) + 1})" if part in mapping and _is_secret_key(model, part) else part
            value = mapping.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):  # pyright: ignore[reportUnknownArgumentType]
            value = value[part]  # pyright: ignore[reportUnknownVariableType]
        model = item_type(model, part)
        yield shown


def _is_secret_key(model: Any, key: Any) -> bool:
    """Return whether a key may be a secret, from the type of the keys, or because it is no valid argument name."""
    if fields(model):
        return isinstance(key, str) and not ARGUMENT.fullmatch(key)
    arguments = get_args(model)
    notes = bare(arguments[0])[1] if len(arguments) == 2 else []
    return any(isinstance(note, Sensitive) and note.hides(key) for note in notes)


ARGUMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""The form of an argument's name."""


def format_path(path: Path) -> str:
    """Return a path as text: `domains[0].name`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else str(part)
    return text or "(arguments)"


def notes_at(annotation: Any, loc: Path) -> Iterator[Any]:
    """Yield the annotations on the types from a model down to a location."""
    for part, following in zip((*loc, None), (*loc[1:], None, None), strict=True):
        annotation, notes = bare(annotation)
        yield from notes
        if part is None or part == KEY:
            return
        annotation = get_args(annotation)[0] if following == KEY else item_type(annotation, part)


def model_at(annotation: Any, loc: Path) -> Any:
    """Return the type at a location."""
    for part in loc:
        annotation = item_type(annotation, part)
    return bare(annotation)[0]


def value_at(value: Any, loc: Path) -> Any:
    """Return the value at a location; None if it does not exist."""
    for part in loc:
        if isinstance(value, Mapping):
            mapping = cast(Mapping[Any, Any], value)
            value = next((mapping[key] for key in (part, to_snake(str(part))) if key in mapping), None)
        else:
            value = cast(list[Any], value)[part] if isinstance(value, list) else None
    return value
