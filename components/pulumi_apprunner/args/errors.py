"""The messages about invalid arguments: "<requirement>, got <value>. <fix>"."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic.alias_generators import to_snake
from pydantic_core import ErrorDetails, PydanticCustomError

from pulumi_apprunner.args.annotations import Bounds, Described, Sensitive, fields
from pulumi_apprunner.args.paths import (
    KEY,
    Deferred,
    Path,
    format_path,
    model_at,
    notes_at,
    spell_path,
    value_at,
)
from pulumi_apprunner.args.unknown_arguments import describe_unknown_argument, intended_arguments
from pulumi_apprunner.args.wrong_types import NO_VALUE, describe_type, wrong_type

Problems: TypeAlias = dict[str, str]


def invalid(
    requirement: str,
    fix: str = "",
    *,
    got: str | None = None,
    fix_of_value: str | None = None,
    missing: Sequence[str] = (),
) -> PydanticCustomError:
    """Return the error for a validator to raise; its message is "<requirement>, got <value>. <fix>".

    Args:
        requirement: What is required: "must be in ASCII". It contains no part of the value, which may be a secret.
        fix: How to fix it: "Remove one of them". It contains no part of the value either. Default: none.
        got: Text for the message instead of the value, if the value is not sensitive. Default: the value, unless it is
            None, a mapping or a list.
        fix_of_value: The fix with parts of the value, used if the value is not sensitive. Default: `fix`.
        missing: The arguments beside the value whose absence is the error. If the name of one of them is misspelled,
            only the misspelling is reported. Default: none.
    """
    context = {
        "requirement": requirement,
        "fix": fix,
        "got": got,
        "fix_of_value": fix if fix_of_value is None else fix_of_value,
        "missing": missing,
    }
    return PydanticCustomError("invalid", "{requirement}", context)


def invalid_paths(problems: Mapping[Path, str], *, missing: Sequence[str] = ()) -> PydanticCustomError:
    """Return the error for a validator to raise about several paths; each is relative to the parent of its field.

    Args:
        problems: The message about each path.
        missing: As for `invalid`.
    """
    return PydanticCustomError("invalid_paths", "", {"problems": dict(problems), "missing": missing})


def explain(
    model: Any, value: Any, error: ValidationError, prefix: Path = (), *, camel: bool = False, show: bool = True
) -> Problems:
    """Return a message for each path of a validation error.

    Args:
        model: The type that the value was validated against.
        value: The validated value; paths spell keys as it does.
        error: Pydantic's error.
        prefix: The path of the value among the arguments, without sensitive keys.
        camel: Whether a key that the value does not contain is spelled in camelCase.
        show: Whether messages may contain values.
    """
    problems: Problems = {}
    items = error.errors(include_url=False)
    misspelled = _misspelled(model, items)
    for item in items:
        if _is_absence_of(misspelled, item):
            continue
        about_key = item["loc"][-1:] == (KEY,)  # the path contains the key already
        loc = tuple(part for part in item["loc"] if part != KEY)
        if item["type"] == "invalid_paths":
            for relative, message in item.get("ctx", {})["problems"].items():
                problems[format_path((*prefix, *spell_path(model, value, (*loc[:-1], *relative), camel)))] = message
            continue
        notes = list(notes_at(model, item["loc"]))
        hidden = any(isinstance(note, Sensitive) and note.hides(item["input"]) for note in notes)
        path = format_path((*prefix, *spell_path(model, value, loc, camel)))
        required = fields(model_at(model, item["loc"]))
        message = wrong_type(item["type"], item["input"], path, notes, required, camel=camel)
        if message is None or isinstance(item["input"], Deferred):
            shown = show and not about_key and not hidden
            if item["type"] in _UNKNOWN:
                parent, siblings = model_at(model, loc[:-1]), value_at(value, loc[:-1])
                outer = fields(model_at(model, loc[:-2])) if loc[1:] else ()
                message = describe_unknown_argument(str(loc[-1]), parent, siblings, outer=outer, camel=camel)
            else:
                message = _message(item, notes, shown=shown)
        problems[path] = f"{problems[path]}; {message}" if path in problems else message
    return problems


_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument")
"""Pydantic's names of the errors about unknown and missing arguments."""


