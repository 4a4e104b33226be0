"""Rules about what a service tells of itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import observability, source
from apprunner_facts.observability import INSTANCE_DIMENSION, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from apprunner_facts.sizes import format_choices
from apprunner_facts.tokens import METRIC_ALARM, SERVICE
from apprunner_policies.environment import CONFIG
from apprunner_policies.grants import grants, role_of
from apprunner_policies.rule import Stack, StackRule, read

_BLOCK = "observabilityConfiguration"
_ROLE = "instanceConfiguration.instanceRoleArn"
_TRACES = f"{_BLOCK}.observabilityEnabled is true"


def _tracing_has_a_configuration(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if read(service, f"{_BLOCK}.observabilityEnabled") is True:
        try:
            missing = read(service, f"{_BLOCK}.observabilityConfigurationArn") is None
        except UnknownValueError:
            return
        if missing:
            yield (
                f"{_TRACES}, and {_BLOCK}.observabilityConfigurationArn is not set, which says how to trace. Set it to "
                "the ARN of an ObservabilityConfiguration with traceConfiguration.vendor AWSXRAY."
            )


def _tracing_has_a_role(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if read(service, f"{_BLOCK}.observabilityEnabled") is not True:
        return
    role = role_of(service, "instanceConfiguration", _ROLE, stack)
    if role is None:
        if _is_missing(service, _ROLE):
            yield (
                f"{_TRACES}, and {_ROLE} is not set: nothing may send the traces to X-Ray. Set it to a role with "
                f"AWS's policy {observability.TRACING_POLICY}."
            )
        return
    if any(grant.managed_policy_arn is not None for grant in grants(role, stack)):
        return
    given = [each for grant in grants(role, stack) for each in grant.statements]
    missing = [
        action
        for action in observability.TRACING_ACTIONS
        if not any(each.allows and each.covers(action) for each in given)
        or any(not each.allows and not each.conditions and each.covers(action) for each in given)
    ]
    if missing:
        yield (
            f"{_TRACES}, but the role of {_ROLE}, {role.name}, may not do {', '.join(missing)}: traces are lost. "
            f'Attach AWS\'s policy {observability.TRACING_POLICY} to the role, or allow these actions on "*".'
        )


@dataclass(frozen=True)
class _Metric:
    """What an alarm watches."""

    path: str
    name: str
    holder: Mapping[str, Any]

    def dimensions(self) -> Mapping[str, Any] | None:
        """Return them as they are, None where there are none. Raises UnknownValueError if all are unknown."""
        found = self.holder.get("dimensions")
        return cast(Mapping[str, Any], found) if isinstance(found, Mapping) else None

    def mistake(self) -> str | None:
        """Return why no metric of App Runner's has these dimensions."""
        given = self.dimensions()
        names = list(given) if given is not None else []
        wanted = [*SERVICE_DIMENSIONS, *([INSTANCE_DIMENSION] if self.name in observability.INSTANCE_METRICS else [])]
        if sorted(names) == sorted(wanted):
            return None
        return (
            f"{self.path}dimensions are {', '.join(names) or 'not set'}, but {METRICS_NAMESPACE} has {self.name} by "
            f"{', '.join(wanted)}, in just this spelling: the alarm never gets a value. "
        )


def _alarms_dimensions_match(alarm: PolicyResource, stack: Stack) -> Iterator[str]:
    for metric in _metrics(alarm):
        found = metric.mistake()
        if found and metric.name in observability.INSTANCE_METRICS:
            yield (
                f"{found}Add {INSTANCE_DIMENSION}, or watch the service's {observability.INSTANCES_METRIC} with "
                f"dimensions {' and '.join(SERVICE_DIMENSIONS)}."
            )
        elif found:
            yield f"{found}Set {metric.path}dimensions to {' and '.join(SERVICE_DIMENSIONS)}."


