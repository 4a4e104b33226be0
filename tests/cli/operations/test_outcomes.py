"""The outcome of an operation that succeeded, where the last deployment has not been verified."""

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pulumi
import pytest

from apprunner_local.apprunner import Fault
from deployed import SECRET, Stack, invoke
from pulumi_apprunner.cli.operations.actions import RESUME, perform
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.sdk import await_result

UPDATE = {"InstanceConfiguration": {"Cpu": "2 vCPU", "Memory": "4 GB"}}
UNKNOWN = (
    "a START_DEPLOYMENT succeeded after a failed UPDATE_SERVICE. Whether it deployed the program's settings is unknown"
)


def roll_back(stack: Stack, arn: str) -> None:
    stack.aws.plane.faults.inject(Fault.roll_back(reason="health check failed"))
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    stack.move(60)


def test_a_deployment_that_cannot_be_verified_has_succeeded(stack: Stack) -> None:
    roll_back(stack, stack.service(inputs={"sourceConfiguration": {"imageRepository": [SECRET]}}))
    result = stack.run("deploy", "api", "--wait")
    first, second = result.out.splitlines()[-2:]
    assert first == "api: START_DEPLOYMENT of 2026-01-01 00:02 UTC succeeded"
    assert second.startswith(f"api: {UNKNOWN}")
    assert result.status == 0


def test_a_service_named_by_its_arn_is_resumed_after_such_a_deployment(stack: Stack) -> None:
    arn = stack.service()
    roll_back(stack, arn)
    assert invoke("deploy", arn, "--wait").status == 0
    assert invoke("pause", arn, "--wait").status == 0
    result = invoke("resume", arn, "--wait")
    assert f"shop-api: {UNKNOWN}" in result.out
    assert result.status == 0


def resume(stack: Stack, arn: str, then: Callable[[], Any]) -> tuple[bool, list[str]]:
    """Resume a service, and do something when the operation has ended. Return the result and the printed lines."""
    printed: list[str] = []

    def print_line(text: str) -> None:
        printed.append(text)
        if text.endswith(" succeeded"):
            then()

    session, service = Session(Access(region="eu-west-1")), DeployedService("api", arn)
    return await_result(perform(session, service, RESUME, 10, print_line)), printed


def test_a_deployment_that_began_meanwhile_is_not_a_failure(stack: Stack) -> None:
    arn = stack.service()
    stack.run("pause", "api", "--wait")
    succeeded, printed = resume(stack, arn, lambda: stack.client.update_service(ServiceArn=arn, **UPDATE))
    assert printed[-1] == "api: UPDATE_SERVICE of 2026-01-01 00:02 UTC is in progress"
    assert succeeded


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (
            Fault.error("ListOperations", "AccessDeniedException"),
            "access denied. Grant apprunner:ListOperations to the caller",
        ),
        (None, "AWS must respond in time, but did not. Check the network, and run the command again"),
    ],
    ids=["denied", "no response"],
)
def test_an_outcome_that_cannot_be_read_is_not_a_failed_operation(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, fault: Fault | None, reason: str
) -> None:
    arn = stack.service()
    stack.run("pause", "api", "--wait")

    def fail() -> None:
        if fault is None:
            monkeypatch.setattr(ServiceCalls, "deployments", Mock(side_effect=TimeoutError))
        else:
            stack.aws.plane.faults.inject(fault)

    with pytest.raises(pulumi.RunError) as caught:
        resume(stack, arn, fail)
    assert str(caught.value) == f"api: its last deployment could not be read: {reason}"
