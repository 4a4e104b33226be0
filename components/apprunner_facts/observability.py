"""Where App Runner's logs and traces go."""

from collections.abc import Mapping
from types import MappingProxyType

LOG_GROUP = "/aws/apprunner/{service_name}/{service_id}/{kind}"
"""The log groups that App Runner makes, of the kinds application and service (source.LOGS)."""

TRACING_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "OTEL_PROPAGATORS": "xray",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
        "OTEL_RESOURCE_ATTRIBUTES": "service.name={service_name}",
    }
)
"""What makes an OpenTelemetry SDK send traces to where App Runner listens for them (source.X_RAY)."""

TRACING_ACTIONS = (
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
"""What the instance role needs for it: AWS's policy AWSXRayDaemonWriteAccess. X-Ray knows no resources to narrow it
to."""

TRACING_POLICY = "AWSXRayDaemonWriteAccess"
"""AWS's managed policy with just these actions."""

METRICS_NAMESPACE = "AWS/AppRunner"
SERVICE_DIMENSIONS = ("ServiceName", "ServiceID")
"""Of every metric. AWS's page does not say them; CloudWatch matches names with their case."""
INSTANCE_DIMENSION = "Instance"
"""What the metrics of instances have besides."""
INSTANCE_METRICS = ("CPUUtilization", "MemoryUtilization")
"""Those of single instances, in percent; all others are the service's (source.METRICS)."""
ERRORS_METRIC = "5xxStatusResponses"
LATENCY_METRIC = "RequestLatency"
"""In milliseconds."""
INSTANCES_METRIC = "ActiveInstances"
