"""`make up-local` and `make down-local`: the project on the real engine, against a local AWS that stays."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from apprunner_local import project

FOLDER = project.ROOT / ".local"
_AWS, _PID, _EXPORTS = FOLDER / "aws", FOLDER / "aws" / "pid", FOLDER / "environment"
_STOREFRONT = FOLDER / "storefront"
_STARTS_WITHIN = 60


class LocalError(Exception):
    """What went wrong, and what to do."""


def up(stack: str) -> int:
    """Run `pulumi up` of a stack of the project, and return how it ended.

    Args:
        stack: The stack's name: there is a Pulumi.<stack>.yaml.

    Raises:
        LocalError: There is no such stack, no CLI, or the local AWS does not start.
    """
    stacks = sorted(file.suffixes[0][1:] for file in project.ROOT.glob("Pulumi.*.yaml"))
    if stack not in stacks:
        raise LocalError(f"STACK={stack}: there is no Pulumi.{stack}.yaml; choose {' or '.join(stacks)}")
    cli = _cli()
    aws = _running_aws()
    project.copy(_STOREFRONT)
    environment = project.environment(cli, FOLDER, aws)
    _EXPORTS.write_text("".join(f"export {name}='{value}'\n" for name, value in environment.items()))
    _pulumi(environment, "stack", "select", "--create", stack)
    code = _pulumi(environment, "up", "--yes", "--stack", stack)
    if code == 0:
        print(_HOW.format(folder=_shown(_STOREFRONT), exports=_shown(_EXPORTS), stack=stack))
    return code


def down() -> int:
    """Destroy every stack, stop the local AWS and forget both; return how the destroying ended."""
    code = 0
    if _pid() is not None:
        environment = project.environment(_cli(), FOLDER, _told())
        for file in sorted((FOLDER / "state").glob(".pulumi/stacks/*/*.json")):
            # Protection is for what would be missed: nothing here would.
            subprocess.run(
                ["pulumi", "state", "unprotect", "--all", "--yes", "--stack", file.stem],
                cwd=_STOREFRONT, env={**os.environ, **environment}, capture_output=True, check=False,
            )  # fmt: skip
            code = code or _pulumi(environment, "destroy", "--yes", "--remove", "--stack", file.stem)
    _stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
    print("The local AWS is stopped, and what it held is gone.")
    return code


def _cli() -> Path:
    try:
        return project.cli(build=True)
    except project.NoEngineError as none:
        raise LocalError(str(none)) from None


def _running_aws() -> dict[str, str]:
    """Return how the local AWS is reached, started where it does not run."""
    if _pid() is None:
        if FOLDER.exists():
            print("The local AWS does not run any more, and what it held is gone: starting afresh", flush=True)
            shutil.rmtree(FOLDER)
        _AWS.mkdir(parents=True)
        with (_AWS / "log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "apprunner_local", "serve", "--folder", str(_AWS)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _STARTS_WITHIN
        while not (_AWS / "environment").exists():
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise LocalError(f"the local AWS does not start: {(_AWS / 'log').read_text().strip()}")
            time.sleep(0.1)
        _PID.write_text(str(server.pid))
    return _told()


def _told() -> dict[str, str]:
    lines = (_AWS / "environment").read_text().splitlines()
    told = (line.removeprefix("export ").partition("=") for line in lines)
    return {name: value.strip("'\"") for name, _, value in told}


def _pid() -> int | None:
    """Return the process of the local AWS while it runs."""
    try:
        pid = int(_PID.read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    return pid


def _stop() -> None:
    pid = _pid()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)


def _pulumi(environment: dict[str, str], *words: str) -> int:
    return subprocess.run(
        ["pulumi", *words], cwd=_STOREFRONT, env={**os.environ, **environment}, check=False
    ).returncode


def _shown(path: Path) -> Path:
    return path.relative_to(project.ROOT)


_HOW = """
{stack} stands in a local AWS, which goes on running. To try things in this shell:

    . {exports}
    pulumi -C {folder} stack output --stack {stack}
    pulumi -C {folder} up --stack {stack}
    python -c "import boto3; print(boto3.client('apprunner').list_services())"

After an edit of stacks/ or a stack file: make up-local STACK={stack}. To be rid of all of it: make down-local"""
