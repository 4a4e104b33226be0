"""Pausing outside working hours: when it fires, under which permissions, and how long it is tried again."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from offline import children, dependencies, plan, problems
from pulumi_apprunner import CronPair, PauseSchedule, PauseScheduleArgs, RunningWindow
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import BOUNDARY_ARN, KMS_KEY_ARN, QUEUE_ARN, SERVICE_ARN

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
SCHEDULE = "aws:scheduler/schedule:Schedule"
GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
QUEUE = "aws:sqs/queue:Queue"

OFFICE = RunningWindow(days="Mon-Fri", start="08:00", end="20:00")
CRON = CronPair(pause="cron(0 20 ? * MON-FRI *)", resume="cron(0 8 ? * MON-FRI *)")


def schedule(*windows: RunningWindow, **args: Any) -> Callable[[], None]:
    """Return a program with a schedule called hours, by default for the office's hours."""
    given: dict[str, Any] = {"service_arn": SERVICE_ARN, "timezone": "Europe/Berlin"} | args
    if "cron" not in args or windows:
        given["running"] = list(windows) or [OFFICE]
    return lambda: PauseSchedule("hours", PauseScheduleArgs(**given)) and None


def made(*windows: RunningWindow, **args: Any) -> Graph:
    return plan(schedule(*windows, **args))


def window(days: str, start: str, end: str) -> RunningWindow:
    return RunningWindow(days=days, start=start, end=end)


def crons(graph: Graph) -> dict[str, str]:
    return {each["name"]: each["scheduleExpression"] for each in graph.of_type(SCHEDULE)}


def document(graph: Graph, name: str, key: str = "policy") -> Any:
    return json.loads(graph.named(name)[key])


# What is made


def test_it_is_a_pair_of_schedules_in_a_group_with_a_role_and_a_dead_letter_queue() -> None:
    assert children(made(), "hours") == [
        (ROLE, "hours-role"),
        (ROLE_POLICY, "hours-policy"),
        (SCHEDULE, "hours-pause"),
        (SCHEDULE, "hours-resume"),
        (GROUP, "hours-group"),
        (QUEUE, "hours-dead-letters"),
    ]


def test_a_schedule_is_sent_in_full() -> None:
    graph = made()
    assert graph.named("hours-pause").inputs == {
        "name": "pause",
        "groupName": "hours-stack",
        "description": "pause for hours-stack",
        "scheduleExpression": "cron(0 20 ? * MON-FRI *)",
        "scheduleExpressionTimezone": "Europe/Berlin",
        "state": "ENABLED",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
            "roleArn": graph.named("hours-role").outputs["arn"],
            "input": json.dumps({"ServiceArn": SERVICE_ARN}),
            "deadLetterConfig": {"arn": graph.the(QUEUE).outputs["arn"]},
            "retryPolicy": {"maximumEventAgeInSeconds": 1800, "maximumRetryAttempts": 20},
        },
    }


def test_each_schedule_calls_its_own_action() -> None:
    graph = made(deploy_minutes_after_resume=10)
    assert {each["name"]: each["target"]["arn"].rpartition(":")[2] for each in graph.of_type(SCHEDULE)} == {
        "pause": "pauseService",
        "resume": "resumeService",
        "deploy": "startDeployment",
    }


def test_a_service_made_in_the_same_program_is_paused_by_the_arn_that_it_gets() -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="orders-api", source_configuration={})
        PauseSchedule("hours", {"serviceArn": service.arn, "timezone": "UTC", "running": OFFICE})

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
    assert made(service_arn=arn).named("hours-pause")["target"]["arn"] == target
    assert run(late(arn)).named("hours-pause")["target"]["arn"] == target


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn")])
def test_a_first_preview_knows_the_target_of_a_new_service(region: str, partition: str) -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="orders-api", source_configuration={})
        PauseSchedule("hours", {"serviceArn": service.arn, "timezone": "UTC", "running": OFFICE})

    target = run(program, unknown=True, config={"aws:region": region}).named("hours-pause")["target"]
    assert target["arn"] == f"arn:{partition}:scheduler:::aws-sdk:apprunner:pauseService"


def late(arn: str) -> Callable[[], None]:
    return lambda: (
        PauseSchedule("hours", {"serviceArn": pulumi.Output.from_input(arn), "timezone": "UTC", "running": OFFICE})
        and None
    )


# The key of a dead-letter queue


def test_the_role_may_send_to_a_queue_that_a_customer_key_encrypts_through_sqs_only() -> None:
    graph = made(dead_letter_queue_arn=QUEUE_ARN, dead_letter_queue_kms_key_arn=KMS_KEY_ARN)
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
    for graph in (made(), made(dead_letter_queue_arn=QUEUE_ARN)):
        assert "kms" not in graph.named("hours-policy")["policy"]


