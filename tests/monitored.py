"""Programs that monitor a service, with a component named monitoring."""

from collections.abc import Callable
from typing import Any

from plans import plan
from pulumi_apprunner import ServiceMonitoring
from pulumi_apprunner.testing import Graph, Resource
from samples import SERVICE_ARN, TOPIC_ARN

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def monitoring(**args: Any) -> Callable[[], None]:
    """Return a program that monitors a service with at most 10 instances."""
    arguments: Any = {"service_arn": SERVICE_ARN, "topic_arn": TOPIC_ARN, "max_size": 10} | args
    return lambda: ServiceMonitoring("monitoring", arguments) and None


def monitoring_graph(**args: Any) -> Graph:
    """Return the graph of such a program."""
    return plan(monitoring(**args))


def alarm(key: str, **args: Any) -> Resource:
    """Return an alarm of such a program, by its name in Alarms."""
    return monitoring_graph(**args).named(f"monitoring-{key.replace('_', '-')}")
