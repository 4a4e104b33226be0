"""The dashboard of a service."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_service_arn, parts_of
from apprunner_facts.observability import (
    CLIENT_ERRORS_METRIC,
    CPU_METRIC,
    ERRORS_METRIC,
    INSTANCES_METRIC,
    LATENCY_METRIC,
    LOG_GROUP,
    MEMORY_METRIC,
    METRICS_NAMESPACE,
    SERVICE_DIMENSIONS,
    SUCCESSES_METRIC,
    maximum_query,
)
from pulumi_apprunner.args.checking import as_output
from pulumi_apprunner.args.monitoring import ServiceMonitoringArgs
from pulumi_apprunner.monitoring.queries import queries
from pulumi_apprunner.names import physical_name

_WIDTH, _HEIGHT = 12, 6
_COLUMNS = 24


def create_dashboard(
    name: str, args: ServiceMonitoringArgs, alarm_arns: Sequence[Output[str]], opts: ResourceOptions
) -> Output[str] | None:
    """Create the dashboard if it is enabled, and return its name."""
    if not (args.profile != "staging" if args.dashboard is None else args.dashboard):
        return None
    body = Output.all(as_output(args.service_arn), *alarm_arns).apply(lambda known: _body(args, known[0], known[1:]))
    return aws.cloudwatch.Dashboard(
        f"{name}-dashboard",
        dashboard_name=physical_name(names.DASHBOARD, name),
        dashboard_body=body,
        opts=opts,
    ).dashboard_name


def _body(args: ServiceMonitoringArgs, service_arn: str | None, alarm_arns: Sequence[str]) -> str:
    """Return the dashboard's body: the widgets from left to right, two in a row."""
    region = parts_of(service_arn).region
    places = ((index * _WIDTH % _COLUMNS, index * _WIDTH // _COLUMNS * _HEIGHT) for index in range(1_000))
    widgets = [
        {
            "type": kind,
            "x": x,
            "y": y,
            "width": _WIDTH,
            "height": _HEIGHT,
            "properties": {"title": title, **({} if kind == "alarm" else {"region": region}), **properties},
        }
        for (kind, title, properties), (x, y) in zip(
            _widgets(args, service_arn or "", alarm_arns), places, strict=False
        )
    ]
    return json.dumps({"widgets": widgets})


def _widgets(
    args: ServiceMonitoringArgs, service_arn: str, alarm_arns: Sequence[str]
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield type, title and further properties of each widget."""
    service = parse_service_arn(service_arn)
    dimensions = [part for pair in zip(SERVICE_DIMENSIONS, service, strict=True) for part in pair]

    def line(metric: str, label: str, stat: str) -> list[Any]:
        return [METRICS_NAMESPACE, metric, *dimensions, {"label": label, "stat": stat}]

    def maximum(metric: str) -> Mapping[str, Any]:
        # A widget may have one Metrics Insights query.
        query = {"expression": maximum_query(metric, service.id), "label": "Maximum", "period": 60}
        return {"metrics": [[query]], "yAxis": {"left": {"min": 0, "max": 100}}}

    def log(kind: str, query: str) -> Mapping[str, Any]:
        group = LOG_GROUP.format(service_name=service.name, service_id=service.id, kind=kind)
        return {"query": f"SOURCE '{group}' | {query}", "view": "table"}

    if alarm_arns:
        yield "alarm", "Alarms", {"alarms": [*alarm_arns]}
    kinds = [(SUCCESSES_METRIC, "2xx"), (CLIENT_ERRORS_METRIC, "4xx"), (ERRORS_METRIC, "5xx")]
    yield "metric", "Responses", {"metrics": [line(*kind, "Sum") for kind in kinds], "stacked": True, "period": 60}
    percentiles = [line(LATENCY_METRIC, stat, stat) for stat in ("p50", "p90", "p99")]
    yield "metric", "Latency (ms)", {"metrics": percentiles, "period": 60}
    limit = [{"label": "Maximum", "value": args.max_size}] if args.max_size else []
    instances = {"metrics": [line(INSTANCES_METRIC, "Active instances", "Maximum")], "period": 60}
    yield "metric", "Active instances", {**instances, "annotations": {"horizontal": limit}}
    yield "metric", "CPU of the busiest instance (%)", maximum(CPU_METRIC)
    yield "metric", "Memory of the fullest instance (%)", maximum(MEMORY_METRIC)
    yield "log", "Errors of the application", log("application", queries(args.queries)["errors"])
    yield (
        "log",
        "Events of the service",
        log("service", "fields @timestamp, @message | sort @timestamp desc | limit 20"),
    )