def test_a_key_without_a_queue_of_ones_own_is_refused() -> None:
    assert problems(schedule(dead_letter_queue_kms_key_arn=KMS_KEY_ARN)) == {
        "dead_letter_queue_kms_key_arn": f"'{KMS_KEY_ARN}' is supported with dead_letter_queue_arn only. "
        "Remove it: SQS encrypts the queue that is created here"
    }


# When it fires


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([OFFICE], {"pause": "cron(0 20 ? * MON-FRI *)", "resume": "cron(0 8 ? * MON-FRI *)"}),
        (
            [window("daily", "06:30", "24:00")],
            {"pause": "cron(0 0 * * ? *)", "resume": "cron(30 6 * * ? *)"},
        ),
        (
            [window("Fri", "18:00", "02:00")],
            {"pause": "cron(0 2 ? * SAT *)", "resume": "cron(0 18 ? * FRI *)"},
        ),
        (
            [OFFICE, window("Sat,Sun", "10:00", "16:00")],
            {
                "pause-1600": "cron(0 16 ? * SUN,SAT *)",
                "pause-2000": "cron(0 20 ? * MON-FRI *)",
                "resume-0800": "cron(0 8 ? * MON-FRI *)",
                "resume-1000": "cron(0 10 ? * SUN,SAT *)",
            },
        ),
        (
            [window("Mon-Fri", "08:00", "12:00"), window("Mon-Fri", "12:00", "18:00")],
            {"pause": "cron(0 18 ? * MON-FRI *)", "resume": "cron(0 8 ? * MON-FRI *)"},
        ),
    ],
)
def test_windows_become_cron_expressions(windows: list[RunningWindow], expected: dict[str, str]) -> None:
    found = crons(made(*windows))
    assert {name: set(cron.replace("SUN,SAT", "SAT,SUN").split()) for name, cron in found.items()} == {
        name: set(cron.replace("SUN,SAT", "SAT,SUN").split()) for name, cron in expected.items()
    }


def test_a_single_window_needs_no_list() -> None:
    def program() -> None:
        PauseSchedule("hours", {"serviceArn": SERVICE_ARN, "timezone": "UTC", "running": vars(OFFICE)})

    assert crons(plan(program)) == crons(made(OFFICE))


def test_a_pair_of_cron_expressions_is_taken_as_it_is() -> None:
    pair = CronPair(pause=CRON.pause, resume=CRON.resume, deploy="cron(10 8 ? * MON-FRI *)")
    assert crons(made(cron=pair)) == {
        "pause": "cron(0 20 ? * MON-FRI *)",
        "resume": "cron(0 8 ? * MON-FRI *)",
        "deploy": "cron(10 8 ? * MON-FRI *)",
    }


def test_a_deployment_follows_each_resume_on_that_resumes_day() -> None:
    late = window("Fri", "23:55", "06:00")
    assert crons(made(late, deploy_minutes_after_resume=10))["deploy"] == "cron(5 0 ? * SAT *)"


def test_switched_off_it_stays_and_saves_nothing() -> None:
    graph = made(enabled=False)
    assert {each["state"] for each in graph.of_type(SCHEDULE)} == {"DISABLED"}
    assert children(graph, "hours") == children(made(), "hours")
    assert graph.named("hours").outputs["hoursSaved"] == 0


# Trying again


@pytest.mark.parametrize(
    ("windows", "minutes"),
    [
        ([OFFICE], 30),
        ([window("daily", "00:30", "00:00")], 15),
        ([window("daily", "12:00", "12:20")], 10),
        ([window("Mon-Fri", "08:00", "12:00"), window("Mon-Fri", "12:40", "18:00")], 20),
    ],
)
def test_a_late_pause_cannot_land_in_working_hours(windows: list[RunningWindow], minutes: int) -> None:
    for each in made(*windows).of_type(SCHEDULE):
        assert each["target"]["retryPolicy"]["maximumEventAgeInSeconds"] == minutes * 60


def test_even_a_pause_of_a_minute_is_over_before_its_last_try() -> None:
    """EventBridge Scheduler tries for at least 60 seconds, so such a schedule cannot be kept."""
    assert problems(schedule(window("daily", "00:01", "24:00")))


def test_a_retry_that_is_said_is_taken_if_it_fits() -> None:
    assert made(retry_minutes=5).named("hours-pause")["target"]["retryPolicy"]["maximumEventAgeInSeconds"] == 300
    assert problems(schedule(retry_minutes=720)) == {
        "retry_minutes": "720 is too long: a late pause could fall into working hours, give less than 720 "
        "(the shortest time between two events)"
    }


def test_a_deployment_after_the_next_pause_is_refused() -> None:
    assert problems(schedule(window("daily", "08:00", "08:30"), deploy_minutes_after_resume=30)) == {
        "deploy_minutes_after_resume": "30 comes after the next pause: a run lasts 30 minutes at the shortest"
    }


# Permissions


