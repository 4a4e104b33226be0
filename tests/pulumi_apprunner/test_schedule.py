"""A pause schedule: what it creates, under which permissions, and where failed calls go."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import children, dependencies, problems
from pulumi_apprunner import PauseSchedule, PauseScheduleArgs
from pulumi_apprunner.testing import UNKNOWN, run
from samples import BOUNDARY_ARN, KMS_KEY_ARN, QUEUE_ARN, SERVICE_ARN
from schedules import OFFICE, SCHEDULE, schedule, schedule_graph
from services import ROLE, ROLE_POLICY, document

GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
QUEUE = "aws:sqs/queue:Queue"


# Resources and inputs


def test_it_creates_two_schedules_a_group_a_role_and_a_dead_letter_queue() -> None:
    assert children(schedule_graph(), "hours") == [
        (ROLE, "hours-role"),
        (ROLE_POLICY, "hours-policy"),
        (SCHEDULE, "hours-pause"),
        (SCHEDULE, "hours-resume"),
        (GROUP, "hours-group"),
        (QUEUE, "hours-dead-letters"),
    ]


def test_a_schedule_has_all_inputs() -> None:
    graph = schedule_graph()
    assert graph.named("hours-pause").inputs == {
        "name": "pause",
        "groupName": "project-hours-stack",
        "description": "pause for project-hours-stack",
        "scheduleExpression": "cron(0 20 ? * MON-FRI *)",
        "scheduleExpressionTimezone": "Europe/Berlin",
        "state": "ENABLED",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
            "roleArn": graph.named("hours-role").outputs["arn"],
            "input": json.dumps({"ServiceArn": SERVICE_ARN}),
            "deadLetterConfig": {"arn": graph.one(QUEUE).outputs["arn"]},
            "retryPolicy": {"maximumEventAgeInSeconds": 1800, "maximumRetryAttempts": 20},
        },
    }


def test_each_schedule_calls_its_own_action() -> None:
    graph = schedule_graph(deploy_minutes_after_resume=10)
    assert {each["name"]: each["target"]["arn"].rpartition(":")[2] for each in graph.all(SCHEDULE)} == {
        "pause": "pauseService",
        "resume": "resumeService",
        "deploy": "startDeployment",
    }


def test_a_service_of_the_same_program_is_paused_by_its_arn() -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="orders-api", source_configuration={})
        PauseSchedule("hours", {"service_arn": service.arn, "timezone": "UTC", "running": OFFICE})

    known = run(program)
    arn = known.named("api").outputs["arn"]
    assert json.loads(known.named("hours-pause")["target"]["input"]) == {"ServiceArn": arn}
    assert document(known, "hours-policy")["Statement"][0]["Resource"] == arn
    assert run(program, unknown=True).named("hours-pause")["target"]["input"] is UNKNOWN


@pytest.mark.parametrize(
    ("partition", "region"), [("aws", "eu-west-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_the_target_is_in_the_partition_of_the_service(partition: str, region: str) -> None:
    arn = SERVICE_ARN.replace("arn:aws:", f"arn:{partition}:").replace("eu-west-1", region)
    target = f"arn:{partition}:scheduler:::aws-sdk:apprunner:pauseService"
    assert schedule_graph(service_arn=arn).named("hours-pause")["target"]["arn"] == target
    assert run(late(arn)).named("hours-pause")["target"]["arn"] == target


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn")])
def test_a_first_preview_knows_the_target_of_a_new_service(region: str, partition: str) -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="orders-api", source_configuration={})
        PauseSchedule("hours", {"service_arn": service.arn, "timezone": "UTC", "running": OFFICE})

    target = run(program, unknown=True, config={"aws:region": region}).named("hours-pause")["target"]
    assert target["arn"] == f"arn:{partition}:scheduler:::aws-sdk:apprunner:pauseService"


def late(arn: str) -> Callable[[], None]:
    return lambda: (
        PauseSchedule("hours", {"service_arn": pulumi.Output.from_input(arn), "timezone": "UTC", "running": OFFICE})
        and None
    )


# The key of a dead-letter queue


def test_the_role_may_send_to_a_queue_that_a_customer_key_encrypts_through_sqs_only() -> None:
    graph = schedule_graph(dead_letter_queue_arn=QUEUE_ARN, dead_letter_queue_kms_key_arn=KMS_KEY_ARN)
    assert document(graph, "hours-policy")["Statement"][1:] == [
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE_ARN},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": [KMS_KEY_ARN],
            "Condition": {"StringEquals": {"kms:ViaService": ["sqs.eu-west-1.amazonaws.com"]}},
        },
    ]


def test_without_a_customer_key_the_role_may_use_no_key() -> None:
    for graph in (schedule_graph(), schedule_graph(dead_letter_queue_arn=QUEUE_ARN)):
        assert "kms" not in graph.named("hours-policy")["policy"]


def test_a_key_without_a_dead_letter_queue_arn_is_an_error() -> None:
    assert problems(schedule(dead_letter_queue_kms_key_arn=KMS_KEY_ARN)) == {
        "dead_letter_queue_kms_key_arn": f'must not be set without dead_letter_queue_arn, got "{KMS_KEY_ARN}". '
        "Remove it: SQS encrypts the queue that is created here"
    }


# Permissions


def test_only_schedules_of_this_group_may_assume_the_role() -> None:
    assert document(schedule_graph(), "hours-role", "assumeRolePolicy") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "scheduler.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {
                        "aws:SourceAccount": "123456789012",
                        "aws:SourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule-group/project-hours-stack",
                    }
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("args", "actions"),
    [
        ({}, ["apprunner:PauseService", "apprunner:ResumeService"]),
        (
            {"deploy_minutes_after_resume": 10},
            ["apprunner:PauseService", "apprunner:ResumeService", "apprunner:StartDeployment"],
        ),
    ],
)
def test_the_role_allows_the_actions_of_the_schedules_on_this_service(args: dict[str, Any], actions: list[str]) -> None:
    graph = schedule_graph(**args)
    assert document(graph, "hours-policy") == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": SERVICE_ARN},
            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": graph.one(QUEUE).outputs["arn"]},
        ],
    }


def test_schedules_depend_on_the_roles_policy() -> None:
    graph = schedule_graph()
    for each in graph.all(SCHEDULE):
        assert dependencies(graph, each) == ["hours-dead-letters", "hours-group", "hours-policy", "hours-role"]


def test_the_role_has_the_permissions_boundary() -> None:
    assert schedule_graph(permissions_boundary=BOUNDARY_ARN).one(ROLE)["permissionsBoundary"] == BOUNDARY_ARN


def test_failed_calls_go_to_an_existing_queue() -> None:
    graph = schedule_graph(dead_letter_queue_arn=QUEUE_ARN)
    assert not graph.all(QUEUE)
    assert graph.named("hours-pause")["target"]["deadLetterConfig"] == {"arn": QUEUE_ARN}
    assert document(graph, "hours-policy")["Statement"][1]["Resource"] == QUEUE_ARN
    assert graph.named("hours").outputs["deadLetterQueueArn"] == QUEUE_ARN


def test_the_queue_keeps_a_failed_call_for_two_weeks_and_encrypts_it() -> None:
    assert schedule_graph().one(QUEUE).inputs == {
        "name": "project-hours-stack-dead-letters",
        "messageRetentionSeconds": 1_209_600,
        "sqsManagedSseEnabled": True,
        "tags": {},
    }


# Tags, outputs and options


def test_every_child_that_supports_tags_has_them() -> None:
    graph = schedule_graph(tags={"team": "orders"})
    assert [graph.one(each)["tags"] for each in (GROUP, QUEUE, ROLE)] == [{"team": "orders"}] * 3


def test_outputs_are_registered() -> None:
    graph = schedule_graph()
    assert graph.named("hours").outputs == {
        "hoursSavedPerWeek": 108,
        "roleArn": graph.one(ROLE).outputs["arn"],
        "deadLetterQueueArn": graph.one(QUEUE).outputs["arn"],
    }


def test_protect_reaches_every_child() -> None:
    def program() -> None:
        args = PauseScheduleArgs(service_arn=SERVICE_ARN, timezone="UTC", running=[OFFICE])
        PauseSchedule("hours", args, pulumi.ResourceOptions(protect=True))

    assert all(child.protect for child in run(program).children("hours"))
