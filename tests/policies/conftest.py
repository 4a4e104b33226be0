"""Fixtures that evaluate rules as the Pulumi engine does: camelCase properties, floats, guarded unknown values."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from apprunner_facts.tokens import NATIVE
from apprunner_policies.rule import Rule, StackRule
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.report import Report as PackReport
from pulumi_apprunner.offline.sdk.policies import decode_remediation, remediation_properties
from pulumi_apprunner.testing import run

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


@dataclass(frozen=True)
class RuleResult:
    """The violations of a resource named "api", and the unknown value that made the rule skip a check."""

    messages: tuple[str, ...]
    unknown: str | None

    @property
    def clean(self) -> bool:
        return not self.messages and self.unknown is None


def _check_rule(
    rule: Rule | StackRule,
    props: Mapping[str, Any],
    *,
    of_type: str | None = None,
    config: Mapping[str, Any] | None = None,
    stack: str = "prod",
) -> RuleResult:
    """Check a resource named "api" with one rule; for a rule over stacks it is alone in its stack.

    The default type is the rule's first, in alphabetical order.
    """
    resource_type = of_type or min(rule.resource_types - NATIVE.keys())
    sent = json.loads(json.dumps(props), parse_int=float)
    urn = f"urn:pulumi:{stack}::shop::{resource_type}::api"
    proxy = unknown_checking_proxy(sent)
    messages: list[str] = []
    unknown = None
    try:
        if isinstance(rule, StackRule):
            resource = PolicyResource(resource_type, proxy, urn, "api", OPTIONS, None, None, [], {})
            rule.validate(StackValidationArgs([resource], config), lambda message, urn=None: messages.append(message))
        else:
            args = ResourceValidationArgs(resource_type, proxy, urn, "api", OPTIONS, None, config)
            rule.validate(args, lambda message, urn=None: messages.append(message))
    except UnknownValueError as error:
        unknown = error.message
    return RuleResult(tuple(messages), unknown)


@pytest.fixture
def check_rule() -> Callable[..., RuleResult]:
    return _check_rule


def _remediate(rule: Rule, props: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> Any:
    """Return the properties of a resource named "api" after remediation, or None if the rule does not change them."""
    resource_type = min(rule.resource_types - NATIVE.keys())
    urn = f"urn:pulumi:prod::shop::{resource_type}::api"
    remediated: Any = rule.remediate(
        ResourceValidationArgs(resource_type, remediation_properties(props), urn, "api", OPTIONS, None, config)
    )
    return None if remediated is None else decode_remediation(remediated)


@pytest.fixture
def remediate() -> Callable[..., Any]:
    """Return a function that remediates properties: `remediate(rule, props)`. Pass `unknown` for an unknown value."""
    return _remediate


@pytest.fixture
def unknown() -> str:
    """Return the SDK's placeholder for a value that is unknown in a preview."""
    return UNKNOWN_STRING_VALUE


def _report(
    program: Callable[[], object],
    *policies: Policy,
    stack: str = "prod",
    config: Mapping[str, Any] | None = None,
    unknown: bool = False,
) -> PackReport:
    """Run a pulumi_aws program offline and evaluate policies on its resources.

    Args:
        program: Registers resources of pulumi_aws.
        policies: The policies to evaluate.
        stack: The stack's name, which determines the environment.
        config: For each rule id a level, or `{"enforcementLevel": ..., property: ...}`.
        unknown: Whether outputs of AWS stay unknown, as in a first preview.
    """
    return evaluate(run(program, stack=stack, unknown=unknown), policies, config)


@pytest.fixture
def report() -> Callable[..., PackReport]:
    """Return a function that evaluates policies on a program: `report(program, rule).violations`."""
    return _report
