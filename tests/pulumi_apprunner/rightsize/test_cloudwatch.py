"""Reading a service's usage from CloudWatch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from fake_metrics import FakeMetrics
from pulumi_apprunner.rightsize.cloudwatch import read_usage
from pulumi_apprunner.rightsize.usage import Usage
from usage_shapes import END

NAME, ID = "shop-dev-api", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SERVICE = {"ServiceName": NAME, "ServiceID": ID}


def minutes(count: int, step: int = 1) -> list[datetime]:
    return [END - timedelta(minutes=step * index) for index in range(count, 0, -1)]


def read(metrics: FakeMetrics, days: int = 14) -> Usage:
    return read_usage(metrics.client(), NAME, ID, END, days)


def test_each_metric_of_the_service_is_read() -> None:
    metrics, moment = FakeMetrics(), minutes(1)[0]
    values = {"Requests": 12.0, "ActiveInstances": 2.0, "Concurrency": 7.0, "RequestLatency": 85.0}
    for name, value in values.items():
        metrics.put(name, SERVICE, {moment: value})
    metrics.put("2xxStatusResponses", SERVICE, {moment: 1.0})
    usage = read(metrics)
    assert usage.requests == {moment: 12}
    assert usage.active_instances == {moment: 2}
    assert usage.concurrency == {moment: 7}
    assert usage.latency_ms == {moment: 85}
    assert (usage.start, usage.end) == (END - timedelta(days=14), END)


@pytest.mark.parametrize("dimension", ["Instance", "InstanceId"])
def test_the_highest_value_of_all_instances_counts_whatever_their_dimension_is_named(dimension: str) -> None:
    metrics, (first, second) = FakeMetrics(), minutes(2, 5)
    metrics.put("MemoryUtilization", {**SERVICE, dimension: "a"}, {first: 40.0, second: 50.0})
    metrics.put("MemoryUtilization", {**SERVICE, dimension: "b"}, {first: 60.0})
    assert read(metrics).memory == {first: 60, second: 50}


def test_other_services_and_utilizations_of_all_instances_together_are_ignored() -> None:
    metrics, moment = FakeMetrics(), minutes(1)[0]
    metrics.put("Requests", {**SERVICE, "ServiceID": "f" * 32}, {moment: 1.0})
    metrics.put("CPUUtilization", SERVICE, {moment: 99.0})
    usage = read(metrics)
    assert (usage.requests, usage.cpu) == ({}, {})


def test_two_weeks_of_minutes_come_in_pages() -> None:
    metrics = FakeMetrics(page=2)
    times = minutes(14 * 24 * 60)
    for name in ("Requests", "ActiveInstances", "Concurrency", "RequestLatency"):
        metrics.put(name, SERVICE, dict.fromkeys(times, 1.0))
    for instance in range(10):
        metrics.put("CPUUtilization", {**SERVICE, "Instance": str(instance)}, dict.fromkeys(times[::5], 1.0))
    usage = read(metrics)
    assert [len(each) for each in (usage.requests, usage.latency_ms, usage.cpu)] == [20160, 20160, 4032]
    assert metrics.calls == ["ListMetrics"] * 7 + ["GetMetricData"] * 2


def test_more_than_500_series_are_read_in_several_requests() -> None:
    metrics, moment = FakeMetrics(), minutes(1, 5)[0]
    for instance in range(501):
        metrics.put("CPUUtilization", {**SERVICE, "Instance": str(instance)}, {moment: float(instance)})
    assert read(metrics).cpu == {moment: 500}
    assert metrics.calls.count("GetMetricData") == 2


def test_a_service_without_metrics_needs_one_call() -> None:
    metrics = FakeMetrics()
    assert read(metrics).covered_days == 0
    assert metrics.calls == ["ListMetrics"]


def test_values_before_the_time_are_not_read() -> None:
    metrics = FakeMetrics()
    old, new = END - timedelta(days=3), END - timedelta(days=1)
    metrics.put("Requests", SERVICE, {old: 1.0, new: 2.0})
    assert read(metrics, days=2).requests == {new: 2}


def test_a_denied_call_raises() -> None:
    metrics = FakeMetrics(failures=["AccessDenied"])
    metrics.put("Requests", SERVICE, {END - timedelta(days=1): 1.0})
    with pytest.raises(ClientError, match="AccessDenied"):
        read(metrics)


@mock_aws
def test_motos_cloudwatch_has_the_same_form() -> None:
    """moto has no percentiles, so that it cannot have a latency."""
    client: Any = boto3.client("cloudwatch", region_name="eu-west-1")
    first, second = (datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5 * n) for n in (20, 10))
    dimensions = [{"Name": name, "Value": value} for name, value in SERVICE.items()]
    values = {"Requests": dimensions, "MemoryUtilization": [*dimensions, {"Name": "Instance", "Value": "a"}]}
    for name, own in values.items():
        for moment, value in ((first, 10), (second, 20)):
            data = [{"MetricName": name, "Dimensions": own, "Timestamp": moment, "Value": value}]
            client.put_metric_data(Namespace="AWS/AppRunner", MetricData=data)
    usage = read_usage(client, NAME, ID, datetime.now(UTC), 1)
    assert usage.requests == {first: 10, second: 20}
    assert list(usage.memory.values()) == [10, 20]
