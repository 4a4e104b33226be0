"""A service's monthly cost, and its assumptions."""

from dataclasses import FrozenInstanceError, replace

import pytest

from apprunner_facts.bill import Assumptions, Bill, assumption_lines, monthly_bill
from apprunner_facts.prices import RATES, US_EAST_1, Rates
from apprunner_facts.regions import HOSTED_ZONE_IDS

MONTH = Assumptions(hours=720)


def bill(
    assumptions: Assumptions = MONTH,
    *,
    cpu_units: int = 1024,
    memory_mb: int = 2048,
    instances: int = 1,
    running_share: float = 1.0,
    automatic_deployments: bool = False,
    rates: Rates = US_EAST_1,
) -> Bill:
    return monthly_bill(
        cpu_units=cpu_units,
        memory_mb=memory_mb,
        instances=instances,
        running_share=running_share,
        automatic_deployments=automatic_deployments,
        assumptions=assumptions,
        rates=rates,
    )


def test_a_small_service_costs_14_69_a_month():
    small = bill()
    assert round(small.provisioned_memory, 2) == 10.08
    assert round(small.active_vcpu, 2) == 4.61
    assert small.automatic_deployments == 0
    assert round(small.total, 2) == 14.69


def test_automatic_deployments_cost_a_dollar_for_any_number_of_instances():
    assert round(bill(automatic_deployments=True).total, 2) == 15.69
    assert bill(automatic_deployments=True, instances=3).automatic_deployments == 1


def test_a_service_that_is_always_active_costs_56_16():
    assert round(bill(Assumptions(hours=720, active=1)).total, 2) == 56.16


def test_an_idle_service_costs_all_its_memory_and_no_vcpu():
    idle = bill(Assumptions(hours=720, active=0))
    assert (idle.active_vcpu, round(idle.total, 2)) == (0, 10.08)


def test_half_the_running_hours_cost_half():
    paused = bill(running_share=0.5)
    assert paused.running_hours == 360
    assert round(paused.total, 2) == 7.34


def test_the_fee_for_automatic_deployments_does_not_depend_on_the_running_hours():
    assert bill(running_share=0.5, automatic_deployments=True).automatic_deployments == 1


def test_every_instance_costs_memory_and_active_vcpus():
    assert bill(instances=3).total == pytest.approx(3 * bill().total)


def test_assumed_instances_override_the_profiles_minimum():
    assert bill(Assumptions(hours=720, instances=2), instances=5).instances == 2
    assert bill(instances=5).instances == 5


def test_the_cost_is_proportional_to_vcpus_and_gb():
    quarter = bill(cpu_units=256, memory_mb=512)
    assert quarter.active_vcpu == pytest.approx(bill().active_vcpu / 4)
    assert quarter.provisioned_memory == pytest.approx(bill().provisioned_memory / 4)


def test_a_month_has_730_hours_by_default():
    assert bill(Assumptions()).running_hours == 730


def test_custom_rates_are_used():
    tokyo = Rates(active_vcpu_hour=0.081, memory_gb_hour=0.009, automatic_deployment_month=0)
    assert bill(rates=tokyo, automatic_deployments=True).total == pytest.approx(2 * 720 * 0.009 + 72 * 0.081)


def test_a_bill_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        bill().active_vcpu = 0  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_0_to_1_is_an_error(share: float):
    with pytest.raises(ValueError, match=r"running_share: must be a share from 0 to 1, got "):
        bill(running_share=share)


@pytest.mark.parametrize("hours", [0, 0.5, 744.5, -1, float("inf"), float("nan")])
def test_hours_outside_1_to_744_are_an_error(hours: float):
    with pytest.raises(ValueError, match=f"^hours: must be 1 to 744, got {hours:g}$"):
        Assumptions(hours=hours)


def test_the_error_for_a_percentage_has_the_share():
    with pytest.raises(ValueError, match=r"^active: must be a share from 0 to 1, got 10. Did you mean 0.1 \(10%\)\?$"):
        Assumptions(active=10)
    with pytest.raises(ValueError, match=r"^active: must be a share from 0 to 1, got -1$"):
        Assumptions(active=-1)


@pytest.mark.parametrize("instances", [0, -1])
def test_fewer_instances_than_1_are_an_error(instances: int):
    with pytest.raises(ValueError, match=f"^instances: must be 1 or more, got {instances}$"):
        Assumptions(instances=instances)


def test_the_ends_of_all_ranges_are_valid():
    assert Assumptions(hours=1, active=0, instances=1) != Assumptions(hours=744, active=1, instances=25)


def test_all_invalid_assumptions_are_in_one_error():
    with pytest.raises(ValueError) as caught:
        Assumptions(hours=800, active=2, instances=0)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["hours", "active", "instances"]


def test_a_negative_price_is_an_error():
    with pytest.raises(ValueError, match=r"^memory_gb_hour: must be 0 or more, got -1$"):
        Rates(memory_gb_hour=-1)
    with pytest.raises(ValueError, match="active_vcpu_hour: must be 0 or more, got nan"):
        Rates(active_vcpu_hour=float("nan"))


def test_every_region_with_rates_has_app_runner_and_a_source():
    assert set(RATES) <= set(HOSTED_ZONE_IDS)
    for region, rates in RATES.items():
        assert rates.region == region
        assert rates.source
        assert rates.source.url.startswith("https://aws.amazon.com/apprunner/pricing")


def test_the_four_regions_with_verified_rates_have_the_same():
    assert sorted(RATES) == ["eu-west-1", "us-east-1", "us-east-2", "us-west-2"]
    assert {replace(rates, region="us-east-1") for rates in RATES.values()} == {US_EAST_1}


def test_the_assumptions_are_sentences():
    assert assumption_lines(Assumptions(), US_EAST_1) == [
        "A month has 730 hours. A service runs while no schedule pauses it.",
        "Instances handle requests in 10% of their running hours. "
        "AWS charges vCPUs only for these, and memory for all running hours.",
        "Provisioned instances: the minimum of each service's scaling profile. "
        "Not included: more instances under load, and twice as many during a deployment.",
        "Not included: builds from source, data transfer, NAT gateways and VPC endpoints, logs, alarms, "
        "dashboards, web ACLs, images, secrets, schedules, taxes and discounts.",
        "Prices in us-east-1: $0.064 per active vCPU hour, $0.007 per provisioned GB hour, "
        "$1.00 per month and service for automatic deployments. "
        "Source: https://aws.amazon.com/apprunner/pricing/ (read 2026-11-23).",
    ]


def test_the_sentences_contain_the_assumed_values():
    text = "\n".join(assumption_lines(Assumptions(hours=720, active=0.125, instances=3), Rates(memory_gb_hour=0.009)))
    assert "A month has 720 hours" in text
    assert "in 12.5% of their running hours" in text
    assert "Provisioned instances for each service: 3. Not included: more" in text
    assert "Custom prices: $0.064 per active vCPU hour, $0.009 per provisioned GB hour" in text
    assert "read 2026" not in text
