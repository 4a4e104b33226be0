"""Rules about how many instances run."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.limits import MAX_CONCURRENCY, MAX_SIZE, MAX_SIZE_QUOTA, MIN_SIZE
from apprunner_facts.tokens import AUTO_SCALING, SERVICE
from apprunner_policies.environment import CONFIG, is_production
from apprunner_policies.properties import as_number, value
from apprunner_policies.ranges import is_within, shown, within
from apprunner_policies.rule import Rule

scaling_bounds = Rule(
    "scaling-bounds",
    resource_types=[AUTO_SCALING],
    checks=[
        within("minSize", MIN_SIZE, " There is no scale to zero: a service is paused to stop paying for it."),
        within("maxSize", MAX_SIZE),
        within("maxConcurrency", MAX_CONCURRENCY),
    ],
    description="An auto scaling configuration keeps to App Runner's bounds.",
    remediation_steps=(
        f"Set minSize from {MIN_SIZE} instances, maxSize to {MAX_SIZE} and not below minSize, and maxConcurrency from "
        f"{MAX_CONCURRENCY} requests. There is no scale to zero: a service that nobody needs at night is paused, "
        "for which pulumi-apprunner has PauseSchedule."
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
            f"minSize is {shown(least)}, above maxSize, which is {shown(most)}. "
            f"Set maxSize to at least {shown(least)}, or minSize to at most {shown(most)}."
        )


max_size_quota = Rule(
    "max-size-quota",
    resource_types=[AUTO_SCALING],
    description="An auto scaling configuration stays within the account's quota of instances.",
    remediation_steps=(
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


@max_size_quota.check
def _is_within_the_quota(profile: ResourceValidationArgs) -> Iterator[str]:
    quota = as_number(profile.get_config().get("quota"))
    most = value(profile, "maxSize")
    if quota is not None and is_within(most, MAX_SIZE) and float(most) > quota:
        yield (
            f"maxSize must be at most {shown(quota)}, the account's quota, got {shown(most)}. Set it to "
            f"{shown(quota)}, or ask AWS Support to raise the quota and set this rule's quota to the new number."
        )


prod_min_instances = Rule(
    "prod-min-instances",
    resource_types=[AUTO_SCALING, SERVICE],
    description="In production a service keeps more than one instance.",
    remediation_steps=(
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


@prod_min_instances.check_of(AUTO_SCALING)
def _profile_keeps_enough(profile: ResourceValidationArgs) -> Iterator[str]:
    required = _required(profile)
    if required is None:
        return
    written = value(profile, "minSize")
    least = MIN_SIZE.default if written is None else written
    if is_within(least, MIN_SIZE) and float(least) < required:
        got = f"not set, which means {MIN_SIZE.default}" if written is None else shown(written)
        yield (
            f"minSize is {got}: in production a single instance that fails takes the service with it, and "
            f"{shown(required)} are to be kept at least. Set minSize to {shown(required)} (and maxSize not below it)."
        )


@prod_min_instances.check_of(SERVICE)
def _service_has_a_profile(service: ResourceValidationArgs) -> Iterator[str]:
    required = _required(service)
    if required is None:
        return
    default = as_number(service.get_config().get("defaultMinSize")) or MIN_SIZE.default
    if default < required and "autoScalingConfigurationArn" not in list(service.props):
        yield (
            "autoScalingConfigurationArn is not set: the account's default auto scaling configuration holds, which "
            f"keeps {shown(default)} unless it was changed, and in production {shown(required)} are to be kept at "
            f"least. Set it to the ARN of an AutoScalingConfigurationVersion with minSize {shown(required)}."
        )


def _required(resource: ResourceValidationArgs) -> float | None:
    """Return how many instances are required, None outside production."""
    config = resource.get_config()
    return as_number(config.get("least")) if is_production(config, resource.urn) else None


RULES = (scaling_bounds, max_size_quota, prod_min_instances)
