"""Rules about protection in production."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.schedules import PAUSE, action_of, is_enabled
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies.environment import CONFIG, is_production
from apprunner_policies.properties import value
from apprunner_policies.rule import Rule

service_protected_in_prod = Rule(
    "service-protected-in-prod",
    resource_types=[SERVICE],
    description="A production service is protected against deletion.",
    remediation_steps=(
        "Set the resource option protect on the service. Pulumi then refuses to delete or replace it until you run "
        "`pulumi state unprotect`."
    ),
    source=None,
    severity=Severity.HIGH,
    config=CONFIG,
)


@service_protected_in_prod.check
def _is_protected(service: ResourceValidationArgs) -> Iterator[str]:
    if is_production(service.get_config(), service.urn) and not service.opts.protect:
        yield (
            "the resource option protect must be true in production, got false. `pulumi destroy`, the removal of the "
            "resource from the program, and a change that replaces it (of its name, its key, or from image to code) "
            "would delete the service together with its address. Set protect to true."
        )


pause_forbidden_in_prod = Rule(
    "pause-forbidden-in-prod",
    resource_types=[SCHEDULE],
    description="No schedule pauses a production service.",
    remediation_steps=(
        "Create schedules that pause services in other environments only. To pay for fewer idle instances in "
        "production, lower minSize of the auto scaling configuration."
    ),
    source=source.PAUSE,
    severity=Severity.HIGH,
    config=CONFIG,
)


@pause_forbidden_in_prod.check
def _does_not_pause(schedule: ResourceValidationArgs) -> Iterator[str]:
    if not is_production(schedule.get_config(), schedule.urn):
        return
    target = value(schedule, "target.arn")
    if action_of(target) == PAUSE and is_enabled(value(schedule, "state")):
        yield (
            f'target.arn must not pause a service in production, got "{target}". A paused service answers no '
            'request. Remove the schedule from this stack, or set its state to "DISABLED".'
        )


RULES = (service_protected_in_prod, pause_forbidden_in_prod)
