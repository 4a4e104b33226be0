# pyright: standard
"""Reads the usage of a service from CloudWatch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apprunner_facts import observability as names
from pulumi_apprunner.rightsize.usage import Usage


@dataclass(frozen=True)
class _Metric:
    """A metric of CloudWatch, and the field of Usage with its values."""

    field: str
    name: str
    statistic: str
    period: int


_METRICS = (
    _Metric("requests", names.REQUESTS_METRIC, "Sum", 60),
    _Metric("active_instances", names.INSTANCES_METRIC, "Maximum", 60),
    _Metric("concurrency", names.CONCURRENCY_METRIC, "Maximum", 60),
    _Metric("latency_ms", names.LATENCY_METRIC, "p99", 60),
    _Metric("mean_latency_ms", names.LATENCY_METRIC, "Average", 60),
    _Metric("cpu", names.CPU_METRIC, "Maximum", 300),
    _Metric("memory", names.MEMORY_METRIC, "Maximum", 300),
)


def read_usage(client: Any, service_name: str, service_id: str, end: datetime, days: int) -> Usage:
    """Return what CloudWatch has about a service.

    ListMetrics returns the service's metrics, with whatever dimensions they have: AWS does not document the dimension
    of single instances. GetMetricData then reads all of them together; the highest value of all instances counts.

    Args:
        client: A boto3 client of CloudWatch.
        service_name: The service's name.
        service_id: Its ID, the last part of its ARN.
        end: The end of the time, UTC.
        days: Days before the end (1 to 15).
    """
    end = end.astimezone(UTC).replace(second=0, microsecond=0)
    start = end - timedelta(days=days)
    dimensions: dict[str, str] = dict(zip(names.SERVICE_DIMENSIONS, (service_name, service_id), strict=True))
    queries = list(_queries(client, dimensions))
    values: dict[str, dict[datetime, float]] = {metric.field: {} for metric in _METRICS}
    for batch in _batches(queries, names.QUERIES_PER_CALL):
        for result in _results(client, [query for _, query in batch], start, end):
            metric = batch[int(result["Id"].removeprefix("m"))][0]
            series = values[metric.field]
            for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                moment = moment.astimezone(UTC)
                series[moment] = max(value, series.get(moment, value))
    return Usage(start=start, end=end, **{field: dict(sorted(series.items())) for field, series in values.items()})


def _queries(client: Any, dimensions: Mapping[str, str]) -> Iterator[tuple[_Metric, dict[str, Any]]]:
    """Yield the queries for the metrics that CloudWatch has of a service and its instances."""
    pages = client.get_paginator("list_metrics").paginate(
        Namespace=names.METRICS_NAMESPACE,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
    )
    for page in pages:
        for each in page["Metrics"]:
            is_of_instance = len(each["Dimensions"]) > len(dimensions)
            if is_of_instance != (each["MetricName"] in names.INSTANCE_METRICS):
                continue
            for metric in _METRICS:
                if metric.name == each["MetricName"]:
                    stat = {"Metric": each, "Period": metric.period, "Stat": metric.statistic}
                    yield metric, {"MetricStat": stat, "ReturnData": True}


def _batches(
    queries: Sequence[tuple[_Metric, dict[str, Any]]], size: int
) -> Iterator[Sequence[tuple[_Metric, dict[str, Any]]]]:
    for first in range(0, len(queries), size):
        batch = queries[first : first + size]
        yield [(metric, {**query, "Id": f"m{index}"}) for index, (metric, query) in enumerate(batch)]


def _results(client: Any, queries: Sequence[Any], start: datetime, end: datetime) -> Iterator[Any]:
    """Yield the parts of all results. CloudWatch returns at most 100,800 values at a time, and a token for the next."""
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=list(queries), StartTime=start, EndTime=end, ScanBy="TimestampAscending"
    )
    for page in pages:
        yield from page["MetricDataResults"]
