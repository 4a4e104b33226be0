"""`pulumi policy publish` of the folder that `make policy-pack` writes, to a fake Pulumi Cloud on loopback.

The fake accepts the CLI's requests and answers as the CLI's source code expects. It was not compared with Pulumi Cloud.
"""

import io
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from apprunner_local import pulumi_cli
from apprunner_policies import POLICIES
from engine.projects import ROOT


class Cloud(ThreadingHTTPServer):
    """A fake Pulumi Cloud that accepts policy packs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.published: dict[str, Any] = {}
        self.pack = b""
        self.completed: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Cloud  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        self._answer({"githubLogin": "acme", "name": "acme"} if self.path == "/api/user" else {})

    def do_POST(self) -> None:
        if self.path == "/api/orgs/acme/policypacks":
            self.server.published = json.loads(self._body())
            self._answer({"version": 1, "uploadURI": f"{self.server.address}/upload", "requiredHeaders": {}})
        else:
            self.server.completed.append(self.path)
            self._answer({})

    def do_PUT(self) -> None:
        self.server.pack = self._body()
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud() as server:
        Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def test_a_pack_that_is_published_has_every_rule_and_runs_without_the_components(
    cli: Path, cloud: Cloud, tmp_path: Path
) -> None:
    folder = tmp_path / "pack"
    subprocess.run([sys.executable, ROOT / "tools" / "policy_pack.py", folder], check=True, capture_output=True)
    variables = pulumi_cli.environment(cli, tmp_path / "home", {})
    variables |= {"PULUMI_BACKEND_URL": cloud.address, "PULUMI_ACCESS_TOKEN": "example"}

    ran = subprocess.run(
        ["pulumi", "policy", "publish", "acme", "--non-interactive"],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (cloud.published["name"], cloud.published["versionTag"]) == ("apprunner-policies", version)
    assert {each["name"] for each in cloud.published["policies"]} == {each.name for each in POLICIES}
    assert cloud.completed == [f"/api/orgs/acme/policypacks/apprunner-policies/versions/{version}/complete"]

    with tarfile.open(fileobj=io.BytesIO(cloud.pack)) as sent:
        sent.extractall(tmp_path / "sent", filter="data")
    # -S reads no .pth file: only the published files of this project can be imported.
    alone = subprocess.run(
        [sys.executable, "-S", "-c", "import apprunner_policies, sys; sys.exit('pulumi_aws' in sys.modules)"],
        cwd=tmp_path / "sent" / "package",
        env={**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert alone.returncode == 0, alone.stderr
