"""The verification of a service's deployments, and its reports."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import paused, running
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedService
from pulumi_apprunner.lifecycle.calls import Operation, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.runs import Case, Run
from pulumi_apprunner.lifecycle.verification import outcome, problems
from pulumi_apprunner.offline.sdk import await_result

Verify = Callable[..., str | None]

OLD, NEW = {"Cpu": "1024", "Memory": "2048"}, {"Cpu": "2048", "Memory": "4096"}
WANTED = {"instance_configuration": {"cpu": "2048", "memory": "4096"}}


@pytest.fixture
def verify(own_account: None, plane: AppRunner, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Return a function that verifies a service and returns its problem. The log of a service has two lines."""
    monkeypatch.setattr("pulumi.log.info", lambda text: None)

    def log_tail(self: ServiceCalls, deployment: Operation) -> list[str]:
        return ["one", "two"]

    monkeypatch.setattr(ServiceCalls, "log_tail", log_tail)

    def verify_service(
        arn: str,
        preview: Deadline | None = None,
        wanted: dict[str, Any] = WANTED,
        run: Run | None = None,
        **settings: Any,
    ) -> str | None:
        return await_result(outcome(run or Run(), case(arn, wanted=wanted, **settings), preview))

    return verify_service


def case(arn: str, name: str = "orders", wanted: dict[str, Any] = WANTED, **settings: Any) -> Case:
    return Case(WatchedService(name, Lifecycle(**settings), Access(), wanted), arn)


def roll_back(client: Any, plane: AppRunner, arn: str, shows: Any = "old") -> None:
    plane.faults.inject(Fault.roll_back(shows=shows))
    client.update_service(ServiceArn=arn, InstanceConfiguration=NEW)
    plane.clock.move(60)


def deploy(client: Any, plane: AppRunner, arn: str) -> None:
    client.start_deployment(ServiceArn=arn)
    plane.clock.move(60)


def test_a_deployment_that_succeeded_is_no_problem(client: Any, plane: AppRunner, verify: Verify) -> None:
    assert verify(running(client, plane)) is None


def test_a_deployment_in_progress_is_waited_for(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    client.start_deployment(ServiceArn=arn)
    assert "START_DEPLOYMENT" in (verify(arn) or "")


def test_a_preview_does_not_wait(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    client.start_deployment(ServiceArn=arn)
    assert verify(arn, preview=Deadline(15)) is None


def test_a_deployment_that_does_not_end_is_a_failure(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.slow("StartDeployment", 3600))
    client.start_deployment(ServiceArn=arn)
    assert "must end within 2 minutes, but is still in progress" in (verify(arn, timeout_minutes=2) or "")


def test_a_failure_is_reported_with_its_log_and_a_fix(client: Any, plane: AppRunner, verify: Verify) -> None:
    plane.faults.inject(Fault.fail_create())
    report = verify(running(client, plane)) or ""
    assert "CREATE_SERVICE" in report
    assert "ended FAILED: the service never ran" in report
    assert "    one\n    two\n" in report
    assert "APPRUNNER_VERIFY=off" in report


@pytest.mark.parametrize("by", ["a pushed image", "a schedule"])
def test_a_later_deployment_of_the_old_settings_does_not_hide_a_rollback(
    client: Any, plane: AppRunner, verify: Verify, by: str
) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    if by == "a schedule":  # it pauses at night, and resumes and deploys in the morning
        client.pause_service(ServiceArn=arn)
        plane.clock.move(20)
        client.resume_service(ServiceArn=arn)
        plane.clock.move(40)
    deploy(client, plane, arn)
    report = verify(arn) or ""
    assert "UPDATE_SERVICE of" in report
    assert "ended ROLLBACK_SUCCEEDED: the version before it runs" in report
    assert "the START_DEPLOYMENT since then did not deploy the settings that this program wants" in report


@pytest.mark.parametrize("shows", ["old", "new"])
def test_a_later_deployment_clears_a_rollback_if_the_service_has_the_wanted_settings(
    client: Any, plane: AppRunner, verify: Verify, shows: str
) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn, shows)
    deploy(client, plane, arn)
    described = {"cpu": OLD["Cpu"], "memory": OLD["Memory"]} if shows == "old" else WANTED["instance_configuration"]
    assert verify(arn, wanted={"instance_configuration": described}) is None


def test_a_rollback_without_a_later_deployment_is_not_cleared_by_the_services_settings(
    client: Any, plane: AppRunner, verify: Verify
) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn, "new")
    assert "ROLLBACK_SUCCEEDED" in (verify(arn) or "")


