"""Reads the metrics of several services at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from apprunner_facts.arns import parse_arn, parse_service_arn
from pulumi_apprunner.cli.operations.readings import Readings
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.lifecycle.sessions import Session, readable_failures
from pulumi_apprunner.rightsize.cloudwatch import read_usage
from pulumi_apprunner.rightsize.usage import Usage

T = TypeVar("T")

DAYS = 14
"""Days of measurements by default."""
_SECONDS = 300
"""Seconds for all calls."""
_PARALLEL = 4
"""Services that are read at the same time. CloudWatch limits the values that an account reads in a second."""


@dataclass(frozen=True)
class Unread:
    """A service that could not be read, and the reason."""

    name: str
    reason: str


async def read_services(
    session: Session, services: Sequence[DeployedService], read: Callable[[DeployedService], T | Unread]
) -> list[T | Unread]:
    """Return what a blocking function reads about each service.

    Args:
        session: The session for the calls.
        services: The services (one or more).
        read: Reads one service, in a thread.

    Raises:
        pulumi.RunError: There are no valid credentials, or they are for another account.
    """
    readings = await Readings.begin(session, services, _SECONDS, _PARALLEL)

    async def read_service(service: DeployedService) -> T | Unread:
        result = await readings.run(read, service)
        return Unread(service.name, result) if isinstance(result, str) else result

    return await asyncio.gather(*map(read_service, services))


def usage_of(session: Session, service: DeployedService, end: datetime, days: int) -> Usage:
    """Return what CloudWatch has about a service in some days before a time in UTC."""
    name, id = parse_service_arn(service.arn)
    with readable_failures():
        return read_usage(session.client("cloudwatch", parse_arn(service.arn).region), name, id, end, days)
