"""What is wrong with arguments, in words: what was got, what is allowed, what to do."""

import dataclasses
import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast, get_args

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel, to_snake
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from apprunner_facts.limits import Range
from pulumi_apprunner.args.annotations import bare, fields, item_type
from pulumi_apprunner.args.kinds import NO_VALUE, wrong_kind

Path: TypeAlias = tuple[Any, ...]
Problems: TypeAlias = dict[str, str]

_KEY = "[key]"
"""How pydantic marks a problem with a mapping's key, behind the key."""


@dataclasses.dataclass(frozen=True)
class Deferred:
    """A value that becomes known later, and where it stands among the arguments."""

    value: Any
    path: Path


@dataclasses.dataclass(frozen=True)
class Sensitive:
    """Annotation for a value that messages do not show, since it may be a secret.

    On the type of a mapping's keys it conceals keys, in paths too.

    Args:
        but_for: A text that begins with this is shown. Default: none is.
        form: A text that matches this as a whole is shown. Default: none is.
    """

    but_for: str | None = None
    form: re.Pattern[str] | None = None

    def hides(self, got: object) -> bool:
        """Return whether a value is kept out of messages."""
        if not isinstance(got, str):
            return True
        shown = (self.but_for and got.startswith(self.but_for)) or (self.form and self.form.fullmatch(got))
        return not shown


@dataclasses.dataclass(frozen=True)
class Bounds:
    """Annotation for a whole number between AWS's limits; `below` and `above` say what to do instead of too small or
    too large a number."""

    limits: Range
    below: str = ""
    above: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(ge=self.limits.minimum, le=self.limits.maximum)
        return core_schema.no_info_before_validator_function(_not_a_bool, number)

    def explain(self, got: Any) -> str:
        """Return what is possible, and what to do instead of the number that was given."""
        is_number = isinstance(got, int | float) and not isinstance(got, bool)
        advice = "" if not is_number or got in self.limits else self.below if got < self.limits.minimum else self.above
        said = f"{self.limits} ({self.limits.unit})"
        return f"{said}. {advice}" if advice else said


@dataclasses.dataclass(frozen=True)
class Described:
    """Annotation that says in words what a pattern beside it asks for: "a path that begins with /"."""

    what: str


