"""The two kinds of rules in the pack: CrossGuard policies that consist of independent checks.

A rule is declared first, then its checks follow:

    queue_has_a_name = Rule("queue-has-a-name", resource_types=[QUEUE], ...)

    @queue_has_a_name.check
    def _has_a_name(queue: ResourceValidationArgs) -> Iterator[str]:
        if not is_set(queue, "name"):
            yield "name must be set. Set it to ..."
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from apprunner_facts.source import Source
from apprunner_facts.tokens import NATIVE, SERVICE, STACK
from apprunner_policies import native, waivers
from apprunner_policies.messages import shorten
from apprunner_policies.properties import UnknownValues
from apprunner_policies.stack import Stack

Check = Callable[[ResourceValidationArgs], Iterable[str]]
"""Checks one aspect of a resource and yields a message for each violation.

A message names properties as Pulumi does in every language (`instanceConfiguration.cpu`). It does not name the
resource: the rule puts that in front. A check reads only what it needs, the likeliest to be unknown last. The rule's
configuration, defaults included, is in `get_config()`.
"""

StackCheck = Callable[[PolicyResource, Stack], Iterable[str]]
"""Checks one aspect of a resource against the rest of its stack and yields messages as a `Check` does."""

Remediation = Callable[[ResourceValidationArgs], bool]
"""Fixes one aspect of a resource by setting `args.props`, and returns whether it changed anything.

An unknown value is one of the SDK's marker strings there, and a secret is its plain value.
"""

CheckT = TypeVar("CheckT", bound=Callable[..., Iterable[str]])


class CheckedPolicy(Policy, Generic[CheckT]):
    """What both kinds of rules have in common.

    An unknown value stops the check that reads it, and no other. Afterwards the rule raises UnknownValueError, which
    is how the engine learns that the rule was skipped in part.

    Args:
        name: Its id in reports and configuration: kebab-case, unique in the pack.
        resource_types: The type tokens of the resources it checks, as pulumi-aws has them. The same resources of
            aws-native are added, if the rule supports them.
        checks: Checks that are created elsewhere; the others are registered with `check` and `check_of`.
        description: What is required, in one sentence. Pulumi prints it above every violation.
        remediation_steps: How to fix a violation, for a reader of the catalogue.
        source: Where the underlying fact is documented, if it is.
        level: What a violation does; DISABLED until it is configured.
        severity: How bad a violation is.
        config: JSON schemas of its configuration, by key. Every rule also takes waivers (`waivers.CONFIG`).
        native: Whether it supports the resources of aws-native; by default only rules over single resources do.
    """

    native_by_default: ClassVar[bool] = True
    resource_types: frozenset[str]
    config: Mapping[str, dict[str, Any]]
    """JSON schemas of its configuration, by key."""
    waived: dict[str, list[str]]
    """The violations that waivers suppressed, by the resource's URN."""

    def __init__(
        self,
        name: str,
        *,
        resource_types: Collection[str],
        checks: Collection[CheckT] = (),
        description: str,
        remediation_steps: str,
        source: Source | None,
        level: EnforcementLevel = EnforcementLevel.MANDATORY,
        severity: Severity = Severity.MEDIUM,
        config: Mapping[str, dict[str, Any]] | None = None,
        native: bool | None = None,
    ) -> None:
        declared = frozenset(resource_types)
        supported = self.native_by_default if native is None else native
        natives = {token for token, same in NATIVE.items() if supported and same in declared}
        self.resource_types = declared | natives
        self.waived = {}
        self._checks: dict[str, list[CheckT]] = {each: [*checks] for each in declared}
        self.config = {**(config or {}), **waivers.CONFIG}
        # The CLI fills defaults in, the SDK alone does not.
        self._defaults = {key: each["default"] for key, each in self.config.items() if "default" in each}
        super().__init__(
            name,
            description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(self.config),
            severity=severity,
            remediation_steps=remediation_steps,
            url=source.url if source else None,
        )

    def check(self, function: CheckT) -> CheckT:
        """Register a check of all resources of the rule's types."""
        return self.check_of(*self._checks)(function)

    def check_of(self, *types: str) -> Callable[[CheckT], CheckT]:
        """Return a decorator that registers a check of some of the rule's types."""

        def register(function: CheckT) -> CheckT:
            for each in types:
                self._checks[each].append(function)
            return function

        return register

    def _configuration(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**self._defaults, **config}