def _production_has_alarms(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if not stack.is_production:
        return
    capacity: Any = stack.config.get("capacityMetrics")
    listed = cast(Sequence[Any], capacity) if isinstance(capacity, Sequence) and not isinstance(capacity, str) else ()
    wanted = {
        "errors": [observability.ERRORS_METRIC],
        "latency": [observability.LATENCY_METRIC],
        "capacity": [str(each) for each in listed],
    }
    alarms = _alarms(stack)
    watched, unknown = set(alarms.of_services[service.urn]), alarms.unknown
    for dimension, path in zip(SERVICE_DIMENSIONS, ("serviceName", "serviceId"), strict=True):
        if by_value := alarms.of_dimensions[dimension]:
            try:
                watched |= by_value.get(str(read(service, path)), set())
            except UnknownValueError as error:
                unknown = unknown or error
    for expression in alarms.expressions:
        watched |= {name for names in wanted.values() for name in names if name in expression}
    missing = {kind: names[0] for kind, names in wanted.items() if names and not watched.intersection(names)}
    if missing and unknown:
        raise unknown
    if missing:
        kinds = format_choices([f"the {kind}" for kind in missing])
        yield (
            f"no alarm of the stack watches {kinds} of this service. Add an aws.cloudwatch.MetricAlarm with metricName "
            f"{', one with '.join(missing.values())}, with namespace {METRICS_NAMESPACE} and dimensions "
            f"{' and '.join(SERVICE_DIMENSIONS)} of the service."
        )


@dataclass
class _Alarms:
    """The metrics of App Runner's that a stack watches."""

    of_services: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    """By the URN of a service that the alarm refers to."""
    of_dimensions: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict[str, dict[str, set[str]]](dict)
    )
    """By a dimension's name and its value, where that is written out."""
    expressions: list[str] = field(default_factory=list[str])
    """Of metric math, in which a metric's name may stand."""
    unknown: UnknownValueError | None = None
    """What kept the rest from being found."""


@lru_cache(maxsize=1)
def _alarms(stack: Stack) -> _Alarms:
    """Return what the alarms of a stack watch: found once, since there are many services and many alarms."""
    found = _Alarms()
    for alarm in stack.of(METRIC_ALARM):
        try:
            for metric in _metrics(alarm):
                _note(alarm, metric, stack, found)
            found.expressions.extend(_expressions(alarm))
        except UnknownValueError as error:
            found.unknown = found.unknown or error
    return found


def _note(alarm: PolicyResource, metric: _Metric, stack: Stack, found: _Alarms) -> None:
    """Note which service a metric is of; one with wrong dimensions is told of at the alarm."""
    services = stack.referred(alarm, "metricQueries" if metric.path else "dimensions", SERVICE)
    for service in services:
        found.of_services[service.urn].add(metric.name)
    given = {} if services else metric.dimensions() or {}
    for dimension in SERVICE_DIMENSIONS:
        if dimension in list(given) and isinstance(value := given[dimension], str):
            found.of_dimensions[dimension].setdefault(value, set()).add(metric.name)


def _expressions(alarm: PolicyResource) -> Iterator[str]:
    queries = read(alarm, "metricQueries")
    for query in cast(Sequence[Any], queries) if isinstance(queries, Sequence) and not isinstance(queries, str) else ():
        expression = cast(Mapping[str, Any], query).get("expression") if isinstance(query, Mapping) else None
        if isinstance(expression, str) and METRICS_NAMESPACE in expression:
            yield expression


def _metrics(alarm: PolicyResource) -> Iterator[_Metric]:
    """Yield App Runner's metrics that an alarm watches, by itself or in its queries."""
    if read(alarm, "namespace") == METRICS_NAMESPACE:
        yield _Metric("", str(read(alarm, "metricName")), alarm.props)
    queries = read(alarm, "metricQueries")
    if not isinstance(queries, Sequence) or isinstance(queries, str):
        return
    for place, query in enumerate(cast(Sequence[Any], queries)):
        metric = cast(Mapping[str, Any], query).get("metric") if isinstance(query, Mapping) else None
        if isinstance(metric, Mapping):
            given = cast(Mapping[str, Any], metric)
            if given.get("namespace") == METRICS_NAMESPACE:
                yield _Metric(f"metricQueries[{place}].metric.", str(given.get("metricName")), given)


def _is_missing(service: PolicyResource, path: str) -> bool:
    try:
        return read(service, path) is None
    except UnknownValueError:
        return False


tracing_grants = StackRule(
    "tracing-grants",
    resource_types=[SERVICE],
    checks=[_tracing_has_a_configuration, _tracing_has_a_role],
    description="A service that is traced has an instance role that may send traces to X-Ray, and says how to trace.",
    remediation=(
        f"Attach AWS's policy {observability.TRACING_POLICY} to the instance role and set "
        f"{_BLOCK}.observabilityConfigurationArn, or set {_BLOCK}.observabilityEnabled to false."
    ),
    source=source.X_RAY,
    severity=Severity.MEDIUM,
)

alarms_present = StackRule(
    "alarms-present",
    resource_types=[SERVICE, METRIC_ALARM],
    checks=[
        lambda resource, stack: (
            _production_has_alarms(resource, stack)
            if resource.resource_type == SERVICE
            else _alarms_dimensions_match(resource, stack)
        )
    ],
    description="A production service has alarms on errors, latency and capacity, with dimensions that match.",
    remediation=(
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
            "description": "Metrics of which an alarm on one will do for capacity; none is demanded if it is empty.",
        },
        **CONFIG,
    },
)

RULES = (tracing_grants, alarms_present)
