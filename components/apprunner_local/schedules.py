"""EventBridge Scheduler, of which moto only stores the schedules: the times at which they fire, and the results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]

from apprunner_facts.arns import parse_arn
from apprunner_facts.cron import Cron
from apprunner_facts.identity import SCHEDULER_SERVICE, SEND_ENCRYPTED_ACTIONS
from apprunner_local.apprunner import RejectedError
from apprunner_local.apprunner.plane import DroppedError
from apprunner_local.aws import LocalAws
from apprunner_local.permissions import trusts
from apprunner_local.scheduled_calls import ScheduledCall

ACCESS_KEY = "ASIASCHEDULEREXAMPLE"
"""The access key of Scheduler's calls to the fake App Runner."""

_FIRST_WAIT, _LONGEST_WAIT = 10, 300
"""Seconds; AWS documents that the waits between attempts grow, but not how."""


@dataclass(frozen=True, order=True)
class Due:
    """A time at which a schedule fires, in seconds since 1970, and the schedule."""

    at: float
    group: str
    name: str


@dataclass(frozen=True)
class Fired:
    """The result of a schedule that fired.

    Args:
        outcome: "done" if App Runner accepted the call, "dead-lettered" if the event was sent to the dead-letter queue,
            "lost" if neither succeeded.
        attempts: How often App Runner was called.
        error: The error of the last attempt, or the missing permission.
    """

    outcome: str
    attempts: int
    error: str | None = None


def due(aws: LocalAws, start: float, end: float) -> Sequence[Due]:
    """Return the enabled schedules that fire in a period, earliest first.

    Args:
        aws: The local AWS with the schedules.
        start: Seconds since 1970, included.
        end: Seconds since 1970, not included.
    """
    scheduler = aws.client("scheduler")
    result: list[Due] = []
    for page in scheduler.get_paginator("list_schedules").paginate():
        for one in page["Schedules"]:
            schedule = scheduler.get_schedule(GroupName=one["GroupName"], Name=one["Name"])
            if schedule["State"] == "ENABLED":
                result += [Due(at, one["GroupName"], one["Name"]) for at in _times(schedule, start, end)]
    return sorted(result)


def fire(aws: LocalAws, group: str, name: str) -> Fired:
    """Execute a schedule as Scheduler does: under its role, and with retries and growing waits within its limits.

    The waits only move the fake's clock.

    Args:
        aws: The local AWS with the schedule.
        group: Its group's name.
        name: Its name.

    Raises:
        ValueError: It is disabled, or its target or input is invalid (ScheduledCall.of).
    """
    scheduler = aws.client("scheduler")
    schedule = scheduler.get_schedule(GroupName=group, Name=name)
    if schedule["State"] != "ENABLED":
        raise ValueError(f"{group}/{name} is disabled, so it does not fire")
    target = schedule["Target"]
    call = ScheduledCall.of(schedule)
    source = scheduler.get_schedule_group(Name=group)["Arn"]  # the group, not the schedule: as AWS documents it
    context = {"aws:SourceArn": source, "aws:SourceAccount": parse_arn(source).account}
    if not trusts(aws.client("iam"), target["RoleArn"], SCHEDULER_SERVICE, context):
        return Fired("lost", 0, f"{target['RoleArn']} does not trust {SCHEDULER_SERVICE} for {source}")
    for resource in call.resources:
        if not aws.check_permission(target["RoleArn"], call.action, resource):
            return _give_up(aws, schedule, 0, f"AccessDeniedException: {call.action} on {resource}")
    return _attempt(aws, schedule, call)


def _attempt(aws: LocalAws, schedule: Mapping[str, Any], call: ScheduledCall) -> Fired:
    policy = schedule["Target"]["RetryPolicy"]
    last = aws.plane.clock.now() + policy["MaximumEventAgeInSeconds"]
    attempts, wait = 0, _FIRST_WAIT
    while True:
        attempts += 1
        try:
            _make(aws, call, parse_arn(schedule["Arn"]).region)
            return Fired("done", attempts)
        except (RejectedError, DroppedError, ClientError) as rejected:
            error = str(rejected) or "the connection was dropped"
        if attempts > policy["MaximumRetryAttempts"] or aws.plane.clock.now() + wait > last:
            return _give_up(aws, schedule, attempts, error)
        aws.plane.clock.move(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def _make(aws: LocalAws, call: ScheduledCall, region: str) -> None:
    if call.service == "apprunner":
        aws.plane.call(call.operation, call.parameters, region, ACCESS_KEY)
        return
    client = aws.client(call.service, region)
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    getattr(client, methods[call.operation])(**call.parameters)


def _give_up(aws: LocalAws, schedule: Mapping[str, Any], attempts: int, error: str) -> Fired:
    """Send an event to the dead-letter queue if there is one that the role may use."""
    target = schedule["Target"]
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None or not aws.check_permission(target["RoleArn"], "sqs:SendMessage", queue):
        return Fired("lost", attempts, error)
    sqs = aws.client("sqs", parse_arn(queue).region)
    message = {
        "SCHEDULE_ARN": schedule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_MESSAGE": error,
        "RETRY_ATTEMPTS": str(max(attempts - 1, 0)),
    }
    try:
        url = sqs.get_queue_url(QueueName=parse_arn(queue).resource)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        return Fired("lost", attempts, error)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["KmsMasterKeyId"]).get("Attributes", {})
    key = aws.own_key(attributes.get("KmsMasterKeyId"), parse_arn(queue).region)
    if key and not all(
        aws.check_key_permission(target["RoleArn"], each, key, queue) for each in SEND_ENCRYPTED_ACTIONS
    ):
        return Fired("lost", attempts, error)
    attributes = {key: {"DataType": "String", "StringValue": value} for key, value in message.items()}
    sqs.send_message(QueueUrl=url, MessageBody=target["Input"], MessageAttributes=attributes)
    return Fired("dead-lettered", attempts, error)


def _times(schedule: Mapping[str, Any], start: float, end: float) -> Iterator[float]:
    """Yield the times at which a schedule fires: in its time zone, without local times that do not exist."""
    cron, zone = Cron.parse(schedule["ScheduleExpression"]), ZoneInfo(schedule["ScheduleExpressionTimezone"])
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (start, end))
    for local in cron.times(first, last):
        at = local.replace(tzinfo=zone).timestamp()
        if start <= at < end and datetime.fromtimestamp(at, zone).replace(tzinfo=None) == local:
            yield at
