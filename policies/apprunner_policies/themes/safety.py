"""Rules about what must not happen to a service by accident."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.schedules import PAUSE, action_of, is_enabled
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies import environment
from apprunner_policies.environment import is_production
from apprunner_policies.properties import value
from apprunner_policies.rule import Rule

service_protected_in_prod = Rule(
    "service-protected-in-prod",
    resource_types=[SERVICE],
    description="A service of production is protected against deletion.",
    remediation_steps=(
        "Give the service the resource option protect. Its deletion, or replacement, is then refused until "
        "`pulumi state unprotect` is run."
    ),
    source=None,
    severity=Severity.HIGH,
    config=environment.CONFIG,
)


@service_protected_in_prod.check
def _is_protected(service: ResourceValidationArgs) -> Iterator[str]:
    if is_production(service.get_config(), service.urn) and not service.opts.protect:
        yield (
            "the resource option protect is not set: `pulumi destroy`, a resource taken out of the program, or a "
            "change that replaces (its name, its key, image to code) would delete a service of production, and with it "
            "its address. Set protect to true."
        )


pause_forbidden_in_prod = Rule(
    "pause-forbidden-in-prod",
    resource_types=[SCHEDULE],
    description="No schedule pauses a service of production.",
    remediation_steps=(
        "Make schedules that pause services in other environments only. To stop paying for idle instances of "
        "production, lower minSize in their auto scaling configuration."
    ),
    source=source.PAUSE,
    severity=Severity.HIGH,
    config=environment.CONFIG,
)


@pause_forbidden_in_prod.check
def _does_not_pause(schedule: ResourceValidationArgs) -> Iterator[str]:
    if not is_production(schedule.get_config(), schedule.urn):
        return
    target = value(schedule, "target.arn")
    if action_of(target) == PAUSE and is_enabled(value(schedule, "state")):
        yield (
            f'target.arn is "{target}", which pauses a service: while it is paused, production '
            'answers no request. Take the schedule out of this stack, or set state to "DISABLED".'
        )


RULES = (service_protected_in_prod, pause_forbidden_in_prod)
