"""The status of services: what AWS returns about them, and what the stack's state adds."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from apprunner_facts.arns import parse_arn, parse_service_arn
from apprunner_facts.bill import Assumptions
from apprunner_facts.elapsed import month_of
from apprunner_facts.load import Scaling
from apprunner_facts.operations import ServiceStatus
from apprunner_facts.pauses import Pauses
from apprunner_facts.schedules import PAUSE, RESUME, Action
from apprunner_facts.upcoming import Upcoming, next_switch
from pulumi_apprunner.cli.operations import aws
from pulumi_apprunner.cli.operations.cost import CostToDate, estimate
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.operations.readings import Readings
from pulumi_apprunner.cli.operations.state import DeployedService, State
from pulumi_apprunner.cli.operations.times import iso_time
from pulumi_apprunner.cli.operations.verification import Verification, verify
from pulumi_apprunner.lifecycle.calls import Deployments, DescribedDomain, Operation, ServiceCalls
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session

T = TypeVar("T")

_SECONDS = 60
"""Seconds for all calls of one reading."""
_PARALLEL = 8
"""Services that are read at the same time, so that AWS throttles less."""
_MOST_OPERATIONS = 200


@dataclass(frozen=True, kw_only=True)
class ServiceReport:
    """The status of one service. What could not be read is None, and its reason is in `unread`.

    Args:
        service: The service.
        status: App Runner's status, such as RUNNING or PAUSED; DELETED if the service does not exist.
        url: Its address; None for a private service.
        deployment: The newest deployment.
        verification: The outcome of the last deployment.
        domains: Its custom domains.
        scaling: Its scaling profile.
        active_instances: The newest number of active instances; None also if CloudWatch has no data.
        alarms: The names of its alarms in ALARM.
        upcoming: The next pause of a running service, or the next resume of a paused one.
        cost: The estimated cost of this month so far.
        unread: The reasons by field, such as "alarms"; "service" if nothing could be read.
    """

    service: DeployedService
    status: str | None = None
    url: str | None = None
    deployment: Operation | None = None
    verification: Verification | None = None
    domains: Sequence[DescribedDomain] | None = None
    scaling: Scaling | None = None
    active_instances: int | None = None
    alarms: Sequence[str] | None = None
    upcoming: Upcoming | None = None
    cost: CostToDate | None = None
    unread: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def has_failed(self) -> bool:
        """Whether the last deployment failed, or the service was deleted."""
        return self.status == ServiceStatus.DELETED or (
            self.verification is not None and self.verification.result == "failed"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the status in the form of docs/guides/operations.md."""
        last, verification, cost = self.deployment, self.verification, self.cost
        return {
            "name": self.service.name,
            "arn": self.service.arn,
            "status": self.status,
            "url": self.url,
            "deployment": last
            and {
                "id": last.id,
                "type": last.type,
                "status": last.status,
                "started_at": iso_time(last.started),
                "ended_at": iso_time(last.ended),
            },
            "verification": verification and {"result": verification.result, "reason": verification.reason},
            "domains": None
            if self.domains is None
            else [{"name": each.name, "status": each.status} for each in self.domains],
            "instances": {
                "active": self.active_instances,
                "minimum": self.scaling and self.scaling.min_size,
                "maximum": self.scaling and self.scaling.max_size,
            },
            "alarms": None if self.alarms is None else list(self.alarms),
            "next": self.upcoming
            and {
                "action": self.upcoming.action,
                "at": iso_time(self.upcoming.at),
                "timezone": self.upcoming.timezone,
            },
            "cost": cost
            and {
                "since": iso_time(cost.since),
                "running_hours": round(cost.running_hours, 1),
                "usd": round(cost.usd, 2),
                "notes": list(cost.notes),
            },
            "unread": dict(self.unread),
        }


