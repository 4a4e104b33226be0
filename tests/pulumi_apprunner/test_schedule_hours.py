"""The times of a pause schedule, the retries of its calls, and the hours that it saves."""

from typing import Any

import pytest

from plans import children, plan, problems
from pulumi_apprunner import CronPair, PauseSchedule, PauseScheduleArgs, RunningWindow
from pulumi_apprunner.testing import Graph
from samples import SERVICE_ARN
from schedules import CRON, OFFICE, SCHEDULE, schedule, schedule_graph, window


def crons(graph: Graph) -> dict[str, str]:
    return {each["name"]: each["scheduleExpression"] for each in graph.all(SCHEDULE)}


# Times


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
    expressions = crons(schedule_graph(*windows))
    assert {name: set(cron.replace("SUN,SAT", "SAT,SUN").split()) for name, cron in expressions.items()} == {
        name: set(cron.replace("SUN,SAT", "SAT,SUN").split()) for name, cron in expected.items()
    }


def test_a_single_window_needs_no_list() -> None:
    def program() -> None:
        PauseSchedule("hours", {"service_arn": SERVICE_ARN, "timezone": "UTC", "running": OFFICE})

    assert crons(plan(program)) == crons(schedule_graph(OFFICE))


def test_cron_expressions_are_not_changed() -> None:
    pair = CronPair(pause=CRON.pause, resume=CRON.resume, deploy="cron(10 8 ? * MON-FRI *)")
    assert crons(schedule_graph(cron=pair)) == {
        "pause": "cron(0 20 ? * MON-FRI *)",
        "resume": "cron(0 8 ? * MON-FRI *)",
        "deploy": "cron(10 8 ? * MON-FRI *)",
    }


def test_a_deployment_follows_each_resume_on_that_resumes_day() -> None:
    late = window("Fri", "23:55", "06:00")
    assert crons(schedule_graph(late, deploy_minutes_after_resume=10))["deploy"] == "cron(5 0 ? * SAT *)"


def test_disabled_schedules_are_created_and_save_no_hours() -> None:
    graph = schedule_graph(enabled=False)
    assert {each["state"] for each in graph.all(SCHEDULE)} == {"DISABLED"}
    assert children(graph, "hours") == children(schedule_graph(), "hours")
    assert graph.named("hours").outputs["hoursSavedPerWeek"] == 0


# Retries


@pytest.mark.parametrize(
    ("windows", "minutes"),
    [
        ([OFFICE], 30),
        ([window("daily", "00:30", "00:00")], 15),
        ([window("daily", "12:00", "12:20")], 10),
        ([window("Mon-Fri", "08:00", "12:00"), window("Mon-Fri", "12:40", "18:00")], 20),
    ],
)
def test_a_late_pause_cannot_happen_in_running_hours(windows: list[RunningWindow], minutes: int) -> None:
    for each in schedule_graph(*windows).all(SCHEDULE):
        assert each["target"]["retryPolicy"]["maximumEventAgeInSeconds"] == minutes * 60


def test_a_pause_that_is_shorter_than_its_retries_is_an_error() -> None:
    """EventBridge Scheduler retries for at least 60 seconds."""
    assert problems(schedule(window("daily", "00:01", "24:00")))


def test_retry_minutes_that_fit_are_used() -> None:
    assert (
        schedule_graph(retry_minutes=5).named("hours-pause")["target"]["retryPolicy"]["maximumEventAgeInSeconds"] == 300
    )
    assert problems(schedule(retry_minutes=720)) == {
        "retry_minutes": "must be less than 720 minutes, the shortest time between two events, got 720. "
        "A late pause could stop the service while it should run"
    }


def test_a_deployment_after_the_next_pause_is_an_error() -> None:
    assert problems(schedule(window("daily", "08:00", "08:30"), deploy_minutes_after_resume=30)) == {
        "deploy_minutes_after_resume": "must be less than 30 minutes, the shortest run, got 30. "
        "The deployment would start after the next pause"
    }


# Saved hours


@pytest.mark.parametrize(
    ("windows", "hours"),
    [
        ([OFFICE], 108),
        ([window("daily", "08:00", "20:00")], 84),
        ([window("Fri", "18:00", "02:00")], 160),
        ([OFFICE, window("Mon-Fri", "18:00", "22:00")], 98),
    ],
)
def test_hours_saved_per_week_of_windows(windows: list[RunningWindow], hours: float) -> None:
    assert schedule_graph(*windows).named("hours").outputs["hoursSavedPerWeek"] == hours


def test_hours_saved_per_week_of_cron_expressions() -> None:
    assert schedule_graph(cron=CRON).named("hours").outputs["hoursSavedPerWeek"] == 108


# Errors


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            {"timezone": "Berlin"},
            {"timezone": 'must be an IANA time zone such as Europe/Berlin, America/New_York or UTC, got "Berlin"'},
        ),
        (
            {"timezone": "localtime"},
            {"timezone": 'must be an IANA time zone such as Europe/Berlin, America/New_York or UTC, got "localtime"'},
        ),
        ({"cron": CRON, "running": [OFFICE]}, {"cron": "must not be set together with running. Remove one of them"}),
        ({"running": None}, {"cron": "running or cron is required. Set one of them"}),
        (
            {"running": [window("Mon-Sun", "00:00", "24:00")]},
            {"running": "the windows cover the whole week, so the service is never paused. Remove the schedule"},
        ),
        (
            {"running": [window("Mon-Fry", "8:00", "25:00")]},
            {
                "running[0].days": "must be Mon, Tue, Wed, Thu, Fri, Sat, Sun, a range (Mon-Fri, Fri-Mon), "
                'a list (Sat,Sun) or daily, got "Mon-Fry"',
                "running[0].start": 'must be HH:MM from "00:00" to "23:59", such as "08:00", got "8:00"',
                "running[0].end": 'must be HH:MM from "00:00" to "24:00", such as "20:00", got "25:00"',
            },
        ),
        (
            {"cron": CRON, "running": None, "deploy_minutes_after_resume": 10},
            {
                "deploy_minutes_after_resume": "must not be set together with cron, got 10. "
                "Set cron.deploy, a cron expression, instead"
            },
        ),
    ],
)
def test_invalid_hours_are_an_error(args: dict[str, Any], expected: dict[str, str]) -> None:
    all_args = {"service_arn": SERVICE_ARN, "timezone": "UTC", "running": [OFFICE]} | args
    assert problems(lambda: PauseSchedule("hours", PauseScheduleArgs(**all_args))) == expected
