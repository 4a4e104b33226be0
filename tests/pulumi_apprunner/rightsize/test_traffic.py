"""The measured load of a service."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from apprunner_facts.alternatives import AlternativeRates, Option, Workload, compare_options
from apprunner_facts.load import Load, Scaling, demand_of_load
from apprunner_facts.prices import US_EAST_1
from pulumi_apprunner.rightsize.analysis import RunningService, advise
from pulumi_apprunner.rightsize.traffic import Traffic, measure_traffic
from pulumi_apprunner.rightsize.usage import Usage
from usage_shapes import Shape, daily, idle, spiky, steady, usage

SCALING = Scaling(min_size=1, max_size=10)


def measured(requests: Shape, *, milliseconds: float = 80, scaling: Scaling = SCALING, **more: object) -> Traffic:
    return measure_traffic(with_latency(usage(requests, **more), milliseconds), scaling)  # type: ignore[arg-type]


def with_latency(measurements: Usage, milliseconds: float) -> Usage:
    return replace(measurements, mean_latency_ms=dict.fromkeys(measurements.requests, milliseconds))


def load_of(traffic: Traffic) -> Load:
    load = traffic.load(10)
    assert load is not None
    return load


def app_runner(load: Load, scaling: Scaling = SCALING) -> Mapping[str, float]:
    demand = demand_of_load(load, scaling, 730)
    workload = Workload(cpu_units=1024, memory_mb=2048, demand=demand, hours=730)
    costs = compare_options(workload, US_EAST_1, AlternativeRates())
    return next(each.parts for each in costs if each.option is Option.APP_RUNNER)


def test_steady_requests_are_the_same_rate_in_all_hours() -> None:
    traffic = measured(steady)
    assert (traffic.days, traffic.busy_hours) == (14, 24)
    assert (traffic.requests_per_second, traffic.seconds_per_request) == (pytest.approx(2), pytest.approx(0.08))


def test_the_rate_is_that_of_the_hours_with_requests() -> None:
    traffic = measured(daily)
    assert traffic.busy_hours == pytest.approx(12 * 5 / 7)
    assert traffic.requests_per_second == pytest.approx(1)
    assert traffic.active_instances == pytest.approx(12 * 5 / 7 / 24)


def test_each_minutes_latency_counts_by_its_requests() -> None:
    measurements = usage(spiky)
    slow = {moment: 1000.0 if count > 6 else 10.0 for moment, count in measurements.requests.items()}
    traffic = measure_traffic(replace(measurements, mean_latency_ms=slow), SCALING)
    many, few = 5 * 6000, (24 * 60 - 5) * 6
    assert traffic.seconds_per_request == pytest.approx((many * 1.0 + few * 0.01) / (many + few))


@pytest.mark.parametrize("shape", [steady, daily, spiky])
@pytest.mark.parametrize("instances", [1, 3])
def test_the_loads_cost_on_app_runner_is_the_measured_one(shape: Shape, instances: int) -> None:
    def active(moment: datetime) -> float:
        return float(instances) if shape(moment) and moment.minute % 4 == 0 else 0.0

    measurements = with_latency(usage(shape, active=active), 80)
    service = RunningService(name="api", cpu_units=1024, memory_mb=2048, scaling=SCALING, rates=US_EAST_1)
    total = sum(app_runner(load_of(measure_traffic(measurements, SCALING))).values())
    assert total == pytest.approx(advise(service, measurements).monthly_usd)


def test_an_instance_that_is_always_active_costs_all_hours() -> None:
    parts = app_runner(load_of(measured(steady)))
    assert parts["vCPU"] == pytest.approx(730 * 0.064, rel=1e-3)


def test_twice_the_requests_keep_instances_active_longer_but_not_twice_as_long() -> None:
    load = load_of(measured(steady, active=lambda moment: float(moment.minute % 2)))
    once, twice = (app_runner(replace(load, requests_per_second=rate))["vCPU"] for rate in (2, 4))
    assert once == pytest.approx(730 * 0.064 / 2)
    assert twice == pytest.approx(730 * 0.064 * 0.75)


def test_more_instances_than_the_minimum_are_provisioned_in_the_busy_hours() -> None:
    load = load_of(measured(daily, active=lambda moment: 3.0 if daily(moment) else 0.0))
    demand = demand_of_load(load, SCALING, 730)
    assert (demand.base, demand.peak) == (1, pytest.approx(3))


def test_the_time_before_the_first_value_does_not_count() -> None:
    measurements = with_latency(usage(steady, days=3), 80)
    young = replace(measurements, start=measurements.end - timedelta(days=14))
    assert measure_traffic(young, SCALING).days == 3
    assert measure_traffic(young, SCALING).busy_hours == 24


def test_a_service_without_requests_has_no_load() -> None:
    traffic = measured(idle)
    assert traffic.load(10) is None
    assert (traffic.requests, traffic.busy_hours, traffic.requests_per_second) == (0, 0, 0)


def test_without_active_instances_a_minute_with_requests_counts_as_one() -> None:
    measurements = replace(with_latency(usage(daily), 80), active_instances={})
    assert measure_traffic(measurements, SCALING).active_instances == pytest.approx(12 * 5 / 7 / 24)


@pytest.mark.parametrize(
    ("measurements", "reason"),
    [
        (usage(steady, days=1), "Not enough data: 1.0 days with a memory utilization, 2 are required."),
        (usage(steady), "Not enough data: CloudWatch has requests, but not their latency."),
    ],
)
def test_too_little_data_is_an_error_with_the_reason(measurements: Usage, reason: str) -> None:
    with pytest.raises(ValueError, match="Not enough data") as error:
        measure_traffic(measurements, SCALING)
    assert str(error.value).startswith(reason)


@pytest.mark.parametrize(("milliseconds", "seconds"), [(0.0, 0.0001), (500_000.0, 120)])
def test_a_duration_is_more_than_0_and_at_most_what_app_runner_allows(milliseconds: float, seconds: float) -> None:
    assert measured(steady, milliseconds=milliseconds).seconds_per_request == seconds
