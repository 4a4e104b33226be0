"""Deployments on the engine: their verification, and when the hooks wait, resume and retry."""

from collections.abc import Callable

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.stack import RunResult, Stack
from samples import IMAGE, PUBLIC_IMAGE

Make = Callable[..., Stack]

UNHEALTHY = "health check on port 8080 failed"


def program(*services: str, more: str = "") -> str:
    """Return a program with these services: `name, argument=...` each."""
    calls = "\n".join(f"service({each})" for each in services)
    return f"""
import pulumi
import pulumi_aws as aws
from pulumi_apprunner import AppRunnerService, CustomDomain

def service(name, image="{PUBLIC_IMAGE}", **args):
    created = AppRunnerService(name, {{"image": {{"identifier": image}}, "service_name": name, **args}})
    pulumi.export(name, created.arn)
    return created

{calls}
{more}
"""


def other(name: str) -> str:
    """Return a line that creates a resource that is independent of the services."""
    return f"aws.scheduler.ScheduleGroup('{name}', name='{name}')"


def arn_of(aws: LocalAws, name: str) -> str:
    listed = aws.client("apprunner").list_services()["ServiceSummaryList"]
    return next(each["ServiceArn"] for each in listed if each["ServiceName"] == name)


def rolled_back(make: Make, aws: LocalAws) -> tuple[Stack, RunResult]:
    """Return a stack after an update that App Runner rolled back, and the errors of that update."""
    stack = make(program("'orders'"))
    assert stack.up().ok
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))
    stack.program(program("'orders', environment={'LEVEL': 'new'}", more=other("added")))
    return stack, stack.up()


def test_an_update_that_was_rolled_back_fails_and_other_resources_succeed(trial: Make, aws: LocalAws) -> None:
    stack, update = rolled_back(trial, aws)
    assert not update.ok
    errors = "\n".join(update.errors)
    assert "AppRunnerService 'orders': its last deployment, UPDATE_SERVICE of" in errors
    assert "ended ROLLBACK_SUCCEEDED: the version before it runs" in errors
    assert UNHEALTHY in errors
    assert "set `redeploy_trigger` to" in errors
    assert ("create", "added") in update.changes

    stack.program(program("'orders', environment={'LEVEL': 'new'}", more=other("instead")))
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))
    again = stack.up()
    assert not again.ok
    assert {("create", "instead"), ("delete", "added")} <= set(again.changes)


@pytest.mark.parametrize("shows", ["old", "new"])
@pytest.mark.parametrize("settings", ["options: {refresh: always}", ""], ids=["refresh", "plain"])
def test_a_rollback_is_reported_by_later_updates(trial: Make, aws: LocalAws, shows: str, settings: str) -> None:
    aws.plane.world.shows_after_rollback = shows  # type: ignore[assignment]
    stack, _ = rolled_back(lambda text: trial(text, settings), aws)
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))  # for a run that deploys it again
    assert not stack.up().ok


def test_a_pause_and_a_resume_do_not_hide_a_rollback(trial: Make, aws: LocalAws) -> None:
    aws.plane.world.shows_after_rollback = "new"
    stack, _ = rolled_back(lambda text: trial(text, ""), aws)
    client, arn = aws.client("apprunner"), arn_of(aws, "orders")
    aws.plane.faults.clear()
    client.pause_service(ServiceArn=arn)
    aws.plane.clock.move(5)
    client.resume_service(ServiceArn=arn)
    aws.plane.clock.move(5)
    assert not stack.up().ok


def test_a_preview_of_the_repair_warns_and_the_repair_succeeds_without_messages(trial: Make, aws: LocalAws) -> None:
    stack, _ = rolled_back(trial, aws)
    stack.program(program("'orders', environment={'LEVEL': 'fixed'}"))
    preview = stack.preview()
    assert preview.ok
    assert any("ROLLBACK_SUCCEEDED" in each for each in preview.diagnostics("warning"))
    assert stack.up().ok
    quiet = stack.up()
    assert (quiet.ok, quiet.changes) == (True, [])
    assert "last deployment" not in quiet.output


