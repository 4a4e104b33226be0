"""The metrics of App Runner that alarms watch."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import observability
from apprunner_facts.observability import INSTANCE_DIMENSION, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from apprunner_policies.properties import as_mapping, as_text, is_false, items, member, text, value

IDENTITY = dict(zip(SERVICE_DIMENSIONS, ("serviceName", "serviceId"), strict=True))
"""The property of a service that each dimension has as its value."""


@dataclass(frozen=True)
class Metric:
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
        for dimension, path in IDENTITY.items():
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


def watched_metrics(alarm: PolicyResource) -> Iterator[Metric]:
    """Yield App Runner's metrics that an alarm watches, by itself or in its queries."""
    if value(alarm, "namespace") == METRICS_NAMESPACE:
        yield Metric("", str(value(alarm, "metricName")), alarm.props)
    for index, query in enumerate(items(alarm, "metricQueries")):
        metric = as_mapping(member(query, "metric"))
        if metric is not None and metric.get("namespace") == METRICS_NAMESPACE:
            yield Metric(f"metricQueries[{index}].metric.", str(metric.get("metricName")), metric)


def watched_expressions(alarm: PolicyResource) -> Iterator[str]:
    for query in items(alarm, "metricQueries"):
        expression = as_text(member(query, "expression"))
        if expression is not None and METRICS_NAMESPACE in expression:
            yield expression


def is_disabled(alarm: PolicyResource) -> bool:
    """Return whether an alarm does nothing. A program that ignores the property lets schedules change it."""
    return is_false(alarm, "actionsEnabled") and "actionsEnabled" not in (alarm.opts.ignore_changes or ())
