"""Checks of whole numbers."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import ResourceValidationArgs

from apprunner_facts.limits import Range
from apprunner_policies.properties import as_number, value
from apprunner_policies.rule import Check


def within(key: str, bounds: Range, at_zero: str = "", fix: str | None = None) -> Check:
    """Return a check that a number, if it is set, is whole and within bounds.

    Args:
        key: The property's path.
        bounds: What AWS accepts.
        at_zero: A sentence for the message if the number is 0.
        fix: The sentence of the message with the fix; by default to set the nearest number.
    """

    def check(args: ResourceValidationArgs) -> Iterator[str]:
        raw = value(args, key)
        if raw is None or is_within(raw, bounds):
            return
        number = as_number(raw)
        nearest = bounds.default if number is None else _nearest(number, bounds)
        yield (
            f"{key} must be a whole number, {bounds} ({bounds.unit}), got {format_number(raw)}. "
            f"{fix or f'Set it to {nearest}.'}{at_zero if number == 0 else ''}"
        )

    return check


def is_within(number: Any, bounds: Range) -> bool:
    """Return whether a value is a whole number within bounds, as the provider reads it."""
    read = as_number(number)
    return read is not None and read.is_integer() and read in bounds


def format_number(number: Any) -> str:
    """Return a number for a message: 3.0 is "3", and what is no number is named by its kind."""
    read = as_number(number)
    if read is not None:
        return f"{read:g}"
    return f'"{number}"' if isinstance(number, str) else "a value that is no number"


def _nearest(number: float, bounds: Range) -> int:
    nearest = max(round(number), bounds.minimum)
    return nearest if bounds.maximum is None else min(nearest, bounds.maximum)
