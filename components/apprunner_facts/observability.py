"""App Runner's logs, traces and metrics."""

from collections.abc import Mapping
from types import MappingProxyType

LOG_GROUP = "/aws/apprunner/{service_name}/{service_id}/{kind}"
"""The log groups that App Runner creates. `kind` is one of LOG_KINDS (source.LOGS)."""
LOG_KINDS = ("application", "service")

TRACING_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "OTEL_PROPAGATORS": "xray",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
        "OTEL_RESOURCE_ATTRIBUTES": "service.name={service_name}",
    }
)
"""Environment variables with which an OpenTelemetry SDK sends traces to App Runner's collector (source.X_RAY)."""

TRACING_ACTIONS = (
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
"""The actions that tracing requires in the instance role, from AWS's policy AWSXRayDaemonWriteAccess. X-Ray supports
no resources."""

TRACING_POLICY = "AWSXRayDaemonWriteAccess"
"""AWS's managed policy with exactly these actions."""

TRACING_VENDOR = "AWSXRAY"
"""The only vendor of a configuration's traces (botocore's model, TracingVendor)."""

METRICS_NAMESPACE = "AWS/AppRunner"
SERVICE_DIMENSIONS = ("ServiceName", "ServiceID")
"""The dimensions of every metric. AWS's page does not list them. CloudWatch compares names case-sensitively."""
INSTANCE_DIMENSION = "Instance"
"""An additional dimension of the metrics of instances."""
INSTANCE_METRICS = ("CPUUtilization", "MemoryUtilization")
"""The metrics of single instances, in percent. All others are per service (source.METRICS)."""
REQUESTS_METRIC = "Requests"
CLIENT_ERRORS_METRIC = "4xxStatusResponses"
SUCCESSES_METRIC = "2xxStatusResponses"
ERRORS_METRIC = "5xxStatusResponses"
LATENCY_METRIC = "RequestLatency"
"""In milliseconds."""
INSTANCES_METRIC = "ActiveInstances"
CONCURRENCY_METRIC = "Concurrency"
"""Requests in progress. AWS's page does not list it (reported)."""
CPU_METRIC, MEMORY_METRIC = INSTANCE_METRICS
METRICS = (
    *INSTANCE_METRICS,
    REQUESTS_METRIC,
    SUCCESSES_METRIC,
    CLIENT_ERRORS_METRIC,
    ERRORS_METRIC,
    LATENCY_METRIC,
    INSTANCES_METRIC,
    "Concurrency",
)
"""All metrics (source.METRICS). Concurrency is reported only: the page that we read does not list it."""

INSIGHTS_PERIOD = 60
"""Seconds of a data point of an alarm on a Metrics Insights query."""
INSIGHTS_HOURS = 3
"""Hours of data that an alarm on a Metrics Insights query evaluates at most (source.METRICS_INSIGHTS_ALARMS)."""
INSIGHTS_ALARMS_QUOTA = 200
"""The default quota of such alarms per account and region (source.METRICS_INSIGHTS_ALARMS)."""
QUERIES_PER_CALL = 500
"""The most metrics of one GetMetricData request (botocore's model, GetMetricData)."""
DAYS_KEPT = 15
"""Days for which CloudWatch keeps values of a minute (botocore's model, GetMetricStatistics)."""


def maximum_query(metric: str, service_id: str) -> str:
    """Return the Metrics Insights query for the highest value of an instance metric among a service's instances.

    It needs no dimension of single instances, which AWS does not document.
    """
    return f"SELECT MAX({metric}) FROM \"{METRICS_NAMESPACE}\" WHERE {SERVICE_DIMENSIONS[1]} = '{service_id}'"
