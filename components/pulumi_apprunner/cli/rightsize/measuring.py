# pyright: standard
"""What runs now and how it was used, from App Runner and CloudWatch."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pulumi

from apprunner_facts import sizes
from apprunner_facts.arns import parse_arn, parse_service_arn
from apprunner_facts.environments import is_production
from apprunner_facts.load import Scaling
from apprunner_facts.pauses import Pauses
from apprunner_facts.prices import RATES
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.operations.state import DeployedService, State
from pulumi_apprunner.lifecycle.calls import DELETED, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session, readable_failures
from pulumi_apprunner.lifecycle.threads import run_in_thread
from pulumi_apprunner.rightsize.analysis import Advice, RunningService, advise
from pulumi_apprunner.rightsize.cloudwatch import read_usage

_SECONDS = 300
"""Seconds for all calls."""
_PARALLEL = 4
"""Services that are read at the same time. CloudWatch limits the values that an account reads in a second."""


@dataclass(frozen=True)
class Unread:
    """A service that could not be read, and the reason."""

    name: str
    reason: str


async def measure(
    session: Session, state: State, services: Sequence[DeployedService], end: datetime, days: int, timezone: str
) -> list[Advice | Unread]:
    """Return the advice for each service.

    Args:
        session: The session for the calls.
        state: The stack, for its schedules.
        services: The services.
        end: The end of the measured time, UTC.
        days: Days before the end.
        timezone: The IANA name of the time zone of proposed pauses.

    Raises:
        pulumi.RunError: There are no valid credentials, or they are for another account.
    """
    deadline, slots = Deadline(_SECONDS), asyncio.Semaphore(_PARALLEL)
    try:
        await run_in_thread(deadline, session.require_account, parse_arn(services[0].arn))
    except (LookupFailedError, TimeoutError) as error:
        raise pulumi.RunError(explain(error)) from None

    async def read(service: DeployedService) -> Advice | Unread:
        try:
            async with slots:
                return await run_in_thread(deadline, _measure, session, state, service, end, days, timezone)
        except (LookupFailedError, TimeoutError) as error:
            return Unread(service.name, explain(error))

    return await asyncio.gather(*map(read, services))


def _measure(
    session: Session, state: State, service: DeployedService, end: datetime, days: int, timezone: str
) -> Advice | Unread:
    arn = parse_arn(service.arn)
    described = ServiceCalls(session, service.arn).describe()
    if described["Status"] == DELETED:
        return Unread(service.name, "the service does not exist")
    if arn.region not in RATES:
        return Unread(service.name, f"must be in a region with verified prices ({', '.join(RATES)}), got {arn.region}")
    name, id = parse_service_arn(service.arn)
    with readable_failures():
        running = RunningService(
            name=service.name,
            cpu_units=sizes.parse_cpu(str(described["InstanceConfiguration"]["Cpu"])) or sizes.DEFAULT_CPU,
            memory_mb=sizes.parse_memory(str(described["InstanceConfiguration"]["Memory"])) or sizes.DEFAULT_MEMORY,
            scaling=_scaling(session, described),
            rates=RATES[arn.region],
            is_production=any(map(is_production, (state.stack, name))),
            running_share=_running_share(state.pauses, service.urn),
        )
        usage = read_usage(session.client("cloudwatch", arn.region), name, id, end, days)
    return advise(running, usage, timezone)


def _scaling(session: Session, described: Any) -> Scaling:
    profile = described["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"]
    client = session.client("apprunner", parse_arn(profile).region)
    found = client.describe_auto_scaling_configuration(AutoScalingConfigurationArn=profile)["AutoScalingConfiguration"]
    return Scaling(
        min_size=int(found["MinSize"]), max_size=int(found["MaxSize"]), max_concurrency=int(found["MaxConcurrency"])
    )


def _running_share(pauses: Pauses, urn: str) -> float:
    """Return the share of all time in which a service runs; 1 if its schedules do not determine it."""
    try:
        rhythm = pauses.rhythm(urn)
    except ValueError:
        return 1.0
    return 1.0 if rhythm is None else rhythm.running_share