def test_a_report_on_a_failed_rollback_names_no_running_version(
    client: Any, plane: AppRunner, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    operations = ServiceCalls.operations
    monkeypatch.setattr(
        ServiceCalls,
        "operations",
        lambda self: (
            each._replace(status="ROLLBACK_FAILED") if each.changes_settings else each for each in operations(self)
        ),
    )
    report = verify(arn) or ""
    assert "ended ROLLBACK_FAILED: the log shows which version runs" in report


def test_unknown_settings_do_not_clear_a_rollback(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    deploy(client, plane, arn)
    assert "ROLLBACK_SUCCEEDED" in (verify(arn, wanted={}) or "")


def test_a_failed_deployment_after_a_successful_update_is_a_failure(
    client: Any, plane: AppRunner, verify: Verify
) -> None:
    arn = running(client, plane)
    client.update_service(ServiceArn=arn, InstanceConfiguration=NEW)
    plane.clock.move(60)
    plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    deploy(client, plane, arn)
    assert "START_DEPLOYMENT of" in (verify(arn) or "")


def test_a_later_successful_update_clears_a_rollback(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    client.update_service(ServiceArn=arn, InstanceConfiguration=NEW)
    plane.clock.move(60)
    assert verify(arn) is None


def test_a_service_that_was_deleted_outside_of_pulumi_is_an_error(
    client: Any, plane: AppRunner, verify: Verify
) -> None:
    arn = running(client, plane)
    client.delete_service(ServiceArn=arn)
    plane.clock.move(3600)
    assert "pulumi up --refresh" in (verify(arn) or "")
    assert "does not exist any more" in (verify(arn[:-8] + "00000000") or "")


def test_a_service_that_this_run_deleted_is_no_error(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    run = Run()
    run.started = datetime.fromtimestamp(plane.clock.now(), UTC)
    client.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert verify(arn, run=run) is None


def test_a_failure_that_was_reported_already_has_no_log(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    run = Run()
    run.reported.add(arn)
    report = verify(arn, run=run) or ""
    assert "ended ROLLBACK_SUCCEEDED" in report
    assert "    one" not in report


def verify_all(*cases: Case, preview: Deadline | None = None) -> list[str]:
    return await_result(problems(Run(), cases, preview))


@pytest.mark.usefixtures("verify")
def test_a_failed_lookup_is_an_error_only_if_verification_is_required(
    client: Any, plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", warnings.append)
    arn = running(client, plane)
    plane.faults.inject(Fault.error("ListOperations", "AccessDeniedException", "not you", times=99))
    default = case(arn)
    required = case(arn, verify_deployment="required")
    assert verify_all(default) == []
    assert len(warnings) == 1
    assert verify_all(default, preview=Deadline(15)) == []
    assert len(warnings) == 1  # a preview prints no warning
    (problem,) = verify_all(required)
    assert problem.startswith("AppRunnerService 'orders': could not read its deployments:")
    assert "AccessDeniedException" in problem
    monkeypatch.setenv("APPRUNNER_VERIFY", "required")
    assert verify_all(default) == [problem]


@pytest.mark.usefixtures("verify")
def test_an_unexpected_exception_for_one_service_does_not_hide_the_others(
    client: Any, plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", warnings.append)
    arn = running(client, plane)
    roll_back(client, plane, arn)
    assert len(verify_all(case("arn:aws:apprunner:no-arn", "broken"), case(arn))) == 1
    assert warnings[0].startswith("AppRunnerService 'broken': could not read its deployments: ValueError")


@pytest.mark.usefixtures("verify")
def test_one_service_that_cannot_be_looked_up_does_not_hide_the_others(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    roll_back(client, plane, arn)
    other = running(client, plane, "other")
    plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", "no", on=other, times=9))
    texts = verify_all(case(other, "a"), case(arn, "b"))
    assert [text.split(":")[0] for text in texts] == ["AppRunnerService 'b'"]


def test_a_paused_service_is_verified_without_being_resumed(client: Any, plane: AppRunner, verify: Verify) -> None:
    arn = paused(client, plane)
    plane.calls.clear()
    assert verify(arn) is None
    assert {call.operation for call in plane.calls} == {"DescribeService", "ListOperations"}
