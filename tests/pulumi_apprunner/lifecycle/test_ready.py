"""Waiting until App Runner accepts a change of a service."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import paused, running, status
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle.calls import LookupFailedError, ServiceCalls
from pulumi_apprunner.lifecycle.ready import make_ready
from pulumi_apprunner.offline.sdk import await_result

Ready = Callable[..., list[str]]


@pytest.fixture
def ready(calls: Callable[[str], ServiceCalls]) -> Ready:
    """Return a function that waits for a service to be ready and returns the messages."""

    def prepare(arn: str, *, runs: bool = True, **settings: Any) -> list[str]:
        messages: list[str] = []
        assert await_result(make_ready(calls(arn), Lifecycle(**settings), messages.append)) is runs
        return messages

    return prepare


def test_a_running_service_is_ready(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    plane.calls.clear()
    assert ready(arn) == []
    assert [call.operation for call in plane.calls] == ["DescribeService"]


def test_an_operation_in_progress_is_waited_for(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    client.start_deployment(ServiceArn=arn)
    assert ready(arn) == ["waiting for an operation in progress to end"]
    assert status(client, arn) == "RUNNING"


def test_a_paused_service_is_resumed_and_waited_for(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = paused(client, plane)
    (message, *_) = ready(arn)
    assert "stays running until its schedule pauses it again" in message
    assert status(client, arn) == "RUNNING"


def test_a_service_that_is_being_paused_is_resumed_after_that(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    client.pause_service(ServiceArn=arn)
    ready(arn)
    assert status(client, arn) == "RUNNING"


def test_a_paused_service_is_not_resumed_if_the_settings_disable_it(
    client: Any, plane: AppRunner, ready: Ready
) -> None:
    arn = paused(client, plane)
    assert ready(arn, runs=False, resume_paused=False) == []
    assert status(client, arn) == "PAUSED"


def test_an_operation_is_not_waited_for_if_the_settings_disable_it(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    client.start_deployment(ServiceArn=arn)
    assert ready(arn, runs=False, wait_for_operation=False) == []
    assert status(client, arn) == "OPERATION_IN_PROGRESS"


def test_a_wait_ends_with_an_error_that_has_a_fix(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.slow("StartDeployment", 3600))
    client.start_deployment(ServiceArn=arn)
    with pytest.raises(pulumi.RunError) as caught:
        ready(arn, timeout_minutes=2)
    assert "still has the status OPERATION_IN_PROGRESS" in str(caught.value)
    assert "lifecycle.timeout_minutes" in str(caught.value)


def test_a_deleted_service_is_an_error_that_has_a_fix(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = running(client, plane)
    client.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    with pytest.raises(pulumi.RunError) as caught:
        ready(arn)
    assert f"the service {arn} does not exist any more: it was deleted outside of Pulumi" in str(caught.value)
    assert "pulumi up --refresh" in str(caught.value)


def test_a_lookup_without_a_response_is_an_error(
    client: Any, plane: AppRunner, calls: Callable[[str], ServiceCalls], monkeypatch: pytest.MonkeyPatch
) -> None:
    def status(self: ServiceCalls) -> str:
        raise TimeoutError

    monkeypatch.setattr(ServiceCalls, "status", status)
    with pytest.raises(LookupFailedError, match="AWS did not respond in time"):
        await_result(make_ready(calls(running(client, plane)), Lifecycle(), print))


def test_a_failed_resume_is_retried_once_and_reported(client: Any, plane: AppRunner, ready: Ready) -> None:
    arn = paused(client, plane)
    plane.faults.inject(Fault("ResumeService", fails=True, times=20))
    plane.calls.clear()
    with pytest.raises(pulumi.RunError) as caught:
        ready(arn)
    assert "is paused, and resuming it did not make it run: RESUME_SERVICE ended FAILED" in str(caught.value)
    assert [call.operation for call in plane.calls].count("ResumeService") == 2
