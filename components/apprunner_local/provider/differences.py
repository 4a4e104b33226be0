# pyright: standard
"""The differences between the state of a resource and its new inputs."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from apprunner_local.provider.fields import UNKNOWN, Field

Normal = Callable[[Any], Any]
"""Returns the same value for all values that mean the same."""


@dataclass(frozen=True)
class Difference:
    """A property that differs: its path in Pulumi's syntax, and the kind of the difference."""

    path: str
    kind: Literal["add", "delete", "update"]


def differences(
    field: Field, old: Any, new: Any, computed: frozenset[str], normal: Mapping[str, Normal], path: str = ""
) -> Iterator[Difference]:
    """Yield the differences of two values.

    Args:
        field: The value's type.
        old: The value in the state, as AWS returns it.
        new: The new input.
        computed: The paths whose old value is kept if the new input is absent.
        normal: By path, a function that returns the same value for all values that mean the same.
        path: The value's path.
    """
    if new is None and path in computed:
        return
    if UNKNOWN not in (old, new):
        if path in normal:
            old, new = (value if is_empty(field, value) else normal[path](value) for value in (old, new))
        if old == new or (is_empty(field, old) and is_empty(field, new)):
            return
    if field.kind in ("block", "map") and isinstance(new, dict) and isinstance(old, dict):
        for key in sorted({*old, *new}):
            inner = field.fields.get(key) if field.kind == "block" else field.item
            if inner is not None:
                where = _under(path, key, field.kind)
                yield from differences(inner, old.get(key), new.get(key), computed, normal, where)
    elif field.kind == "list" and field.item and isinstance(new, list) and isinstance(old, list):
        for index in range(max(len(old), len(new))):
            was, will = (value[index] if index < len(value) else None for value in (old, new))
            yield from differences(field.item, was, will, computed, normal, f"{path}[{index}]")
    else:
        yield Difference(path, "add" if is_empty(field, old) else "delete" if is_empty(field, new) else "update")


def planned(field: Field, old: Any, new: Any, computed: frozenset[str], path: str = "") -> Any:
    """Return the planned value: the new input, with the old value of what is absent and computed.

    hashicorp/terraform-plugin-sdk plans whole blocks, and an update sends what is planned.
    """
    # [P: terraform-plugin-sdk schema_map.go] An absent property that is optional and computed keeps its value,
    # also inside blocks.
    if field.kind != "block" or not isinstance(new, dict):
        return new
    old = old if isinstance(old, dict) else {}
    plan = {
        key: planned(field.fields[key], old.get(key), value, computed, _under(path, key, "block"))
        for key, value in new.items()
        if key in field.fields
    }
    kept = {key: old[key] for key in field.fields if key in old and new.get(key) is None}
    return (
        {key: value for key, value in new.items() if key not in field.fields}
        | plan
        | {key: value for key, value in kept.items() if _under(path, key, "block") in computed}
    )


def is_empty(field: Field, value: Any) -> bool:
    """Return whether a value counts as absent.

    hashicorp/terraform-plugin-sdk equates false, 0 and an empty string with null, but not a block of such values.
    """
    # [P: terraform-plugin-sdk] false, 0 and an empty string are equal to null, a block of such values is not.
    if field.kind == "block" and isinstance(value, dict):
        return False
    return value in (None, "", 0, False, [], {})


def _under(path: str, key: str, kind: str) -> str:
    if not path:
        return key
    return f"{path}.{key}" if kind == "block" or key.isidentifier() else f"{path}[{json.dumps(key)}]"


def as_json(text: Any) -> Any:
    """Return a JSON document in one form."""
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except (TypeError, ValueError):
        return text


def as_policy(text: Any) -> Any:
    """Return a policy document in one form, by the rules of hashicorp/awspolicyequivalence.

    The order of statements and of lists has no meaning, and a list of one string is equal to the string.
    """
    # [P: awspolicyequivalence] The order of statements and lists of a policy has no meaning, and a string is
    # equal to a list of one.
    try:
        document = json.loads(text)
    except (TypeError, ValueError):
        return text
    if not isinstance(document, dict):
        return as_json(text)
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return json.dumps({**document, "Statement": sorted(map(_statement, listed))}, sort_keys=True)


def _statement(statement: Any) -> str:
    if isinstance(statement, dict) and statement.get("Principal") == "*":
        statement = {**statement, "Principal": {"AWS": "*"}}
    return json.dumps(_unordered(statement), sort_keys=True)


def _unordered(value: Any) -> Any:
    """Return a part of a statement with sorted lists; a list of one string is the string, and true is "true"."""
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted({json.dumps(_unordered(item), sort_keys=True) for item in value})
        return json.loads(items[0]) if len(items) == 1 else items
    return str(value).lower() if isinstance(value, bool) else value


def as_set(items: Any) -> Any:
    """Return a list, sorted."""
    return sorted(items, key=str) if isinstance(items, list) else items