@pytest.mark.parametrize("shows", ["old", "new"])
def test_a_revert_to_what_runs_is_repaired_by_another_deployment(trial: Make, aws: LocalAws, shows: str) -> None:
    aws.plane.world.shows_after_rollback = shows  # type: ignore[assignment]
    stack, _ = rolled_back(trial, aws)
    stack.program(program("'orders', redeploy_trigger='2'"))
    repair = stack.up()
    assert repair.ok, repair.output
    assert stack.up().ok


def test_a_service_that_never_ran_fails_every_update_until_it_is_created_again(trial: Make, aws: LocalAws) -> None:
    aws.plane.faults.inject(Fault.fail_create(UNHEALTHY))
    stack = trial(program("'orders'"), "")
    first = stack.up()
    assert not first.ok
    assert f"CREATE_SERVICE FAILED: {UNHEALTHY}" in first.output
    again = stack.up()
    assert not again.ok
    assert "CREATE_SERVICE" in again.output
    stack.program(program("'orders', redeploy_trigger='2'"))
    assert stack.up().ok


def test_verification_can_be_disabled_for_a_run_and_for_a_service(trial: Make, aws: LocalAws) -> None:
    aws.plane.world.shows_after_rollback = "new"
    stack, _ = rolled_back(lambda text: trial(text, ""), aws)
    stack.environment["APPRUNNER_VERIFY"] = "off"
    assert stack.up().ok
    del stack.environment["APPRUNNER_VERIFY"]
    assert not stack.up().ok
    text = "'orders', environment={'LEVEL': 'new'}, lifecycle={'verify_deployment': False}"
    stack.program(program(text))
    assert stack.up().ok


def test_a_deployment_that_is_in_progress_is_waited_for(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY, operation="StartDeployment", seconds=15))
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))
    update = stack.up()
    assert not update.ok
    assert "waiting for a deployment in progress" in update.output


def test_an_update_waits_for_the_operation_in_progress(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.slow("StartDeployment", 15))
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))
    stack.program(program("'orders', environment={'LEVEL': 'new'}", more=other("beside")))
    update = stack.up()
    assert update.ok
    assert "an operation in progress" in update.output
    # The wait delays no other resource.
    assert update.completed.index("beside") < update.completed.index("orders-service")


@pytest.mark.parametrize("accepts", [False, True], ids=["App Runner rejects it", "App Runner accepts it"])
def test_a_paused_service_is_resumed_for_an_update(trial: Make, aws: LocalAws, accepts: bool) -> None:
    aws.plane.world.updates_while_paused = accepts
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    pause(aws, "orders")
    stack.program(program("'orders', environment={'LEVEL': 'new'}"))
    update = stack.up()
    assert update.ok
    assert "is paused, so it is being resumed" in update.output
    assert aws.client("apprunner").describe_service(ServiceArn=arn_of(aws, "orders"))["Service"]["Status"] == "RUNNING"


def pause(aws: LocalAws, name: str) -> None:
    aws.client("apprunner").pause_service(ServiceArn=arn_of(aws, name))
    aws.plane.clock.move(60)


@pytest.mark.parametrize(
    ("accepts", "error"),
    [(False, "must be RUNNING or CREATE_FAILED"), (True, "unexpected state 'PAUSED', wanted target 'RUNNING'")],
)
def test_resuming_can_be_disabled(trial: Make, aws: LocalAws, accepts: bool, error: str) -> None:
    aws.plane.world.updates_while_paused = accepts
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    pause(aws, "orders")
    text = "'orders', environment={'LEVEL': 'new'}, lifecycle={'resume_paused': False}"
    stack.program(program(text))
    update = stack.up()
    assert (update.ok, error in update.output) == (False, True)
    assert "ResumeService" not in [call.operation for call in aws.plane.calls]


DOMAIN = "CustomDomain('shop', {'domain_name': 'shop.example.com', 'service_arn': orders.arn})"


