# pyright: standard
"""Inputs: what AWS's models say against them, and those that a program would have written for what is there."""

from typing import Any

from apprunner_facts.changes import COMPUTED
from apprunner_local import api_model
from apprunner_local.provider.differences import differences, nothing
from apprunner_local.provider.fields import UNKNOWN, Field
from apprunner_local.provider.resource import Properties, Resource
from pulumi_apprunner.offline import values


def refused(resource: Resource, given: Properties) -> list[tuple[str, str]]:
    """Return what AWS's model of the API says against inputs; it need not know what the provider fills in itself."""
    if not api_model.knows(resource.token):
        return []
    said = {key: _with_unknown(value) for key, value in given.items() if resource.defaults.get(key) != value}
    return [("", problem) for problem in api_model.check(resource.token, said)]


def _with_unknown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_unknown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_unknown(item) for item in value]
    return values.UNKNOWN if value == UNKNOWN else value


def as_written(resource: Resource, found: Properties, before: Properties) -> Properties:
    """Return a state in which what means the same as before stands as before: order, spaces, other units."""
    kept = {}
    for key, value in found.items():
        field = resource.schema.inputs.fields.get(key)
        same = field and not any(differences(field, value, before.get(key), frozenset(), resource.normal, key))
        kept[key] = before[key] if same and key in before else value
    return kept


def written(resource: Resource, state: Properties, before: Properties, region: str) -> Properties:
    """Return the inputs that a program would have written for a state.

    Args:
        resource: Its type.
        state: What is.
        before: The inputs so far, nothing where it is imported.
        region: The provider's own region, which no program writes.
    """
    given = {key: value for key, value in state.items() if key in resource.schema.inputs.fields}
    if given.get("region") == region and "region" not in before:
        given.pop("region", None)
    kept = COMPUTED[resource.token] if before else frozenset[str]()
    found = _written(resource.schema.inputs, given, before, kept, "", resource)
    return resource.checked(found)


def _written(field: Field, is_now: Any, was: Any, kept: frozenset[str], path: str, resource: Resource) -> Any:
    if not any(differences(field, is_now, was, frozenset(), resource.normal, path)) and was is not None:
        return was
    if field.kind == "block" and isinstance(is_now, dict):
        was = was if isinstance(was, dict) else {}
        found = {}
        for key, value in is_now.items():
            where = f"{path}.{key}" if path else key
            fills_in = key in field.required or where in resource.defaults
            left_out = where in kept or (nothing(field.fields[key], value) and not fills_in)
            if was.get(key) is None and left_out:
                continue
            found[key] = _written(field.fields[key], value, was.get(key), kept, where, resource)
        return found
    return is_now