@dataclass(frozen=True)
class Status:
    """The status of a stack's services.

    Args:
        state: The stack.
        at: The time of the reading, in UTC.
        services: The services.
    """

    state: State
    at: datetime
    services: Sequence[ServiceReport]

    @property
    def usd(self) -> float:
        """The estimated cost of all services in this month so far."""
        return sum(each.cost.usd for each in self.services if each.cost)

    @property
    def assumptions(self) -> list[str]:
        """Sentences on what the estimates assume."""
        costs = [(each.service.name, each.cost) for each in self.services if each.cost]
        general = dict.fromkeys(line for _, cost in costs for line in cost.lines)
        return [*general, *(f"{name}: {note}" for name, cost in costs for note in cost.notes)]

    def as_json(self) -> dict[str, Any]:
        """Return the status in the form of docs/guides/operations.md."""
        return {
            "project": self.state.project or None,
            "stack": self.state.stack or None,
            "read_at": iso_time(self.at),
            "services": [each.as_json() for each in self.services],
            "cost": {"usd": round(self.usd, 2), "assumptions": self.assumptions},
        }


async def read_status(
    session: Session, state: State, services: Sequence[DeployedService], assumptions: Assumptions, now: datetime
) -> Status:
    """Read the status of services. A part that cannot be read is left out of the result, with its reason.

    Args:
        session: The session for the calls.
        state: The stack, for its schedules.
        services: The services.
        assumptions: The share of active time, for the cost.
        now: The time, in UTC.

    Raises:
        pulumi.RunError: There are no valid credentials, or they are for another account.
    """
    readings = await Readings.begin(session, services, _SECONDS, _PARALLEL)
    regions = {parse_arn(each.arn).region for each in services}
    alarms = await asyncio.gather(*(readings.run(aws.read_raised_alarms, session, each) for each in regions))
    raised = dict(zip(regions, alarms, strict=True))

    async def read(service: DeployedService) -> ServiceReport:
        alarms = raised[parse_arn(service.arn).region]
        result = await readings.run(_read_service, session, service, state.pauses, alarms, assumptions, now)
        return ServiceReport(service=service, unread={"service": result}) if isinstance(result, str) else result

    return Status(state, now, await asyncio.gather(*map(read, services)))


def _read_service(
    session: Session,
    service: DeployedService,
    pauses: Pauses,
    alarms: Mapping[str, Sequence[str]] | str,
    assumptions: Assumptions,
    now: datetime,
) -> ServiceReport:
    """Read one service.

    Raises:
        LookupFailedError: DescribeService failed.
    """
    calls, unread = ServiceCalls(session, service.arn), dict[str, str]()
    described = calls.describe()
    status = str(described["Status"])
    if status == ServiceStatus.DELETED:
        return ServiceReport(service=service, status=status)

    def part(name: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except LookupFailedError as error:
            unread[name] = explain(error)
        except ValueError as error:
            unread[name] = str(error)
        return None

    if isinstance(alarms, str):
        unread["alarms"] = alarms
    operations = part("deployment", lambda: _history(calls.operations(), month_of(now)))
    deployments = None if operations is None else Deployments.among(operations)
    profile = described["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"]
    scaling = part("instances", lambda: aws.read_scaling(session, profile))
    active = (
        0
        if status == ServiceStatus.PAUSED
        else part("instances", lambda: aws.read_active_instances(session, service.arn, now))
    )
    return ServiceReport(
        service=service,
        status=status,
        url=f"https://{described['ServiceUrl']}" if described.get("ServiceUrl") else None,
        deployment=deployments and deployments.newest,
        verification=None if deployments is None else verify(described, deployments, service.inputs),
        domains=part("domains", lambda: [*calls.custom_domains()]),
        scaling=scaling,
        active_instances=active,
        alarms=None if isinstance(alarms, str) else alarms.get(parse_service_arn(service.arn).id, []),
        upcoming=part("next", lambda: next_switch(pauses, service.urn, _awaited(status), now)),
        cost=None
        if operations is None
        else estimate(described, operations, scaling and scaling.min_size, assumptions, now),
        unread=unread,
    )


def _awaited(status: str) -> Action | None:
    """Return the action that changes a status; None for both."""
    return PAUSE if status == ServiceStatus.RUNNING else RESUME if status == ServiceStatus.PAUSED else None


def _history(operations: Iterable[Operation], since: datetime) -> list[Operation]:
    """Return the newest operations: all since a time, and at least the newest that changed the settings."""
    history: list[Operation] = []
    has_change = False
    for each in operations:
        history.append(each)
        has_change = has_change or each.changes_settings
        if has_change and (each.started < since or len(history) >= _MOST_OPERATIONS):
            break
    return history
