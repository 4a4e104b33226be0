"""What AWS returns about services, one function for each call. Each blocks and raises LookupFailedError."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from apprunner_facts.arns import parse_arn, parse_service_arn
from apprunner_facts.observability import INSTANCES_METRIC, METRICS_NAMESPACE, SERVICE_DIMENSIONS
from pulumi_apprunner.lifecycle.sessions import Session, readable_failures
from pulumi_apprunner.offline.values import leaves

_PERIOD = 60
_RECENT = timedelta(minutes=15)
"""The age up to which a data point counts as current. App Runner sends one a minute."""


class Domain(NamedTuple):
    """A custom domain and its status, such as active or pending_certificate_dns_validation."""

    name: str
    status: str


class ScalingLimits(NamedTuple):
    """The numbers of instances in a service's scaling profile."""

    minimum: int
    maximum: int


def read_domains(session: Session, arn: str) -> list[Domain]:
    """Return a service's custom domains."""
    domains: list[Domain] = []
    token: dict[str, str] = {}
    with readable_failures():
        while True:
            page = _client(session, "apprunner", arn).describe_custom_domains(ServiceArn=arn, **token)
            domains += [Domain(each["DomainName"], each["Status"]) for each in page["CustomDomains"]]
            if not page.get("NextToken"):
                return domains
            token = {"NextToken": page["NextToken"]}


def read_scaling(session: Session, profile: str) -> ScalingLimits:
    """Return the limits in a scaling profile, by its ARN."""
    with readable_failures():
        client = _client(session, "apprunner", profile)
        response = client.describe_auto_scaling_configuration(AutoScalingConfigurationArn=profile)
        described = response["AutoScalingConfiguration"]
        return ScalingLimits(int(described["MinSize"]), int(described["MaxSize"]))


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


def read_raised_alarms(session: Session, region: str) -> list[Mapping[str, Any]]:
    """Return the metric alarms of a region whose state is ALARM."""
    with readable_failures():
        pages = session.client("cloudwatch", region).get_paginator("describe_alarms")
        return [
            each
            for page in pages.paginate(StateValue="ALARM", AlarmTypes=["MetricAlarm"])
            for each in page["MetricAlarms"]
        ]


def alarms_of(service: str, alarms: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the alarms on a service's metrics: those with its id in a dimension or in a query."""
    id = parse_service_arn(service).id
    return sorted(
        str(each["AlarmName"])
        for each in alarms
        if any(isinstance(leaf, str) and id in leaf for leaf in leaves([each.get("Dimensions"), each.get("Metrics")]))
    )


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
