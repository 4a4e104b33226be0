"""What AWS returns about services, one function for each call. Each blocks and raises LookupFailedError."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from apprunner_facts.arns import SERVICE_ID, parse_arn, parse_service_arn
from apprunner_facts.load import Scaling
from apprunner_facts.observability import INSTANCES_METRIC, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from pulumi_apprunner.lifecycle.sessions import Session, readable_failures
from pulumi_apprunner.offline.values import leaves

_PERIOD = 60
_RECENT = timedelta(minutes=15)
"""The age up to which a data point counts as current. App Runner sends one a minute."""


def read_scaling(session: Session, profile: str) -> Scaling:
    """Return a scaling profile, by its ARN."""
    with readable_failures():
        client = _client(session, "apprunner", profile)
        response = client.describe_auto_scaling_configuration(AutoScalingConfigurationArn=profile)
        described = response["AutoScalingConfiguration"]
        return Scaling(
            min_size=int(described["MinSize"]),
            max_size=int(described["MaxSize"]),
            max_concurrency=int(described["MaxConcurrency"]),
        )


def read_active_instances(session: Session, arn: str, now: datetime) -> int | None:
    """Return the newest number of active instances; None if CloudWatch has no data point of the last 15 minutes."""
    dimensions = [
        {"Name": name, "Value": value} for name, value in zip(SERVICE_DIMENSIONS, parse_service_arn(arn), strict=True)
    ]
    metric = {"Namespace": METRICS_NAMESPACE, "MetricName": INSTANCES_METRIC, "Dimensions": dimensions}
    query = {"Id": "instances", "MetricStat": {"Metric": metric, "Period": _PERIOD, "Stat": "Maximum"}}
    with readable_failures():
        response = _client(session, "cloudwatch", arn).get_metric_data(
            MetricDataQueries=[query], StartTime=now - _RECENT, EndTime=now, ScanBy="TimestampDescending"
        )
        values: Sequence[float] = response["MetricDataResults"][0]["Values"]
        return int(values[0]) if values else None


def read_raised_alarms(session: Session, region: str) -> Mapping[str, Sequence[str]]:
    """Return the names of a region's metric alarms in ALARM, by the service ids in their dimensions and queries."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    with readable_failures():
        pages = session.client("cloudwatch", region).get_paginator("describe_alarms")
        for page in pages.paginate(StateValue="ALARM", AlarmTypes=["MetricAlarm"]):
            for alarm in page["MetricAlarms"]:
                for text in leaves([alarm.get("Dimensions"), alarm.get("Metrics")]):
                    for id in SERVICE_ID.findall(text) if isinstance(text, str) else ():
                        names[id].add(str(alarm["AlarmName"]))
    return {id: sorted(those) for id, those in names.items()}


class NoLogGroupError(Exception):
    """The log group does not exist."""


def read_log(session: Session, arn: str, group: str, since_ms: int) -> Iterator[Mapping[str, Any]]:
    """Yield the events of a service's log group since a time in milliseconds since 1970, the oldest first.

    The API sorts them by time across pages (botocore's model, FilterLogEvents). It ignores `interleaved`, which moto
    needs. A page is read when its first event is needed.

    Raises:
        NoLogGroupError: The group does not exist.
    """
    with readable_failures():
        client = _client(session, "logs", arn)
        pages = client.get_paginator("filter_log_events")
        try:
            for page in pages.paginate(logGroupName=group, startTime=since_ms, interleaved=True):
                yield from page["events"]
        except client.exceptions.ResourceNotFoundException:
            raise NoLogGroupError(group) from None


def _client(session: Session, service: str, arn: str) -> Any:
    return session.client(service, parse_arn(arn).region)
