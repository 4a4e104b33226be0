"""What Scheduler holds after `up`, executed as Scheduler would: under the schedule's role, again and again in its time.

The tests share one stack: a service with its hours, and one whose schedule is disabled.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed, trusts
from apprunner_local.schedules import due, fire
from engine import programs
from engine.stack import Stack

pytestmark = pytest.mark.xdist_group("schedules")

GROUP, SWITCHED_OFF = "trial-api-hours-test", "trial-admin-hours-test"
WINDOW = 30 * 60
"""The default time, in seconds, for which a call is retried."""


@pytest.fixture(scope="module")
def aws(lasting_aws: LocalAws, lasting_trial: Callable[[str], Stack]) -> LocalAws:
    """Return the account in which the stack is up."""
    ran = lasting_trial(
        programs.program(
            programs.service("api"),
            programs.service("admin"),
            programs.schedule("api", deploy_minutes_after_resume=10),
            programs.schedule("admin", enabled=False),
        )
    ).up()
    assert ran.ok, ran.output
    return lasting_aws


@pytest.fixture
def api(aws: LocalAws) -> str:
    """Return the ARN of the service that has hours; it runs."""
    arn = arn_of(aws, "trial-api-test")
    if status(aws, arn) == "PAUSED":
        aws.client("apprunner").resume_service(ServiceArn=arn)
        pass_time(aws)
    return arn


@pytest.fixture
def admin(aws: LocalAws) -> str:
    """Return the ARN of the other service."""
    return arn_of(aws, "trial-admin-test")


def arn_of(aws: LocalAws, name: str) -> str:
    listed = aws.client("apprunner").list_services()["ServiceSummaryList"]
    return next(each["ServiceArn"] for each in listed if each["ServiceName"] == name)


def status(aws: LocalAws, service: str) -> str:
    return aws.client("apprunner").describe_service(ServiceArn=service)["Service"]["Status"]


def operations(aws: LocalAws, service: str) -> list[str]:
    listed = aws.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"]
    return [each["Type"] for each in reversed(listed)]


def pass_time(aws: LocalAws, seconds: float = 60) -> None:
    aws.plane.clock.move(seconds)


def role_of(aws: LocalAws, group: str, name: str = "pause") -> str:
    return aws.client("scheduler").get_schedule(GroupName=group, Name=name)["Target"]["RoleArn"]


def berlin(*day: int) -> float:
    year, month, date = day
    return datetime(year, month, date, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def test_hours_are_those_of_the_clock_on_the_wall_when_summer_time_begins(aws: LocalAws) -> None:
    week = due(aws, berlin(2026, 3, 27), berlin(2026, 3, 31))  # the clock goes forward on the 29th
    assert [f"{datetime.fromtimestamp(each.at, UTC):%a %d %H:%M} {each.name}" for each in week] == [
        "Fri 27 07:00 resume",
        "Fri 27 07:10 deploy",
        "Fri 27 19:00 pause",
        "Mon 30 06:00 resume",
        "Mon 30 06:10 deploy",
        "Mon 30 18:00 pause",
    ]


def test_the_right_service_is_paused_and_resumed_and_the_other_stays_as_it_is(
    aws: LocalAws, api: str, admin: str
) -> None:
    before = operations(aws, admin)
    assert fire(aws, GROUP, "pause").outcome == "done"
    pass_time(aws)
    assert (status(aws, api), status(aws, admin)) == ("PAUSED", "RUNNING")
    assert fire(aws, GROUP, "resume").outcome == "done"
    pass_time(aws)
    assert status(aws, api) == "RUNNING"
    assert operations(aws, admin) == before


def test_what_was_pushed_at_night_runs_after_the_deployment_that_follows_the_resume(aws: LocalAws, api: str) -> None:
    def version() -> int:
        running = aws.plane.deployed(api)
        assert running
        return running[1]

    before = version()
    fire(aws, GROUP, "pause")
    pass_time(aws)
    aws.plane.push(programs.PUBLIC_IMAGE)
    fire(aws, GROUP, "resume")
    pass_time(aws)
    assert version() == before
    assert fire(aws, GROUP, "deploy").outcome == "done"
    pass_time(aws)
    assert version() == before + 1


def test_a_call_during_a_deployment_is_tried_again_in_its_window_and_passes(aws: LocalAws, api: str) -> None:
    aws.plane.faults.give(Fault.slow("StartDeployment", WINDOW / 2))
    aws.client("apprunner").start_deployment(ServiceArn=api)
    began = aws.plane.clock.now()
    fired = fire(aws, GROUP, "pause")
    assert (fired.outcome, fired.attempts > 1) == ("done", True)
    assert WINDOW / 2 < aws.plane.clock.now() - began < WINDOW
    pass_time(aws)
    assert status(aws, api) == "PAUSED"


def test_a_call_that_cannot_be_done_in_its_window_goes_into_the_queue(aws: LocalAws, api: str) -> None:
    aws.plane.faults.give(Fault.slow("StartDeployment", 2 * WINDOW))
    aws.client("apprunner").start_deployment(ServiceArn=api)
    began = aws.plane.clock.now()
    assert fire(aws, GROUP, "pause").outcome == "dead-lettered"
    assert aws.plane.clock.now() - began <= WINDOW + 60  # the clock flows, too
    pass_time(aws, 2 * WINDOW)
    assert status(aws, api) == "RUNNING"
    sqs = aws.client("sqs")
    queue = sqs.get_queue_url(QueueName="trial-api-hours-test-dead-letters")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"]) == {"ServiceArn": api}
    assert "InvalidStateException" in message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


@pytest.mark.parametrize("action", ["PauseService", "ResumeService", "StartDeployment"])
def test_the_role_may_do_what_its_schedules_do_and_that_to_its_service_only(
    aws: LocalAws, api: str, admin: str, action: str
) -> None:
    iam, role = aws.client("iam"), role_of(aws, GROUP)
    assert allowed(iam, role, f"apprunner:{action}", api)
    assert not allowed(iam, role, f"apprunner:{action}", admin)
    assert not allowed(iam, role, f"apprunner:{action}", "*")


@pytest.mark.parametrize(
    "action",
    [
        "apprunner:DeleteService",
        "apprunner:UpdateService",
        "apprunner:AssociateCustomDomain",
        "apprunner:DisassociateCustomDomain",
        "apprunner:TagResource",
        "iam:PassRole",
    ],
)
def test_the_role_may_do_nothing_else_to_its_service(aws: LocalAws, api: str, action: str) -> None:
    assert not allowed(aws.client("iam"), role_of(aws, GROUP), action, api)


def test_a_role_whose_schedules_deploy_nothing_may_not_deploy(aws: LocalAws, admin: str) -> None:
    iam, role = aws.client("iam"), role_of(aws, SWITCHED_OFF)
    assert allowed(iam, role, "apprunner:PauseService", admin)
    assert not allowed(iam, role, "apprunner:StartDeployment", admin)


@pytest.mark.parametrize(("group", "trusted"), [(GROUP, True), (SWITCHED_OFF, False)])
def test_only_its_own_groups_schedules_may_take_the_role(aws: LocalAws, group: str, trusted: bool) -> None:
    source = aws.client("scheduler").get_schedule_group(Name=group)["Arn"]
    context = {"aws:SourceArn": source, "aws:SourceAccount": "123456789012"}
    assert trusts(aws.client("iam"), role_of(aws, GROUP), "scheduler.amazonaws.com", context) is trusted


def test_a_disabled_schedule_exists_and_never_fires(aws: LocalAws) -> None:
    kept = aws.client("scheduler").list_schedules(GroupName=SWITCHED_OFF)["Schedules"]
    assert {each["Name"] for each in kept} == {"pause", "resume"}
    month = due(aws, berlin(2026, 3, 1), berlin(2026, 4, 1))
    assert {each.group for each in month} == {GROUP}
