"""LogRetention: the schedules that set the retention of a service's logs, and their role."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_facts.limits import LOG_RETENTION_DAYS
from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, LogRetention, LogRetentionArgs
from pulumi_apprunner.testing import Graph, run
from samples import BOUNDARY_ARN, ID, PUBLIC_IMAGE, SERVICE_ARN
from schedules import SCHEDULE
from services import ROLE, document

GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
POLICY = "aws:iam/rolePolicy:RolePolicy"


def retention(**args: Any) -> Callable[[], None]:
    """Return a program that keeps the logs of a service for 30 days."""
    arguments: Any = {"service_arn": SERVICE_ARN, "days": 30} | args
    return lambda: LogRetention("retention", LogRetentionArgs(**arguments)) and None


@pytest.fixture(scope="module")
def graph() -> Graph:
    return plan(retention(tags={"team": "orders"}, permissions_boundary=BOUNDARY_ARN))


def test_it_creates_two_schedules_with_a_group_and_a_role(graph: Graph) -> None:
    assert children(graph, "retention") == [
        (ROLE, "retention-schedules-role"),
        (POLICY, "retention-schedules-policy"),
        (SCHEDULE, "retention-application"),
        (SCHEDULE, "retention-service"),
        (GROUP, "retention-schedules"),
    ]
    assert graph.one(GROUP).inputs == {"name": "project-retention-stack", "tags": {"team": "orders"}}
    assert graph.one(ROLE)["permissionsBoundary"] == BOUNDARY_ARN
    assert graph.one(ROLE)["tags"] == {"team": "orders"}


def test_the_targets_are_in_the_partition_of_a_service_whose_arn_is_an_output() -> None:
    arn = SERVICE_ARN.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1")
    planned = plan(lambda: retention(service_arn=pulumi.Output.from_input(arn))())
    target = "arn:aws-cn:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy"
    assert {schedule["target"]["arn"] for schedule in planned.all(SCHEDULE)} == {target}


def test_a_schedule_has_all_inputs(graph: Graph) -> None:
    schedule = graph.named("retention-service")
    assert schedule.inputs == {
        "name": "service",
        "groupName": "project-retention-stack",
        "description": "service for project-retention-stack",
        "scheduleExpression": "cron(15 3 * * ? *)",
        "scheduleExpressionTimezone": "UTC",
        "state": "ENABLED",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy",
            "roleArn": graph.one(ROLE).outputs["arn"],
            "input": json.dumps({"LogGroupName": f"/aws/apprunner/orders-api/{ID}/service", "RetentionInDays": 30}),
            "retryPolicy": {"maximumEventAgeInSeconds": 900, "maximumRetryAttempts": 10},
        },
    }
    assert "retention-schedules-policy" in dependencies(graph, schedule)


def test_the_role_allows_the_retention_of_the_two_log_groups_only(graph: Graph) -> None:
    groups = f"arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apprunner/orders-api/{ID}"
    assert document(graph, "retention-schedules-policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "logs:PutRetentionPolicy",
            "Resource": [f"{groups}/application:*", f"{groups}/service:*"],
        }
    ]


def test_only_schedules_of_this_group_may_assume_the_role(graph: Graph) -> None:
    (statement,) = document(graph, "retention-schedules-role", "assumeRolePolicy")["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"]["StringEquals"]["aws:SourceArn"].endswith(":schedule-group/project-retention-stack")


@pytest.mark.parametrize("unknown", [False, True])
def test_a_preview_shows_the_schedules_of_a_new_service(unknown: bool) -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        LogRetention("retention", {"service_arn": api.arn, "days": 7})

    graph = run(program, config={"aws:region": "cn-north-1"}, unknown=unknown)
    assert {each["target"]["arn"] for each in graph.all(SCHEDULE)} == {
        "arn:aws-cn:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy"
    }
    assert [each["name"] for each in graph.all(SCHEDULE)] == ["application", "service"]


@pytest.mark.parametrize("days", [0, 31, 366])
def test_a_retention_that_cloudwatch_does_not_have_is_an_error(days: int) -> None:
    allowed = ", ".join(map(str, LOG_RETENTION_DAYS))
    assert problems(retention(days=days)) == {"days": f"must be one of {allowed} days, got {days}"}


def test_an_empty_tag_value_is_an_error() -> None:
    assert "must not be empty" in problems(retention(tags={"team": ""}))["tags.team"]
