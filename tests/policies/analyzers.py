"""Processes of the pack, as the Pulumi CLI starts them."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

FOLDER = Path(__file__).resolve().parents[2] / "policies"
EXECUTABLE = FOLDER / "apprunner-policies"


@contextmanager
def started(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Start a pack, connect to the port that it prints, and stop it."""
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=errors
        ) as pack,
    ):
        try:
            assert pack.stdout is not None
            port = pack.stdout.readline().decode().strip()
            if not port:
                errors.seek(0)
                pytest.fail(f"the pack did not start:\n{errors.read().decode()}")
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            pack.kill()


def as_a_folder() -> Any:
    """Start the pack as the CLI starts a folder."""
    return started(sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", FOLDER, cwd=FOLDER)


def as_an_executable(tmp_path: Path) -> Any:
    """Start the pack as an executable, from another directory."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return started(EXECUTABLE, "127.0.0.1:1", cwd=tmp_path, env={"PATH": path})


def from_a_checkout_that_is_not_installed(tmp_path: Path) -> Any:
    """Start the pack without its editable install (-S reads no .pth file), with the third-party packages importable."""
    packages = sysconfig.get_path("purelib")
    return started(sys.executable, "-S", EXECUTABLE, "127.0.0.1:1", cwd=tmp_path, env={"PYTHONPATH": packages})
