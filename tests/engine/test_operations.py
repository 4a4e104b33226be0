"""`apprunner status`, `deploy`, `pause` and `logs` on the state of the real Pulumi CLI."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.programs import program, schedule, service
from engine.stack import Stack

Make = Callable[..., Stack]


def apprunner(stack: Stack, command: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command on a stack, as a user does in the project's folder."""
    return subprocess.run(
        [Path(sys.executable).with_name("apprunner"), command, *words, "--stack", stack.name],
        cwd=stack.folder,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def status(stack: Stack) -> tuple[int, dict[str, Any]]:
    """Return the exit status of `apprunner status`, and its services by name."""
    run = apprunner(stack, "status", "--json")
    assert not run.stderr, run.stderr
    return run.returncode, {each["name"]: each for each in json.loads(run.stdout)["services"]}


def test_the_commands_agree_with_the_verification_of_up(trial: Make, aws: LocalAws) -> None:
    stack = trial(program(service("api"), schedule("api"), service("web")))
    assert stack.up().ok
    code, services = status(stack)
    assert (code, sorted(services)) == (0, ["api", "web"])
    assert services["api"]["next"]["action"] == "pause"
    assert services["api"]["next"]["timezone"] == "Europe/Berlin"
    assert (services["api"]["verification"]["result"], services["web"]["next"]) == ("verified", None)

    aws.plane.faults.inject(Fault.roll_back("health check failed"))
    stack.program(program(service("api", environment={"LEVEL": "debug"}), schedule("api"), service("web")))
    assert not stack.up().ok
    code, services = status(stack)
    assert (code, services["api"]["status"], services["api"]["verification"]["result"]) == (1, "RUNNING", "failed")
    assert services["web"]["verification"]["result"] == "verified"

    # A deployment of the old settings does not deploy those of the program.
    deployed = apprunner(stack, "deploy", "api", "--wait")
    assert deployed.returncode == 1, deployed.stdout + deployed.stderr
    assert "did not deploy the settings that this program wants" in deployed.stdout
    assert "health check failed" in deployed.stdout

    paused = apprunner(stack, "pause", "web", "--wait")
    assert paused.returncode == 0, paused.stderr
    assert status(stack)[1]["web"]["status"] == "PAUSED"
    events = apprunner(stack, "logs", "web", "--events")
    assert "[AppRunner] PAUSE_SERVICE SUCCEEDED" in events.stdout

    unknown = apprunner(stack, "status", "wep")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Did you mean web?" in unknown.stderr