def _misspelled(model: Any, items: Sequence[ErrorDetails]) -> set[Path]:
    """Return the locations of the arguments that are probably meant by unknown ones."""
    return {
        (*item["loc"][:-1], path.partition(".")[0])
        for item in items
        if item["type"] in _UNKNOWN
        for path in intended_arguments(str(item["loc"][-1]), model_at(model, item["loc"][:-1]))
    }


def _is_absence_of(misspelled: set[Path], item: ErrorDetails) -> bool:
    """Return whether an error is only the absence of a misspelled argument."""
    missing = item["loc"][-1:] if item["type"] in _MISSING else item.get("ctx", {}).get("missing", ())
    return any((*item["loc"][:-1], to_snake(str(each))) in misspelled for each in missing)


def _message(item: ErrorDetails, notes: list[Any], *, shown: bool) -> str:
    value, kind, context = item["input"], item["type"], item.get("ctx", {})
    if isinstance(value, Deferred) and context.get("got") != "":  # "" is of a rule that does not read the value
        return (
            "must be a plain value, got an Output. It is validated before a resource is created. Use a value that is "
            "known when the program runs, such as a configuration value"
        )
    if kind in _MISSING:
        return "is required"
    if kind == "invalid":
        got = context["got"] if shown else ""
        if got is None:
            got = "" if value is None or isinstance(value, Mapping | list) else format_value(value)
        return _sentence(context["requirement"], got, context["fix_of_value" if shown else "fix"])
    if value is None:
        return NO_VALUE
    if kind == "value_error":  # from apprunner_facts, whose message contains the value
        return item["msg"].removeprefix("Value error, ")
    got = format_value(value) if shown and not kind.startswith("too_") else ""
    if kind == "string_type":
        fix = "Quote the value" if isinstance(value, int | float) else ""
        return _sentence("must be a string", got or describe_type(value), fix)
    for note in notes:
        if isinstance(note, Bounds) and kind in ("int_type", "int_from_float"):
            fix = "Remove the quotes" if isinstance(value, str) and value.isdecimal() else ""
            return _sentence(f"must be an integer, {note.limits}", got or describe_type(value), fix)
        if isinstance(note, Bounds):
            return _sentence(note.requirement, got, note.fix(value))
        if isinstance(note, Described) and kind == "string_pattern_mismatch":
            return _sentence(f"must be {note.what}", got)
    fix = "Remove the quotes" if kind == "bool_type" and value in ("true", "false") else ""
    return _sentence(_requirement(kind, context, item["msg"]), got, fix)


def _sentence(requirement: str, got: str, fix: str = "") -> str:
    return requirement + (f", got {got}" if got else "") + (f". {fix}" if fix else "")


def _requirement(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in ("literal_error", "enum"):
        return f"must be {context['expected']}".replace("'", '"').replace("True, False", "true, false")
    if kind in _REQUIRED:
        return f"must be {_REQUIRED[kind]}"
    unit = "character" if kind.startswith("string") else "item"
    if kind in ("too_short", "string_too_short"):
        least = context["min_length"]
        return "must not be empty" if least == 1 else f"must have at least {least} {unit}s"
    if kind in ("too_long", "string_too_long"):
        return f"must have at most {context['max_length']} {unit}s"
    return f"is invalid: {message[:1].lower()}{message[1:]}"


_REQUIRED = {
    "string_type": "a string",
    "invalid_key": "a string",
    "string_unicode": "a string of valid Unicode characters",
    "bool_type": "true or false",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "an integer",
    "int_from_float": "an integer",
}
"""The required type, by pydantic's name of the error."""


def format_value(value: Any) -> str:
    """Return a value for a message: strings in quotes, cut after 200 characters; mappings and lists by their type."""
    if isinstance(value, str):
        text = value if len(value) <= _MAX_CHARACTERS else f"{value[: _MAX_CHARACTERS - 3]}..."
        return json.dumps(text, ensure_ascii=not text.isprintable())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a number of {value.bit_length()} bits"
    return str(value) if isinstance(value, int | float) else describe_type(value)


_MAX_CHARACTERS = 200
