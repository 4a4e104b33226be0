"""The cost of a service on App Runner and on other AWS services."""

from dataclasses import replace

import pytest

from apprunner_facts.alternatives import (
    ALTERNATIVE_RATES,
    AlternativeRates,
    Cost,
    Option,
    Workload,
    compare_options,
    find_crossovers,
    rates_of,
)
from apprunner_facts.bill import Assumptions, monthly_bill
from apprunner_facts.load import Load, Scaling, demand_of_load, demand_of_share
from apprunner_facts.prices import RATES, US_EAST_1

OTHERS = AlternativeRates()
TUTORIAL = Workload(cpu_units=1024, memory_mb=2048, demand=demand_of_share(0.1, 1, 720), hours=720)
"""1 vCPU and 2 GB for 720 hours, active for a tenth of them."""
LOAD = Load(requests_per_second=5, seconds_per_request=0.08, busy_hours=12)


def of_load(load: Load, **more: object) -> Workload:
    demand = demand_of_load(load, Scaling(), 730)
    return replace(Workload(cpu_units=1024, memory_mb=2048, demand=demand, hours=730), **more)  # type: ignore[arg-type]


def costs(workload: Workload) -> dict[Option, Cost]:
    return {each.option: each for each in compare_options(workload, US_EAST_1, OTHERS)}


def parts(workload: Workload, option: Option) -> dict[str, float]:
    return {name: round(value, 2) for name, value in costs(workload)[option].parts.items()}


def test_the_tutorials_service_costs_14_69_on_app_runner() -> None:
    assert parts(TUTORIAL, Option.APP_RUNNER) == {"memory": 10.08, "vCPU": 4.61, "automatic deployments": 0}
    assert round(costs(TUTORIAL)[Option.APP_RUNNER].total, 2) == 14.69


def test_fargates_tasks_are_little_more_than_half_of_its_bill() -> None:
    """A comparison of compute alone finds $35.55. The load balancer and the IPv4 addresses add $27.00."""
    assert parts(TUTORIAL, Option.FARGATE) == {
        "tasks": 35.55,
        "load balancer": 16.2,
        "capacity units": 0,
        "public IPv4": 10.8,
    }
    assert round(costs(TUTORIAL)[Option.FARGATE].total, 2) == 62.55


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_app_runner_costs_the_same_as_in_the_plan(share: float) -> None:
    bill = monthly_bill(
        cpu_units=1024, memory_mb=2048, running_share=share, assumptions=Assumptions(hours=720, active=0.1)
    )
    option = Option.APP_RUNNER if share == 1 else Option.PAUSED
    assert costs(replace(TUTORIAL, running_share=share))[option].total == pytest.approx(bill.total)


def test_only_a_service_with_pauses_has_a_cost_with_pauses() -> None:
    assert Option.PAUSED not in costs(TUTORIAL)
    paused = costs(replace(TUTORIAL, running_share=0.25))
    assert paused[Option.PAUSED].total == pytest.approx(paused[Option.APP_RUNNER].total / 4)


def test_pauses_outside_the_busy_hours_do_not_change_the_cost_of_vcpus() -> None:
    workload = of_load(LOAD, running_share=0.5)
    running, paused = parts(workload, Option.APP_RUNNER), parts(workload, Option.PAUSED)
    assert paused["vCPU"] == running["vCPU"]
    assert paused["memory"] == pytest.approx(running["memory"] / 2, abs=0.01)


def test_memory_beyond_the_provisioned_instances_is_charged_in_busy_hours_only() -> None:
    heavy = Load(requests_per_second=1000, seconds_per_request=0.25, busy_hours=12)  # 250 at a time: three instances
    assert parts(of_load(heavy), Option.APP_RUNNER)["memory"] == round((730 + 2 * 365) * 2 * 0.007, 2)


def test_services_share_the_hours_of_a_load_balancer_and_not_its_capacity_units() -> None:
    alone, shared = (parts(of_load(LOAD, sharing=count), Option.FARGATE) for count in (1, 10))
    assert alone == shared
    ten = costs(of_load(LOAD, sharing=10))[Option.SHARED_FARGATE].parts
    one = costs(of_load(LOAD))[Option.FARGATE].parts
    assert one["load balancer"] - ten["load balancer"] == pytest.approx(730 * 0.0225 * 0.9)


def test_a_single_service_has_no_shared_load_balancer() -> None:
    assert Option.SHARED_FARGATE not in costs(of_load(LOAD))


def test_at_most_25_services_of_express_mode_share_a_load_balancer() -> None:
    many = costs(of_load(LOAD, sharing=50))
    assert many[Option.EXPRESS].total > many[Option.SHARED_FARGATE].total
    assert many[Option.EXPRESS].total == pytest.approx(costs(of_load(LOAD, sharing=25))[Option.EXPRESS].total)


def test_spot_reduces_the_cost_of_tasks_only() -> None:
    workload = of_load(LOAD, sharing=2)
    spot, tasks = parts(workload, Option.SPOT), parts(workload, Option.SHARED_FARGATE)
    assert spot == {**tasks, "tasks": tasks["tasks"] / 2}


def test_lambda_costs_requests_and_their_duration() -> None:
    million = Load(requests_per_second=1_000_000 / (730 * 3600), seconds_per_request=0.1)
    assert parts(of_load(million), Option.LAMBDA) == {"requests": 0.2, "duration": 3.33}


def test_lambda_is_omitted_without_a_load_or_with_more_memory_than_a_function_has() -> None:
    assert Option.LAMBDA not in costs(TUTORIAL)
    assert Option.LAMBDA not in costs(of_load(LOAD, memory_mb=12_288))
    assert Option.LAMBDA in costs(of_load(LOAD, memory_mb=10_240))


def test_both_costs_are_equal_at_a_crossover() -> None:
    def at(rate: float) -> list[Cost]:
        return compare_options(of_load(replace(LOAD, requests_per_second=rate)), US_EAST_1, OTHERS)

    crossovers = [each for each in find_crossovers(at, 0.01, 1000) if each.option is Option.LAMBDA]
    (crossover,) = crossovers
    assert crossover.cheaper_above is Option.APP_RUNNER
    totals = {each.option: each.total for each in at(crossover.requests_per_second)}
    assert totals[Option.LAMBDA] == pytest.approx(totals[Option.APP_RUNNER], rel=1e-4)
    below = {each.option: each.total for each in at(crossover.requests_per_second * 0.9)}
    assert below[Option.LAMBDA] < below[Option.APP_RUNNER]


def test_options_that_never_cross_have_no_crossover() -> None:
    def constant(_: float) -> list[Cost]:
        return [Cost(option=Option.APP_RUNNER, parts={"all": 1}), Cost(option=Option.FARGATE, parts={"all": 2})]

    assert find_crossovers(constant, 1, 100) == []


def test_a_region_without_verified_prices_has_none() -> None:
    assert rates_of("ap-south-1") is None
    assert ALTERNATIVE_RATES.keys() == RATES.keys()


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ({"lcu_hour": -1}, "lcu_hour: must be 0 or more, got -1"),
        ({"fargate_spot_discount": 70}, "fargate_spot_discount: must be a share from 0 to 1, got 70"),
    ],
)
def test_an_invalid_price_is_an_error(rates: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError) as error:
        AlternativeRates(**rates)
    assert str(error.value) == message
