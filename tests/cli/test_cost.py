"""The cost estimate of a resource graph. tests/apprunner_facts tests the arithmetic."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.bill import Assumptions
from pulumi_apprunner.cli.cost import Estimate, ServiceCost, estimate_cost
from pulumi_apprunner.testing import run

ARN = "arn:aws:apprunner:us-east-1:123456789012:autoscalingconfiguration/shared/1/0123456789abcdef0123456789abcdef"


def service(
    name: str = "api", *, automatic: bool | None = False, kind: str = "ECR", **more: Any
) -> aws.apprunner.Service:
    source: Any = {"image_repository": {"image_identifier": "i", "image_repository_type": kind}}
    if automatic is not None:
        source["auto_deployments_enabled"] = automatic
    return aws.apprunner.Service(name, service_name=name, source_configuration=source, **more)


def estimate(program: Callable[[], Any], *, unknown: bool = False, **assumptions: Any) -> Estimate:
    return estimate_cost(run(lambda: program() and None, unknown=unknown), Assumptions(**assumptions))


def cost(program: Callable[[], Any], **settings: Any) -> ServiceCost:
    (only,) = estimate(program, **settings).services
    return only


def test_a_small_service_costs_the_same_as_in_awss_calculation() -> None:
    assert round(estimate(service, hours=720).total, 2) == 14.69
    assert round(estimate(lambda: service(automatic=True), hours=720).total, 2) == 15.69


@pytest.mark.parametrize(
    ("configuration", "size"),
    [
        ({"cpu": "1024", "memory": "2048"}, (1024, 2048)),
        ({"cpu": "0.25 vCPU", "memory": "0.5 GB"}, (256, 512)),
        ({"cpu": "4 vCPU", "memory": "12288"}, (4096, 12288)),
        ({"memory": "4 GB"}, (1024, 4096)),
        (None, (1024, 2048)),
    ],
)
def test_a_size_may_have_either_form_or_be_omitted(configuration: Any, size: tuple[int, int]) -> None:
    result = cost(lambda: service(instance_configuration=configuration))
    assert (result.cpu_units, result.memory_mb) == size


def test_an_unknown_size_is_assumed_with_a_note() -> None:
    memory = {"memory": aws.ec2.get_vpc_output}
    result = estimate(lambda: service(instance_configuration={"memory": memory["memory"](default=True).id}))
    assert result.services[0].memory_mb == 2048
    assert any(line.startswith("api: the size is unknown or invalid") for line in result.assumptions)


def profile(minimum: int | None = 3) -> aws.apprunner.AutoScalingConfigurationVersion:
    return aws.apprunner.AutoScalingConfigurationVersion("p", auto_scaling_configuration_name="p", min_size=minimum)


@pytest.mark.parametrize("unknown", [False, True])
def test_instances_are_the_minimum_of_the_services_profile(unknown: bool) -> None:
    result = cost(lambda: service(auto_scaling_configuration_arn=profile().arn), unknown=unknown)
    assert result.bill.instances == 3


def test_a_profile_without_a_minimum_keeps_one_instance() -> None:
    assert cost(lambda: service(auto_scaling_configuration_arn=profile(None).arn)).bill.instances == 1


def test_the_minimum_of_an_outside_profile_is_assumed_with_a_note() -> None:
    result = estimate(lambda: service(auto_scaling_configuration_arn=ARN))
    assert result.services[0].bill.instances == 1
    assert any("api: its scaling profile is not in this program" in line for line in result.assumptions)


def test_assumed_instances_override_the_profile() -> None:
    result = estimate(lambda: service(auto_scaling_configuration_arn=ARN), instances=4)
    assert result.services[0].bill.instances == 4
    assert not any("scaling profile is not in" in line for line in result.assumptions)


@pytest.mark.parametrize(
    ("kind", "automatic", "fee"),
    [("ECR", True, 1.0), ("ECR", False, 0.0), ("ECR", None, 1.0), ("ECR_PUBLIC", None, 0.0)],
)
def test_the_fee_follows_the_providers_default_for_automatic_deployments(
    kind: str, automatic: bool | None, fee: float
) -> None:
    assert cost(lambda: service(kind=kind, automatic=automatic)).bill.automatic_deployments == fee


def schedule(name: str, action: str, cron: str, arn: Any, **more: Any) -> None:
    aws.scheduler.Schedule(
        name,
        flexible_time_window={"mode": "OFF"},
        schedule_expression=cron,
        target={
            "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
            "role_arn": "arn:aws:iam::123456789012:role/r",
            "input": pulumi.Output.json_dumps({"ServiceArn": arn}),
        },
        **more,
    )


def half_days(**more: Any) -> None:
    arn = service().arn
    schedule("pause", "pause", "cron(0 20 * * ? *)", arn, **more)
    schedule("resume", "resume", "cron(0 8 * * ? *)", arn, **more)


@pytest.mark.parametrize("unknown", [False, True])
def test_paused_hours_cost_nothing_with_known_and_unknown_arns(unknown: bool) -> None:
    assert cost(half_days, unknown=unknown, hours=720).bill.running_hours == 360


def test_disabled_schedules_do_not_count() -> None:
    assert cost(lambda: half_days(state="DISABLED"), hours=720).bill.running_hours == 720


def test_schedules_of_another_service_do_not_count() -> None:
    def program() -> None:
        half_days()
        service("other")

    hours = {each.service.name: each.bill.running_hours for each in estimate(program, hours=720).services}
    assert hours == {"api": 360, "other": 720}


def test_schedules_without_a_rhythm_have_a_note() -> None:
    def program() -> None:
        schedule("pause", "pause", "cron(0 20 * * ? *)", service().arn)

    result = estimate(program, hours=720)
    assert result.services[0].bill.running_hours == 720
    assert any(
        line.startswith("api: the estimate ignores its schedules: nothing would resume") for line in result.assumptions
    )


def test_unknown_prices_of_a_region_have_a_note() -> None:
    result = estimate(lambda: service(region="ap-northeast-1"))
    assert any("No verified prices for ap-northeast-1" in line for line in result.assumptions)


def test_the_region_is_that_of_the_services_provider() -> None:
    def program() -> None:
        service(opts=pulumi.ResourceOptions(provider=aws.Provider("tokyo", region="ap-northeast-1")))

    assert any("No verified prices for ap-northeast-1" in line for line in estimate(program, unknown=True).assumptions)


def test_schedules_in_different_time_zones_do_not_count_and_have_a_note() -> None:
    def program() -> None:
        arn = service().arn
        schedule("pause", "pause", "cron(0 20 * * ? *)", arn, schedule_expression_timezone="Asia/Tokyo")
        schedule("resume", "resume", "cron(0 8 * * ? *)", arn)

    result = estimate(program, hours=720)
    assert result.services[0].bill.running_hours == 720
    note = "api: the estimate ignores its schedules: they have different time zones: Asia/Tokyo, UTC."
    assert note in result.assumptions


def test_the_parts_add_up_to_the_total() -> None:
    result = estimate(lambda: [service("a"), service("b", automatic=True)]).as_json()
    for each in result["services"]:
        assert each["monthly_usd"] == pytest.approx(sum(each["parts"].values()), abs=0.011)
    assert result["monthly_usd"] == pytest.approx(sum(each["monthly_usd"] for each in result["services"]), abs=0.011)


def test_the_estimate_names_what_other_resources_cost() -> None:
    def program() -> None:
        service("api")
        aws.sns.Topic("on-call")
        for name, region in (("one", "us-east-1"), ("two", "us-west-2")):
            aws.cloudwatch.MetricAlarm(
                name, comparison_operator="LessThanThreshold", evaluation_periods=1, region=region
            )
        aws.cloudwatch.Dashboard("api", dashboard_name="api", dashboard_body="{}")

    line = "Not included, but in this stack: alarms $0.20 and dashboards $3.00, together $3.20 per month."
    assert any(each.startswith(line) for each in estimate(program).assumptions)
    assert not any("in this stack" in each for each in estimate(lambda: service("api")).assumptions)


def test_the_estimate_names_other_resources_without_a_known_price() -> None:
    def program() -> None:
        service("api")
        aws.cloudwatch.Dashboard("api", dashboard_name="api", dashboard_body="{}", region="ap-south-1")

    assert "In this stack, and without a known price: dashboards." in estimate(program).assumptions
