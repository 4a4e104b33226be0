"""Rules about how many instances run."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.limits import MAX_CONCURRENCY, MAX_SIZE, MAX_SIZE_QUOTA, MIN_SIZE, Range
from apprunner_facts.tokens import AUTO_SCALING, SERVICE
from apprunner_policies.environment import CONFIG, is_production
from apprunner_policies.rule import Check, Rule, read


def within(key: str, bounds: Range, at_zero: str = "") -> Check:
    """Return a check of a whole number; one that is not set passes.

    Args:
        key: The property's path.
        bounds: What AWS takes.
        at_zero: What the message says besides where the number is 0.
    """

    def check(args: ResourceValidationArgs) -> Iterator[str]:
        written = read(args, key)
        if written is None or _is_possible(written, bounds):
            return
        number = _number(written)
        nearest = bounds.default if number is None else _nearest(number, bounds)
        yield (
            f"{key} is {_shown(written)}, but possible are {bounds} {bounds.unit}, "
            f"in whole numbers. Set it to {nearest}.{at_zero if number == 0 else ''}"
        )

    return check


def _nearest(number: float, bounds: Range) -> int:
    nearest = max(round(number), bounds.minimum)
    return nearest if bounds.maximum is None else min(nearest, bounds.maximum)


def _is_within_the_quota(args: ResourceValidationArgs) -> Iterator[str]:
    quota = _number(args.get_config().get("quota"))
    written = read(args, "maxSize")
    if quota is not None and _is_possible(written, MAX_SIZE) and float(written) > quota:
        yield (
            f"maxSize must be at most {_shown(quota)}, the account's quota, got {_shown(written)}. Set it to "
            f"{_shown(quota)}, or ask AWS Support to raise the quota and set this rule's quota to the new number."
        )


def _min_at_most_max(args: ResourceValidationArgs) -> Iterator[str]:
    least, most = read(args, "minSize"), read(args, "maxSize")
    least = MIN_SIZE.default if least is None else least
    most = MAX_SIZE.default if most is None else most
    if _is_possible(least, MIN_SIZE) and _is_possible(most, MAX_SIZE) and float(least) > float(most):
        yield (
            f"minSize is {_shown(least)}, above maxSize, which is {_shown(most)}. "
            f"Set maxSize to at least {_shown(least)}, or minSize to at most {_shown(most)}."
        )


def _profile_keeps_enough(args: ResourceValidationArgs) -> Iterator[str]:
    wanted = _wanted(args)
    if args.resource_type != AUTO_SCALING or wanted is None:
        return
    written = read(args, "minSize")
    least = MIN_SIZE.default if written is None else written
    if _is_possible(least, MIN_SIZE) and float(least) < wanted:
        found = f"not set, which means {MIN_SIZE.default}" if written is None else _shown(written)
        yield (
            f"minSize is {found}: in production a single instance that fails takes the service with it, and "
            f"{_shown(wanted)} are to be kept at least. Set minSize to {_shown(wanted)} (and maxSize not below it)."
        )


def _service_has_a_profile(args: ResourceValidationArgs) -> Iterator[str]:
    wanted = _wanted(args)
    if args.resource_type != SERVICE or wanted is None:
        return
    default = _number(args.get_config().get("defaultMinSize")) or MIN_SIZE.default
    if default < wanted and "autoScalingConfigurationArn" not in list(args.props):
        yield (
            "autoScalingConfigurationArn is not set: the account's default auto scaling configuration holds, which "
            f"keeps {_shown(default)} unless it was changed, and in production {_shown(wanted)} are to be kept at "
            f"least. Set it to the ARN of an AutoScalingConfigurationVersion with minSize {_shown(wanted)}."
        )


def _wanted(args: ResourceValidationArgs) -> float | None:
    """Return how many instances are demanded here, None outside production and where the number is none."""
    return _number(args.get_config().get("least")) if is_production(args.get_config(), args.urn) else None


def _number(value: Any) -> float | None:
    """Return the number that the provider reads here, also in a text such as "3", None where it reads none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def _is_possible(value: Any, bounds: Range) -> bool:
    number = _number(value)
    return number is not None and number.is_integer() and number in bounds


def _shown(value: Any) -> str:
    number = _number(value)
    return f"{value}" if number is None else f"{number:g}"


scaling_bounds = Rule(
    "scaling-bounds",
    resource_types=[AUTO_SCALING],
    checks=[
        within("minSize", MIN_SIZE, " There is no scale to zero: a service is paused to stop paying for it."),
        within("maxSize", MAX_SIZE),
        within("maxConcurrency", MAX_CONCURRENCY),
        _min_at_most_max,
    ],
    description="An auto scaling configuration keeps to App Runner's bounds.",
    remediation=(
        f"Set minSize from {MIN_SIZE} instances, maxSize to {MAX_SIZE} and not below minSize, and maxConcurrency from "
        f"{MAX_CONCURRENCY} requests. There is no scale to zero: a service that nobody needs at night is paused, "
        "for which pulumi-apprunner has PauseSchedule."
    ),
    source=source.CREATE_AUTO_SCALING_CONFIGURATION,
    severity=Severity.HIGH,
)

max_size_quota = Rule(
    "max-size-quota",
    resource_types=[AUTO_SCALING],
    checks=[_is_within_the_quota],
    description="An auto scaling configuration stays within the account's quota of instances.",
    remediation=(
        f"Set maxSize to at most the quota, {MAX_SIZE_QUOTA} instances unless AWS has raised it. AWS Support raises it "
        "on request, for an account and a region; then set quota to the new number."
    ),
    source=source.MAX_SIZE_QUOTA,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "quota": {
            "type": "integer",
            "minimum": MAX_SIZE.minimum,
            "default": MAX_SIZE_QUOTA,
            "description": "The account's quota: the most instances that maxSize may be.",
        },
    },
)

prod_min_instances = Rule(
    "prod-min-instances",
    resource_types=[AUTO_SCALING, SERVICE],
    checks=[_profile_keeps_enough, _service_has_a_profile],
    description="In production a service keeps more than one instance.",
    remediation=(
        "Give the service an auto scaling configuration whose minSize is at least the number demanded. Each instance "
        "more is paid: its memory in all hours, its vCPUs only while it handles requests."
    ),
    source=source.CREATE_AUTO_SCALING_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "least": {
            "type": "integer",
            "minimum": MIN_SIZE.minimum,
            "maximum": MIN_SIZE.maximum,
            "default": 2,
            "description": "How many instances a service in production keeps at least.",
        },
        "defaultMinSize": {
            "type": "integer",
            "minimum": MIN_SIZE.minimum,
            "maximum": MIN_SIZE.maximum,
            "default": MIN_SIZE.default,
            "description": "minSize of the account's default auto scaling configuration, where it was changed.",
        },
        **CONFIG,
    },
)

RULES = (scaling_bounds, max_size_quota, prod_min_instances)
