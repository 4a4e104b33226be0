"""A domain whose association failed while pulumi-aws waited for it: later error messages, and the repair."""

import re

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make

FIRST, SECOND = "first.staging.example.com", "second.staging.example.com"


def test_a_refresh_reads_the_records_that_a_failed_wait_left_out(trial: Make, aws: LocalAws) -> None:
    stack = trial(programs.program(programs.service(), programs.domain(FIRST)), "")
    aws.plane.faults.inject(Fault.error("DescribeCustomDomains", "InvalidRequestException"))
    up = stack.up()
    assert not up.ok
    assert "waiting for App Runner Custom Domain Association" in up.output

    again = stack.up()
    assert not again.ok
    message = f"the certificate of {FIRST} must have 2 validation records, got none (status unknown)"
    assert [error for error in again.errors if message in error and "Run `pulumi up --refresh`" in error], again.output

    repaired = stack.up(refresh=True)
    assert repaired.ok, repaired.output
    assert len([each for each in stack.state if each["type"] == "aws:route53/record:Record"]) == 3
    assert stack.up().changes == []


def test_a_domain_that_aws_could_not_create_is_replaced_with_the_command_of_the_message(
    trial: Make, aws: LocalAws
) -> None:
    stack = trial(programs.program(programs.service(), programs.domain(SECOND)), "")
    aws.plane.faults.inject(Fault("AssociateCustomDomain", fails=True))
    up = stack.up()
    assert not up.ok
    assert "unexpected state 'create_failed'" in up.output

    refreshed = stack.up(refresh=True)
    assert not refreshed.ok
    assert "got none (status create_failed). AWS could not create the domain" in refreshed.output
    [urn] = set(re.findall(r"--replace '(urn:\S+)'", refreshed.output))

    replaced = stack.up(refresh=True, replace=[urn])
    assert replaced.ok, replaced.output
    assert len([each for each in stack.state if each["type"] == "aws:route53/record:Record"]) == 3


def test_a_new_domain_that_a_targeted_update_leaves_out_is_no_error(trial: Make, aws: LocalAws) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert stack.up().ok
    stack.program(programs.program(programs.service(), programs.domain(FIRST)))
    targeted = stack.up(target=[stack.resource("api-service")["urn"]])
    assert (targeted.ok, targeted.errors) == (True, []), targeted.output
    assert stack.up().ok
