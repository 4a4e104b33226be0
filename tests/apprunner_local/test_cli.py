"""The commands `apprunner local up | down | serve`: their errors. tests/engine/test_local.py runs them."""

import importlib.util
import json
import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from apprunner_local import pulumi_cli
from apprunner_local.cli import WRONG
from apprunner_local.commands import Session
from apprunner_local.errors import LocalError
from apprunner_local.workspace import Workspace
from pulumi_apprunner.cli.app import app


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error(*arguments: str) -> str:
    """Run a command that fails, and return its error."""
    run = CliRunner().invoke(app, ["local", *arguments])
    assert run.exit_code == WRONG, run.output
    assert run.exception is None or isinstance(run.exception, SystemExit)
    return run.stderr


def test_without_a_project_the_error_names_the_folder(tmp_path: Path) -> None:
    assert error("up", "--cwd", str(tmp_path)) == (
        f"error: no Pulumi.yaml in {tmp_path} or a parent directory. "
        "Run the command in a Pulumi project, or name one (--cwd)\n"
    )


def test_an_unknown_stack_is_an_error_that_lists_the_stacks(project: Path) -> None:
    message = error("up", "--stack", "staging")
    assert "'staging'" in message
    assert "dev, prod" in message


def test_one_of_several_stacks_must_be_named(project: Path) -> None:
    assert "dev, prod" in error("up")


def test_a_stack_file_that_is_not_yaml_is_an_error_that_names_the_line(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n\ta: 1\n")
    assert "Pulumi.dev.yaml:2:1: must be indented with spaces, got a tab" in error("up", "--stack", "dev")
    assert not (project / ".local").exists()


def test_an_unknown_key_of_a_stack_file_is_an_error_before_anything_starts(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("secret: nope\n")
    assert "secret: unknown key. Did you mean secretsprovider?" in error("up", "--stack", "dev")
    assert not (project / ".local").exists()


def test_without_a_cli_the_error_contains_how_to_install_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_cli, "_BUILDER", project / "nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    assert error("up", "--stack", "dev") == (
        "error: the Pulumi CLI and its Python language host must be on PATH. "
        "Install it: https://www.pulumi.com/docs/install/\n"
    )


@pytest.mark.parametrize("version", ["v3.237.9", "v2.25.2", "nonsense"])
def test_an_old_cli_is_an_error_that_names_its_version(
    project: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        (project / name).write_text(f"#!/bin/sh\necho {version}\n")
        (project / name).chmod(0o755)
    monkeypatch.setattr(pulumi_cli, "_BUILDER", project / "nowhere")
    monkeypatch.setenv("PATH", str(project))
    assert f"must be version 3.238.0 or newer, got {version}" in error("up", "--stack", "dev")


def test_the_oldest_version_is_that_of_the_script_that_builds_one() -> None:
    script = Path(__file__).parents[2] / "tools" / "pulumi" / "find-or-build"
    assert f"={'.'.join(map(str, pulumi_cli.OLDEST))}\n" in script.read_text()


def test_a_folder_that_cannot_be_created_is_an_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_cli, "find_cli", lambda build: project)
    (project / "file").write_text("")
    assert "file/local: must be a folder that can be written to" in error("up", "-s", "dev", "--folder", "file/local")


def test_down_without_a_local_aws_does_nothing(project: Path) -> None:
    run = CliRunner().invoke(app, ["local", "down"])
    assert (run.exit_code, run.stdout) == (0, "No local AWS runs: there is no .local\n")


@pytest.mark.parametrize("option", ["--port", "--apprunner-port"])
def test_a_port_in_use_is_an_error_that_names_the_option(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert error("serve", option, port) == (
            f"error: {option} {port}: must be a free port, got: Address already in use. "
            "Choose another, or leave the option out\n"
        )


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "moto" else find_spec(name))
    assert error("down") == "error: moto: must be installed. Install pulumi-apprunner[local]\n"


def locked(project: Path, pid: int) -> tuple[Session, Path]:
    """Return a session whose stack `dev` is locked by a process."""
    workspace = Workspace.of(project)
    workspace.link()
    lock = workspace.folder / "state" / ".pulumi" / "locks" / "organization" / "shop" / "dev" / "id.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"pid": pid, "username": "a", "hostname": os.uname().nodename}))
    return Session(workspace, project, {}), lock


def test_the_lock_of_an_update_that_was_killed_is_removed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pid = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(pid, 0)
    session, lock = locked(project, pid)
    session.release_locks("dev")
    assert not lock.exists()
    assert capsys.readouterr().err.startswith("The last update of dev was killed. Its lock is removed")


def test_the_lock_of_an_update_that_runs_is_an_error_with_the_folder_and_the_environment(project: Path) -> None:
    session, lock = locked(project, os.getpid())
    with pytest.raises(LocalError, match="another update of the stack is running") as raised:
        session.release_locks("dev")
    assert str(raised.value).endswith("  . .local/environment && pulumi -C .local/project cancel --yes --stack dev")
    assert lock.exists()
