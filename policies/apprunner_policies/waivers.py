"""Waivers: a rule does not apply to a resource, for a reason and until a date."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

from apprunner_policies.properties import as_items, as_mapping, as_text

_KEYS: Mapping[str, str] = {
    "resource": "A resource's logical name or URN; * matches any characters.",
    "reason": "The reason, which the report shows.",
    "until": "The last day (UTC) of the waiver, such as 2027-03-31.",
}

_FIXES: Mapping[str, str] = {
    "resource": "Set it to a resource's logical name or URN.",
    "reason": "Set it to the reason.",
    "until": "Set it to the last day of the waiver.",
}

CONFIG: Mapping[str, dict[str, Any]] = {
    "waivers": {
        "type": "array",
        "description": "Resources to which this rule does not apply, each with a reason and an end date.",
        "items": {
            "type": "object",
            "properties": {key: {"description": text} for key, text in _KEYS.items()},
        },
    },
    "today": {
        "type": "string",
        "description": "The current date, for tests; by default today (UTC).",
    },
}
"""The configuration that every rule has. `problems` checks the content of waivers, in the same words on each engine."""


def today(config: Mapping[str, Any]) -> date:
    """Return the current date of a rule."""
    return parse_day(config.get("today")) or datetime.now(UTC).date()


def parse_day(text: Any) -> date | None:
    """Return a date such as 2027-03-31, None if a value is none."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2027-03-31") else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Waiver:
    """A waiver of a rule for a resource.

    Args:
        resource: A logical name or URN, with wildcards.
        reason: Why the rule does not apply.
        until: The last day.
        problem: Why the waiver does not apply; None if it does.
    """

    resource: str
    reason: str
    until: str
    problem: str | None

    def matches(self, name: str, urn: str) -> bool:
        """Return whether the waiver is for a resource."""
        return fnmatchcase(name, self.resource) or fnmatchcase(urn, self.resource)


def waivers(config: Mapping[str, Any]) -> Iterator[Waiver]:
    """Yield the waivers of a rule."""
    for entry in map(as_mapping, as_items(config.get("waivers"))):
        texts = {key: (as_text((entry or {}).get(key)) or "").strip() for key in _KEYS}
        yield Waiver(**texts, problem=_problem(texts, today(config)))


def waiver(config: Mapping[str, Any], name: str, urn: str) -> Waiver | None:
    """Return the waiver for a resource: one that applies rather than one that does not, None if there is none."""
    matching = [each for each in waivers(config) if each.matches(name, urn)]
    return next((each for each in matching if each.problem is None), matching[0] if matching else None)


def problems(path: str, config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is invalid about the waivers and the date in a rule's configuration.

    Args:
        path: The rule's id.
        config: Its configuration.
    """
    current = config.get("today")
    if isinstance(current, str) and parse_day(current) is None:
        yield f'{path}.today: must be a date such as 2027-03-31, got "{current}". Correct it or remove it.'
    for index, entry in enumerate(as_items(config.get("waivers"))):
        content = as_mapping(entry)
        if content is not None:
            yield from _problems_of_entry(f"{path}.waivers[{index}]", content)


def _problems_of_entry(path: str, entry: Mapping[str, Any]) -> Iterator[str]:
    for key in _KEYS:
        text = entry.get(key)
        if not isinstance(text, str) or not text.strip():
            got = json.dumps(text) if key in entry else "nothing"
            yield f"{path}.{key}: must be a string that is not empty, got {got}. {_FIXES[key]}"
        elif key == "until" and parse_day(text) is None:
            yield f'{path}.until: must be a date such as 2027-03-31, got "{text}". {_FIXES[key]}'
    for key in entry.keys() - _KEYS.keys():
        yield f'{path}: unknown key "{key}". Valid keys: {", ".join(_KEYS)}.'


def _problem(texts: Mapping[str, str], current: date) -> str | None:
    last = parse_day(texts["until"])
    if last is None:
        return f'its last day "{texts["until"]}" is not a date'
    if not texts["reason"]:
        return "it has no reason"
    return f"it ended on {last}" if last < current else None
