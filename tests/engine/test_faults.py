"""An interrupted update resumes where it stopped: it leaves no orphan in AWS and loses nothing from the state."""

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

Snapshot = tuple[list[str], list[str]]

SERVICE = "aws:apprunner/service:Service"
ROLE = "aws:iam/role:Role"

ELEVEN = programs.program(programs.service(image={"identifier": programs.PRIVATE_IMAGE}), programs.schedule())
"""A program of eleven resources."""

EXITING = f"""
import itertools, os, pulumi
resources = []
pulumi.runtime.register_stack_transformation(lambda args: resources.append(args.resource))
{ELEVEN}
registered = itertools.count(1)
def exit_early(_):
    if next(registered) == int(os.environ["EXITS_AFTER"]):
        os._exit(1)
for resource in resources:
    if isinstance(resource, pulumi.CustomResource):
        resource.urn.apply(exit_early)
"""
"""The same program. It exits after registering as many resources as EXITS_AFTER says."""


@pytest.fixture(scope="module")
def uninterrupted(cli: Path, _local_aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Return the account and the state after an update without faults."""
    _local_aws.reset()
    folder = write_project(tmp_path_factory.mktemp("uninterrupted"), ELEVEN)
    (folder / "Pulumi.test.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    environment = pulumi_cli.environment(cli, folder / "home", _local_aws.environment)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PATH", environment["PATH"])
        stack = Stack(folder, "test", environment)
        assert run(stack, "up") == 0
        yield snapshot(stack, _local_aws)


def run(stack: Stack, command: str, *words: str) -> int:
    """Run `up`, `destroy` or another command one step at a time, and return its exit code.

    A fault may kill the engine. Its language host survives for minutes, so this function kills it.
    """
    return run_with_output(stack, command, *words)[0]


def run_with_output(stack: Stack, command: str, *words: str) -> tuple[int, str]:
    """Run a command as `run` does, and return its exit code and its output."""
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


def snapshot(stack: Stack, aws: LocalAws) -> Snapshot:
    """Return the resources in the account, and the URNs in the state."""
    return aws.created_resources(), sorted(each["urn"] for each in stack.state)


def interrupt_each_step(stack: Stack, command: str, inject_fault: InjectFault, **fault: Any) -> int:
    """Repeat a command, interrupted one step later each time, until it succeeds; return the number of interruptions."""
    for times in range(20):
        inject_fault(nth=2, **fault)
        exit_code = run(stack, command)
        if exit_code == 0:
            return times
        if fault.get("kills_engine"):
            assert exit_code == -signal.SIGKILL
            assert run(stack, "cancel") == 0  # the killed engine still holds the stack's lock
    raise AssertionError(f"{command} does not converge")


def test_up_and_destroy_converge_when_interrupted_at_every_step(
    trial: Make, aws: LocalAws, inject_fault: InjectFault, uninterrupted: Snapshot
) -> None:
    stack = trial(ELEVEN, "")
    assert interrupt_each_step(stack, "up", inject_fault, call="create", when="before", kills_engine=True) == 10
    assert snapshot(stack, aws) == uninterrupted

    warning = "pending operations from previous deployment"  # the engine cannot know that AWS created nothing
    assert warning in run_with_output(stack, "up")[1]
    assert run(stack, "refresh", "--skip-preview", "--clear-pending-creates") == 0
    exit_code, output = run_with_output(stack, "up", "--expect-no-changes")
    assert (exit_code, warning in output) == (0, False)

    assert interrupt_each_step(stack, "destroy", inject_fault, call="delete", when="after") == 10
    assert snapshot(stack, aws) == ([], [])


def test_an_update_resumes_after_the_program_exits_at_any_registration(
    trial: Make, aws: LocalAws, uninterrupted: Snapshot
) -> None:
    stack = trial(EXITING, "")
    exit_codes: list[int] = []
    while not exit_codes or exit_codes[-1]:
        stack.environment["EXITS_AFTER"] = str(len(exit_codes) + 1)
        exit_codes.append(run(stack, "up"))
        assert len(exit_codes) <= 12
    assert len(exit_codes) == 12  # the program exited early eleven times
    assert snapshot(stack, aws) == uninterrupted


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


def test_a_created_but_unrecorded_resource_is_reported_as_existing_and_one_command_adopts_it(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    inject_fault(call="create", type=ROLE, when="after")
    assert run(stack, "up") != 0
    inject_fault(call="create", type=SERVICE, when="after")
    exit_code, output = run_with_output(stack, "up")
    assert exit_code != 0
    assert "EntityAlreadyExists: Role with name trial-api-test-instance already exists" in output

    parent = "parent=urn:pulumi:test::trial::apprunner:index:AppRunnerService::api"  # the line of docs/recovery.md
    quietly = ("--protect=false", "--generate-code=false")
    assert run(stack, "import", ROLE, "api-instance-role", "trial-api-test-instance", "--parent", parent, *quietly) == 0
    assert run(stack, "up") != 0  # now the service exists, too
    exit_code, output = run_with_output(stack, "up")
    assert exit_code != 0
    assert run(stack, *import_command(output)) == 0
    assert run(stack, "up") == 0
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/1",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]
    assert len([each for each in stack.state if each["type"] in (ROLE, SERVICE)]) == 2


def import_command(output: str) -> Sequence[str]:
    """Return the arguments of the `pulumi import` command in the output."""
    line = next(line for line in output.splitlines() if line.strip().startswith("pulumi import"))
    return shlex.split(line)[1:]


def test_throttling_and_dropped_connections_are_retried(trial: Make, aws: LocalAws) -> None:
    for fault in (
        Fault.throttle("CreateAutoScalingConfiguration", times=2),
        Fault.drop("DescribeAutoScalingConfiguration"),
        Fault.drop("CreateService"),
        Fault.throttle("CreateService"),
        Fault.drop("DescribeService"),
        Fault.throttle("ListOperations"),
        Fault.drop("ListOperations"),
    ):
        aws.plane.faults.inject(fault)
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    assert aws.plane.faults.waiting == ()
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/1",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]


def test_a_create_whose_response_was_lost_is_reported_as_existing_or_leaves_a_revision(
    trial: Make, aws: LocalAws
) -> None:
    aws.plane.faults.inject(Fault.drop("CreateAutoScalingConfiguration", takes_effect=True))
    aws.plane.faults.inject(Fault.drop("CreateService", takes_effect=True))
    stack = trial(programs.program(programs.service()), "")
    exit_code, output = run_with_output(stack, "up")
    assert exit_code != 0
    assert "Service with the provided name already exists: trial-api-test" in output
    assert import_command(output)[:3] == ["import", SERVICE, "api-service"]
    # The only resource that is orphaned without an error (docs/recovery.md). It costs nothing.
    assert aws.created_resources()[:2] == [
        f"apprunner auto scaling configuration trial-api-test/{number}" for number in (1, 2)
    ]
