"""The types of arguments: what is around them, and what is inside."""

import dataclasses
import functools
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic.alias_generators import to_snake


def bare(annotation: Any) -> tuple[Any, list[Any]]:
    """Return a type without Annotated, Optional and In around it, and the notes that stood there."""
    notes: list[Any] = []
    while (origin := get_origin(annotation)) in (Annotated, Union, types.UnionType):
        arguments = [argument for argument in get_args(annotation) if argument is not type(None)]
        annotation = arguments[0]
        if origin is Annotated:
            notes.extend(arguments[1:])
    return annotation, notes


def fields(annotation: Any) -> Mapping[str, Any]:
    """Return the types of a model's fields by name; none of a type that is no model."""
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
    """Return whether a type is a map with keys of the user's choice, not a model with fields."""
    return get_origin(bare(annotation)[0]) is Mapping
