"""The report on a failed deployment during the update."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import running
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedService
from pulumi_apprunner.lifecycle.calls import Operation, ServiceCalls
from pulumi_apprunner.lifecycle.failures import report_failure
from pulumi_apprunner.lifecycle.runs import Case, Run
from pulumi_apprunner.offline.sdk import await_result


@pytest.fixture
def errors(own_account: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the logged errors. The log of every service is empty."""
    errors: list[str] = []
    monkeypatch.setattr("pulumi.log.error", errors.append)

    def log_tail(self: ServiceCalls, deployment: Operation) -> list[str]:
        return []

    monkeypatch.setattr(ServiceCalls, "log_tail", log_tail)
    return errors


def case(arn: str) -> Case:
    return Case(WatchedService("orders", Lifecycle(), Access()), arn)


def rolled_back(client: Any, plane: AppRunner) -> str:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(60)
    return arn


def test_a_failure_is_reported_once_in_a_run(client: Any, plane: AppRunner, errors: list[str]) -> None:
    run, failed = Run(), case(rolled_back(client, plane))
    await_result(report_failure(run, failed))
    await_result(report_failure(run, failed))
    (error,) = errors
    assert error.startswith("AppRunnerService 'orders': its last deployment, UPDATE_SERVICE of ")
    assert "(it is empty)" in error
    assert run.reported == {failed.arn}


def test_a_report_fits_80_columns_except_for_lines_of_aws(client: Any, plane: AppRunner, errors: list[str]) -> None:
    await_result(report_failure(Run(), case(rolled_back(client, plane))))
    (_, _, *rest) = errors[0].splitlines()
    assert max(map(len, rest)) <= 80


@pytest.mark.parametrize("switch", ["off", "billing"])
def test_apprunner_verify_disables_reports(
    client: Any, plane: AppRunner, errors: list[str], monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv("APPRUNNER_VERIFY", switch)
    run = Run()
    await_result(report_failure(run, case(rolled_back(client, plane))))
    assert (errors, run.reported) == ([], set())


@pytest.mark.parametrize("state", ["healthy", "deploying", "deleted", "unreadable"])
def test_nothing_else_is_reported(client: Any, plane: AppRunner, errors: list[str], state: str) -> None:
    arn = running(client, plane) if state in ("healthy", "deploying") else rolled_back(client, plane)
    if state == "deploying":
        client.start_deployment(ServiceArn=arn)
    if state == "deleted":
        client.delete_service(ServiceArn=arn)
        plane.clock.move(60)
    if state == "unreadable":
        plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", "no", times=9))
    await_result(report_failure(Run(), case(arn)))
    assert errors == []
