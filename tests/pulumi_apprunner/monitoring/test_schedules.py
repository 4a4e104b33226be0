"""The schedules of a monitored service: its alarms notify nobody during a pause."""

import json
from typing import Any

import pytest

from monitored import ALARM, monitoring, monitoring_graph
from plans import children, dependencies, problems
from pulumi_apprunner.testing import Graph
from samples import BOUNDARY_ARN
from schedules import SCHEDULE
from services import ROLE, document

OFFICE = {"timezone": "Europe/Berlin", "running": {"days": "Mon-Fri", "start": "08:00", "end": "20:00"}}
CRON = {"pause": "cron(0 20 * * ? *)", "resume": "cron(0 8 * * ? *)"}
GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"


def schedules(graph: Graph) -> dict[str, tuple[str, str]]:
    """Return the times and the target of each schedule by its name."""
    return {
        each["name"]: (each["scheduleExpression"], each["target"]["arn"].partition("aws-sdk:")[2])
        for each in graph.all(SCHEDULE)
    }


# Resources


def test_there_are_no_schedules_without_a_pause() -> None:
    graph = monitoring_graph()
    assert not [each for type in (SCHEDULE, GROUP, ROLE) for each in graph.all(type)]


def test_a_pause_has_two_schedules_a_group_and_a_role() -> None:
    graph = monitoring_graph(pause=OFFICE)
    names = [name for type, name in children(graph, "monitoring") if type != ALARM]
    assert [name for name in names if "-alarms" in name or "schedules" in name] == [
        "monitoring-schedules-role",
        "monitoring-schedules-policy",
        "monitoring-disable-alarms",
        "monitoring-enable-alarms",
        "monitoring-schedules",
    ]
    assert "monitoring-schedules-policy" in dependencies(graph, graph.named("monitoring-enable-alarms"))


def test_a_pause_disables_the_alarms_actions_and_a_resume_enables_them_ten_minutes_later() -> None:
    graph = monitoring_graph(pause=OFFICE)
    assert schedules(graph) == {
        "disable-alarms": ("cron(0 20 ? * MON-FRI *)", "cloudwatch:disableAlarmActions"),
        "enable-alarms": ("cron(10 8 ? * MON-FRI *)", "cloudwatch:enableAlarmActions"),
    }
    for each in graph.all(SCHEDULE):
        assert each["scheduleExpressionTimezone"] == "Europe/Berlin"
        assert json.loads(each["target"]["input"]) == {"AlarmNames": [alarm["name"] for alarm in graph.all(ALARM)]}


def test_after_a_short_run_the_actions_are_enabled_halfway() -> None:
    running = {"days": "daily", "start": "08:00", "end": "08:10"}
    graph = monitoring_graph(pause={"timezone": "UTC", "running": running})
    assert schedules(graph)["enable-alarms"][0] == "cron(5 8 * * ? *)"


def test_several_windows_have_a_schedule_for_each_time() -> None:
    running = [
        {"days": "Mon-Thu", "start": "08:00", "end": "18:30"},
        {"days": "Fri", "start": "08:00", "end": "16:00"},
    ]
    names = sorted(schedules(monitoring_graph(pause={"timezone": "UTC", "running": running})))
    assert names == ["disable-alarms-1600", "disable-alarms-1830", "enable-alarms"]


@pytest.mark.parametrize(
    ("cron", "enabled_at"),
    [(CRON, CRON["resume"]), ({**CRON, "deploy": "cron(20 8 * * ? *)"}, "cron(20 8 * * ? *)")],
)
def test_with_cron_expressions_a_resume_or_deployment_enables_the_actions(cron: Any, enabled_at: str) -> None:
    graph = monitoring_graph(pause={"timezone": "UTC", "cron": cron})
    assert {name: times for name, (times, _) in schedules(graph).items()} == {
        "disable-alarms": CRON["pause"],
        "enable-alarms": enabled_at,
    }


def test_a_disabled_pause_has_disabled_schedules() -> None:
    graph = monitoring_graph(pause={**OFFICE, "enabled": False})
    states = {each["name"]: each["state"] for each in graph.all(SCHEDULE)}
    assert states == {"disable-alarms": "DISABLED", "enable-alarms": "DISABLED"}


@pytest.mark.parametrize(("pause", "ignored"), [(None, ()), (OFFICE, ("actionsEnabled",))])
def test_updates_keep_the_actions_that_a_schedule_disabled(pause: Any, ignored: tuple[str, ...]) -> None:
    for each in monitoring_graph(pause=pause).all(ALARM):
        assert tuple(each.ignore_changes) == ignored


def test_without_alarms_a_pause_needs_no_schedules() -> None:
    keys = ("server_errors", "server_error_rate", "client_error_rate", "latency", "active_instances", "cpu", "memory")
    graph = monitoring_graph(pause=OFFICE, alarms={key: {"enabled": False} for key in keys})
    assert schedules(graph) == {}


# Permissions


def test_the_role_allows_the_calls_on_the_alarms_only() -> None:
    graph = monitoring_graph(pause=OFFICE)
    assert document(graph, "monitoring-schedules-policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"],
            "Resource": [alarm.outputs["arn"] for alarm in graph.all(ALARM)],
        },
    ]


def test_only_schedules_of_this_group_may_assume_the_role() -> None:
    (statement,) = document(monitoring_graph(pause=OFFICE), "monitoring-schedules-role", "assumeRolePolicy")[
        "Statement"
    ]
    assert statement["Condition"]["StringEquals"]["aws:SourceArn"].endswith(":schedule-group/project-monitoring-stack")


def test_the_role_has_the_permissions_boundary() -> None:
    graph = monitoring_graph(pause=OFFICE, permissions_boundary=BOUNDARY_ARN)
    assert graph.one(ROLE)["permissionsBoundary"] == BOUNDARY_ARN


# Errors


def test_the_alarms_must_notify_again_before_the_next_pause() -> None:
    assert problems(monitoring(pause={**OFFICE, "enable_minutes_after_resume": 720})) == {
        "pause.enable_minutes_after_resume": "must be less than 720 minutes, the shortest run, got 720. The alarms "
        "would notify during the next pause"
    }


def test_an_empty_tag_value_is_an_error() -> None:
    assert "must not be empty" in problems(monitoring(tags={"team": ""}))["tags.team"]
