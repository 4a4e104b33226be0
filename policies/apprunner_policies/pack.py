"""The pack: its rules, and one policy about their configuration and waivers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResource,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from apprunner_policies import configuration
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.waivers import Waiver, waivers

AnyRule = Rule | StackRule


def pack(*policies: Policy) -> list[Policy]:
    """Return the policies of a pack, with one more that reports what is waived.

    Raises ValueError if two have the same name: the SDK would accept them, and the engine would mix them up.
    """
    duplicates = sorted(name for name, count in Counter(policy.name for policy in policies).items() if count > 1)
    if duplicates:
        raise ValueError(f"the policies of a pack must have distinct names, got duplicates: {', '.join(duplicates)}")
    return [*policies, Waivers(policies)]


class Waivers(StackValidationPolicy):
    """Reports the violations that waivers suppressed, and waivers that suppress nothing.

    It is the last policy of the pack. It also reads the configuration of all rules: `configure`.
    """

    always_advisory = True
    """At another level, such as one for all rules, a waived violation would stop the update."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._ids = [policy.name for policy in policies]
        self._rules: list[AnyRule] = [policy for policy in policies if isinstance(policy, AnyRule)]
        self._entries: configuration.Entries = {}
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            "waivers",
            "Waived violations are shown until the waiver ends.",
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            remediation_steps="Fix the violation before the last day of its waiver. Afterwards it is reported again.",
        )

    def configure(self, entries: configuration.Entries) -> tuple[Mapping[str, dict[str, Any]], list[str]]:
        """Return the properties of each rule, and what is invalid in the configuration.

        Args:
            entries: The properties of all rules, by rule id or "all".
        """
        self._entries = entries
        problems = configuration.problems(self._rules, [*self._ids, self.name], entries)
        return configuration.merge(self._rules, entries), list(problems)

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Report each violation of this stack's resources that was waived, and each waiver that has no effect."""
        for rule in self._rules:
            for resource in args.resources if rule.waived else ():
                for message in rule.waived.pop(resource.urn, ()):
                    report_violation(f"{rule.name} is waived: {message}", resource.urn)
        for message in self._without_effect(args.resources):
            report_violation(message, None)

    def _without_effect(self, resources: Iterable[PolicyResource]) -> Iterator[str]:
        """Yield a message for each waiver that has ended or matches no resource that its rule checks."""
        for name, properties in self._entries.items():
            own = list(waivers(properties))
            checked = self._checked(name, resources) if own else []
            for index, waiver in enumerate(own):
                path = f"{name}.waivers[{index}]"
                if waiver.problem is not None:
                    yield f"{path}: {waiver.problem}. Remove it, or set a later day in until."
                elif not any(waiver.matches(each.name, each.urn) for each in checked):
                    yield f"{path}: {_no_match(waiver, checked)}"

    def _checked(self, name: str, resources: Iterable[PolicyResource]) -> list[PolicyResource]:
        """Return the resources that a rule checks, or that any rule checks for the entry of all rules."""
        rules = [rule for rule in self._rules if name in (rule.name, configuration.ALL)]
        types = frozenset[str]().union(*(rule.resource_types for rule in rules))
        return [each for each in resources if each.resource_type in types]


def _no_match(waiver: Waiver, checked: Iterable[PolicyResource]) -> str:
    similar = get_close_matches(waiver.resource, {each.name for each in checked}, 1)
    guess = f' Did you mean "{similar[0]}"?' if similar else ""
    return (
        f'resource must be the name or URN of a resource that the rule checks in this stack, got "{waiver.resource}".'
        f"{guess} Correct it or remove the waiver."
    )
