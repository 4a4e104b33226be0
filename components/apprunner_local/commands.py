"""`apprunner local up` and `down`: a stack of a project on the Pulumi engine, against a local AWS."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apprunner_facts.arns import parse_arn
from apprunner_facts.tokens import ECR_REPOSITORY, SERVICE
from apprunner_local import pulumi_cli
from apprunner_local.apprunner.control import Control
from apprunner_local.background import Background
from apprunner_local.errors import LocalError
from apprunner_local.existing import Existing
from apprunner_local.summary import still_running, summary
from apprunner_local.workspace import Workspace, relative

_OPERATION = 10
"""Seconds that an operation of the local App Runner takes at most."""


class Session:
    """A project's workspace, and the environment of the CLI's commands in it.

    Args:
        workspace: The workspace.
        cli: The CLI's folder.
        aws: The environment variables of the local AWS.
    """

    def __init__(self, workspace: Workspace, cli: Path, aws: Mapping[str, str]) -> None:
        self.workspace = workspace
        self.environment = pulumi_cli.environment(cli, workspace.folder, aws, accept_unknown_types=True)

    def run(self, *arguments: str) -> int:
        """Run a command of the CLI on this console, and return its exit status.

        Ctrl-C reaches the CLI, which then cancels its update; this process waits for that.
        """
        before = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            with subprocess.Popen(["pulumi", *arguments], cwd=self.workspace.links, env=self._variables()) as process:
                return process.wait()
        finally:
            signal.signal(signal.SIGINT, before)

    def capture(self, *arguments: str) -> str:
        """Run a command of the CLI, and return its output.

        Raises:
            LocalError: It failed.
        """
        run = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.workspace.links, env=self._variables(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode:
            raise LocalError(f"pulumi {' '.join(arguments)}: {(run.stderr or run.stdout).strip()}")
        return run.stdout

    def release_locks(self, stack: str) -> None:
        """Delete the locks of updates on this machine whose process has ended: they were killed.

        Raises:
            LocalError: An update of the stack is running, or may be.
        """
        locks = [*(self.workspace.folder / "state").glob(f".pulumi/locks/*/*/{stack}/*.json")]
        if not locks:
            return
        if any(map(_may_be_held, locks)):
            folder, exports = relative(self.workspace.links), relative(self.workspace.exports)
            raise LocalError(
                f"{stack}: another update of the stack is running. Wait until it has ended. If there is none:\n"
                f"  . {shlex.quote(exports)} && pulumi -C {shlex.quote(folder)} cancel --yes --stack {stack}"
            )
        for lock in locks:
            shutil.rmtree(lock.parent, ignore_errors=True)
        _note(f"The last update of {stack} was killed. Its lock is removed; resources that it was creating may be lost")

    def _variables(self) -> Mapping[str, str]:
        return {**os.environ, **self.environment}


def up(directory: Path, name: str | None = None, folder: Path | None = None) -> int:
    """Run `pulumi up` of a stack against the project's local AWS, and return its exit status.

    Args:
        directory: The project's folder, or one in it.
        name: The stack. Default: the only one.
        folder: The folder of the state and the local AWS. Default: .local beside Pulumi.yaml.

    Raises:
        RunError: The project or the stack does not exist, there is no CLI, or the local AWS does not start.
    """
    workspace = Workspace.of(directory, folder)
    stack = workspace.project.resolve_stack(name)
    file = workspace.project.stacks[stack]
    region = Existing.read(file).region  # an error in the file is reported before anything starts
    cli = pulumi_cli.find_cli(build=True)
    workspace.create()
    background = Background(workspace.folder / "aws")
    if not background.is_running and workspace.stacks:
        _note("The local AWS has stopped since the last run, and its contents are lost. A new one starts")
        workspace.delete()
        workspace.create()
    background.start()
    workspace.link_plugins()
    for warning in workspace.link():
        _note(f"warning: {warning}")
    aws = {**background.environment(), "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    Control(aws["AWS_ENDPOINT_URL_APPRUNNER"]).seed(file)
    session = Session(workspace, cli, aws)
    workspace.write_exports(session.environment)
    session.release_locks(stack)
    session.capture("stack", "select", "--create", stack)
    for arguments in workspace.placeholders(stack):
        session.capture(*arguments)
    status = session.run("up", "--yes", "--skip-preview", "--stack", stack)
    if status == 0:
        state = json.loads(session.capture("stack", "export", "--stack", stack))
        print(summary(workspace, stack, state["deployment"].get("resources") or [], _program()))
    else:
        _note(still_running(workspace, _program()))
    return status


def down(directory: Path, folder: Path | None = None) -> int:
    """Destroy every stack in the project's local AWS, stop it, and return the exit status of the first failure.

    Args:
        directory: The project's folder, or one in it.
        folder: As for `up`.

    Raises:
        RunError: There is no project, or an update is running.
    """
    workspace = Workspace.of(directory, folder)
    if not workspace.folder.exists():
        print(f"No local AWS runs: there is no {relative(workspace.folder)}")
        return 0
    background = Background(workspace.folder / "aws")
    status = 0
    if background.is_running and workspace.stacks and workspace.links.is_dir():
        try:
            session = Session(workspace, pulumi_cli.find_cli(), background.environment())
        except pulumi_cli.NoCliError as error:
            _note(f"warning: nothing is destroyed, only stopped: {error}")
        else:
            for stack in workspace.stacks:
                status = _destroy(session, stack) or status
    background.stop()
    workspace.delete()
    print("The local AWS is stopped, and its contents are deleted.")
    return status


def _destroy(session: Session, stack: str) -> int:
    session.release_locks(stack)
    state = json.loads(session.capture("stack", "export", "--stack", stack))
    resources: list[dict[str, Any]] = state["deployment"].get("resources") or []
    _resume_services(session.environment, resources)
    _empty_repositories(session.environment, resources)
    # Local resources need no protection. With --run-program the hooks would resume the services, and the program would
    # protect them again.
    session.capture("state", "unprotect", "--all", "--yes", "--stack", stack)
    return session.run("destroy", "--yes", "--skip-preview", "--remove", "--stack", stack)


def _resume_services(environment: Mapping[str, str], resources: Sequence[Mapping[str, Any]]) -> None:
    """Resume paused services: a domain, for example, cannot be removed from one."""
    for each in resources:
        if each["type"] != SERVICE or not each.get("id"):
            continue
        client = _client(environment, parse_arn(each["id"]).region)
        if _status(client, each["id"]) == "PAUSED":
            client.resume_service(ServiceArn=each["id"])
            _status(client, each["id"])


def _empty_repositories(environment: Mapping[str, str], resources: Sequence[Mapping[str, Any]]) -> None:
    """Delete the images of all repositories: a repository with images is not deleted."""
    for each in resources:
        arn = each.get("outputs", {}).get("arn")
        if each["type"] != ECR_REPOSITORY or not arn:
            continue
        client = _client(environment, parse_arn(arn).region, "ecr")
        try:
            pages = client.get_paginator("list_images").paginate(repositoryName=each["id"])
            for page in list(pages):
                if page["imageIds"]:
                    client.batch_delete_image(repositoryName=each["id"], imageIds=page["imageIds"])
        except client.exceptions.RepositoryNotFoundException:
            continue


def _client(environment: Mapping[str, str], region: str, service: str = "apprunner") -> Any:
    import boto3  # pyright: ignore[reportMissingTypeStubs]

    session: Any = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
    endpoint = environment["AWS_ENDPOINT_URL_APPRUNNER" if service == "apprunner" else "AWS_ENDPOINT_URL"]
    return session.client(service, region, endpoint_url=endpoint)


def _status(client: Any, arn: str) -> str:
    """Return a service's status once no operation is in progress; an empty one where it does not exist."""
    deadline = time.monotonic() + _OPERATION
    while True:
        try:
            status: str = client.describe_service(ServiceArn=arn)["Service"]["Status"]
        except client.exceptions.ResourceNotFoundException:
            return ""
        if status != "OPERATION_IN_PROGRESS" or time.monotonic() > deadline:
            return status
        time.sleep(0.1)


def _may_be_held(lock: Path) -> bool:
    """Return whether the update that wrote a lock may still run."""
    try:
        content = json.loads(lock.read_text())
        if content["hostname"] != os.uname().nodename:
            return True
        os.kill(int(content["pid"]), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return True


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _program() -> str:
    """Return the command of this process as a user types it."""
    program = sys.argv[0]
    name = Path(program).name
    return name if shutil.which(name) == program else relative(Path(program))
