"""The newest deployment among the operations of a service, and its status."""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_facts.operations import ServiceStatus
from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import running
from pulumi_apprunner.lifecycle.calls import LookupFailedError, Operation, ServiceCalls

Calls = Callable[[str], ServiceCalls]


def newest_deployment(calls: Calls, arn: str) -> Operation:
    newest = calls(arn).deployments().newest
    assert newest is not None
    return newest


def test_the_first_deployment_is_the_creation(client: Any, plane: AppRunner, calls: Calls) -> None:
    newest = newest_deployment(calls, running(client, plane))
    assert (newest.type, newest.status) == ("CREATE_SERVICE", "SUCCEEDED")


def test_any_number_of_later_pauses_and_resumes_is_ignored(client: Any, plane: AppRunner, calls: Calls) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(60)
    plane.world.page_size = 20
    for _ in range(12):
        client.pause_service(ServiceArn=arn)
        plane.clock.move(20)
        client.resume_service(ServiceArn=arn)
        plane.clock.move(40)
    newest = newest_deployment(calls, arn)
    assert (newest.type, newest.status) == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")
    assert [call.operation for call in plane.calls].count("ListOperations") == 2


def test_a_deployment_without_new_settings_counts(client: Any, plane: AppRunner, calls: Calls) -> None:
    arn = running(client, plane)
    client.start_deployment(ServiceArn=arn)
    newest = newest_deployment(calls, arn)
    assert (newest.type, newest.is_in_progress) == ("START_DEPLOYMENT", True)


@pytest.mark.parametrize("seconds", [29, 31])
def test_a_rollback_is_in_progress(client: Any, plane: AppRunner, calls: Calls, seconds: float) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(seconds)
    assert newest_deployment(calls, arn).is_in_progress


def test_a_service_that_aws_does_not_describe_is_deleted(client: Any, plane: AppRunner, calls: Calls) -> None:
    arn = running(client, plane)
    assert calls(arn[:-8] + "00000000").status() == ServiceStatus.DELETED


def test_a_rejected_resume_is_no_error(client: Any, plane: AppRunner, calls: Calls) -> None:
    arn = running(client, plane)
    assert calls(arn).resume() is False
    assert calls(arn).status() == "RUNNING"


def test_the_newest_change_of_settings_is_read_before_later_deployments(
    client: Any, plane: AppRunner, calls: Calls
) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(60)
    client.start_deployment(ServiceArn=arn)
    plane.clock.move(60)
    newest, change = calls(arn).deployments()
    assert newest is not None
    assert change is not None
    assert (newest.type, newest.status) == ("START_DEPLOYMENT", "SUCCEEDED")
    assert (change.type, change.status) == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")


def test_a_failed_call_is_one_readable_line(
    client: Any, plane: AppRunner, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", "not\nyou", times=9))
    with pytest.raises(LookupFailedError) as caught:
        calls(arn).status()
    assert "AccessDeniedException" in str(caught.value)
    assert "\n" not in str(caught.value)
