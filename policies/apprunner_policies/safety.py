"""Rules about what must not happen to a service by accident."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.schedules import PAUSE, action_of, is_enabled
from apprunner_facts.tokens import SCHEDULE, SERVICE
from apprunner_policies import environment
from apprunner_policies.environment import is_production
from apprunner_policies.rule import Rule, read


def _is_protected(args: ResourceValidationArgs) -> Iterator[str]:
    if is_production(args.get_config(), args.urn) and not args.opts.protect:
        yield (
            "the resource option protect is not set: `pulumi destroy`, a resource taken out of the program, or a "
            "change that replaces (its name, its key, image to code) would delete a service of production, and with it "
            "its address. Set protect to true."
        )


def _does_not_pause(args: ResourceValidationArgs) -> Iterator[str]:
    if not is_production(args.get_config(), args.urn) or action_of(read(args, "target.arn")) != PAUSE:
        return
    if is_enabled(read(args, "state")):
        yield (
            f'target.arn is "{read(args, "target.arn")}", which pauses a service: while it is paused, production '
            'answers no request. Take the schedule out of this stack, or set state to "DISABLED".'
        )


service_protected_in_prod = Rule(
    "service-protected-in-prod",
    resource_types=[SERVICE],
    checks=[_is_protected],
    description="A service of production is protected against deletion.",
    remediation=(
        "Give the service the resource option protect. Its deletion, or replacement, is then refused until "
        "`pulumi state unprotect` is run."
    ),
    source=None,
    severity=Severity.HIGH,
    config=environment.CONFIG,
)

pause_forbidden_in_prod = Rule(
    "pause-forbidden-in-prod",
    resource_types=[SCHEDULE],
    checks=[_does_not_pause],
    description="No schedule pauses a service of production.",
    remediation=(
        "Make schedules that pause services in other environments only. To stop paying for idle instances of "
        "production, lower minSize in their auto scaling configuration."
    ),
    source=source.PAUSE,
    severity=Severity.HIGH,
    config=environment.CONFIG,
)

RULES = (service_protected_in_prod, pause_forbidden_in_prod)
