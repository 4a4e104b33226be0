"""The configuration of all rules of a pack together: settings for every rule, and unknown rules and keys.

CrossGuard passes to a rule the entry with its id. Of the entry "all" it applies the level only.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Protocol

from apprunner_policies import environment, waivers
from apprunner_policies.properties import as_items

ALL = "all"
"""The entry that is for every rule."""

Entries = Mapping[str, Mapping[str, Any]]
"""The properties in a configuration, without the levels: by rule id or ALL."""

FOR_ALL: Mapping[str, dict[str, Any]] = {**environment.CONFIG, **waivers.CONFIG}
"""The settings that the entry ALL can have. A rule's own setting overrides it; waivers are added to the rule's own."""

_TYPES: Mapping[str, type] = {"string": str, "array": list, "object": dict}
_NAMES: Mapping[str, str] = {"string": "a string", "array": "a list", "object": "an object"}


class Configurable(Protocol):
    """A rule as its configuration needs it."""

    name: str
    config: Mapping[str, dict[str, Any]]
    """The JSON schemas of its configuration, by key."""


def merge(rules: Iterable[Configurable], entries: Entries) -> dict[str, dict[str, Any]]:
    """Return the properties of each rule: its own, and those of the entry ALL that it has."""
    for_all = entries.get(ALL, {})
    return {rule.name: _properties_of(rule, for_all, entries.get(rule.name, {})) for rule in rules}


def _properties_of(rule: Configurable, for_all: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**{key: value for key, value in for_all.items() if key in rule.config}, **own}
    listed = [*as_items(own.get("waivers")), *as_items(for_all.get("waivers"))]
    return {**merged, "waivers": listed} if listed else merged


def problems(rules: Collection[Configurable], ids: Collection[str], entries: Entries) -> Iterator[str]:
    """Yield what is invalid in a configuration, apart from what the rules' schemas state.

    Args:
        rules: The rules of the pack.
        ids: The ids of all its policies.
        entries: The configuration.
    """
    known = {rule.name: rule.config for rule in rules}
    for name, properties in entries.items():
        if name == ALL:
            yield from _problems_of_all(properties)
        elif name not in ids:
            yield f"{name}: unknown rule.{_did_you_mean(name, ids)} docs/policies.md lists the rules."
        else:
            schema = known.get(name, {})
            for key in properties.keys() - schema.keys():
                valid = f"Valid keys: {', '.join(sorted(schema))}" if schema else "It has no configuration"
                yield f'{name}: unknown key "{key}".{_did_you_mean(key, schema)} {valid}.'
            yield from waivers.problems(name, properties)


def _problems_of_all(properties: Mapping[str, Any]) -> Iterator[str]:
    for key, value in properties.items():
        if key not in FOR_ALL:
            keys = ", ".join(sorted(FOR_ALL))
            yield f'{ALL}: unknown key "{key}".{_did_you_mean(key, FOR_ALL)} Valid keys for all rules: {keys}.'
        elif not isinstance(value, _TYPES[FOR_ALL[key]["type"]]):
            wanted = _NAMES[FOR_ALL[key]["type"]]
            yield f"{ALL}.{key}: must be {wanted}, got {json.dumps(value)}. Write {wanted}."
        elif FOR_ALL[key]["type"] == "array":
            yield from _problems_of_items(key, as_items(value))
    yield from waivers.problems(ALL, properties)


def _problems_of_items(key: str, items: Sequence[Any]) -> Iterator[str]:
    of_type = FOR_ALL[key]["items"]["type"]
    for index, item in enumerate(items):
        if not isinstance(item, _TYPES[of_type]):
            wanted = _NAMES[of_type]
            yield f"{ALL}.{key}[{index}]: must be {wanted}, got {json.dumps(item)}. Write {wanted}."


def _did_you_mean(name: str, valid: Iterable[str]) -> str:
    return "".join(f' Did you mean "{each}"?' for each in get_close_matches(name, valid, 1))
