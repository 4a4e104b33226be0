"""App Runner's logs, traces and metrics."""

from collections.abc import Mapping
from types import MappingProxyType

LOG_GROUP = "/aws/apprunner/{service_name}/{service_id}/{kind}"
"""The log groups that App Runner creates. `kind` is application or service (source.LOGS)."""

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

METRICS_NAMESPACE = "AWS/AppRunner"
SERVICE_DIMENSIONS = ("ServiceName", "ServiceID")
"""The dimensions of every metric. AWS's page does not list them. CloudWatch compares names case-sensitively."""
INSTANCE_DIMENSION = "Instance"
"""An additional dimension of the metrics of instances."""
INSTANCE_METRICS = ("CPUUtilization", "MemoryUtilization")
"""The metrics of single instances, in percent. All others are per service (source.METRICS)."""
ERRORS_METRIC = "5xxStatusResponses"
LATENCY_METRIC = "RequestLatency"
"""In milliseconds."""
INSTANCES_METRIC = "ActiveInstances"
