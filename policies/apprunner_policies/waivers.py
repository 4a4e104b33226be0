"""Waivers: one rule is lifted from one resource, for a reason, until a day."""

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
        "description": "Resources that this rule is lifted from, each for a reason and until a day.",
        "items": {
            "type": "object",
            "required": ["resource", "reason", "until"],
            "additionalProperties": False,
            "properties": {
                "resource": {
                    "type": "string",
                    "minLength": 1,
                    "description": "A resource's logical name, or its URN; * stands for any characters.",
                },
                "reason": {"type": "string", "minLength": 1, "description": "Why; it stands in the report."},
                "until": {
                    "type": "string",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                    "description": "The last day (UTC) on which it holds.",
                },
            },
        },
    },
    "today": {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": "The day to judge by; the present one (UTC) where it is left out.",
    },
}
"""What every rule can be told beside its own configuration."""


def today(config: Mapping[str, Any]) -> date:
    """Return the day that a rule judges by."""
    return _day(config.get("today")) or datetime.now(UTC).date()


@dataclass(frozen=True)
class Waiver:
    """A rule lifted from a resource."""

    reason: str
    until: str
    holds: bool


def waiver(config: Mapping[str, Any], name: str, urn: str) -> Waiver | None:
    """Return what lifts a rule from a resource: one that holds before one that has ended, None where there is none."""
    waivers: list[Waiver] = []
    for entry in map(as_mapping, as_items(config.get("waivers"))):
        keys = {key: str(value) for key, value in (entry or {}).items()}
        pattern = keys.get("resource", "")
        if fnmatchcase(name, pattern) or fnmatchcase(urn, pattern):
            last, reason = _day(keys.get("until")), keys.get("reason", "").strip()
            holds = last is not None and bool(reason) and today(config) <= last
            waivers.append(Waiver(reason or "no reason given", keys.get("until", "no day"), holds))
    return next((each for each in waivers if each.holds), waivers[0] if waivers else None)


class Waived(Protocol):
    """A rule that remembers what a waiver kept it from reporting."""

    name: str
    waived: dict[str, list[str]]


class Waivers(StackValidationPolicy):
    """Shows what waivers kept the other rules from reporting; it is the last of its pack, and only ever advises."""

    def __init__(self, rules: Iterable[Waived]) -> None:
        self._rules = tuple(rules)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            "waivers",
            "What is waived is shown for as long as it is.",
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            remediation_steps="Mend what is waived before the waiver's last day; then it is a violation again.",
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
