"""Rules about how many instances run."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.limits import MAX_CONCURRENCY, MAX_SIZE, MIN_SIZE, Range
from apprunner_policies.rule import Check, Rule, read
from apprunner_policies.types import AUTO_SCALING


def _within(key: str, bounds: Range, at_zero: str = "") -> Check:
    def within(args: ResourceValidationArgs) -> Iterator[str]:
        written = read(args, key)
        if written is None or _is_possible(written, bounds):
            return
        number = _number(written)
        nearest = bounds.default if number is None else min(max(round(number), bounds.least), bounds.most)
        yield (
            f"{key} is {_shown(written)}, but possible are {bounds.least} to {bounds.most} {bounds.unit}, "
            f"in whole numbers. Set it to {nearest}.{at_zero if number == 0 else ''}"
        )

    return within


def _min_at_most_max(args: ResourceValidationArgs) -> Iterator[str]:
    least, most = read(args, "minSize"), read(args, "maxSize")
    least = MIN_SIZE.default if least is None else least
    most = MAX_SIZE.default if most is None else most
    if _is_possible(least, MIN_SIZE) and _is_possible(most, MAX_SIZE) and float(least) > float(most):
        yield (
            f"minSize is {_shown(least)}, above maxSize, which is {_shown(most)}. "
            f"Set maxSize to at least {_shown(least)}, or minSize to at most {_shown(most)}."
        )


def _number(value: Any) -> float | None:
    """Return the number that the provider reads here, also in a text such as "3", None where it reads none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def _is_possible(value: Any, bounds: Range) -> bool:
    number = _number(value)
    return number is not None and number.is_integer() and bounds.least <= number <= bounds.most


def _shown(value: Any) -> str:
    number = _number(value)
    return f"{value}" if number is None else f"{number:g}"


scaling_bounds = Rule(
    "scaling-bounds",
    resource_types=[AUTO_SCALING],
    checks=[
        _within("minSize", MIN_SIZE, " There is no scale to zero: a service is paused to stop paying for it."),
        _within("maxSize", MAX_SIZE),
        _within("maxConcurrency", MAX_CONCURRENCY),
        _min_at_most_max,
    ],
    description="An auto scaling configuration keeps to App Runner's bounds.",
    remediation=(
        f"Set minSize from {MIN_SIZE.least} to {MIN_SIZE.most} instances, maxSize from {MAX_SIZE.least} to "
        f"{MAX_SIZE.most} and not below minSize, and maxConcurrency from {MAX_CONCURRENCY.least} to "
        f"{MAX_CONCURRENCY.most} requests. There is no scale to zero: a service that nobody needs at night is paused, "
        "for which pulumi-apprunner has PauseSchedule."
    ),
    source=source.CREATE_AUTO_SCALING_CONFIGURATION,
    severity=Severity.HIGH,
)

RULES = (scaling_bounds,)
