"""The work of a rule, as a number that does not depend on the machine."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from pulumi_policy import StackValidationArgs
from pulumi_policy.proxy import UnknownValueError

from apprunner_policies.rule import StackRule
from pulumi_apprunner.offline.policies.arguments import Arguments
from pulumi_apprunner.testing import run

_SIZES = (10, 20, 30)


def steps(function: Callable[[], object]) -> int:
    """Return how many bytecode instructions Python executes in a call, without those inside C functions."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def growth(rule: StackRule, program: Callable[[Sequence[str]], object], *, unknown: bool = False) -> float:
    """Return by how much the work for one more service increases with the stack: 1.0 if it is always the same.

    Args:
        rule: The rule.
        program: Creates services of some names, and what belongs to them.
        unknown: Whether outputs of AWS stay unknown, as in a first preview.
    """
    _steps_of(rule, program, ["first"], unknown)  # what a process does once
    small, middle, large = (
        # no name is used twice, since results about single documents are cached
        _steps_of(rule, program, [f"s{size}{number:02}" for number in range(size)], unknown)
        for size in _SIZES
    )
    return (large - middle) / (middle - small)


def _steps_of(rule: StackRule, program: Callable[[Sequence[str]], object], names: Sequence[str], unknown: bool) -> int:
    graph = run(lambda: program(names), stack="prod", unknown=unknown)
    resources = Arguments(graph).of_stack()

    def validate() -> None:
        with suppress(UnknownValueError):
            rule.validate(StackValidationArgs(resources, {}), lambda message, urn=None: None)

    return steps(validate)