def test_only_this_groups_schedules_may_take_the_role() -> None:
    assert document(made(), "hours-role", "assumeRolePolicy") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "scheduler.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {
                        "aws:SourceAccount": "123456789012",
                        "aws:SourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule-group/hours-stack",
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
def test_the_role_may_do_what_the_schedules_do_to_this_service(args: dict[str, Any], actions: list[str]) -> None:
    graph = made(**args)
    assert document(graph, "hours-policy") == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": SERVICE_ARN},
            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": graph.the(QUEUE).outputs["arn"]},
        ],
    }


def test_no_schedule_is_made_before_its_role_may_act() -> None:
    graph = made()
    for each in graph.of_type(SCHEDULE):
        assert dependencies(graph, each) == ["hours-dead-letters", "hours-group", "hours-policy", "hours-role"]


def test_a_boundary_bounds_the_role() -> None:
    assert made(permissions_boundary=BOUNDARY_ARN).the(ROLE)["permissionsBoundary"] == BOUNDARY_ARN


def test_a_queue_of_the_users_own_takes_the_failed_calls() -> None:
    graph = made(dead_letter_queue_arn=QUEUE_ARN)
    assert not graph.of_type(QUEUE)
    assert graph.named("hours-pause")["target"]["deadLetterConfig"] == {"arn": QUEUE_ARN}
    assert document(graph, "hours-policy")["Statement"][1]["Resource"] == QUEUE_ARN
    assert graph.named("hours").outputs["deadLetterQueueArn"] == QUEUE_ARN


def test_the_queue_keeps_a_failed_call_for_two_weeks_and_encrypts_it() -> None:
    assert made().the(QUEUE).inputs == {
        "name": "hours-stack-dead-letters",
        "messageRetentionSeconds": 1_209_600,
        "sqsManagedSseEnabled": True,
        "tags": {},
    }


def test_tags_reach_everything_that_takes_them() -> None:
    graph = made(tags={"team": "orders"})
    assert [graph.the(each)["tags"] for each in (GROUP, QUEUE, ROLE)] == [{"team": "orders"}] * 3


# What it saves


@pytest.mark.parametrize(
    ("windows", "hours"),
    [
        ([OFFICE], 108),
        ([window("daily", "08:00", "20:00")], 84),
        ([window("Fri", "18:00", "02:00")], 160),
        ([OFFICE, window("Mon-Fri", "18:00", "22:00")], 98),
    ],
)
def test_it_says_how_many_hours_a_week_it_saves(windows: list[RunningWindow], hours: float) -> None:
    assert made(*windows).named("hours").outputs["hoursSaved"] == hours


def test_cron_expressions_say_it_too() -> None:
    assert made(cron=CRON).named("hours").outputs["hoursSaved"] == 108


def test_outputs_are_registered() -> None:
    graph = made()
    assert graph.named("hours").outputs == {
        "hoursSaved": 108,
        "roleArn": graph.the(ROLE).outputs["arn"],
        "deadLetterQueueArn": graph.the(QUEUE).outputs["arn"],
    }


# What is refused


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            {"timezone": "Berlin"},
            {
                "timezone": "'Berlin' is not a time zone: give its IANA name, such as Europe/Berlin, "
                "America/New_York or UTC"
            },
        ),
        ({"cron": CRON, "running": [OFFICE]}, {"cron": "cannot stand beside running: give one"}),
        ({"running": None}, {"cron": "is missing, and so is running: give one"}),
        (
            {"running": [window("Mon-Sun", "00:00", "24:00")]},
            {"running": "the windows cover the whole week, so there is nothing to pause: leave the schedule out"},
        ),
        (
            {"running": [window("Mon-Fry", "8:00", "25:00")]},
            {
                "running[0].days": '"Mon-Fry" is not possible for days: write Mon, Tue, Wed, Thu, Fri, Sat or Sun, '
                "a range (Mon-Fri, Fri-Mon), a list (Sat,Sun) or daily",
                "running[0].start": '"8:00" is not a time of day: write HH:MM from "00:00" to "23:59", such as "08:00"',
                "running[0].end": '"25:00" is not a time of day: write HH:MM from "00:00" to "24:00", such as "20:00"',
            },
        ),
        (
            {"cron": CRON, "running": None, "deploy_minutes_after_resume": 10},
            {"deploy_minutes_after_resume": "10 goes with running: beside cron give cron.deploy, a cron expression"},
        ),
    ],
)
def test_hours_are_refused_that_are_none(args: dict[str, Any], expected: dict[str, str]) -> None:
    given = {"service_arn": SERVICE_ARN, "timezone": "UTC", "running": [OFFICE]} | args
    assert problems(lambda: PauseSchedule("hours", PauseScheduleArgs(**given))) == expected


def test_protect_reaches_every_child() -> None:
    def program() -> None:
        args = PauseScheduleArgs(service_arn=SERVICE_ARN, timezone="UTC", running=[OFFICE])
        PauseSchedule("hours", args, pulumi.ResourceOptions(protect=True))

    assert all(child.protect for child in run(program).children("hours"))
