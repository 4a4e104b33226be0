"""Rules about tracing and alarms."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import observability, source
from apprunner_facts.observability import INSTANCE_DIMENSION, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from apprunner_facts.sizes import format_choices
from apprunner_facts.tokens import COMPOSITE_ALARM, METRIC_ALARM, OBSERVABILITY, SERVICE
from apprunner_policies.environment import CONFIG
from apprunner_policies.grants import policy_of, role_of
from apprunner_policies.properties import (
    UnknownValues,
    as_items,
    as_mapping,
    as_text,
    is_false,
    is_set,
    is_true,
    items,
    known_text,
    member,
    read_identity,
    text,
    value,
)
from apprunner_policies.rule import StackRule
from apprunner_policies.services import INSTANCE_ROLE
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import permits

_BLOCK = "observabilityConfiguration"
_CONFIGURATION = f"{_BLOCK}.observabilityConfigurationArn"
_IDENTITY = dict(zip(SERVICE_DIMENSIONS, ("serviceName", "serviceId"), strict=True))
"""The property of a service that each dimension has as its value."""
_TRACES = f"{_BLOCK}.observabilityEnabled is true"

tracing_grants = StackRule(
    "tracing-grants",
    resource_types=[SERVICE],
    description="A traced service has an observability configuration and a role that may send traces to X-Ray.",
    remediation_steps=(
        f"Attach AWS's policy {observability.TRACING_POLICY} to the instance role and set "
        f"{_CONFIGURATION}, or set {_BLOCK}.observabilityEnabled to false."
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


def _is_traced(service: PolicyResource) -> bool:
    return is_true(service, f"{_BLOCK}.observabilityEnabled")


alarms_present = StackRule(
    "alarms-present",
    resource_types=[SERVICE, METRIC_ALARM],
    description="A production service has alarms on errors, latency and capacity, with valid dimensions.",
    remediation_steps=(
        f"Add alarms in {METRICS_NAMESPACE} on {observability.ERRORS_METRIC}, {observability.LATENCY_METRIC} and "
        f"{observability.INSTANCES_METRIC} with the dimensions {' and '.join(SERVICE_DIMENSIONS)} (not ServiceId)."
    ),
    source=source.METRICS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config={
        "capacityMetrics": {
            "type": "array",
            "items": {"type": "string"},
            "default": [observability.INSTANCES_METRIC, *observability.INSTANCE_METRICS],
            "description": "An alarm on one of these metrics is enough for capacity. If it is empty, none is required.",
        },
        **CONFIG,
    },
)


@alarms_present.check_of(SERVICE)
def _production_has_alarms(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if not stack.is_production:
        return
    required = {
        "errors": [observability.ERRORS_METRIC],
        "latency": [observability.LATENCY_METRIC],
        "capacity": [str(each) for each in as_items(stack.config.get("capacityMetrics"))],
    }
    watched = stack.once(_watched_metrics)
    unknowns = UnknownValues()
    metrics = set(watched.by_service.get(service.urn, ()))
    for dimension, path in _IDENTITY.items():
        if by_value := watched.by_dimension.get(dimension):
            with unknowns:
                metrics |= by_value.get(str(value(service, path)), set())
    for expression in watched.expressions:
        metrics |= {name for names in required.values() for name in names if name in expression}
    missing = {kind: names[0] for kind, names in required.items() if names and not metrics.intersection(names)}
    if missing:
        watched.unknowns.raise_first()
        unknowns.raise_first()
        if not metrics:
            read_identity(service, "arn")
        kinds = format_choices([f"the {kind}" for kind in missing], "and")
        yield (
            f"alarms must watch {kinds} of this service, got none in the stack. Add an "
            f"aws.cloudwatch.MetricAlarm for each metricName: {', '.join(missing.values())}. Set namespace to "
            f"{METRICS_NAMESPACE} and dimensions to {' and '.join(SERVICE_DIMENSIONS)} of the service."
        )


@dataclass(frozen=True)
class _WatchedMetrics:
    """App Runner's metrics that the alarms of a stack watch."""

    by_service: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """By the URN of a service that the alarm refers to."""
    by_dimension: dict[str, dict[str, set[str]]] = field(default_factory=dict[str, dict[str, set[str]]])
    """By the name of a dimension and its value, where that is plain text."""
    expressions: list[str] = field(default_factory=list[str])
    """Metric math, which may contain a metric's name."""
    unknowns: UnknownValues = field(default_factory=UnknownValues)
    """Alarms that may watch any service."""


