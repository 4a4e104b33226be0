"""What a service's last deployment is judged to be, and what is said of one that failed."""

from collections.abc import Callable
from typing import Any

import pytest

from localaws.apprunner import AppRunner, Fault
from localaws_tests.asking import running
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, verdict
from pulumi_apprunner.lifecycle.calls import Operation, ServiceCalls
from pulumi_apprunner.testing.sdk import finished

Judge = Callable[..., str | None]


@pytest.fixture
def judge(calls: Callable[[str], ServiceCalls], monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Return what says what is wrong with a service's last deployment; its log holds two lines."""
    monkeypatch.setattr("pulumi.log.info", lambda text: None)

    def log_tail(self: ServiceCalls, deployment: Operation) -> list[str]:
        return ["one", "two"]

    monkeypatch.setattr(ServiceCalls, "log_tail", log_tail)

    def judged(arn: str, wait: bool = True, **said: Any) -> str | None:
        case = verdict._Case("AppRunnerService 'orders'", arn, Lifecycle(**said), Access())
        return finished(verdict._outcome(case, calls(arn), wait))

    return judged


def test_a_deployment_that_succeeded_is_well(client: Any, plane: AppRunner, judge: Judge) -> None:
    assert judge(running(client, plane)) is None


def test_one_in_progress_is_waited_for(client: Any, plane: AppRunner, judge: Judge) -> None:
    arn = running(client, plane)
    plane.faults.give(Fault.roll_back(operation="StartDeployment"))
    client.start_deployment(ServiceArn=arn)
    assert "START_DEPLOYMENT" in (judge(arn) or "")


def test_a_preview_does_not_wait(client: Any, plane: AppRunner, judge: Judge) -> None:
    arn = running(client, plane)
    client.start_deployment(ServiceArn=arn)
    assert judge(arn, wait=False) is None


def test_one_that_does_not_end_is_no_success(client: Any, plane: AppRunner, judge: Judge) -> None:
    arn = running(client, plane)
    plane.faults.give(Fault.slow("StartDeployment", 3600))
    client.start_deployment(ServiceArn=arn)
    assert "still in progress after 2 minutes" in (judge(arn, timeout_minutes=2) or "")


def test_a_failure_is_told_with_its_log_and_what_to_do(client: Any, plane: AppRunner, judge: Judge) -> None:
    plane.faults.give(Fault.fail_create())
    told = judge(running(client, plane)) or ""
    assert "CREATE_SERVICE" in told
    assert "ended FAILED: the service never ran" in told
    assert "    one\n    two\n" in told
    assert "APPRUNNER_VERIFY=off" in told


def test_a_service_that_is_gone_is_not_judged(client: Any, plane: AppRunner, judge: Judge) -> None:
    plane.faults.give(Fault.fail_create())
    arn = running(client, plane)
    client.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert judge(arn) is None
