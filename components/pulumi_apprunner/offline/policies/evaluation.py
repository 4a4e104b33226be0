"""Evaluates the rules of a policy pack on a resource graph, as `pulumi preview --policy-pack` does."""

import gc
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.arguments import Arguments
from pulumi_apprunner.offline.policies.configuration import RuleSettings, rule_settings
from pulumi_apprunner.offline.policies.errors import RuleError
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.policies.redaction import Redaction
from pulumi_apprunner.offline.policies.report import Report, Skipped, Violation
from pulumi_apprunner.offline.sdk.policies import (
    NotApplicable,
    UnknownValueError,
    decode_remediation,
    remediation_properties,
)


def evaluate_pack(graph: Graph, pack: Pack, config: Mapping[str, Any], source: str | Path | None = None) -> Report:
    """Evaluate the rules of a pack on a graph.

    Args:
        graph: The graph.
        pack: The pack.
        config: Its configuration.
        source: The file of the configuration, for messages.

    Raises:
        PolicyConfigError: The configuration is invalid.
        RuleError: A rule raised an error.
    """
    settings, messages = rule_settings(pack, config, source)
    with _paused_collector():
        evaluation = _Evaluation(graph, pack, settings)
        return sdk.with_settings(graph.project, graph.stack, lambda: evaluation.report(messages))


@contextmanager
def _paused_collector() -> Generator[None]:
    """Pause the garbage collector: each of its runs visits the whole graph, and finds nothing to collect."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Evaluation:
    """One evaluation of a pack's rules on a graph."""

    def __init__(self, graph: Graph, pack: Pack, settings: Mapping[str, RuleSettings]) -> None:
        self._graph = graph
        self._settings = settings
        self._arguments = Arguments(graph)
        active = [each for each in pack.policies if settings[each.name].level is not EnforcementLevel.DISABLED]
        self._resource_rules = [each for each in active if isinstance(each, ResourceValidationPolicy)]
        self._stack_rules = [each for each in active if isinstance(each, StackValidationPolicy)]
        self._by_type: dict[str, list[ResourceValidationPolicy]] = {}
        self._redaction = Redaction(graph)
        self._violations: list[Violation] = []
        self._skipped: list[Skipped] = []
        self._not_applicable: dict[str, list[str]] = {}
        """The rules over the stack that are not applicable, by reason."""

    def report(self, messages: Iterable[str]) -> Report:
        for resource in self._arguments.resources:
            self._evaluate_resource(resource)
        for rule in self._stack_rules:
            self._evaluate_stack(rule)
        positions = {resource.urn: index for index, resource in enumerate(self._graph.resources)}

        def position(each: Violation | Skipped) -> int:
            return positions.get(each.resource, -1)

        return Report(
            graph=self._graph,
            levels={name: settings.level.value for name, settings in self._settings.items()},
            violations=tuple(sorted(self._violations, key=position)),
            skipped=tuple(sorted(self._skipped, key=position)),
            messages=(
                *messages,
                *(f"not applicable: {', '.join(rules)}: {reason}" for reason, rules in self._not_applicable.items()),
            ),
        )

    def _evaluate_resource(self, resource: Resource) -> None:
        rules = self._by_type.get(resource.type)
        if rules is None:
            rules = self._by_type[resource.type] = [
                each for each in self._resource_rules if _applies_to(each, resource.type)
            ]
        for rule in rules:
            level = self._settings[rule.name].level
            if level is EnforcementLevel.REMEDIATE:
                resource = self._remediate(rule, resource)
                level = EnforcementLevel.MANDATORY
            if not rule.has_validation():
                continue
            args = self._arguments.of_resource(resource, self._settings[rule.name].properties)
            self._validate(rule, level, resource.urn, args)

    def _evaluate_stack(self, rule: StackValidationPolicy) -> None:
        settings = self._settings[rule.name]
        remediate = settings.level is EnforcementLevel.REMEDIATE
        level = EnforcementLevel.MANDATORY if remediate else settings.level
        args = StackValidationArgs(self._arguments.of_stack(), settings.properties)
        self._validate(rule, level, self._graph.urn, args)

    def _validate(self, rule: Any, level: EnforcementLevel, urn: str, args: Any) -> None:
        def report_violation(message: str, resource: str | None = None) -> None:
            if message and not isinstance(message, str):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError("Expected message to be a string")
            text = self._redaction.apply(message or rule.description)
            self._violations.append(Violation(rule.name, level.value, resource or urn, text, rule.remediation_steps))

        with self._errors_of(rule.name, urn):
            sdk.await_result(rule.validate(args, report_violation))

    def _remediate(self, rule: ResourceValidationPolicy, resource: Resource) -> Resource:
        """Return a resource with the inputs of a rule's remediation, and report what it changes."""
        if not rule.has_remediation():
            return resource
        properties = remediation_properties(resource.inputs)
        args = self._arguments.of_resource(resource, self._settings[rule.name].properties, properties)
        result: Any = None
        with self._errors_of(rule.name, resource.urn):
            result = sdk.await_result(rule.remediate(args))
        if not result:
            return resource
        inputs = decode_remediation(result)
        changes = sorted(key for key in {*inputs, *resource.inputs} if inputs.get(key) != resource.inputs.get(key))
        if changes:
            message = f"{rule.description} It would change {', '.join(changes)}."
            self._violations.append(Violation(rule.name, "remediate", resource.urn, message))
        return replace(resource, inputs=inputs)

    @contextmanager
    def _errors_of(self, rule: str, urn: str) -> Generator[None]:
        """Record a rule that reads unknown values as skipped, and raise RuleError for other errors.

        NotApplicable of a rule over the stack becomes a message. Of a rule over a resource it is ignored: such rules
        often use it to select resources.
        """
        try:
            yield
        except UnknownValueError as error:
            self._skipped.append(Skipped(rule, urn, error.message))
        except NotApplicable as error:
            if urn == self._graph.urn:
                self._not_applicable.setdefault(getattr(error, "reason", None) or "no reason", []).append(rule)
        except (Exception, SystemExit) as error:
            raise RuleError(rule, urn, error) from error


def _applies_to(rule: Policy, type: str) -> bool:
    types: Iterable[str] | None = getattr(rule, "resource_types", None)
    return types is None or type in types
