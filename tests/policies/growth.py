"""The work of rules, as a number that does not depend on the machine."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from pulumi_policy import PolicyResource, StackValidationArgs
from pulumi_policy.proxy import UnknownValueError

from apprunner_policies.rule import StackRule
from pulumi_apprunner.offline.policies.arguments import Arguments
from pulumi_apprunner.testing import run

Program = Callable[[Sequence[str]], object]
"""Creates services of some names, and what belongs to them."""

_SIZES = (4, 8, 12)


def growth(
    rules: Collection[StackRule], program: Program, config: Mapping[str, Mapping[str, Any]], *, unknown: bool
) -> dict[str, float]:
    """Return by how much the work for one more service increases with the stack, by rule: 1.0 if it is always the same.

    Args:
        rules: The rules.
        program: The program, as a production stack.
        config: The configuration of rules, by id.
        unknown: Whether outputs of AWS stay unknown, as in a first preview.
    """
    _steps(rules, _stack(program, 1, unknown), config)  # what a process does once
    small, middle, large = (_steps(rules, _stack(program, size, unknown), config) for size in _SIZES)
    return {
        each.name: (large[each.name] - middle[each.name]) / (middle[each.name] - small[each.name])
        for each in rules
        if middle[each.name] > small[each.name]
    }


def _stack(program: Program, size: int, unknown: bool) -> list[PolicyResource]:
    # No name is used in two stacks, since results about single documents are cached.
    names = [f"s{size:02}{number:02}" for number in range(size)]
    return Arguments(run(lambda: program(names), stack="prod", unknown=unknown)).of_stack()


def _steps(
    rules: Collection[StackRule], resources: list[PolicyResource], config: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """Return how many bytecode instructions Python executes for each rule, without those inside C functions."""
    steps: dict[str, int] = {}
    for rule in rules:
        args = StackValidationArgs(resources, config.get(rule.name, {}))
        with _Steps() as counted, suppress(UnknownValueError):
            rule.validate(args, lambda message, urn=None: None)
        steps[rule.name] = counted.number
    return steps


class _Steps:
    """Counts bytecode instructions within a `with` block."""

    number = 0

    def __enter__(self) -> "_Steps":
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        self.number += event == "opcode"
        return self._trace
