# pyright: standard
"""Inputs: their errors by AWS's models, and the inputs of a program that creates an existing resource."""

from typing import Any

from apprunner_facts.changes import COMPUTED
from apprunner_local import input_check
from apprunner_local.provider.checks import ALL_TAGS, GENERATED, with_notes
from apprunner_local.provider.differences import differences, is_empty
from apprunner_local.provider.fields import UNKNOWN, Field
from apprunner_local.provider.resource import Properties, Resource
from pulumi_apprunner.offline import values
from pulumi_apprunner.offline.documents import json_documents


def with_json_documents(type: str, properties: Properties) -> Properties:
    """Return inputs in which policy documents that are objects are JSON, or unknown."""
    documents = json_documents(type, {key: _with_unknown(value) for key, value in properties.items()})
    return properties | {key: UNKNOWN if text is values.UNKNOWN else text for key, text in documents.items()}


def model_errors(resource: Resource, properties: Properties) -> list[tuple[str, str]]:
    """Return the errors of inputs by AWS's model of the API, without the provider's own defaults."""
    if not input_check.knows(resource.token):
        return []
    checked = {key: _with_unknown(value) for key, value in properties.items() if resource.defaults.get(key) != value}
    return [("", problem) for problem in input_check.check(resource.token, checked)]


def _with_unknown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_unknown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_unknown(item) for item in value]
    return values.UNKNOWN if value == UNKNOWN else value


def keep_equivalent(resource: Resource, state: Properties, before: Properties) -> Properties:
    """Return a state that keeps the former spelling of each equivalent value: order, spaces, units."""
    kept = {}
    for key, value in state.items():
        field = resource.schema.inputs.fields.get(key)
        same = field and not any(differences(field, value, before.get(key), frozenset(), resource.normal, key))
        kept[key] = before[key] if same and key in before else value
    return kept


def keep_notes(resource: Resource, properties: Properties, before: Properties) -> Properties:
    """Return inputs with the former notes on what Check added; after an import, nothing was added."""
    if not before:
        noted: Properties = with_notes(resource.schema.inputs, properties, properties)
        return noted
    return _noted_as(properties, before)


def _noted_as(properties: Any, before: Any) -> Any:
    if isinstance(properties, dict) and isinstance(before, dict):
        noted = {key: _noted_as(value, before.get(key)) for key, value in properties.items()}
        return noted | {key: before[key] for key in (GENERATED, ALL_TAGS) if key in before}
    if isinstance(properties, list) and isinstance(before, list) and len(properties) == len(before):
        return [_noted_as(*pair) for pair in zip(properties, before, strict=True)]
    return properties


def program_inputs(resource: Resource, state: Properties, before: Properties, region: str) -> Properties:
    """Return the inputs of a program that creates a state.

    Args:
        resource: Its type.
        state: The state.
        before: The former inputs, empty for an import.
        region: The provider's region, which is no input of the resource.
    """
    properties = {key: value for key, value in state.items() if key in resource.schema.inputs.fields}
    if properties.get("region") == region and "region" not in before:
        properties.pop("region", None)
    kept = COMPUTED[resource.token] if before else frozenset[str]()
    result = _program_value(resource.schema.inputs, properties, before, kept, "", resource)
    return resource.checked(result)


def _program_value(field: Field, is_now: Any, was: Any, kept: frozenset[str], path: str, resource: Resource) -> Any:
    if not any(differences(field, is_now, was, frozenset(), resource.normal, path)) and was is not None:
        return was
    if field.kind == "block" and isinstance(is_now, dict):
        was = was if isinstance(was, dict) else {}
        result = {}
        for key, value in is_now.items():
            where = f"{path}.{key}" if path else key
            fills_in = key in field.required or where in resource.defaults
            left_out = where in kept or (is_empty(field.fields[key], value) and not fills_in)
            if was.get(key) is None and left_out:
                continue
            result[key] = _program_value(field.fields[key], value, was.get(key), kept, where, resource)
        return result
    return is_now
