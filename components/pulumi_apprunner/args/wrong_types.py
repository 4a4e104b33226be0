"""Messages about values of the wrong type, such as a resource instead of its ARN, or a string instead of a list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi
from pydantic.alias_generators import to_snake

from pulumi_apprunner.args.annotations import Fix
from pulumi_apprunner.args.unknown_arguments import list_arguments

NO_VALUE = "must have a value, got None. Set a value, or remove it"
"""The message about None in a map or list."""
RESOLVED_TO_NONE = "resolved to None. Use an Output that has a value, or remove it"
"""The message about an Output without a value."""

_STRING, _MAPPING, _LIST = "a string", "a mapping", "a list"
_REQUIRED = {
    "string_type": _STRING,
    "mapping_type": _MAPPING,
    "dict_type": _MAPPING,
    "dataclass_type": _MAPPING,
    "dataclass_exact_type": _MAPPING,
    "sequence_str": _LIST,
    "is_instance_of": _LIST,
    "list_type": _LIST,
}
"""The required type, by pydantic's name of the error."""

_TYPE_NAMES: Mapping[type, str] = {
    str: _STRING,
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: _LIST,
    dict: _MAPPING,
}


def wrong_type(
    error_type: str, value: object, path: str, notes: Sequence[Any], fields: Mapping[str, Any], *, camel: bool
) -> str | None:
    """Return the message about a value of the wrong type, without the value; None if `explain` has a better one.

    Args:
        error_type: Pydantic's name of the error.
        value: The value.
        path: Its path among the arguments, as the user spells it.
        notes: The annotations on the types down to the path.
        fields: The fields of the required model; empty for other types.
        camel: Whether the user's keys are in camelCase.
    """
    required = _REQUIRED.get(error_type)
    if required is None or value is None:
        return None
    if isinstance(value, pulumi.Resource):
        name = f'{type(value).__name__} "{value.pulumi_resource_name}"'
        return f"must be {required}, got the {name}. {_fix_for_resource(value, required, path)}"
    if required == _STRING:
        return None
    fix = next((note.text for note in notes if isinstance(note, Fix)), None) or _fix(required, path, fields, camel)
    return f"must be {required}, got {describe_type(value)}. {fix}"


def _fix(required: str, path: str, fields: Mapping[str, Any], camel: bool) -> str:
    """Return how to fix a value of the wrong type, for types without the annotation Fix."""
    if required == _LIST:
        return "Put it in a list"
    if not fields:
        return "Use key: value pairs"
    return list_arguments(fields, camel=camel or path != path.lower())


def _fix_for_resource(resource: pulumi.Resource, required: str, path: str) -> str:
    """Return which output to pass instead of a resource."""
    if _has(resource, "bound") and required != _STRING:
        return "Pass [binding.bound]" if required == _LIST else "Pass binding.bound"
    output = next((name for name in _outputs(path) if _has(resource, name)), None)
    return "Pass one of its outputs" + (f", such as {output}" if output else "")


def _outputs(path: str) -> Iterator[str]:
    """Yield the names of likely outputs for a path: service_arn and arn for `service_arn`, id for `subnet_ids[0]`."""
    fields = [to_snake(part) for part in re.split(r"[.\[\]]+", path) if part]
    references = [each.rstrip("s") for each in reversed(fields) if re.search(r"(^|_)(arn|id|document)s?$", each)]
    yield from references
    yield from (each.rpartition("_")[2] for each in references)
    yield "arn"


def _has(resource: pulumi.Resource, name: str) -> bool:
    return name in vars(resource) or hasattr(type(resource), name)


def describe_type(value: Any) -> str:
    """Return the type of a value for a message: "a string", "a list"."""
    name = type(value).__name__
    return next((text for kind, text in _TYPE_NAMES.items() if isinstance(value, kind)), f"a {name}")
