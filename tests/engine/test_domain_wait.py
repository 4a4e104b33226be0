"""The wait until a domain is active, at the end of an update on the Pulumi engine."""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine import programs
from engine.stack import Stack

Make = Callable[..., Stack]

HOST = "shop.staging.example.com"
HURRY = """\
import time
from pulumi_apprunner.lifecycle import deadlines

deadlines.monotonic = lambda: time.monotonic() * 20  # a minute takes three seconds
"""
NEVER = 365 * 86_400


def program(**args: Any) -> str:
    return HURRY + programs.program(
        programs.service(), programs.domain(HOST, **{"wait_until_active_minutes": 1, **args})
    )


def status(aws: LocalAws) -> str:
    client = aws.client("apprunner")
    (service,) = client.list_services()["ServiceSummaryList"]
    (domain,) = client.describe_custom_domains(ServiceArn=service["ServiceArn"])["CustomDomains"]
    return domain["Status"]


def test_an_update_waits_until_the_domain_is_active(trial: Make, aws: LocalAws) -> None:
    stack = trial(program(wait_until_active_minutes=5), "")
    up = stack.up()
    assert up.ok, up.output
    assert f"CustomDomain '{HOST}': waiting until {HOST} is active (status " in up.output
    assert status(aws) == "active"
    again = stack.up()
    assert (again.ok, again.changes) == (True, [])
    assert "waiting until" not in again.output


def test_a_domain_that_is_not_active_in_time_fails_each_update_until_it_is(
    trial: Make, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.plane.faults.inject(Fault.slow_validation(NEVER))
    stack = trial(program(), "")
    up = stack.up()
    assert not up.ok
    (error,) = [each for each in up.errors if "must be active" in each]
    assert f"CustomDomain '{HOST}': {HOST} must be active within 1 minute, but its status is still pending_" in error
    assert "AWS has not found 2 of its 2 validation records in DNS:" in error
    assert "A zone with CAA records must allow amazon.com." in error
    assert len([each for each in stack.state if each["type"] == "aws:route53/record:Record"]) == 3

    preview = stack.preview()
    assert preview.ok
    assert [each for each in preview.diagnostics("warning") if f"{HOST} is not active yet: status pending_" in each]
    assert not stack.up().ok

    stack.environment["APPRUNNER_VERIFY"] = "off"
    assert stack.up().ok
    stack.environment["APPRUNNER_VERIFY"] = HOST
    assert not stack.up().ok
    del stack.environment["APPRUNNER_VERIFY"]

    aws.plane.clock.move(NEVER)
    active = stack.up()
    assert active.ok, active.output


def test_a_wait_and_a_rollback_are_reported_together(trial: Make, aws: LocalAws) -> None:
    aws.plane.faults.inject(Fault.slow_validation(NEVER))
    stack = trial(program(), "")
    assert not stack.up().ok
    aws.plane.faults.inject(Fault.roll_back())
    stack.program(program().replace("'port': 80", "'port': 8080"))
    up = stack.up()
    assert not up.ok
    assert "ended ROLLBACK_SUCCEEDED" in up.output
    assert "must be active within 1 minute" in up.output


@pytest.mark.parametrize("run_program", [False, True])
def test_a_domain_that_is_not_active_is_destroyed(trial: Make, aws: LocalAws, run_program: bool) -> None:
    aws.plane.faults.inject(Fault.slow_validation(NEVER))
    stack = trial(program(), "")
    assert not stack.up().ok
    destroyed = stack.destroy(run_program=run_program)
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == []
