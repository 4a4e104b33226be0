"""The hours in which a service ran and their cost, from its operations."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from apprunner_facts.bill import LONGEST_MONTH, Assumptions, Bill, monthly_bill
from apprunner_facts.prices import Rates
from apprunner_facts.schedules import PAUSE, RESUME, Action


def running_hours(switches: Iterable[tuple[datetime, Action]], runs_now: bool, since: datetime, now: datetime) -> float:
    """Return the hours in which a service ran.

    Args:
        switches: Its pauses and resumes, each with its time, in any order. Before the first one it was in the opposite
            state, because App Runner rejects a pause of a paused service.
        runs_now: Whether it runs now. It counts if there is no switch.
        since: The beginning: switches before it determine only the state at the beginning.
        now: The end.
    """
    ordered = sorted(switches)
    begins = (since, runs_now) if not ordered else (min(since, ordered[0][0]), ordered[0][1] == PAUSE)
    states = [begins, *((at, action == RESUME) for at, action in ordered), (now, runs_now)]
    seconds = sum(
        (min(end, now) - max(start, since)).total_seconds()
        for (start, runs), (end, _) in pairwise(states)
        if runs and end > since
    )
    return max(0.0, seconds) / 3600


def bill_to_date(
    *,
    hours: float,
    cpu_units: int,
    memory_mb: int,
    instances: int,
    automatic_deployments: bool,
    assumptions: Assumptions,
    rates: Rates,
) -> Bill:
    """Return a service's cost for the hours in which it ran, and the whole fee for automatic deployments.

    Args:
        hours: The hours (0 to 744).
        cpu_units: See bill.monthly_bill, also for the other arguments.
    """
    return monthly_bill(
        cpu_units=cpu_units,
        memory_mb=memory_mb,
        instances=instances,
        running_share=min(hours / LONGEST_MONTH, 1.0),
        automatic_deployments=automatic_deployments,
        assumptions=Assumptions(hours=LONGEST_MONTH, active=assumptions.active, instances=assumptions.instances),
        rates=rates,
    )


def month_of(now: datetime) -> datetime:
    """Return the beginning of a month, which AWS bills in UTC, for a time in UTC."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
