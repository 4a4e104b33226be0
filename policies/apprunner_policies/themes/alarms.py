"""Rules about alarms."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import observability, source
from apprunner_facts.observability import INSTANCE_DIMENSION, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from apprunner_facts.sizes import format_choices
from apprunner_facts.tokens import COMPOSITE_ALARM, METRIC_ALARM, SERVICE
from apprunner_policies.environment import CONFIG
from apprunner_policies.metrics import IDENTITY, Metric, is_disabled, watched_expressions, watched_metrics
from apprunner_policies.properties import UnknownValues, as_items, as_text, read_identity, value
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_IDENTITY_IN_QUERY = re.compile(rf"({'|'.join(SERVICE_DIMENSIONS)})\"?\s*=\s*'([^']+)'")
"""A condition of a query on one service: WHERE ServiceID = '0123'."""

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
            "items": {"type": "string", "enum": sorted(observability.METRICS)},
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
    metrics = watched.by_service.get(service.urn, set()) | watched.anywhere
    for dimension, path in IDENTITY.items():
        if by_value := watched.by_dimension.get(dimension):
            with unknowns:
                metrics |= by_value.get(str(value(service, path)), set())
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
    anywhere: set[str] = field(default_factory=set[str])
    """Those of queries that name no service, such as the maximum of all services."""
    unknowns: UnknownValues = field(default_factory=UnknownValues)
    """Alarms that may watch any service."""


def _watched_metrics(resources: Resources) -> _WatchedMetrics:
    watched = _WatchedMetrics()
    is_composed = bool(resources.of(COMPOSITE_ALARM))
    for alarm in resources.of(METRIC_ALARM):
        with watched.unknowns:
            if is_disabled(alarm) and not is_composed:
                continue
            for metric in watched_metrics(alarm):
                _add(watched, alarm, metric, resources)
            for expression in watched_expressions(alarm):
                _add_expression(watched, alarm, expression, resources)
    return watched


def _add(watched: _WatchedMetrics, alarm: PolicyResource, metric: "Metric", resources: Resources) -> None:
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


def _add_expression(watched: _WatchedMetrics, alarm: PolicyResource, expression: str, resources: Resources) -> None:
    """Add the metrics of a query to the services that it names; else to those it refers to, or to all."""
    metrics = {each for each in observability.METRICS if each in expression}
    if names := _IDENTITY_IN_QUERY.findall(expression):
        for dimension, name in names:
            watched.by_dimension.setdefault(dimension, defaultdict(set))[name] |= metrics
    elif services := resources.referenced(alarm, "metricQueries", SERVICE):
        for service in services:
            watched.by_service.setdefault(service.urn, set()).update(metrics)
    else:
        watched.anywhere.update(metrics)


@alarms_present.check_of(METRIC_ALARM)
def _dimensions_match(alarm: PolicyResource, stack: Stack) -> Iterator[str]:
    for metric in watched_metrics(alarm):
        problem = metric.problem()
        if problem and metric.name in observability.INSTANCE_METRICS:
            yield (
                f"{problem}Add {INSTANCE_DIMENSION}, or watch the service's {observability.INSTANCES_METRIC} with "
                f"dimensions {' and '.join(SERVICE_DIMENSIONS)}."
            )
        elif problem:
            yield f"{problem}Set {metric.path}dimensions to {' and '.join(SERVICE_DIMENSIONS)}."


RULES = (alarms_present,)
