"""The result of a policy pack over a resource graph: violations, skipped rules, and assertions on them for tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from pulumi_apprunner.offline.graph import Graph, Resource


@dataclass(frozen=True)
class Violation:
    """A resource, or the stack, that violates a rule."""

    policy: str
    """The rule's id."""
    level: str
    """`advisory`, `mandatory`, or `remediate` for a change that the rule's remediation would make."""
    resource: str
    """The resource's URN; the stack's URN if the rule names no resource."""
    message: str
    remediation: str | None = field(default=None, compare=False)
    """The rule's remediation steps."""


@dataclass(frozen=True)
class Skipped:
    """A rule that could not be evaluated on a resource, because it reads an unknown value."""

    policy: str
    resource: str
    reason: str


Entry = TypeVar("Entry", Violation, Skipped)


class ReportError(LookupError):
    """A lookup in a report with a rule that was not evaluated. The message lists the rules."""


@dataclass(frozen=True)
class Report:
    """The violations of a policy pack's rules by a resource graph, in the order of its resources."""

    graph: Graph = field(repr=False)
    levels: Mapping[str, str] = field(repr=False)
    """The enforcement level of each rule of the pack, by id: `advisory`, `mandatory`, `remediate` or `disabled`."""
    violations: tuple[Violation, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    messages: tuple[str, ...] = ()
    """Warnings about the pack's configuration, and the rules over the stack that are not applicable."""

    @property
    def has_mandatory_violations(self) -> bool:
        """Whether the Pulumi engine would stop `pulumi up`."""
        return any(each.level == "mandatory" for each in self.violations)

    def has(self, policy: str, resource: Resource | str | None = None) -> bool:
        """Return whether a rule is violated.

        Args:
            policy: The rule's id.
            resource: A resource, its URN or its logical name; None for any resource.

        Raises:
            ReportError: The pack has no such rule, or the rule is disabled.
            GraphError: The graph has no such resource.
        """
        __tracebackhide__ = True
        self._check_rule(policy)
        return bool(_select(self.violations, policy, self._urn(resource)))

    def assert_violation(self, policy: str, resource: Resource | str | None = None, message: str = "") -> Violation:
        """Fail unless a rule is violated, and return the first such violation.

        Args:
            policy: The rule's id.
            resource: A resource, its URN or its logical name; None for any resource.
            message: A part of the violation's message.

        Raises:
            AssertionError: The rule is not violated. The message lists the rule's other violations, where the rule was
                skipped, and which rules are violated.
            ReportError: The pack has no such rule, or the rule is disabled.
            GraphError: The graph has no such resource.
        """
        __tracebackhide__ = True
        self._check_rule(policy)
        urn = self._urn(resource)
        of_rule = _select(self.violations, policy, urn)
        matches = [each for each in of_rule if message in each.message]
        if matches:
            return matches[0]
        expected = f"{policy} is not violated{self._on(urn)}"
        if message:
            expected += f" with a message that contains {message!r}"
        others = [each for each in self.violations if each.policy == policy]
        rest = [each for each in self.violations if each.policy != policy]
        skipped = _select(self.skipped, policy, urn)
        raise AssertionError(
            "\n".join(
                [
                    expected,
                    *self._lines("Violations of this rule", others),
                    *self._lines("Skipped", skipped),
                    *self._lines("Violations of other rules", rest),
                ]
            )
        )

    def assert_no_violation(
        self, policy: str | None = None, resource: Resource | str | None = None, *, allow_skipped: bool = False
    ) -> None:
        """Fail if a rule is violated, or was skipped because it reads an unknown value.

        Args:
            policy: The rule's id; None for all rules.
            resource: A resource, its URN or its logical name; None for any resource.
            allow_skipped: Accept rules that were skipped.

        Raises:
            AssertionError: The rule is violated or skipped. The message lists where and why.
            ReportError: The pack has no such rule, or the rule is disabled.
            GraphError: The graph has no such resource.
        """
        __tracebackhide__ = True
        if policy is not None:
            self._check_rule(policy)
        urn = self._urn(resource)
        violations = _select(self.violations, policy, urn)
        skipped = [] if allow_skipped else _select(self.skipped, policy, urn)
        if not violations and not skipped:
            return
        counts = [f"{len(violations)} violations"] if violations else []
        counts += [f"{len(skipped)} skipped (pass stubs, or allow_skipped=True)"] if skipped else []
        lines = [*self._lines("Violations", violations), *self._lines("Skipped", skipped)]
        raise AssertionError("\n".join([f"{policy or 'any rule'}{self._on(urn)}: {', '.join(counts)}", *lines]))

    def _check_rule(self, policy: str) -> None:
        __tracebackhide__ = True
        level = self.levels.get(policy)
        if level == "disabled":
            raise ReportError(f'rule {policy} is disabled. Enable it in config: {{"{policy}": "mandatory"}}')
        if level is None:
            hint = "".join(f" Did you mean {each}?" for each in get_close_matches(policy, self.levels, 1))
            raise ReportError(f"the pack has no rule {policy}.{hint} Rules: {', '.join(sorted(self.levels))}")

    def _urn(self, resource: Resource | str | None) -> str | None:
        __tracebackhide__ = True
        if resource is None or resource == self.graph.urn:
            return None if resource is None else self.graph.urn
        return self.graph.find(resource).urn

    def _on(self, urn: str | None) -> str:
        return "" if urn is None else f" by {self._label(urn)}"

    def _label(self, urn: str) -> str:
        if urn not in self.graph:
            return "the stack" if urn == self.graph.urn else urn
        resource = self.graph[urn]
        return f"{resource.type} '{resource.name}'"

    def _lines(self, title: str, entries: Iterable[Violation | Skipped]) -> list[str]:
        lines = [
            f"  {each.policy} ({each.level}) by {self._label(each.resource)}: {each.message}"
            if isinstance(each, Violation)
            else f"  {each.policy} on {self._label(each.resource)}: {each.reason}"
            for each in entries
        ]
        return [f"{title}:", *lines] if lines else [f"{title}: none"]


def _select(entries: Iterable[Entry], policy: str | None, urn: str | None) -> list[Entry]:
    return [each for each in entries if policy in (None, each.policy) and urn in (None, each.resource)]