class Rule(CheckedPolicy[Check], ResourceValidationPolicy):
    """A policy over single resources, in any program and in any language."""

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Report the violations of one resource. Raise UnknownValueError if a check read an unknown value."""
        checks = self._checks.get(NATIVE.get(args.resource_type, args.resource_type))
        if not checks:
            return
        args = self._configured(args)
        report = _Report(self, args.get_config(), report_violation)
        for check in checks:
            with report.unknowns:
                for message in check(args):
                    report(message, args.name, args.urn)
        report.unknowns.raise_first()

    def remediation(self, function: Remediation) -> Remediation:
        """Register a remediation, which runs at the level `remediate` before the checks, unless a waiver applies."""
        self._remediations.append(function)
        return function

    def has_remediation(self) -> bool:
        """Return whether the rule can fix what it finds."""
        return bool(self._remediations)

    def remediate(self, args: ResourceValidationArgs) -> Any:
        """Return the changed properties of a resource, None if nothing changed."""
        if args.resource_type not in self._checks:  # a remediation sets the properties of pulumi-aws
            return None
        args = self._configured(args)
        waiver = waivers.waiver(args.get_config(), args.name, args.urn)
        if waiver and waiver.problem is None:
            return None
        changes = [remediation(args) for remediation in self._remediations]
        return args.props if any(changes) else None

    @cached_property
    def _remediations(self) -> list[Remediation]:
        return []

    def _configured(self, args: ResourceValidationArgs) -> ResourceValidationArgs:
        config = self._configuration(args.get_config())
        of_type, props = native.as_pulumi_aws(args.resource_type, args.props)
        return ResourceValidationArgs(
            of_type, props, args.urn, args.name, args.opts, args.provider, config, args.stack_tags
        )


class StackRule(CheckedPolicy[StackCheck], StackValidationPolicy):
    """A policy over resources in the context of their stack. It sees outputs, after everything is registered.

    A check of the stack as a whole has the type of the stack itself (`tokens.STACK`). A rule that reads one resource
    at a time can support those of aws-native (`native=True`). Any other rule is not applicable to them: the resources
    around them may be of aws-native too.
    """

    native_by_default = False

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Report the violations of each resource.

        Raises UnknownValueError if a check read an unknown value, and NotApplicable if the rule does not support a
        resource.
        """
        stack = Stack(args.resources, self._configuration(args.get_config()))
        report = _Report(self, stack.config, report_violation)
        natives = [each for of_type in NATIVE for each in stack.of(of_type)]
        supported = [native.resource(each) for each in natives if each.resource_type in self.resource_types]
        for resource in [*stack.of(*self._checks), *supported]:
            for check in self._checks[resource.resource_type]:
                with report.unknowns:
                    for message in check(resource, stack):
                        report(message, resource.name, resource.urn)
        report.unknowns.raise_first()
        unsupported = [each.name for each in natives if self._is_unsupported(each.resource_type)]
        if unsupported:
            args.not_applicable(f"resources of aws-native are not supported, got {', '.join(unsupported)}")

    def _is_unsupported(self, of_type: str) -> bool:
        same = NATIVE[of_type]
        concerned = same in self._checks or (same == SERVICE and STACK in self._checks)
        return concerned and of_type not in self.resource_types


class _Report:
    """Reports violations to the engine, and keeps those that a waiver suppresses."""

    def __init__(self, rule: Rule | StackRule, config: Mapping[str, Any], report: ReportViolation) -> None:
        self.unknowns = UnknownValues()
        self._rule, self._config, self._report = rule, config, report

    def __call__(self, message: str, name: str, urn: str) -> None:
        waiver = waivers.waiver(self._config, name, urn)
        message = shorten(f"{name}: {message}")
        if waiver is None:
            self._report(message, urn)
        elif waiver.problem is None:
            self._rule.waived.setdefault(urn, []).append(f"{message} (until {waiver.until}: {waiver.reason})")
        else:
            because = f', its reason was "{waiver.reason}"' if waiver.reason else ""
            self._report(f"{message} (The waiver does not apply: {waiver.problem}{because}.)", urn)