def test_a_paused_service_is_resumed_to_add_and_remove_a_domain(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    pause(aws, "orders")
    stack.program(program(more="orders = service('orders')\n" + DOMAIN))
    update = stack.up()
    assert update.ok, update.output
    assert "is paused, so it is being resumed" in update.output
    tries = [call.error for call in aws.plane.calls if call.operation == "AssociateCustomDomain"]
    assert tries == ["InvalidStateException", None]
    pause(aws, "orders")
    rejected = stack.destroy()
    assert not rejected.ok
    assert stack.destroy(run_program=True).ok
    assert aws.created_resources() == []


def test_a_successful_association_needs_no_lookup_in_aws(trial: Make) -> None:
    without_boto3 = "import sys\nsys.modules['boto3'] = None\n"  # later imports of boto3 fail
    stack = trial(without_boto3 + program(more="orders = service('orders')\n" + DOMAIN), "")
    stack.environment["APPRUNNER_VERIFY"] = "off"
    update = stack.up()
    assert update.ok, update.output


def test_a_domain_is_associated_after_the_operation_in_progress(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.slow("StartDeployment", 30))
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))
    stack.program(program(more="orders = service('orders')\n" + DOMAIN))
    update = stack.up()
    assert update.ok, update.output
    assert "CustomDomain 'shop': waiting for an operation in progress" in update.output


def test_a_domain_is_not_associated_with_a_service_that_stays_paused(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    pause(aws, "orders")
    stays_paused = DOMAIN.replace("orders.arn", "orders.arn, 'lifecycle': {'resume_paused': False}")
    stack.program(program(more="orders = service('orders')\n" + stays_paused))
    assert not stack.up().ok
    operations = [call.operation for call in aws.plane.calls]
    assert (operations.count("AssociateCustomDomain"), operations.count("ResumeService")) == (1, 0)


def test_a_rolled_back_stack_is_destroyed_with_the_program(trial: Make, aws: LocalAws) -> None:
    stack, _ = rolled_back(trial, aws)
    assert stack.destroy(run_program=True).ok


PRIVATE = f"'orders', image='{IMAGE}'"


def test_a_create_is_retried_until_the_new_role_can_be_assumed(trial: Make, aws: LocalAws) -> None:
    aws.role_delay = 6
    update = trial(program(PRIVATE), "").up()
    assert update.ok
    tries = [call.error for call in aws.plane.calls if call.operation == "CreateService"]
    assert len(tries) > 1
    assert tries[-1] is None


def test_no_other_create_is_retried(trial: Make, aws: LocalAws) -> None:
    aws.plane.faults.inject(Fault.error("CreateService", "InvalidRequestException", "no such image"))
    assert not trial(program("'orders'"), "").up().ok
    assert [call.operation for call in aws.plane.calls].count("CreateService") == 1


def test_an_existing_name_is_an_error_with_the_command_that_adopts_the_service(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    source = {"ImageRepository": {"ImageIdentifier": PUBLIC_IMAGE, "ImageRepositoryType": "ECR_PUBLIC"}}
    source["AutoDeploymentsEnabled"] = False  # type: ignore[assignment]
    aws.client("apprunner").create_service(ServiceName="orders", SourceConfiguration=source)
    aws.plane.clock.move(60)
    update = stack.up()
    assert not update.ok
    line = next(line for line in "\n".join(update.errors).splitlines() if line.strip().startswith("pulumi import"))
    words = [word.strip("'") for word in line.split()[1:]]
    adopted = stack.command(*words, "--yes")
    assert adopted.returncode == 0, adopted.stdout + adopted.stderr
    again = stack.up()
    assert again.ok, again.output
    assert ("replace", "orders-service") not in again.changes


def test_the_wrong_account_is_an_error_with_both_accounts_and_the_fix(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    other = "arn:aws:iam::999999999999:role/elsewhere"
    stack.program(program(f"'orders', lifecycle={{'assume_role_arn': '{other}'}}"))
    update = stack.up()
    assert not update.ok
    errors = "\n".join(update.errors)
    assert "must be for account 123456789012, which has the service, got account 999999999999" in errors
    assert "lifecycle.assume_role_arn" in errors


def test_a_failed_lookup_is_a_warning_in_an_update_and_silent_in_a_preview(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    denied = Fault.error("ListOperations", "AccessDeniedException", "not authorized", times=20)
    aws.plane.faults.inject(denied)
    assert "could not read its deployments" not in stack.preview().output
    update = stack.up()
    assert update.ok
    assert any("could not read its deployments" in each for each in update.diagnostics("warning"))
