"""Annotations of arguments, and the types below them."""

import dataclasses
import functools
import re
import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import GetCoreSchemaHandler
from pydantic.alias_generators import to_snake
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from apprunner_facts.limits import Range

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Sensitive:
    """Annotation for a value that may be a secret: messages do not show it.

    On the type of a mapping's keys it hides keys, in paths too.

    Args:
        except_prefix: Strings with this prefix are shown. Default: none.
        except_pattern: Strings that match this pattern as a whole are shown. Default: none.
    """

    except_prefix: str | None = None
    except_pattern: re.Pattern[str] | None = None

    def hides(self, value: object) -> bool:
        """Return whether messages must not show the value."""
        if not isinstance(value, str):
            return True
        return not (
            (self.except_prefix and value.startswith(self.except_prefix))
            or (self.except_pattern and self.except_pattern.fullmatch(value))
        )


@dataclasses.dataclass(frozen=True)
class Bounds:
    """Annotation for an integer within AWS's limits.

    Args:
        limits: The least and the greatest value.
        below: How to fix a number that is too small.
        above: How to fix a number that is too large.
    """

    limits: Range
    below: str = ""
    above: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(ge=self.limits.minimum, le=self.limits.maximum)
        return core_schema.no_info_before_validator_function(_require_number, number)

    @property
    def requirement(self) -> str:
        """What is required: "must be 1 to 20 seconds"."""
        unit = f" {self.limits.unit}" if self.limits.unit in ("seconds", "minutes") else ""
        return f"must be {self.limits}{unit}"

    def fix(self, value: Any) -> str:
        """Return how to fix a value; an empty string for one that is no number."""
        if not isinstance(value, int | float) or isinstance(value, bool) or value in self.limits:
            return ""
        return self.below if value < self.limits.minimum else self.above


@dataclasses.dataclass(frozen=True)
class Described:
    """Annotation that describes the strings that a pattern beside it accepts: "a path that begins with /"."""

    what: str


@dataclasses.dataclass(frozen=True)
class Fix:
    """Annotation with the fix for a value of the wrong type: "Pass [SecretsBinding(...).bound]"."""

    text: str


class _OneOrMore:
    """Annotation that also accepts the only item of a list."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        sequence = handler.generate_schema(get_args(source)[0])
        return core_schema.no_info_before_validator_function(_as_list, sequence)


OneOrMore = Annotated[Sequence[T] | T, _OneOrMore()]
"""A list with items of type T, or its only item."""


def bare(annotation: Any) -> tuple[Any, list[Any]]:
    """Return a type without Annotated, Optional and In, and the annotations of these."""
    notes: list[Any] = []
    while (origin := get_origin(annotation)) in (Annotated, Union, types.UnionType):
        arguments = [argument for argument in get_args(annotation) if argument is not type(None)]
        annotation = arguments[0]
        if origin is Annotated:
            notes.extend(arguments[1:])
    return annotation, notes


def fields(annotation: Any) -> Mapping[str, Any]:
    """Return the types of a model's fields by name; empty for other types."""
    return _types_of(annotation) if isinstance(annotation, type) and dataclasses.is_dataclass(annotation) else {}


@functools.cache
def _types_of(model: Any) -> Mapping[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(model)}


def item_type(annotation: Any, part: Any) -> Any:
    """Return the type of a field, or of a map's or list's items."""
    annotation, _ = bare(annotation)
    if known := fields(annotation):
        return known.get(to_snake(str(part)), Any)
    arguments = get_args(annotation)
    return arguments[-1] if arguments else Any


def is_map(annotation: Any) -> bool:
    """Return whether a type is a map, whose keys the user chooses."""
    return get_origin(bare(annotation)[0]) is Mapping


def _require_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("int_type", "not an integer")
    return value


def _as_list(value: Any) -> Any:
    return cast(list[Any], value) if isinstance(value, list) else [value]
