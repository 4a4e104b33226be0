"""A rule judged as the engine does it: properties in camelCase, numbers as floats, unknown values guarded."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi_policy import PolicyCustomTimeouts, PolicyResourceOptions, ResourceValidationArgs
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from apprunner_policies.rule import Rule

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
    rule: Rule, props: Mapping[str, Any], *, of_type: str | None = None, config: Mapping[str, Any] | None = None
) -> Verdict:
    (only_type, *_) = rule.resource_types
    sent = json.loads(json.dumps(props), parse_int=float)
    args = ResourceValidationArgs(
        of_type or only_type, unknown_checking_proxy(sent), "urn", "api", OPTIONS, None, config
    )
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


@pytest.fixture
def unknown() -> str:
    """What stands for a value that is not known during a preview."""
    return UNKNOWN_STRING_VALUE
