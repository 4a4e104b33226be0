"""Rules about the number of instances."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.limits import MAX_CONCURRENCY, MAX_SIZE, MAX_SIZE_QUOTA, MIN_SIZE
from apprunner_facts.services import read_services
from apprunner_facts.tokens import AUTO_SCALING, DEFAULT_AUTO_SCALING, SERVICE
from apprunner_policies.declared import declared
from apprunner_policies.environment import CONFIG
from apprunner_policies.properties import as_number, is_set, value
from apprunner_policies.ranges import format_number, is_within, within
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.stack import Resources, Stack

scaling_bounds = Rule(
    "scaling-bounds",
    resource_types=[AUTO_SCALING],
    checks=[
        within(
            "minSize",
            MIN_SIZE,
            " App Runner always keeps at least one instance; pause the service to stop paying for it.",
        ),
        within("maxSize", MAX_SIZE),
        within("maxConcurrency", MAX_CONCURRENCY),
    ],
    description="The numbers of an auto scaling configuration are within App Runner's limits.",
    remediation_steps=(
        f"Set minSize to {MIN_SIZE} instances, maxSize to {MAX_SIZE} and at least minSize, and maxConcurrency to "
        f"{MAX_CONCURRENCY} requests. App Runner does not scale to zero. To stop paying for a service that nobody uses "
        "at night, pause it, for example with pulumi-apprunner's PauseSchedule."
    ),
    source=source.CREATE_AUTO_SCALING_CONFIGURATION,
    severity=Severity.HIGH,
)


@scaling_bounds.check
def _min_at_most_max(profile: ResourceValidationArgs) -> Iterator[str]:
    least, most = value(profile, "minSize"), value(profile, "maxSize")
    least = MIN_SIZE.default if least is None else least
    most = MAX_SIZE.default if most is None else most
    if is_within(least, MIN_SIZE) and is_within(most, MAX_SIZE) and float(least) > float(most):
        yield (
            f"minSize must be at most maxSize ({format_number(most)}), got {format_number(least)}. "
            f"Set maxSize to at least {format_number(least)}, or minSize to at most {format_number(most)}."
        )


max_size_quota = Rule(
    "max-size-quota",
    resource_types=[AUTO_SCALING],
    description="maxSize is within the account's quota of instances.",
    remediation_steps=(
        f"Set maxSize to at most the quota: {MAX_SIZE_QUOTA} instances, unless AWS has raised it. AWS Support raises "
        "the quota of an account and region on request. Then set this rule's quota to the new number."
    ),
    source=source.MAX_SIZE_QUOTA,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "quota": {
            "type": "integer",
            "minimum": MAX_SIZE.minimum,
            "default": MAX_SIZE_QUOTA,
            "description": "The account's quota, the largest value of maxSize.",
        },
    },
)


@max_size_quota.check
def _is_within_the_quota(profile: ResourceValidationArgs) -> Iterator[str]:
    quota = as_number(profile.get_config().get("quota"))
    raw = value(profile, "maxSize")
    most = MAX_SIZE.default if raw is None else raw
    if quota is not None and is_within(most, MAX_SIZE) and float(most) > quota:
        got = f"{MAX_SIZE.default} (the default, since it is not set)" if raw is None else format_number(raw)
        yield (
            f"maxSize must be at most {format_number(quota)}, the account's quota, got {got}. Set it "
            f"to {format_number(quota)}, or ask AWS Support to raise the quota and set this rule's quota to the new "
            "number."
        )


prod_min_instances = StackRule(
    "prod-min-instances",
    resource_types=[AUTO_SCALING, SERVICE],
    native=True,
    description="A production service keeps at least two instances.",
    remediation_steps=(
        "Give the service an auto scaling configuration whose minSize is at least the required number. Each instance "
        "costs: its memory at all times, its vCPUs while it handles requests."
    ),
    source=source.CREATE_AUTO_SCALING_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "minInstances": {
            "type": "integer",
            "minimum": MIN_SIZE.minimum,
            "maximum": MIN_SIZE.maximum,
            "default": 2,
            "description": "The smallest number of instances that a production service keeps.",
        },
        "defaultMinSize": {
            "type": "integer",
            "minimum": MIN_SIZE.minimum,
            "maximum": MIN_SIZE.maximum,
            "default": MIN_SIZE.default,
            "description": "minSize of the account's default auto scaling configuration, if it was changed.",
        },
        **CONFIG,
    },
)


@prod_min_instances.check_of(AUTO_SCALING)
def _profile_keeps_enough(profile: PolicyResource, stack: Stack) -> Iterator[str]:
    required = _required(stack)
    if required is None:
        return
    raw = value(profile, "minSize")
    least = MIN_SIZE.default if raw is None else raw
    if is_within(least, MIN_SIZE) and float(least) < required:
        got = f"{MIN_SIZE.default} (the default, since it is not set)" if raw is None else format_number(raw)
        risk = " If the only instance fails, the service is unavailable." if float(least) == 1 else ""
        yield (
            f"minSize must be at least {format_number(required)} in production, got {got}.{risk} Set minSize to "
            f"{format_number(required)}, and maxSize to at least that."
        )


@prod_min_instances.check_of(SERVICE)
def _service_has_a_profile(service: PolicyResource, stack: Stack) -> Iterator[str]:
    required = _required(stack)
    default = as_number(stack.config.get("defaultMinSize")) or MIN_SIZE.default
    if required is None or default >= required or not _has_account_default(service, stack):
        return
    yield (
        f"autoScalingConfigurationArn must be set in production, where {format_number(required)} instances are "
        "required. Without it the account's default auto scaling configuration applies, which keeps "
        f"{format_number(default)}, unless it was changed. Set it to the ARN of an AutoScalingConfigurationVersion "
        f"with minSize {format_number(required)}."
    )


def _has_account_default(service: PolicyResource, stack: Stack) -> bool:
    if stack.by_urn[service.urn].resource_type == SERVICE:
        return service.urn in stack.once(_with_account_default)
    return not is_set(service, "autoScalingConfigurationArn") and not stack.of(DEFAULT_AUTO_SCALING)  # of aws-native


def _with_account_default(resources: Resources) -> frozenset[str]:
    """Return the URNs of the services to which the account's default profile applies."""
    return frozenset(each.urn for each in read_services(declared(resources)) if each.has_account_default)


def _required(stack: Stack) -> float | None:
    """Return how many instances are required, None outside production."""
    return as_number(stack.config.get("minInstances")) if stack.is_production else None


RULES = (scaling_bounds, max_size_quota, prod_min_instances)
