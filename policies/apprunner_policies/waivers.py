"""Waivers: a rule does not apply to a resource, for a reason and until a date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any, Protocol

from pulumi_policy import EnforcementLevel, ReportViolation, Severity, StackValidationArgs, StackValidationPolicy

from apprunner_policies.properties import as_items, as_mapping

CONFIG: Mapping[str, dict[str, Any]] = {
    "waivers": {
        "type": "array",
        "description": "Resources to which this rule does not apply, each with a reason and an end date.",
        "items": {
            "type": "object",
            "required": ["resource", "reason", "until"],
            "additionalProperties": False,
            "properties": {
                "resource": {
                    "type": "string",
                    "minLength": 1,
                    "description": "A resource's logical name or URN; * matches any characters.",
                },
                "reason": {"type": "string", "minLength": 1, "description": "The reason, which the report shows."},
                "until": {
                    "type": "string",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                    "description": "The last day (UTC) of the waiver.",
                },
            },
        },
    },
    "today": {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": "The current date, for tests; by default today (UTC).",
    },
}
"""The configuration that every rule has."""


def today(config: Mapping[str, Any]) -> date:
    """Return the current date of a rule."""
    return _day(config.get("today")) or datetime.now(UTC).date()


@dataclass(frozen=True)
class Waiver:
    """A waiver of a rule for a resource."""

    reason: str
    until: str
    is_valid: bool


def waiver(config: Mapping[str, Any], name: str, urn: str) -> Waiver | None:
    """Return the waiver for a resource: one that is valid rather than one that has ended, None if there is none."""
    waivers: list[Waiver] = []
    for entry in map(as_mapping, as_items(config.get("waivers"))):
        keys = {key: str(value) for key, value in (entry or {}).items()}
        pattern = keys.get("resource", "")
        if fnmatchcase(name, pattern) or fnmatchcase(urn, pattern):
            last, reason = _day(keys.get("until")), keys.get("reason", "").strip()
            is_valid = last is not None and bool(reason) and today(config) <= last
            waivers.append(Waiver(reason or "it has no reason", keys.get("until", "(no date)"), is_valid))
    return next((each for each in waivers if each.is_valid), waivers[0] if waivers else None)


class Waived(Protocol):
    """A rule that keeps the violations that waivers suppressed."""

    name: str
    waived: dict[str, list[str]]


class Waivers(StackValidationPolicy):
    """Reports the violations that waivers suppressed. It is the last policy of the pack, and always advisory."""

    def __init__(self, rules: Iterable[Waived]) -> None:
        self._rules = tuple(rules)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            "waivers",
            "Waived violations are shown until the waiver ends.",
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            remediation_steps="Fix the violation before the last day of its waiver. Afterwards it is reported again.",
        )

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Report each violation of this stack's resources that was waived."""
        for rule in self._rules:
            for resource in args.resources:
                for message in rule.waived.pop(resource.urn, ()):
                    report_violation(f"{rule.name} is waived: {message}", resource.urn)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
