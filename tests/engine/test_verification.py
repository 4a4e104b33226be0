"""The verification of deployments on the Pulumi engine: hidden rollbacks, and services that a run omits."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from pulumi import automation

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.projects import write_project
from engine.stack import Stack
from engine.test_lifecycle import UNHEALTHY, arn_of, other, program, rolled_back
from samples import PUBLIC_IMAGE

Make = Callable[..., Stack]

REFRESH = "options: {refresh: always}"
MISSING_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/missing-AbCdEf"


ADDED = f"""
from pulumi_apprunner import PauseSchedule, SecretsBinding, VpcEgress

subnets = ["subnet-01728394a5b6c7d8e", "subnet-028394a5b6c7d8e9f"]
private = VpcEgress("private", {{"vpc_id": "vpc-0f61728394a5b6c7d", "subnet_ids": subnets}})
secrets = SecretsBinding("secrets", {{"secrets": {{"FLAGS": {{"parameter_name": "/orders/flags"}}}}}})
settings = {{"vpc_connector_arn": private.vpc_connector_arn, "secrets": [secrets.bound], "tracing": True}}
added = AppRunnerService("added", {{"image": {{"identifier": "{PUBLIC_IMAGE}"}}, **settings}})
zone = {{"id": "Z04STAGING1EXAMPLE0", "name": "staging.example.com"}}
CustomDomain("shop", {{"domain_name": "staging.example.com", "service_arn": added.arn, "zone": zone}})
hours = {{"days": "Mon-Fri", "start": "08:00", "end": "20:00"}}
PauseSchedule("hours", {{"service_arn": added.arn, "timezone": "UTC", "running": hours}})
pulumi.export("url", added.url)
"""
"""A service with everything around it."""


def operations(aws: LocalAws) -> list[str]:
    return [call.operation for call in aws.plane.calls]


@pytest.mark.parametrize("shows", ["old", "new"])
@pytest.mark.parametrize("settings", [REFRESH, ""], ids=["refresh", "plain"])
def test_a_deployment_of_the_old_settings_does_not_hide_a_rollback(
    trial: Make, aws: LocalAws, shows: Any, settings: str
) -> None:
    aws.plane.world.shows_after_rollback = shows
    stack, _ = rolled_back(lambda text: trial(text, settings), aws)
    aws.plane.faults.clear()
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))  # a schedule, or a pushed image
    aws.plane.clock.move(5)
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))  # for a run that deploys the settings again
    again = stack.up()
    if shows == "old":
        assert not again.ok
        assert "UPDATE_SERVICE" in again.output
        assert "ended ROLLBACK_SUCCEEDED" in again.output
    else:  # AWS describes the service with the desired settings, and has deployed them
        assert again.ok, again.output


def test_a_targeted_update_does_not_verify_services_that_it_does_not_create(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'", more=other("first")), "")
    assert stack.up().ok
    tagged = other("first").replace("name='first'", "name='first', tags={'a': 'b'}")
    stack.program(program("'orders'", more=tagged + ADDED))
    urn = next(each["urn"] for each in stack.state if each["urn"].endswith("::first"))
    targeted = stack.up(target=[urn])
    assert targeted.ok, targeted.output
    assert targeted.changes == [("update", "first")]
    assert "Traceback" not in targeted.output
    assert "pulumi state delete" not in targeted.output


def test_a_targeted_update_verifies_the_services_in_apprunner_verify(trial: Make, aws: LocalAws) -> None:
    stack, _ = rolled_back(lambda text: trial(text, ""), aws)
    services = ("'orders', environment={'LEVEL': 'new'}", "'billing'")
    stack.program(program(*services, more=other("added")))
    stack.environment["APPRUNNER_VERIFY"] = "billing"
    urn = next(each["urn"] for each in stack.state if each["urn"].endswith("::added"))
    assert stack.up(target=[urn]).ok
    stack.environment["APPRUNNER_VERIFY"] = "orders"
    assert not stack.up(target=[urn]).ok


def test_a_service_that_was_deleted_outside_pulumi_is_an_error_and_refresh_creates_it_again(
    trial: Make, aws: LocalAws
) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    arn = arn_of(aws, "orders")
    aws.client("apprunner").delete_service(ServiceArn=arn)
    aws.plane.clock.move(3600)
    preview = stack.preview()
    assert preview.ok
    assert any("does not exist any more" in each for each in preview.diagnostics("warning"))
    update = stack.up()
    assert not update.ok
    assert "AppRunnerService 'orders': the service" in update.output
    assert "pulumi up --refresh" in update.output
    stack.program(program("'orders', environment={'LEVEL': 'new'}"))
    changed = stack.up()
    assert not changed.ok
    assert "pulumi up --refresh" in changed.output
    assert stack.up(refresh=True).ok


@pytest.mark.parametrize("meets", ["a deployment", "a pause"])
def test_an_update_that_meets_another_operation_is_retried_and_leaves_nothing_to_do(
    trial: Make, aws: LocalAws, meets: str
) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    rejected = Fault.error("UpdateService", "InvalidStateException", f"Service is not RUNNING: {meets} has begun")
    aws.plane.faults.inject(rejected)
    stack.program(program("'orders', environment={'LEVEL': 'new'}"))
    update = stack.up()
    assert update.ok, update.output
    assert operations(aws).count("UpdateService") == 2
    assert stack.up().ok
    assert operations(aws).count("UpdateService") == 2
    quiet = stack.up()
    assert (quiet.ok, quiet.changes) == (True, [])


def test_a_rejected_update_does_not_hide_another_one_that_was_rolled_back(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'", "'billing'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY, on=arn_of(aws, "orders")))
    aws.plane.faults.inject(
        Fault.error("UpdateService", "InvalidRequestException", "not like this", on=arn_of(aws, "billing"))
    )
    changed = "environment={'LEVEL': 'new'}"
    stack.program(program(f"'orders', {changed}", f"'billing', {changed}"))
    update = stack.up()
    assert not update.ok
    assert "not like this" in update.output
    assert "AppRunnerService 'orders': its last deployment, UPDATE_SERVICE of" in update.output
    assert "ROLLBACK_SUCCEEDED" in update.output


def test_a_profile_that_a_rollback_keeps_in_use_is_explained_by_the_rollback(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders', scaling={'max_size': 3}"), "")
    assert stack.up().ok
    missing = f"secrets=[{{'value_from': {{'TOKEN': '{MISSING_SECRET}'}}}}]"
    stack.program(program(f"'orders', scaling={{'max_size': 4}}, {missing}"))
    update = stack.up()
    assert not update.ok
    assert "used by one or more services" in update.output
    assert "AppRunnerService 'orders': its last deployment, UPDATE_SERVICE of" in update.output
    assert operations(aws).count("DeleteAutoScalingConfiguration") == 1
    again = stack.up()
    assert not again.ok
    assert "ROLLBACK_SUCCEEDED" in again.output
    assert operations(aws).count("DeleteAutoScalingConfiguration") == 2


def test_each_update_of_one_process_has_its_own_credentials(
    environment: dict[str, str], aws: LocalAws, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = ["first"]

    def run() -> None:
        from pulumi_apprunner import AppRunnerService

        AppRunnerService("orders", {"image": {"identifier": PUBLIC_IMAGE}, "environment": {"LEVEL": levels[-1]}})

    write_project(tmp_path / "inline", "", "")
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    options = automation.LocalWorkspaceOptions(work_dir=str(tmp_path / "inline"), env_vars=environment)
    stack = automation.create_stack("test", project_name="trial", program=run, opts=options)
    stack.set_config("aws:region", automation.ConfigValue("eu-west-1"))
    stack.up()

    aws.plane.calls.clear()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAROTATED7EXAMPLE0")
    levels.append("second")
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))
    with pytest.raises(automation.CommandError, match="ROLLBACK_SUCCEEDED"):
        stack.up()
    lookups = {call.access_key for call in aws.plane.calls if call.operation == "ListOperations"}
    assert lookups == {os.environ["AWS_ACCESS_KEY_ID"]}
