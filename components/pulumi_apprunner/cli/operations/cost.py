"""The estimated cost of a service in this month so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apprunner_facts import sizes
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import Assumptions, to_date_lines
from apprunner_facts.elapsed import bill_to_date, month_of, running_hours
from apprunner_facts.limits import MIN_SIZE
from apprunner_facts.operations import OperationType, ServiceStatus
from apprunner_facts.prices import default_rates_note, rates_or_default
from apprunner_facts.schedules import PAUSE, RESUME, Action
from pulumi_apprunner.lifecycle.calls import Operation

_NEVER_RAN = (ServiceStatus.CREATE_FAILED, ServiceStatus.DELETED, ServiceStatus.DELETE_FAILED)
_SWITCHES: Mapping[str, Action] = {OperationType.PAUSE_SERVICE: PAUSE, OperationType.RESUME_SERVICE: RESUME}


@dataclass(frozen=True)
class CostToDate:
    """An estimate.

    Args:
        since: The beginning of the month in UTC, or the service's creation if that is later.
        running_hours: The hours since then in which the service was not paused.
        usd: US dollars.
        notes: Sentences on what the estimate assumes about this service.
        lines: Sentences on what all estimates assume.
    """

    since: datetime
    running_hours: float
    usd: float
    notes: Sequence[str] = ()
    lines: Sequence[str] = ()


def estimate(
    described: Mapping[str, Any],
    operations: Sequence[Operation],
    instances: int | None,
    assumptions: Assumptions,
    now: datetime,
) -> CostToDate | None:
    """Return the cost of a service since the beginning of the month; None if it does not run at all.

    Args:
        described: DescribeService's response.
        operations: Its operations since the beginning of the month, the newest first.
        instances: The minimum of its scaling profile; None if unknown.
        assumptions: The share of active time.
        now: The time, in UTC.
    """
    if described["Status"] in _NEVER_RAN:
        return None
    since = max(month_of(now), described["CreatedAt"])
    succeeded = [each for each in operations if each.type in _SWITCHES and each.has_succeeded]
    switches: list[tuple[datetime, Action]] = [(_time_of(each), _SWITCHES[each.type]) for each in succeeded]
    hours = running_hours(switches, described["Status"] != ServiceStatus.PAUSED, since, now)
    size, region = described["InstanceConfiguration"], parse_arn(described["ServiceArn"]).region
    rates = rates_or_default(region)
    bill = bill_to_date(
        hours=hours,
        cpu_units=sizes.parse_cpu(str(size["Cpu"])) or sizes.DEFAULT_CPU,
        memory_mb=sizes.parse_memory(str(size["Memory"])) or sizes.DEFAULT_MEMORY,
        instances=instances or MIN_SIZE.default,
        automatic_deployments=bool(described["SourceConfiguration"].get("AutoDeploymentsEnabled")),
        assumptions=assumptions,
        rates=rates,
    )
    unpriced = default_rates_note(region)
    uncounted = f"The minimum of its scaling profile is unknown; the estimate uses {MIN_SIZE.default} instance."
    notes = [*([] if unpriced is None else [unpriced]), *([] if instances else [uncounted])]
    return CostToDate(since, hours, bill.total, notes, to_date_lines(assumptions, rates))


def _time_of(switch: Operation) -> datetime:
    """Return when a service stopped to run or began to: at the end of a pause, at the start of a resume."""
    return (switch.ended or switch.started) if switch.type == OperationType.PAUSE_SERVICE else switch.started
