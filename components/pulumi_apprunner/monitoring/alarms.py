"""The alarms of a service."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import ServiceIdentity
from apprunner_facts.observability import (
    CLIENT_ERRORS_METRIC,
    CPU_METRIC,
    ERRORS_METRIC,
    INSTANCES_METRIC,
    LATENCY_METRIC,
    MEMORY_METRIC,
    METRICS_NAMESPACE,
    REQUESTS_METRIC,
    SERVICE_DIMENSIONS,
    maximum_query,
)
from pulumi_apprunner.args.alarm_defaults import AlarmSettings, settings_of
from pulumi_apprunner.args.monitoring import ServiceMonitoringArgs
from pulumi_apprunner.names import physical_name

_Service = Output[ServiceIdentity]
_Inputs = Callable[[AlarmSettings, _Service], Mapping[str, Any]]

_AT_LEAST, _LESS = "GreaterThanOrEqualToThreshold", "LessThanThreshold"
_RUNBOOK = "docs/alarms.md#{} of pulumi-apprunner"


class _Alarm(NamedTuple):
    """An alarm: when it breaches, as text with {} for the threshold, and the inputs that select its values."""

    breach: str
    inputs: _Inputs
    comparison: str = _AT_LEAST


def _metric(metric_name: str, **statistic: str) -> _Inputs:
    """Return the inputs for a metric of a service."""

    def inputs(settings: AlarmSettings, service: _Service) -> Mapping[str, Any]:
        metric = {"namespace": METRICS_NAMESPACE, "metric_name": metric_name, "dimensions": _dimensions(service)}
        return {**metric, "period": settings.period, **statistic}

    return inputs


def _share_of_requests(metric_name: str) -> _Inputs:
    """Return the inputs for the percentage of requests with a kind of response; 0 if there are few requests."""

    def inputs(settings: AlarmSettings, service: _Service) -> Mapping[str, Any]:
        def total(id: str, metric_name: str) -> Mapping[str, Any]:
            metric = {"namespace": METRICS_NAMESPACE, "metric_name": metric_name, "dimensions": _dimensions(service)}
            return {"id": id, "metric": {**metric, "period": settings.period, "stat": "Sum"}, "return_data": False}

        share = f"IF(requests < {max(settings.min_requests, 1)}, 0, 100 * responses / requests)"
        queries = [
            {"id": "share", "expression": share, "label": "Percentage of requests", "return_data": True},
            total("requests", REQUESTS_METRIC),
            total("responses", metric_name),
        ]
        return {"metric_queries": queries}

    return inputs


def _maximum(metric_name: str) -> _Inputs:
    """Return the inputs for the highest value of a metric among a service's instances."""

    def inputs(settings: AlarmSettings, service: _Service) -> Mapping[str, Any]:
        query = service.apply(lambda known: maximum_query(metric_name, known.id))
        maximum = {"id": "maximum", "expression": query, "period": settings.period, "return_data": True}
        return {"metric_queries": [maximum]}

    return inputs


_ALARMS: Mapping[str, _Alarm] = {
    "server_errors": _Alarm("{} or more 5xx responses", _metric(ERRORS_METRIC, statistic="Sum")),
    "server_error_rate": _Alarm("{} % or more of the requests have a 5xx response", _share_of_requests(ERRORS_METRIC)),
    "client_error_rate": _Alarm(
        "{} % or more of the requests have a 4xx response", _share_of_requests(CLIENT_ERRORS_METRIC)
    ),
    "latency": _Alarm(
        "The slowest 1 % of the requests take {} ms or more",
        _metric(LATENCY_METRIC, extended_statistic="p99", evaluate_low_sample_count_percentiles="ignore"),
    ),
    "active_instances": _Alarm("{} or more active instances", _metric(INSTANCES_METRIC, statistic="Maximum")),
    "no_requests": _Alarm("Fewer than {} requests", _metric(REQUESTS_METRIC, statistic="Sum"), _LESS),
    "cpu": _Alarm("{} % or more CPU on the busiest instance", _maximum(CPU_METRIC)),
    "memory": _Alarm("{} % or more memory on the fullest instance", _maximum(MEMORY_METRIC)),
}
"""By the name in `Alarms`."""


def create_alarms(
    name: str, args: ServiceMonitoringArgs, service: _Service, opts: ResourceOptions
) -> "Mapping[str, aws.cloudwatch.MetricAlarm]":
    """Create the enabled alarms of a service, and return them by their names in `Alarms`.

    With a pause, schedules disable and enable the alarms' actions, which updates must not revert.
    """
    if args.pause is not None:
        opts = ResourceOptions.merge(opts, ResourceOptions(ignore_changes=["actionsEnabled"]))
    settings = settings_of(args.alarms, args.profile, args.max_size)
    return {key: _create(name, args, key, settings[key], service, opts) for key in _ALARMS if settings[key].enabled}


def _create(
    name: str,
    args: ServiceMonitoringArgs,
    key: str,
    settings: AlarmSettings,
    service: _Service,
    opts: ResourceOptions,
) -> "aws.cloudwatch.MetricAlarm":
    alarm, role = _ALARMS[key], key.replace("_", "-")
    threshold = settings.threshold or args.max_size or 0
    runbook = _RUNBOOK.format(role) if args.runbook_url is None else f"{args.runbook_url}#{role}"
    often = f"in {settings.datapoints_to_alarm} of {settings.evaluation_periods} periods of {settings.period} seconds"
    return aws.cloudwatch.MetricAlarm(
        f"{name}-{role}",
        name=physical_name(names.ALARM, name, role),
        alarm_description=f"{alarm.breach.format(f'{threshold:g}')}, {often}. Runbook: {runbook}",
        **alarm.inputs(settings, service),
        comparison_operator=alarm.comparison,
        threshold=threshold,
        evaluation_periods=settings.evaluation_periods,
        datapoints_to_alarm=settings.datapoints_to_alarm,
        treat_missing_data=settings.missing_data,
        actions_enabled=True,
        alarm_actions=[args.topic_arn],
        ok_actions=[args.topic_arn] if args.notify_on_recovery else [],
        insufficient_data_actions=[],
        tags=args.tags,
        opts=opts,
    )


def _dimensions(service: _Service) -> Mapping[str, Output[str]]:
    name, id = SERVICE_DIMENSIONS
    return {name: service.apply(lambda known: known.name), id: service.apply(lambda known: known.id)}
