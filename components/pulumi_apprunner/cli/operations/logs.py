"""The logs of a service: lines of the application, and App Runner's events."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi

from apprunner_facts.arns import parse_arn
from pulumi_apprunner.cli.operations.aws import NoLogGroupError, read_log
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.cli.operations.times import iso_time
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session

_OVERLAP = timedelta(seconds=30)
"""How far back a later read begins: CloudWatch may deliver events of instances in another order."""
_INTERVAL = 2.0
"""Seconds between the reads that follow a log."""


def lines(
    session: Session,
    service: DeployedService,
    kind: str,
    since: datetime,
    *,
    follow: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[str]:
    """Yield the lines of a service's log, the oldest first: time in UTC, stream, message.

    Args:
        session: The session for the calls.
        service: The service.
        kind: "application", or "service" for App Runner's events.
        since: The time of the first line.
        follow: Whether to wait for more lines, without an end.
        wait: Waits for some seconds.

    Raises:
        pulumi.RunError: The log does not exist or cannot be read.
    """
    calls = ServiceCalls(session, service.arn)
    group = calls.log_group(kind)
    start = since
    seen: dict[str, int] = {}
    while True:
        for event in _read(session, service, kind, group, start, follow):
            id: str = event["eventId"]
            if id not in seen:
                yield _line(event)
            seen[id] = int(event["timestamp"])
        if not follow:
            return
        newest = max(seen.values(), default=0)
        start = max(start, datetime.fromtimestamp(newest / 1000, UTC) - _OVERLAP)
        oldest = _milliseconds(start)
        seen = {id: at for id, at in seen.items() if at >= oldest}
        wait(_INTERVAL)


def _read(
    session: Session, service: DeployedService, kind: str, group: str, start: datetime, follow: bool
) -> Iterator[Mapping[str, Any]]:
    try:
        session.require_account(parse_arn(service.arn))
        yield from read_log(session, service.arn, group, _milliseconds(start))
    except NoLogGroupError:
        if follow:  # the first line creates it
            return
        raise pulumi.RunError(f"{service.name}: {_missing(kind, group)}") from None
    except LookupFailedError as error:
        raise pulumi.RunError(f"{service.name}: {explain(error)}") from None


def _missing(kind: str, group: str) -> str:
    if kind == "application":
        return (
            f"the log group {group} does not exist. App Runner creates it when the application writes to standard "
            "output or standard error for the first time. Read App Runner's own events with --events"
        )
    return f"the log group {group} does not exist. App Runner creates it with the first deployment"


def _line(event: Mapping[str, Any]) -> str:
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return f"{iso_time(at)}  {event['logStreamName']}  {str(event['message']).rstrip()}"


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
