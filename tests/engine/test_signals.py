"""An interrupted update ends soon, its state is readable, and the next update succeeds.

On Ctrl-C the engine (3.255) sends Cancel to providers and to language hosts, and then waits for the steps in progress,
hooks included. pulumi-aws ignores it. The official Python host sends the program SIGINT and ends it 5 seconds later
(pulumi/pulumi 1b594989, sdk/python/cmd/pulumi-language-python/main.go); the host that is built here does not support
Cancel, so these tests do it instead.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.stack import Stack
from engine.test_lifecycle import arn_of, program

Make = Callable[..., Stack]

WATCHDOG = 150
"""Ten times the maximum duration of an interrupted update, in seconds."""

CHANGED = program("'orders', environment={'LEVEL': 'new'}")


@contextmanager
def update(stack: Stack) -> "Iterator[subprocess.Popen[str]]":
    """Run `pulumi up` in a separate process group, as a shell does."""
    command = ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack.name, "--non-interactive"]
    process = subprocess.Popen(
        command,
        cwd=stack.folder,
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def program_of(stack: Stack) -> int:
    """Return the ID of the process that runs the stack's program."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    matches = [
        line for line in listed.splitlines() if "pulumi-language-python-exec" in line and str(stack.folder) in line
    ]
    return int(matches[0].split()[0])


def cancel_program(pid: int) -> None:
    """End the program as the official language host does on Cancel."""
    os.kill(pid, signal.SIGINT)
    for _ in range(50):
        time.sleep(0.1)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
    os.kill(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("the condition was not met in 60 seconds")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_update_that_is_interrupted_while_a_hook_waits_ends_and_the_next_one_succeeds(
    trial: Make, aws: LocalAws, sent: signal.Signals
) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.slow("StartDeployment", 600))
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))
    aws.plane.calls.clear()
    stack.program(CHANGED)
    with update(stack) as process:
        wait_until(lambda: sum(call.operation == "DescribeService" for call in aws.plane.calls) >= 2)
        os.kill(process.pid, sent)
        cancel_program(program_of(stack))
        output, _ = process.communicate(timeout=WATCHDOG)
    assert process.returncode != 0
    assert "cancelling" in output
    assert "UpdateService" not in [call.operation for call in aws.plane.calls]
    assert stack.resource("orders-service")["inputs"]["serviceName"] == "orders"
    aws.plane.clock.move(600)
    again = stack.up()
    assert again.ok, again.output
    assert ("update", "orders-service") in again.changes


def test_an_update_that_is_interrupted_while_it_verifies_ends_by_itself(trial: Make, aws: LocalAws) -> None:
    stack = trial(program("'orders'"), "")
    assert stack.up().ok
    aws.plane.faults.inject(Fault.slow("StartDeployment", 600))
    aws.client("apprunner").start_deployment(ServiceArn=arn_of(aws, "orders"))
    aws.plane.calls.clear()
    with update(stack) as process:
        wait_until(lambda: sum(call.operation == "ListOperations" for call in aws.plane.calls) >= 2)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=WATCHDOG)
    assert process.returncode != 0
    aws.plane.clock.move(600)
    assert stack.up().ok
