# pyright: standard
"""AWS's models of its APIs in botocore, and checks of requests and responses against them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from botocore.loaders import Loader
from botocore.model import ServiceModel

from pulumi_apprunner.offline.values import UNKNOWN

Members = dict[str, Any]

IgnoredTrait = Literal["pattern", "case"]
"""A trait of a string that is not checked: its pattern, or the case of its enum's values."""

Ignored = Mapping[tuple[str, str], IgnoredTrait]
"""The ignored traits, by structure and member."""


def operations(service: str) -> Sequence[str]:
    """Return the operations of a service's API."""
    names: Any = _model(service).operation_names
    return list(names)


def input_members(service: str, operation: str) -> Sequence[str]:
    """Return the names of an operation's parameters."""
    shape: Any = _model(service).operation_model(operation).input_shape
    return list(shape.members)


def errors(service: str, operation: str) -> Sequence[str]:
    """Return the errors that an operation declares."""
    shapes: Any = _model(service).operation_model(operation).error_shapes
    return [shape.name for shape in shapes]


def input_problems(service: str, operation: str, members: Members) -> list[str]:
    """Return the errors of an operation's input, whose members have AWS's names."""
    return list(_problems(_model(service).operation_model(operation).input_shape, members, operation))


def output_problems(
    service: str, operation: str, members: Members, ignored: Ignored = MappingProxyType({})
) -> list[str]:
    """Return the errors of an operation's output; times are seconds since 1970.

    Args:
        service: boto3's name of the service.
        operation: The operation.
        members: The output.
        ignored: The traits that are not checked, because the live API differs from them. Default: none.
    """
    return list(_problems(_model(service).operation_model(operation).output_shape, members, operation, ignored))


@cache
def shape(service: str, name: str) -> Mapping[str, Any]:
    """Return a shape's own traits in a service's model: pattern, enum, min, max and the like."""
    shape_traits: Mapping[str, Any] = Loader().load_service_model(service, "service-2")["shapes"][name]
    return shape_traits


def matches(service: str, name: str, text: str) -> bool:
    """Return whether a string matches a shape."""
    return not list(_text_problems(_model(service).shape_for(name), text))


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def _problems(
    shape: Any, value: Any, path: str, ignored: Ignored = MappingProxyType({}), trait: IgnoredTrait | None = None
) -> Iterator[str]:
    """Yield the errors of a value; `trait` is the ignored one of this value."""
    if value is UNKNOWN:
        return
    if not _is_a(shape.type_name, value):
        yield f"{path}: must be a {shape.type_name}, got {type(value).__name__}"
    elif shape.type_name == "structure":
        yield from (f"{path}.{name}: is required" for name in shape.required_members if value.get(name) is None)
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: unknown member"
            elif item is not None:
                yield from _problems(
                    shape.members[name], item, f"{path}.{name}", ignored, ignored.get((shape.name, name))
                )
    elif shape.type_name == "list":
        yield from _length_problems(shape, value, path)
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]", ignored)
    elif shape.type_name == "map":
        for name, item in value.items():
            yield from _problems(shape.key, name, f"{path} (a key)")
            yield from _problems(shape.value, item, f"{path}.{name}", ignored)
    elif shape.type_name == "string":
        yield from (f"{path}: {problem}" for problem in _text_problems(shape, value, trait))
    elif shape.type_name in ("integer", "long"):
        yield from _range_problems(shape, value, path)


_KINDS: Mapping[str, Any] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str | bytes,
    "boolean": bool,
    "integer": int,
    "long": int,
    "double": int | float,
    "timestamp": int | float,
}


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _range_problems(shape: Any, number: int, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and number < least) or (most is not None and number > most):
        yield f"{path}: must be {least} to {most}, got {number}"


def _length_problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and len(value) < least) or (most is not None and len(value) > most):
        yield f"{path}: must have a length of {least} to {most}, got {len(value)}"


def _text_problems(shape: Any, text: str, ignored: IgnoredTrait | None = None) -> Iterator[str]:
    yield from (problem.removeprefix(": ") for problem in _length_problems(shape, text, ""))
    if shape.enum and (text.upper() if ignored == "case" else text) not in shape.enum:
        yield f"must be one of {', '.join(shape.enum)}"
    pattern = None if ignored == "pattern" else shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(text):
        yield f"must match {pattern}"


# Python's equivalents of Java's Unicode classes: letters and digits, and separators except control characters.
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    translated = pattern
    for java, python in _CLASSES.items():
        translated = translated.replace(java, python)
    # In other patterns `\w` means ASCII, and `.*` includes line ends.
    return re.compile(translated, re.DOTALL if translated != pattern else re.ASCII | re.DOTALL)
