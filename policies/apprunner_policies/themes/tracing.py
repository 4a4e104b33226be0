"""Rules about tracing."""

from collections.abc import Iterator, Mapping

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import observability, source
from apprunner_facts.tokens import OBSERVABILITY, SERVICE
from apprunner_policies.grants import policy_of, role_of
from apprunner_policies.properties import HasProps, is_set, is_true, known_text, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import INSTANCE_ROLE
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import permits

_BLOCK = "observabilityConfiguration"
_CONFIGURATION = f"{_BLOCK}.observabilityConfigurationArn"
_ENABLED = f"{_BLOCK}.observabilityEnabled"
_TRACES = f"{_ENABLED} is true"

tracing_grants = StackRule(
    "tracing-grants",
    resource_types=[SERVICE],
    description="A traced service has an observability configuration and a role that may send traces to X-Ray.",
    remediation_steps=(
        f"Attach AWS's policy {observability.TRACING_POLICY} to the instance role and set "
        f"{_CONFIGURATION}, or set {_ENABLED} to false."
    ),
    source=source.X_RAY,
    severity=Severity.MEDIUM,
)


@tracing_grants.check
def _tracing_has_a_configuration(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if _is_traced(service) and not is_set(service, _CONFIGURATION):
        yield (
            f"{_CONFIGURATION} must be set, since {_TRACES}. Set it to the ARN of an "
            f"ObservabilityConfiguration with traceConfiguration.vendor {observability.TRACING_VENDOR}."
        )


@tracing_grants.check
def _tracing_has_a_role(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if not _is_traced(service):
        return
    role = role_of(service, "instanceConfiguration", INSTANCE_ROLE, stack)
    if role is None:
        if not is_set(service, INSTANCE_ROLE):
            yield (
                f"{INSTANCE_ROLE} must be set, since {_TRACES}. Without a role the traces cannot be sent to X-Ray. Set "
                f"it to a role with AWS's policy {observability.TRACING_POLICY}."
            )
        return
    policy = policy_of(role, stack)
    missing = [] if policy is None else [each for each in observability.TRACING_ACTIONS if not permits(policy, each)]
    if missing:
        yield (
            f"the role of {INSTANCE_ROLE}, {role.name}, must allow {', '.join(missing)}, since {_TRACES}. Without "
            f"these actions traces are lost. Attach AWS's policy {observability.TRACING_POLICY} to the role, or allow "
            'the actions on "*".'
        )


@tracing_grants.check
def _the_configuration_traces(service: PolicyResource, stack: Stack) -> Iterator[str]:
    configuration = _configuration(service, stack) if _is_traced(service) else None
    if configuration is None:
        return
    vendor = value(configuration, "traceConfiguration.vendor")
    if vendor != observability.TRACING_VENDOR:
        got = f"{configuration.name} with " + ("no traceConfiguration" if vendor is None else f'vendor "{vendor}"')
        yield (
            f"{_CONFIGURATION} must be a configuration with traces, since {_TRACES}, got {got}. Set "
            f"traceConfiguration.vendor of {configuration.name} to {observability.TRACING_VENDOR}."
        )


def _configuration(service: PolicyResource, stack: Stack) -> PolicyResource | None:
    """Return the service's observability configuration if the stack creates it."""
    arn = known_text(service, _CONFIGURATION)
    if arn is not None:
        return stack.by_urn.get(stack.once(_configurations).get(arn, ""))
    referenced = stack.referenced(service, _BLOCK, OBSERVABILITY)
    return referenced[0] if len(referenced) == 1 else None


def _configurations(resources: Resources) -> Mapping[str, str]:
    """Return the URNs of the observability configurations by their known ARNs."""
    return {arn: each.urn for each in resources.of(OBSERVABILITY) if (arn := known_text(each, "arn")) is not None}


def _is_traced(service: HasProps) -> bool:
    return is_true(service, _ENABLED)


tracing_required = Rule(
    "tracing-required",
    resource_types=[SERVICE],
    description="Requests to a service are traced.",
    remediation_steps=(
        f"Set {_ENABLED} to true and {_CONFIGURATION} to the ARN of an ObservabilityConfiguration. "
        "The application must send its traces with OpenTelemetry, and its role must allow it (tracing-grants)."
    ),
    source=source.OBSERVABILITY_RULE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
)


@tracing_required.check
def _is_enabled(service: ResourceValidationArgs) -> Iterator[str]:
    if not _is_traced(service):
        got = "false" + (" (the default, since it is not set)" if value(service, _ENABLED) is None else "")
        yield (
            f"{_ENABLED} must be true, got {got}. The organization requires traces. Set it to true, and "
            f"{_CONFIGURATION} to the ARN of an ObservabilityConfiguration with traceConfiguration.vendor "
            f"{observability.TRACING_VENDOR}."
        )


RULES = (tracing_grants, tracing_required)
