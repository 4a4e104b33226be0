"""A rule judged as the engine does it: properties in camelCase, numbers as floats, unknown values guarded."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi_policy import Policy, PolicyCustomTimeouts, PolicyResourceOptions, ResourceValidationArgs
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from apprunner_policies.rule import Rule
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.report import Report as PackReport
from pulumi_apprunner.offline.sdk.policies import decode_remediation, remediation_properties
from pulumi_apprunner.testing import run

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


@dataclass(frozen=True)
class Verdict:
    """What a rule reported about a resource named "api", and the unknown value that kept it from judging all."""

    messages: tuple[str, ...]
    unknown: str | None

    @property
    def clean(self) -> bool:
        return not self.messages and self.unknown is None


def judged_by(
    rule: Rule,
    props: Mapping[str, Any],
    *,
    of_type: str | None = None,
    config: Mapping[str, Any] | None = None,
    stack: str = "prod",
) -> Verdict:
    """Ask one rule about one resource named "api"; its type is the rule's first in the alphabet unless it is given."""
    judged = of_type or min(rule.resource_types)
    sent = json.loads(json.dumps(props), parse_int=float)
    urn = f"urn:pulumi:{stack}::shop::{judged}::api"
    args = ResourceValidationArgs(judged, unknown_checking_proxy(sent), urn, "api", OPTIONS, None, config)
    messages: list[str] = []
    unknown = None
    try:
        rule.validate(args, lambda message, urn=None: messages.append(message))
    except UnknownValueError as error:
        unknown = error.message
    return Verdict(tuple(messages), unknown)


@pytest.fixture
def judge() -> Callable[..., Verdict]:
    return judged_by


def mended_by(rule: Rule, props: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> Any:
    """Return what one rule makes of the properties of a resource named "api", None where it leaves them alone."""
    judged = min(rule.resource_types)
    urn = f"urn:pulumi:prod::shop::{judged}::api"
    mended: Any = rule.remediate(
        ResourceValidationArgs(judged, remediation_properties(props), urn, "api", OPTIONS, None, config)
    )
    return None if mended is None else decode_remediation(mended)


@pytest.fixture
def mend() -> Callable[..., Any]:
    """Return what asks a rule to mend: `mend(rule, props)`; a value that is not known is `unknown` there too."""
    return mended_by


@pytest.fixture
def unknown() -> str:
    """What stands for a value that is not known during a preview."""
    return UNKNOWN_STRING_VALUE


def reported_by(
    program: Callable[[], object],
    *policies: Policy,
    stack: str = "prod",
    config: Mapping[str, Any] | None = None,
    unknown: bool = False,
) -> PackReport:
    """Run a raw program offline and ask policies about all that it made.

    Args:
        program: Registers resources of pulumi_aws.
        policies: Those that are asked.
        stack: The stack's name, which is the environment.
        config: Rule id to a level or to `{"enforcementLevel": ..., property: ...}`.
        unknown: Whether what AWS would return stays unknown, as in a first preview.
    """
    return evaluate(run(program, stack=stack, unknown=unknown), policies, config)


@pytest.fixture
def report() -> Callable[..., PackReport]:
    """Return what runs a raw program and asks policies about it: `report(program, rule).violations`."""
    return reported_by