def refuse(reason: str) -> PydanticCustomError:
    """Return the error for a validator to raise: a predicate such as "does not go with 2 vCPU: choose 4 GB"."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


def invalid(what: str, fix: str, *, fix_of_value: str = "") -> PydanticCustomError:
    """Return the error for a validator to raise: what is required of a value, and how to fix it.

    Args:
        what: A predicate: "must be in ASCII".
        fix: An instruction, without anything of the value, which may be secret: "Write its punycode form".
        fix_of_value: The same with parts of the value, for where the value is shown as well. Default: `fix`.
    """
    return PydanticCustomError("required", "{what}", {"what": what, "fix": fix, "fix_of_value": fix_of_value or fix})


def invalid_paths(problems: Mapping[Path, str]) -> PydanticCustomError:
    """Return the error for a validator to raise about several paths; they start beside the field that it judges."""
    return PydanticCustomError("refused_all", "", {"problems": dict(problems)})


def explain(
    model: Any, given: Any, error: ValidationError, prefix: Path = (), *, camel: bool = False, show: bool = True
) -> Problems:
    """Return a reason for each path that a validation error names.

    Args:
        model: The type that was validated against.
        given: What was validated; its own spelling of the keys is used.
        error: What pydantic found.
        prefix: Where the value stands among the arguments, as messages may show it.
        camel: Whether a key that was not given is spelled in camelCase.
        show: Whether the values that were got may be shown.
    """
    problems: Problems = {}
    for item in error.errors(include_url=False):
        about_key = item["loc"][-1:] == (_KEY,)  # which stands in the path already
        loc = tuple(part for part in item["loc"] if part != _KEY)
        if item["type"] == "refused_all":
            for beside, reason in item.get("ctx", {})["problems"].items():
                problems[format_path((*prefix, *spell_path(model, given, (*loc[:-1], *beside), camel)))] = reason
            continue
        known = list(_annotations(model, item["loc"]))
        hidden = any(isinstance(note, Sensitive) and note.hides(item["input"]) for note in known)
        concealed = not show or about_key or hidden
        path = format_path((*prefix, *spell_path(model, given, loc, camel)))
        reason = wrong_kind(item["type"], item["input"], path, fields(_model_at(model, item["loc"])), camel=camel)
        if reason is None or isinstance(item["input"], Deferred):
            reason = _reason(item, known, _model_at(model, loc[:-1]), _value_at(given, loc[:-1]), camel, concealed)
        problems[path] = f"{problems[path]}; {reason}" if path in problems else reason
    return problems


def _reason(item: ErrorDetails, known: list[Any], parent: Any, beside: Any, camel: bool, concealed: bool) -> str:
    got, kind, context = item["input"], item["type"], item.get("ctx", {})
    if isinstance(got, Deferred):
        return "decides what is created, so it must be known on this line, not an output"
    if kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return "is missing"
    if kind == "required":
        shown = "" if concealed else f", got {_shown(got, 200)}"
        return f"{context['what']}{shown}. {context['fix' if concealed else 'fix_of_value']}"
    if got is None and kind != "refused":
        return NO_VALUE
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown_key(str(item["loc"][-1]), parent, beside, camel)
    if kind == "value_error":  # from a rule of apprunner_facts, which names the value itself
        return item["msg"].removeprefix("Value error, ")
    about_its_items = kind == "refused" and isinstance(got, Mapping | list)
    shown = "" if concealed or got is None or about_its_items else f"{_shown(got)} "
    if kind == "string_type" and isinstance(got, int | float):
        return f"{shown}is a number or truth value, not a text: put it in quotes"
    for note in known:
        if isinstance(note, Bounds) and kind != "refused":
            return f"{shown}is not possible: {note.explain(got)}"
        if isinstance(note, Described) and kind == "string_pattern_mismatch":
            return f"{shown}is not {note.what}"
    return f"{shown}{_expected(kind, context, item['msg'])}"


def _expected(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "refused":
        return context["reason"]
    if kind in ("literal_error", "enum"):
        return f"is not one of {context['expected']}"
    if kind in _EXPECTED:
        return f"is not {_EXPECTED[kind]}"
    if kind in ("too_short", "string_too_short"):
        return f"is too short: at least {context['min_length']}"
    if kind in ("too_long", "string_too_long"):
        return f"is too long: at most {context['max_length']}"
    return f"is not possible: {message[:1].lower()}{message[1:]}"


_EXPECTED = {
    "string_type": "a text",
    "string_unicode": "a text that can be written in Unicode",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
}


def _unknown_key(key: str, parent: Any, beside: Any, camel: bool) -> str:
    twin = to_camel(key) if key in fields(parent) else to_snake(key)
    if twin != key and isinstance(beside, Mapping) and twin in beside:
        return f"stands there as {twin} too: keep one of them"
    names = [to_camel(name) if camel or key != key.lower() else name for name in fields(parent)]
    close = difflib.get_close_matches(key, names, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"is not known: {hint}There are {', '.join(sorted(names))}"


def _shown(got: Any, most: int = 80) -> str:
    if isinstance(got, str):
        return repr(got if len(got) <= most else got[: most - 3] + "...")
    if isinstance(got, int) and got.bit_length() > 64:
        return f"a number of {got.bit_length()} bits"
    if isinstance(got, int | float):
        return str(got)
    if isinstance(got, Mapping):
        return "a mapping"
    return f"a {type(got).__name__}"  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]


def _not_a_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "not a whole number")
    return value


def spell_path(model: Any, given: Any, loc: Path, camel: bool) -> Iterator[Any]:
    """Yield a location as messages write it: a key in its own spelling, or as "(key 2)" where it may be a secret.

    Args:
        model: The type of the arguments.
        given: The arguments.
        loc: The location.
        camel: Whether a key that was not given is spelled in camelCase.
    """
    for part in loc:
        model = bare(model)[0]
        shown: Any = part
        if isinstance(given, Mapping):
            mapping = cast(Mapping[Any, Any], given)
            spellings = (part, to_snake(part), to_camel(part)) if isinstance(part, str) else (part,)
            missing = part if not isinstance(part, str) else to_camel(part) if camel else to_snake(part)
            part = next((key for key in spellings if key in mapping), missing)
            shown = f"(key {[*mapping].index(part) + 1})" if part in mapping and _is_secret_key(model, part) else part
            given = mapping.get(part)
        elif isinstance(given, list) and isinstance(part, int) and part < len(given):  # pyright: ignore[reportUnknownArgumentType]
            given = given[part]  # pyright: ignore[reportUnknownVariableType]
        model = item_type(model, part)
        yield shown


def _is_secret_key(model: Any, key: Any) -> bool:
    """Return whether a mapping's key may be a secret: by the type of the keys, or since no argument has such a name."""
    if fields(model):
        return isinstance(key, str) and not _ARGUMENT.fullmatch(key)
    arguments = get_args(model)
    notes = bare(arguments[0])[1] if len(arguments) == 2 else []
    return any(isinstance(note, Sensitive) and note.hides(key) for note in notes)


_ARGUMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def format_path(path: Path) -> str:
    """Return a path as a person writes it: `domains[0].name`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else str(part)
    return text or "(arguments)"


def _annotations(annotation: Any, loc: Path) -> Iterator[Any]:
    """Yield the notes that stand on the types from a model down to a location."""
    for part, following in zip((*loc, None), (*loc[1:], None, None), strict=True):
        annotation, notes = bare(annotation)
        yield from notes
        if part is None or part == _KEY:
            return
        annotation = get_args(annotation)[0] if following == _KEY else item_type(annotation, part)


def _model_at(annotation: Any, loc: Path) -> Any:
    for part in loc:
        annotation = item_type(annotation, part)
    return bare(annotation)[0]


def _value_at(given: Any, loc: Path) -> Any:
    for part in loc:
        if isinstance(given, Mapping):
            mapping = cast(Mapping[Any, Any], given)
            given = next((mapping[key] for key in (part, to_snake(str(part))) if key in mapping), None)
        else:
            given = cast(list[Any], given)[part] if isinstance(given, list) else None
    return given
