"""A service's operations, and the calls that are rejected during each."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import (
    INVALID_REQUEST,
    INVALID_STATE,
    NOT_FOUND,
    history,
    image,
    paused,
    rejection,
    running,
    status,
)
from samples import IMAGE

HEALTH = {"HealthCheckConfiguration": {"Interval": 10}}
UPDATED = image(variables={"COLOUR": "green"})


def colour(source: dict[str, Any]) -> str | None:
    value: str | None = source["ImageRepository"]["ImageConfiguration"]["RuntimeEnvironmentVariables"].get("COLOUR")
    return value


def shown_colour(aws: Any, arn: str) -> str | None:
    return colour(aws.describe_service(ServiceArn=arn)["Service"]["SourceConfiguration"])


def running_colour(plane: AppRunner, arn: str) -> str | None:
    deployed = plane.deployed(arn)
    assert deployed is not None
    return colour(deployed[0]["SourceConfiguration"])


def version(plane: AppRunner, arn: str) -> int | None:
    deployed = plane.deployed(arn)
    return deployed[1] if deployed else None


def test_a_service_is_in_progress_until_the_clock_has_passed(aws: Any, plane: AppRunner) -> None:
    created = aws.create_service(ServiceName="orders", SourceConfiguration=image())
    arn = created["Service"]["ServiceArn"]
    plane.clock.move(59)
    assert (status(aws, arn), history(aws, arn)) == ("OPERATION_IN_PROGRESS", [("CREATE_SERVICE", "IN_PROGRESS")])
    plane.clock.move(1)
    assert (status(aws, arn), history(aws, arn)) == ("RUNNING", [("CREATE_SERVICE", "SUCCEEDED")])
    (operation,) = aws.list_operations(ServiceArn=arn)["OperationSummaryList"]
    assert operation["Id"] == created["OperationId"]
    assert (operation["EndedAt"] - operation["StartedAt"]).total_seconds() == 60


@pytest.mark.parametrize("call", ["update_service", "delete_service", "pause_service", "resume_service"])
def test_operations_are_exclusive(aws: Any, plane: AppRunner, call: str) -> None:
    arn = running(aws, plane)
    aws.start_deployment(ServiceArn=arn)
    assert rejection(getattr(aws, call), ServiceArn=arn).startswith(INVALID_STATE)
    assert history(aws, arn)[0] == ("START_DEPLOYMENT", "IN_PROGRESS")
    assert len(history(aws, arn)) == 2


def test_a_deployment_during_an_operation_is_an_invalid_request(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.start_deployment(ServiceArn=arn)
    assert rejection(aws.start_deployment, ServiceArn=arn).startswith(INVALID_REQUEST)


def test_a_paused_service_rejects_updates_and_deployments(aws: Any, plane: AppRunner) -> None:
    arn = paused(aws, plane)
    assert status(aws, arn) == "PAUSED"
    assert rejection(aws.update_service, ServiceArn=arn, SourceConfiguration=UPDATED).startswith(INVALID_STATE)
    assert rejection(aws.start_deployment, ServiceArn=arn).startswith(INVALID_REQUEST)
    assert status(aws, arn) == "PAUSED"
    assert history(aws, arn)[0] == ("PAUSE_SERVICE", "SUCCEEDED")


def test_a_paused_service_can_be_described_tagged_and_deleted(aws: Any, plane: AppRunner) -> None:
    arn = paused(aws, plane)
    aws.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert [one["Status"] for one in aws.list_services()["ServiceSummaryList"]] == ["PAUSED"]
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert status(aws, arn) == "DELETED"


def test_pausing_a_paused_service_starts_no_operation(aws: Any, plane: AppRunner) -> None:
    arn = paused(aws, plane)
    answer = aws.pause_service(ServiceArn=arn)
    assert answer["Service"]["Status"] == "PAUSED"
    assert "OperationId" not in answer
    assert len(history(aws, arn)) == 2


def test_resuming_a_running_service_is_rejected(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    assert rejection(aws.resume_service, ServiceArn=arn).startswith(INVALID_STATE)


def test_resuming_runs_the_last_deployed_version(aws: Any, plane: AppRunner) -> None:
    arn = paused(aws, plane, SourceConfiguration=image(AutoDeploymentsEnabled=True))
    plane.push(IMAGE)
    aws.resume_service(ServiceArn=arn)
    plane.clock.move(40)
    assert (status(aws, arn), version(plane, arn)) == ("RUNNING", 1)
    aws.start_deployment(ServiceArn=arn)
    plane.clock.move(60)
    assert version(plane, arn) == 2


def test_a_new_version_is_deployed_automatically_if_enabled(aws: Any, plane: AppRunner) -> None:
    automatic = running(aws, plane, "orders", SourceConfiguration=image(AutoDeploymentsEnabled=True))
    by_hand = running(aws, plane, "billing")
    elsewhere = running(aws, plane, "mail", SourceConfiguration=image(f"{IMAGE}9", AutoDeploymentsEnabled=True))
    plane.push(IMAGE)
    assert history(aws, automatic)[0] == ("START_DEPLOYMENT", "IN_PROGRESS")
    assert (status(aws, by_hand), status(aws, elsewhere)) == ("RUNNING", "RUNNING")


def test_an_update_deploys_the_new_settings(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    assert running_colour(plane, arn) is None
    plane.clock.move(60)
    assert (shown_colour(aws, arn), running_colour(plane, arn)) == ("green", "green")
    assert history(aws, arn)[0] == ("UPDATE_SERVICE", "SUCCEEDED")


@pytest.mark.parametrize(("shows", "seen"), [("old", None), ("new", "green")])
def test_an_update_that_is_rolled_back_leaves_the_old_settings_running(
    aws: Any, plane: AppRunner, shows: Any, seen: str | None
) -> None:
    plane.world.shows_after_rollback = shows
    arn = running(aws, plane)
    plane.faults.inject(Fault.roll_back(reason="the health check failed"))
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    plane.clock.move(29)
    assert history(aws, arn)[0] == ("UPDATE_SERVICE", "IN_PROGRESS")
    plane.clock.move(1)
    assert history(aws, arn)[0] == ("UPDATE_SERVICE", "ROLLBACK_IN_PROGRESS")
    plane.clock.move(30)
    assert history(aws, arn)[0] == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")
    assert (status(aws, arn), shown_colour(aws, arn), running_colour(plane, arn)) == ("RUNNING", seen, None)


def test_a_fault_can_set_the_settings_that_are_described_after_the_rollback(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.faults.inject(Fault.roll_back(shows="new"))
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    plane.clock.move(60)
    assert (shown_colour(aws, arn), running_colour(plane, arn)) == ("green", None)


def test_a_rollback_is_the_last_deployment_also_after_a_pause_and_a_resume(aws: Any, plane: AppRunner) -> None:
    plane.world.shows_after_rollback = "new"
    arn = running(aws, plane)
    plane.faults.inject(Fault.roll_back())
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    plane.clock.move(60)
    aws.pause_service(ServiceArn=arn)
    plane.clock.move(8 * 3600)
    aws.resume_service(ServiceArn=arn)
    plane.clock.move(40)
    assert running_colour(plane, arn) is None
    assert history(aws, arn)[:3] == [
        ("RESUME_SERVICE", "SUCCEEDED"),
        ("PAUSE_SERVICE", "SUCCEEDED"),
        ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED"),
    ]


def test_a_deployment_can_be_rolled_back_too(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.push(IMAGE)
    plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    aws.start_deployment(ServiceArn=arn)
    plane.clock.move(60)
    assert (status(aws, arn), version(plane, arn)) == ("RUNNING", 1)
    assert history(aws, arn)[0] == ("START_DEPLOYMENT", "ROLLBACK_SUCCEEDED")


def test_a_paused_service_can_be_switched_to_accept_updates(aws: Any, plane: AppRunner) -> None:
    arn = paused(aws, plane)
    assert "must be RUNNING or CREATE_FAILED" in rejection(aws.update_service, ServiceArn=arn, **HEALTH)
    plane.world.updates_while_paused = True
    aws.update_service(ServiceArn=arn, **HEALTH)
    plane.clock.move(60)
    assert (status(aws, arn), history(aws, arn)[0]) == ("PAUSED", ("UPDATE_SERVICE", "SUCCEEDED"))
    plane.faults.inject(Fault.roll_back())
    aws.update_service(ServiceArn=arn, **HEALTH)
    plane.clock.move(60)
    assert (status(aws, arn), history(aws, arn)[0]) == ("PAUSED", ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED"))


def test_a_service_cannot_be_deleted_during_an_operation(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.start_deployment(ServiceArn=arn)
    message = "Service cannot be deleted in the current state: OPERATION_IN_PROGRESS."
    assert rejection(aws.delete_service, ServiceArn=arn) == f"{INVALID_STATE}{message}"


def failed(aws: Any, plane: AppRunner) -> str:
    plane.faults.inject(Fault.fail_create(reason="the port is closed"))
    return running(aws, plane)


def test_a_failed_create_leaves_a_service_with_the_name(aws: Any, plane: AppRunner) -> None:
    arn = failed(aws, plane)
    assert (status(aws, arn), history(aws, arn)) == ("CREATE_FAILED", [("CREATE_SERVICE", "FAILED")])
    assert plane.deployed(arn) is None
    assert "already exists" in rejection(aws.create_service, ServiceName="orders", SourceConfiguration=image())
    for call in (aws.pause_service, aws.resume_service):
        assert rejection(call, ServiceArn=arn).startswith(INVALID_STATE)
    assert rejection(aws.start_deployment, ServiceArn=arn).startswith(INVALID_REQUEST)


def test_a_service_whose_create_failed_is_created_again_by_an_update(aws: Any, plane: AppRunner) -> None:
    arn = failed(aws, plane)
    plane.faults.inject(Fault.roll_back())
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    plane.clock.move(60)
    assert (status(aws, arn), history(aws, arn)[0]) == ("CREATE_FAILED", ("UPDATE_SERVICE", "FAILED"))
    aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)
    plane.clock.move(60)
    assert (status(aws, arn), running_colour(plane, arn)) == ("RUNNING", "green")


def test_a_service_whose_create_failed_can_be_deleted(aws: Any, plane: AppRunner) -> None:
    arn = failed(aws, plane)
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert status(aws, arn) == "DELETED"


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [("PauseService", "RUNNING", "RUNNING"), ("ResumeService", "PAUSED", "PAUSED")],
)
def test_a_failed_pause_or_resume_leaves_the_former_status(
    aws: Any, plane: AppRunner, operation: str, before: str, after: str
) -> None:
    arn = running(aws, plane) if before == "RUNNING" else paused(aws, plane)
    plane.faults.inject(Fault(operation, fails=True))
    (aws.pause_service if operation == "PauseService" else aws.resume_service)(ServiceArn=arn)
    plane.clock.move(40)
    assert (status(aws, arn), history(aws, arn)[0][1]) == (after, "FAILED")


def test_a_failed_delete_can_be_repeated(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.faults.inject(Fault("DeleteService", fails=True))
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert status(aws, arn) == "DELETE_FAILED"
    assert rejection(aws.update_service, ServiceArn=arn).startswith(INVALID_STATE)
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert status(aws, arn) == "DELETED"


def test_a_deleted_service_is_described_and_not_listed_and_rejects_calls(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    service = aws.describe_service(ServiceArn=arn)["Service"]
    assert (service["Status"], service["DeletedAt"]) == ("DELETED", service["UpdatedAt"])
    assert aws.list_services()["ServiceSummaryList"] == []
    for call in (aws.update_service, aws.pause_service, aws.delete_service):
        assert rejection(call, ServiceArn=arn).startswith(NOT_FOUND)


def test_operations_are_listed_in_pages_newest_first(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    started = [aws.start_deployment(ServiceArn=arn)["OperationId"] for _ in deployments(plane)]
    everything = aws.list_operations(ServiceArn=arn)
    assert [one["Id"] for one in everything["OperationSummaryList"][:-1]] == started[::-1]
    assert "NextToken" not in everything
    plane.world.page_size = 20
    page = aws.list_operations(ServiceArn=arn)
    assert [one["Id"] for one in page["OperationSummaryList"]] == started[:4:-1]
    rest = aws.list_operations(ServiceArn=arn, NextToken=page["NextToken"])
    assert [one["Id"] for one in rest["OperationSummaryList"][:-1]] == started[4::-1]
    assert "NextToken" not in rest
    few = aws.list_operations(ServiceArn=arn, MaxResults=2)
    assert [one["Id"] for one in few["OperationSummaryList"]] == started[:-3:-1]
    assert rejection(aws.list_operations, ServiceArn=arn, NextToken="elsewhere").startswith(INVALID_REQUEST)


def deployments(plane: AppRunner) -> Any:
    """Yield 25 times, each after the end of the previous deployment."""
    for moment in range(25):
        yield moment
        plane.clock.move(60)


def test_the_service_log_contains_the_operations_and_the_reasons(aws: Any, plane: AppRunner) -> None:
    lines: list[tuple[str, str, str]] = []
    plane.world.log = lambda region, group, stream, line: lines.append((group, stream, line))
    arn = running(aws, plane)
    id = arn.rpartition("/")[2]
    plane.faults.inject(Fault.roll_back(reason="the health check failed"))
    operation = aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED)["OperationId"]
    plane.clock.move(60)
    assert status(aws, arn) == "RUNNING"
    group, line = f"/aws/apprunner/orders/{id}/service", "ROLLBACK_SUCCEEDED: the health check failed"
    assert lines[-2:] == [
        (group, "events", f"[AppRunner] UPDATE_SERVICE {line}"),
        (group, f"deployment/{operation}", f"[AppRunner] UPDATE_SERVICE {line}"),
    ]


def test_a_service_from_creation_to_deletion(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.faults.inject(Fault.roll_back())
    steps = [
        (lambda: aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED), 60, "RUNNING"),
        (lambda: aws.update_service(ServiceArn=arn, SourceConfiguration=UPDATED), 60, "RUNNING"),
        (lambda: aws.start_deployment(ServiceArn=arn), 60, "RUNNING"),
        (lambda: aws.pause_service(ServiceArn=arn), 20, "PAUSED"),
        (lambda: aws.resume_service(ServiceArn=arn), 40, "RUNNING"),
        (lambda: aws.delete_service(ServiceArn=arn), 30, "DELETED"),
    ]
    for step, seconds, afterwards in steps:
        step()
        assert status(aws, arn) == "OPERATION_IN_PROGRESS"
        plane.clock.move(seconds)
        assert status(aws, arn) == afterwards
    assert history(aws, arn) == [
        ("DELETE_SERVICE", "SUCCEEDED"),
        ("RESUME_SERVICE", "SUCCEEDED"),
        ("PAUSE_SERVICE", "SUCCEEDED"),
        ("START_DEPLOYMENT", "SUCCEEDED"),
        ("UPDATE_SERVICE", "SUCCEEDED"),
        ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED"),
        ("CREATE_SERVICE", "SUCCEEDED"),
    ]
