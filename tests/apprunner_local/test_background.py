"""The background process of a local AWS."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apprunner_local.background import Background
from apprunner_local.errors import LocalError

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def pid_in(folder: Path) -> int:
    return int((folder / "lock").read_text())


def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "aws"
    background = Background(folder)
    assert not background.is_running
    background.start()
    pid = pid_in(folder)
    assert Background(folder).is_running
    assert set(background.environment()) > {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_APPRUNNER"}
    background.start()  # nothing happens: it runs
    assert pid_in(folder) == pid
    background.stop()
    assert not folder.exists()
    assert not background.is_running


def test_another_process_with_the_id_of_a_crashed_local_aws_is_not_killed(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEP) as other:
        (tmp_path / "lock").write_text(str(other.pid))
        background = Background(tmp_path)
        assert not background.is_running
        background.stop()
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", ["", "nonsense"])
def test_a_damaged_file_is_no_process(tmp_path: Path, content: str) -> None:
    (tmp_path / "lock").write_text(content)
    assert not Background(tmp_path).is_running
    Background(tmp_path).stop()


def interrupt(seconds: float) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_start_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never_ready = tmp_path / "never-ready"
    never_ready.write_text("#!/bin/sh\nexec sleep 600\n")
    never_ready.chmod(0o755)
    monkeypatch.setattr("apprunner_local.background.sys.executable", str(never_ready))
    monkeypatch.setattr("apprunner_local.background.time.sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Background(tmp_path).start()
    with pytest.raises(ProcessLookupError):
        os.kill(pid_in(tmp_path), 0)
    assert not Background(tmp_path).is_running


def test_the_error_of_a_process_that_ends_contains_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apprunner_local.background.sys.executable", "/bin/false")
    with pytest.raises(LocalError, match="the local AWS does not start: "):
        Background(tmp_path).start()
    assert not Background(tmp_path).is_running
