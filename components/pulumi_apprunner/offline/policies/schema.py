"""Checks a rule's configuration against its JSON schema, with errors in plain words."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from pulumi_policy import Policy

_LONGEST_VALUE = 100
"""Characters of a value in an error."""


def schema_errors(policy: Policy, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the errors of a rule's properties: path, requirement, value and fix."""
    schema = policy.config_schema
    if schema is None:
        return
    json_schema = {"type": "object", "properties": schema.properties or {}, "required": schema.required or []}
    for error in Draft7Validator(json_schema).iter_errors(properties):  # pyright: ignore[reportUnknownMemberType]
        yield _describe(f"{policy.name}{error.json_path.removeprefix('$')}", error)


def format_value(value: Any) -> str:
    """Return a value for an error, as JSON and cut to a length."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}… ({len(text):,} characters)"


def _describe(path: str, error: ValidationError) -> str:
    keyword, limit = str(error.validator), error.validator_value
    value: Any = error.instance
    if keyword == "required":
        required: Any = limit
        missing = next(key for key in required if key not in value)
        return f"{path}.{missing}: is required. Add it."
    if keyword == "additionalProperties" and limit is False:
        schema: Any = error.schema
        valid = list(schema.get("properties", {}))
        unknown = ", ".join(f'"{key}"' for key in value if key not in valid)
        return f"{path}: unknown key {unknown}. Valid keys: {', '.join(valid)}."
    if keyword not in _REQUIREMENTS:
        return f"{path}: {error.message}. Correct it."
    requirement, fix = _REQUIREMENTS[keyword](limit)
    return f"{path}: must {requirement}, got {format_value(value)}. {fix}"


_REQUIREMENTS: Mapping[str, Callable[[Any], tuple[str, str]]] = {
    "type": lambda types: (f"be {_name_types(types)}", f"Write {_name_types(types)}."),
    "enum": lambda values: (f"be one of {', '.join(map(format_value, values))}", "Set it to one of them."),
    "const": lambda value: (f"be {format_value(value)}", f"Set it to {format_value(value)}."),
    "minimum": lambda limit: (f"be at least {limit}", "Increase it."),
    "maximum": lambda limit: (f"be at most {limit}", "Decrease it."),
    "exclusiveMinimum": lambda limit: (f"be greater than {limit}", "Increase it."),
    "exclusiveMaximum": lambda limit: (f"be less than {limit}", "Decrease it."),
    "minLength": lambda limit: (f"have at least {limit} characters", "Lengthen it."),
    "maxLength": lambda limit: (f"have at most {limit} characters", "Shorten it."),
    "minItems": lambda limit: (f"have at least {limit} items", "Add items."),
    "maxItems": lambda limit: (f"have at most {limit} items", "Remove items."),
    "uniqueItems": lambda _: ("have distinct items", "Remove the duplicates."),
    "pattern": lambda pattern: (f"match the pattern {pattern}", "Write it in this form."),
}
"""What each keyword of JSON Schema requires, and the fix."""

_TYPES: Mapping[str, str] = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def _name_types(types: Any) -> str:
    names = [types] if isinstance(types, str) else list(types)
    return " or ".join(_TYPES.get(each, each) for each in names)
