"""The load on a service, and the instances that it needs."""

from dataclasses import replace

import pytest

from apprunner_facts.load import Load, Scaling, demand_of_load, demand_of_share

LOAD = Load(requests_per_second=20, seconds_per_request=0.5)


def test_the_concurrency_is_the_rate_times_the_duration() -> None:
    assert LOAD.concurrency == 10


def test_a_load_needs_an_instance_for_each_full_concurrency() -> None:
    demand = demand_of_load(LOAD, Scaling(max_concurrency=4), 730)
    assert (demand.base, demand.peak, demand.extra, demand.exceeds_maximum) == (1, 3, 2, False)


def test_a_load_beyond_the_maximum_is_reported() -> None:
    demand = demand_of_load(LOAD, Scaling(max_size=2, max_concurrency=4), 730)
    assert (demand.peak, demand.exceeds_maximum) == (2, True)


def test_instances_that_always_run_are_not_fewer_than_the_minimum() -> None:
    assert demand_of_load(LOAD, Scaling(min_size=5), 730).peak == 5


def test_busy_hours_are_a_share_of_the_month() -> None:
    demand = demand_of_load(replace(LOAD, busy_hours=6), Scaling(), 720)
    assert demand.busy_hours == 180
    assert demand.requests == 20 * 180 * 3600


def test_an_instance_with_few_requests_is_active_for_about_the_share_of_their_duration() -> None:
    rare = demand_of_load(Load(requests_per_second=0.01, seconds_per_request=1), Scaling(), 730)
    assert rare.active == pytest.approx(0.01, rel=0.01)


def test_an_instance_with_many_requests_is_always_active() -> None:
    assert demand_of_load(LOAD, Scaling(), 730).active == pytest.approx(1, abs=1e-4)


def test_no_requests_leave_instances_idle() -> None:
    assert demand_of_load(replace(LOAD, requests_per_second=0), Scaling(), 730).active == 0


def test_a_share_of_active_hours_says_nothing_of_requests() -> None:
    demand = demand_of_share(0.1, 2, 720)
    assert (demand.peak, demand.busy_hours, demand.active, demand.requests) == (2, 720, 0.1, None)


def test_all_invalid_values_are_reported() -> None:
    with pytest.raises(ValueError) as error:
        Load(
            requests_per_second=float("inf"),
            seconds_per_request=121,
            busy_hours=25,
            response_kb=-1,
            requests_per_connection=0,
        )
    assert str(error.value).splitlines() == [
        "requests_per_second: must be 0 or more, got inf",
        "seconds_per_request: must be more than 0 and at most 120, after which App Runner ends a request, got 121",
        "busy_hours: must be more than 0 and at most 24, got 25",
        "response_kb: must be 0 or more, got -1",
        "requests_per_connection: must be 1 or more, got 0",
    ]
