"""The schedules after `up`, executed as Scheduler does: with the schedule's role, and retried within their window.

The tests share one stack: a service with a schedule, and one whose schedule is disabled.
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

GROUP, DISABLED = "trial-api-hours-test", "trial-admin-hours-test"
WINDOW = 30 * 60
"""The default time, in seconds, for which a call is retried."""


@pytest.fixture(scope="module")
def aws(lasting_aws: LocalAws, lasting_trial: Callable[[str], Stack]) -> LocalAws:
    """Return the account with the stack."""
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
    """Return the ARN of the service with the enabled schedule; it runs."""
    arn = arn_of(aws, "trial-api-test")
    if status(aws, arn) == "PAUSED":
        aws.client("apprunner").resume_service(ServiceArn=arn)
        pass_time(aws)
    return arn


@pytest.fixture
def admin(aws: LocalAws) -> str:
    """Return the ARN of the service with the disabled schedule."""
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


def test_hours_follow_local_time_when_summer_time_begins(aws: LocalAws) -> None:
    week = due(aws, berlin(2026, 3, 27), berlin(2026, 3, 31))  # the clock goes forward on the 29th
    assert [f"{datetime.fromtimestamp(each.at, UTC):%a %d %H:%M} {each.name}" for each in week] == [
        "Fri 27 07:00 resume",
        "Fri 27 07:10 deploy",
        "Fri 27 19:00 pause",
        "Mon 30 06:00 resume",
        "Mon 30 06:10 deploy",
        "Mon 30 18:00 pause",
    ]


def test_only_the_scheduled_service_is_paused_and_resumed(aws: LocalAws, api: str, admin: str) -> None:
    before = operations(aws, admin)
    assert fire(aws, GROUP, "pause").outcome == "done"
    pass_time(aws)
    assert (status(aws, api), status(aws, admin)) == ("PAUSED", "RUNNING")
    assert fire(aws, GROUP, "resume").outcome == "done"
    pass_time(aws)
    assert status(aws, api) == "RUNNING"
    assert operations(aws, admin) == before


def test_an_image_pushed_during_the_pause_runs_after_the_scheduled_deployment(aws: LocalAws, api: str) -> None:
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


def test_a_call_during_a_deployment_is_retried_in_its_window_and_succeeds(aws: LocalAws, api: str) -> None:
    aws.plane.faults.inject(Fault.slow("StartDeployment", WINDOW / 2))
    aws.client("apprunner").start_deployment(ServiceArn=api)
    began = aws.plane.clock.now()
    fired = fire(aws, GROUP, "pause")
    assert (fired.outcome, fired.attempts > 1) == ("done", True)
    assert WINDOW / 2 < aws.plane.clock.now() - began < WINDOW
    pass_time(aws)
    assert status(aws, api) == "PAUSED"


def test_a_call_that_fails_for_its_whole_window_is_sent_to_the_dead_letter_queue(aws: LocalAws, api: str) -> None:
    aws.plane.faults.inject(Fault.slow("StartDeployment", 2 * WINDOW))
    aws.client("apprunner").start_deployment(ServiceArn=api)
    began = aws.plane.clock.now()
    assert fire(aws, GROUP, "pause").outcome == "dead-lettered"
    assert aws.plane.clock.now() - began <= WINDOW + 60  # the clock also advances in real time
    pass_time(aws, 2 * WINDOW)
    assert status(aws, api) == "RUNNING"
    sqs = aws.client("sqs")
    queue = sqs.get_queue_url(QueueName="trial-api-hours-test-dead-letters")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"]) == {"ServiceArn": api}
    assert "InvalidStateException" in message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


@pytest.mark.parametrize("action", ["PauseService", "ResumeService", "StartDeployment"])
def test_the_role_allows_the_actions_of_its_schedules_on_its_service_only(
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
def test_the_role_allows_no_other_action_on_its_service(aws: LocalAws, api: str, action: str) -> None:
    assert not allowed(aws.client("iam"), role_of(aws, GROUP), action, api)


def test_a_role_without_a_deploy_schedule_does_not_allow_deployments(aws: LocalAws, admin: str) -> None:
    iam, role = aws.client("iam"), role_of(aws, DISABLED)
    assert allowed(iam, role, "apprunner:PauseService", admin)
    assert not allowed(iam, role, "apprunner:StartDeployment", admin)


@pytest.mark.parametrize(("group", "trusted"), [(GROUP, True), (DISABLED, False)])
def test_only_schedules_of_the_roles_group_can_assume_it(aws: LocalAws, group: str, trusted: bool) -> None:
    source = aws.client("scheduler").get_schedule_group(Name=group)["Arn"]
    context = {"aws:SourceArn": source, "aws:SourceAccount": "123456789012"}
    assert trusts(aws.client("iam"), role_of(aws, GROUP), "scheduler.amazonaws.com", context) is trusted


def test_a_disabled_schedule_exists_and_never_fires(aws: LocalAws) -> None:
    listed = aws.client("scheduler").list_schedules(GroupName=DISABLED)["Schedules"]
    assert {each["Name"] for each in listed} == {"pause", "resume"}
    month = due(aws, berlin(2026, 3, 1), berlin(2026, 4, 1))
    assert {each.group for each in month} == {GROUP}
