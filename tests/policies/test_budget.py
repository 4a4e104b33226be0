import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.budget import monthly_budget
from policies.public_services import SOURCE, messages, service


def budget(dollars, **more):
    return {"monthly-budget": {"dollars": dollars, **more}}


# 2 GB x 730 h x $0.007 + 1 vCPU x 73 h x $0.064
DEFAULT_COST = 10.22 + 4.672


def test_a_cost_above_the_budget_is_reported_with_the_total_and_the_most_expensive_services(report):
    def program():
        service("small")
        service("large", instance_configuration={"cpu": "2 vCPU", "memory": "4096"})

    (violation,) = report(program, monthly_budget, config=budget(44)).violations

    assert violation.level == "advisory"
    assert f"must cost at most $44.00 a month, got about ${3 * DEFAULT_COST:.2f}." in violation.message
    assert f"The most expensive: large ${2 * DEFAULT_COST:.2f}, small ${DEFAULT_COST:.2f}." in violation.message
    assert not report(program, monthly_budget, config=budget(45)).violations


def test_without_a_budget_no_cost_is_a_violation(report):
    assert not report(service, monthly_budget).violations


@pytest.mark.parametrize("unknown", [False, True])
def test_the_minimum_of_a_scaling_profile_is_counted(report, unknown):
    def program():
        profile = aws.apprunner.AutoScalingConfigurationVersion(
            "profile", auto_scaling_configuration_name="shop-api", min_size=3
        )
        service(auto_scaling_configuration_arn=profile.arn)

    (message,) = messages(report(program, monthly_budget, config=budget(44), unknown=unknown))
    assert f"got about ${3 * DEFAULT_COST:.2f}." in message


def test_automatic_deployments_cost_a_dollar(report):
    def program():
        service(source_configuration={**SOURCE, "auto_deployments_enabled": True})

    assert report(program, monthly_budget, config=budget(15)).violations
    assert not report(service, monthly_budget, config=budget(15)).violations


def test_the_active_share_and_the_hours_are_configurable(report):
    assert not report(service, monthly_budget, config=budget(10.5, active=0)).violations
    assert not report(service, monthly_budget, config=budget(10, hours=365)).violations


def test_an_unknown_size_is_reported_as_unknown_and_does_not_hide_the_cost_of_other_services(report):
    def program():
        other = aws.sqs.Queue("q")
        service("odd", instance_configuration={"memory": other.arn})
        service()

    result = report(program, monthly_budget, config=budget(10), unknown=True)

    (message,) = messages(result)
    assert f"got at least about ${DEFAULT_COST:.2f}." in message
    assert result.skipped


def paused_half_of_the_time(expression: Any = "cron(0 20 * * ? *)", **more):
    arn = service(**more).arn
    for action, cron in (("pause", expression), ("resume", "cron(0 8 * * ? *)")):
        target: Any = {
            "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
            "role_arn": "arn:aws:iam::123456789012:role/scheduler",
            "input": arn.apply(lambda arn: json.dumps({"ServiceArn": arn})),
        }
        aws.scheduler.Schedule(action, schedule_expression=cron, flexible_time_window={"mode": "OFF"}, target=target)


@pytest.mark.parametrize("unknown", [False, True])
def test_hours_in_which_a_schedule_pauses_a_service_are_not_counted(report, unknown):
    (message,) = messages(report(paused_half_of_the_time, monthly_budget, config=budget(5), unknown=unknown))

    assert f"must cost at most $5.00 a month, got about ${DEFAULT_COST / 2:.2f}." in message
    assert "730 hours a month, and active instances in 10% of the hours in which no schedule pauses them." in message
    assert not report(paused_half_of_the_time, monthly_budget, config=budget(7.5), unknown=unknown).violations


def test_a_service_with_a_pause_at_an_unknown_time_is_not_counted(report):
    def program():
        service("other")
        paused_half_of_the_time(aws.sqs.Queue("q").arn)

    result = report(program, monthly_budget, config=budget(10), unknown=True)

    (message,) = messages(result)
    assert f"got at least about ${DEFAULT_COST:.2f}." in message
    assert "scheduleExpression" in result.skipped[0].reason
