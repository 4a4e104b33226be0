"""Stopped anywhere, an update goes on where it was: nothing is orphaned in AWS, nothing is lost from the state."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from apprunner_local import pulumi_cli
from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import InjectFault, Make
from engine.projects import write_project
from engine.stack import Stack

Everything = tuple[list[str], list[str]]

SERVICE = "aws:apprunner/service:Service"
ROLE = "aws:iam/role:Role"

ELEVEN = programs.program(programs.service(image={"identifier": programs.PRIVATE_IMAGE}), programs.schedule())
"""A program of eleven resources."""

MORTAL = f"""
import itertools, os, pulumi
made = []
pulumi.runtime.register_stack_transformation(lambda given: made.append(given.resource))
{ELEVEN}
registered = itertools.count(1)
def die(_):
    if next(registered) == int(os.environ["DIES_AFTER"]):
        os._exit(1)
for resource in made:
    if isinstance(resource, pulumi.CustomResource):
        resource.urn.apply(die)
"""
"""The same, which dies when so many of its resources are registered."""


@pytest.fixture(scope="module")
def undisturbed(cli: Path, _local_aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    """Return what an update that nothing disturbs leaves."""
    _local_aws.reset()
    folder = write_project(tmp_path_factory.mktemp("undisturbed"), ELEVEN)
    (folder / "Pulumi.test.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    environment = pulumi_cli.environment(cli, folder / "home", _local_aws.environment)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", environment["PATH"])
        stack = Stack(folder, "test", environment)
        assert run(stack, "up") == 0
        yield everything(stack, _local_aws)


def run(stack: Stack, command: str, *words: str) -> int:
    """Run `up`, `destroy` or another command one step at a time, and return how it ended.

    The engine may be killed meanwhile. Its language host outlives it for minutes, so it is ended here.
    """
    return run_with_output(stack, command, *words)[0]


def run_with_output(stack: Stack, command: str, *words: str) -> tuple[int, str]:
    """Do the same, and return the output too."""
    options = ["--yes", "--skip-preview", "--parallel=1"] if command in ("up", "destroy") else ["--yes"]
    process = subprocess.Popen(
        ["pulumi", command, *words, *options, "--stack", stack.name, "--non-interactive"],
        cwd=stack.folder,
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    output, _ = process.communicate()
    for other in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(other.name)) == process.pid:
                os.kill(int(other.name), signal.SIGKILL)
    return process.returncode, output


def everything(stack: Stack, aws: LocalAws) -> Everything:
    """Return what is in the account, and what is in the state."""
    return aws.created_resources(), sorted(each["urn"] for each in stack.state)


def stopped_each_time(stack: Stack, command: str, inject_fault: InjectFault, **fault: Any) -> int:
    """Run a command, stopped each time one step later, until it comes through; return how often it was stopped."""
    for times in range(20):
        inject_fault(nth=2, **fault)
        ended = run(stack, command)
        if ended == 0:
            return times
        if fault.get("kills_engine"):
            assert ended == -signal.SIGKILL
            assert run(stack, "cancel") == 0  # what was killed holds the stack's lock
    raise AssertionError(f"{command} does not converge")


def test_killed_between_any_two_steps_it_converges_and_stopped_in_any_deletion_too(
    trial: Make, aws: LocalAws, inject_fault: InjectFault, undisturbed: Everything
) -> None:
    stack = trial(ELEVEN, "")
    assert stopped_each_time(stack, "up", inject_fault, call="create", when="before", kills_engine=True) == 10
    assert everything(stack, aws) == undisturbed

    warned = "pending operations from previous deployment"  # the engine cannot know that nothing was done
    assert warned in run_with_output(stack, "up")[1]
    assert run(stack, "refresh", "--skip-preview", "--clear-pending-creates") == 0
    ended, output = run_with_output(stack, "up", "--expect-no-changes")
    assert (ended, warned in output) == (0, False)

    assert stopped_each_time(stack, "destroy", inject_fault, call="delete", when="after") == 10
    assert everything(stack, aws) == ([], [])


def test_a_program_that_dies_after_any_registration_is_gone_on_with(
    trial: Make, aws: LocalAws, undisturbed: Everything
) -> None:
    stack = trial(MORTAL, "")
    ended: list[int] = []
    while not ended or ended[-1]:
        stack.environment["DIES_AFTER"] = str(len(ended) + 1)
        ended.append(run(stack, "up"))
        assert len(ended) <= 12
    assert len(ended) == 12  # eleven died
    assert everything(stack, aws) == undisturbed


def test_a_replacement_that_is_killed_leaves_no_old_revision(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    stack.program(programs.program(programs.service(scaling={"max_size": 4})))
    for call, when in (("update", "before"), ("update", "after"), ("delete", "before")):
        inject_fault(call=call, when=when, kills_engine=True)
        assert run(stack, "up") == -signal.SIGKILL
        assert run(stack, "cancel") == 0
    assert run(stack, "up") == 0
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/2",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]


def test_what_was_made_and_forgotten_is_said_to_exist_and_one_line_adopts_it(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    inject_fault(call="create", type=ROLE, when="after")
    assert run(stack, "up") != 0
    inject_fault(call="create", type=SERVICE, when="after")
    ended, output = run_with_output(stack, "up")
    assert ended != 0
    assert "EntityAlreadyExists: Role with name trial-api-test-instance already exists" in output

    parent = "parent=urn:pulumi:test::trial::apprunner:index:AppRunnerService::api"  # the line of docs/recovery.md
    quietly = ("--protect=false", "--generate-code=false")
    assert run(stack, "import", ROLE, "api-instance-role", "trial-api-test-instance", "--parent", parent, *quietly) == 0
    assert run(stack, "up") != 0  # and now the service
    ended, output = run_with_output(stack, "up")
    assert ended != 0
    assert run(stack, *line_that_adopts(output)) == 0
    assert run(stack, "up") == 0
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/1",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]
    assert len([each for each in stack.state if each["type"] in (ROLE, SERVICE)]) == 2


def line_that_adopts(output: str) -> Sequence[str]:
    """Return the words of the line in the output that adopts the existing service."""
    line = next(line for line in output.splitlines() if line.strip().startswith("pulumi import"))
    return shlex.split(line)[1:]


def test_throttling_and_dropped_connections_are_got_over(trial: Make, aws: LocalAws) -> None:
    for fault in (
        Fault.throttle("CreateAutoScalingConfiguration", times=2),
        Fault.drop("DescribeAutoScalingConfiguration"),
        Fault.drop("CreateService"),
        Fault.throttle("CreateService"),
        Fault.drop("DescribeService"),
        Fault.throttle("ListOperations"),
        Fault.drop("ListOperations"),
    ):
        aws.plane.faults.give(fault)
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    assert aws.plane.faults.waiting == ()
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/1",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]


def test_a_create_whose_answer_was_lost_is_said_to_exist_or_leaves_a_revision(trial: Make, aws: LocalAws) -> None:
    aws.plane.faults.give(Fault.drop("CreateAutoScalingConfiguration", takes_effect=True))
    aws.plane.faults.give(Fault.drop("CreateService", takes_effect=True))
    stack = trial(programs.program(programs.service()), "")
    ended, output = run_with_output(stack, "up")
    assert ended != 0
    assert "Service with the provided name already exists: trial-api-test" in output
    assert line_that_adopts(output)[:3] == ["import", SERVICE, "api-service"]
    # The one thing that is orphaned without a word (docs/recovery.md): it costs nothing.
    assert aws.created_resources()[:2] == [
        f"apprunner auto scaling configuration trial-api-test/{number}" for number in (1, 2)
    ]