def _watched_metrics(resources: Resources) -> _WatchedMetrics:
    watched = _WatchedMetrics()
    is_composed = bool(resources.of(COMPOSITE_ALARM))
    for alarm in resources.of(METRIC_ALARM):
        with watched.unknowns:
            if is_false(alarm, "actionsEnabled") and not is_composed:
                continue
            for metric in _metrics(alarm):
                _add(watched, alarm, metric, resources)
            watched.expressions.extend(_expressions(alarm))
    return watched


def _add(watched: _WatchedMetrics, alarm: PolicyResource, metric: "_Metric", resources: Resources) -> None:
    """Add a metric to the service that it belongs to. Wrong dimensions are reported at the alarm."""
    services = resources.referenced(alarm, "metricQueries" if metric.path else "dimensions", SERVICE)
    for service in services:
        if metric.may_be_of(service):
            watched.by_service.setdefault(service.urn, set()).add(metric.name)
    dimensions: Mapping[str, Any] = {} if services else metric.dimensions()
    for dimension in SERVICE_DIMENSIONS:
        if dimension in list(dimensions) and (name := as_text(dimensions[dimension])) is not None:
            by_value = watched.by_dimension.setdefault(dimension, defaultdict(set))
            by_value[name].add(metric.name)


@alarms_present.check_of(METRIC_ALARM)
def _dimensions_match(alarm: PolicyResource, stack: Stack) -> Iterator[str]:
    for metric in _metrics(alarm):
        problem = metric.problem()
        if problem and metric.name in observability.INSTANCE_METRICS:
            yield (
                f"{problem}Add {INSTANCE_DIMENSION}, or watch the service's {observability.INSTANCES_METRIC} with "
                f"dimensions {' and '.join(SERVICE_DIMENSIONS)}."
            )
        elif problem:
            yield f"{problem}Set {metric.path}dimensions to {' and '.join(SERVICE_DIMENSIONS)}."


@dataclass(frozen=True)
class _Metric:
    """A metric of App Runner's that an alarm watches."""

    path: str
    """Of the block that holds it, with a dot at the end; empty for the alarm itself."""
    name: str
    block: Mapping[str, Any]

    def dimensions(self) -> Mapping[str, Any]:
        """Return the dimensions as they are. Raises UnknownValueError if all are unknown."""
        return as_mapping(self.block.get("dimensions")) or {}

    def may_be_of(self, service: PolicyResource) -> bool:
        """Return whether no known dimension is that of another service, as if ServiceName and ServiceID were mixed."""
        for dimension, path in _IDENTITY.items():
            with suppress(UnknownValueError):
                got, required = as_text(self.dimensions().get(dimension)), text(service, path)
                if None not in (got, required) and got != required:
                    return False
        return True

    def problem(self) -> str | None:
        """Return why no metric of App Runner's has these dimensions, None if one has."""
        names = list(self.dimensions())
        required = [*SERVICE_DIMENSIONS, *([INSTANCE_DIMENSION] if self.name in observability.INSTANCE_METRICS else [])]
        if sorted(names) == sorted(required):
            return None
        return (
            f"{self.path}dimensions must be exactly {', '.join(required)} for {self.name} in {METRICS_NAMESPACE}, got "
            f"{', '.join(names) or 'none'}. The alarm never receives a value. "
        )


def _metrics(alarm: PolicyResource) -> Iterator[_Metric]:
    """Yield App Runner's metrics that an alarm watches, by itself or in its queries."""
    if value(alarm, "namespace") == METRICS_NAMESPACE:
        yield _Metric("", str(value(alarm, "metricName")), alarm.props)
    for index, query in enumerate(items(alarm, "metricQueries")):
        metric = as_mapping(member(query, "metric"))
        if metric is not None and metric.get("namespace") == METRICS_NAMESPACE:
            yield _Metric(f"metricQueries[{index}].metric.", str(metric.get("metricName")), metric)


def _expressions(alarm: PolicyResource) -> Iterator[str]:
    for query in items(alarm, "metricQueries"):
        expression = as_text(member(query, "expression"))
        if expression is not None and METRICS_NAMESPACE in expression:
            yield expression


RULES = (tracing_grants, alarms_present)
