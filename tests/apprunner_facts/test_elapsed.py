"""The hours in which a service ran, and their cost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apprunner_facts.bill import Assumptions, monthly_bill
from apprunner_facts.elapsed import bill_to_date, month_of, running_hours
from apprunner_facts.prices import US_EAST_1
from apprunner_facts.schedules import PAUSE, RESUME, Action

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
NOW = SINCE + timedelta(hours=100)


def at(hours: float) -> datetime:
    return SINCE + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("switches", "runs_now", "hours"),
    [
        ([], True, 100),
        ([], False, 0),
        ([(10, PAUSE)], False, 10),
        ([(10, RESUME)], True, 90),
        ([(10, PAUSE), (30, RESUME)], True, 80),
        ([(30, RESUME), (10, PAUSE)], True, 80),
        ([(-10, PAUSE)], False, 0),
        ([(-10, RESUME)], True, 100),
        ([(-20, PAUSE), (-10, RESUME), (40, PAUSE)], False, 40),
    ],
)
def test_the_hours_between_pauses_and_resumes(
    switches: list[tuple[float, Action]], runs_now: bool, hours: float
) -> None:
    timed: list[tuple[datetime, Action]] = [(at(time), action) for time, action in switches]
    assert running_hours(timed, runs_now, SINCE, NOW) == pytest.approx(hours)


@given(st.lists(st.integers(-50, 100), unique=True), st.booleans())
def test_a_service_runs_or_is_paused(times: list[int], starts_running: bool) -> None:
    """The running hours of a service and of one in the opposite states add up to all hours."""

    def hours(running: bool) -> float:
        actions: list[Action] = [PAUSE if running is (index % 2 == 0) else RESUME for index in range(len(times))]
        switches: list[tuple[datetime, Action]] = [
            (at(time), action) for time, action in zip(sorted(times), actions, strict=True)
        ]
        return running_hours(switches, running is (len(times) % 2 == 0), SINCE, NOW)

    assert hours(starts_running) + hours(not starts_running) == pytest.approx(100)


@pytest.mark.parametrize("hours", [0, 0.5, 300, 744])
def test_the_rates_are_those_of_the_month(hours: float) -> None:
    sizes = {"cpu_units": 2048, "memory_mb": 4096, "instances": 2, "automatic_deployments": True}
    bill = bill_to_date(hours=hours, assumptions=Assumptions(active=0.3), rates=US_EAST_1, **sizes)
    month = monthly_bill(**sizes, assumptions=Assumptions(active=0.3), rates=US_EAST_1)
    share = hours / month.running_hours
    assert bill.running_hours == pytest.approx(hours)
    assert bill.provisioned_memory == pytest.approx(month.provisioned_memory * share)
    assert bill.active_vcpu == pytest.approx(month.active_vcpu * share)
    assert bill.automatic_deployments == month.automatic_deployments


def test_the_month_begins_on_its_first_day() -> None:
    assert month_of(datetime(2026, 11, 27, 10, 47, 3, 9, tzinfo=UTC)) == SINCE
