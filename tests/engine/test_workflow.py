"""actionlint on written workflows, and on those of this repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.projects import ROOT, write_project
from pulumi_apprunner.cli.app import app

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
PROGRAM = """
import pulumi
from pulumi_apprunner import AppRunnerService

config = pulumi.Config()
image = config.require_object("image")
variables = {"LEVEL": config.get("level") or "info"}
AppRunnerService(
    "orders",
    {"image": {"identifier": image["identifier"], "managed_by": image["managedBy"]}, "environment": variables},
)
"""
COMMITTED = f"""
config:
  aws:region: eu-west-1
  trial:image: {{identifier: "{REPOSITORY}:1.4.2", managedBy: ci}}
"""

FLEET = "from pulumi_apprunner import Fleet\n\nFleet.from_config('trial')\n"
TEMPLATE = """
config:
  aws:region: eu-west-1
  trial:environment: preview
  trial:services:
    api: {image: {identifier: "public.ecr.aws/docker/library/httpd:2.4"}, port: 80}
"""


def written(folder: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["workflow", "orders", "--cwd", str(folder), *options])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def actionlint() -> list[str]:
    """Return the words that run actionlint, which Go builds once. It also runs shellcheck on each step."""
    go = shutil.which("go")
    if go is None:
        (pytest.fail if os.environ.get("ENGINE") == "required" else pytest.skip)("Go is required to build actionlint")
    shellcheck = str(Path(sys.executable).with_name("shellcheck"))
    return [go, "-C", str(ROOT / "tools" / "actionlint"), "tool", "actionlint", "-no-color", "-shellcheck", shellcheck]


@pytest.mark.parametrize("options", [(), ("--environment", "prod", "--scan", "off"), ("--deploy", "pulumi")], ids=str)
def test_actionlint_accepts_a_written_workflow(actionlint: list[str], tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = write_project(tmp_path / "trial", PROGRAM)
    tag = "1.4.2" if "pulumi" in options else "live"
    (folder / "Pulumi.test.yaml").write_text(COMMITTED.replace("1.4.2", tag))
    file = tmp_path / "deploy.yml"
    file.write_text(written(folder, *options))
    checked = subprocess.run([*actionlint, str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    "options", [(), ("--config", "trial:services.api.image.identifier")], ids=["template", "image"]
)
def test_actionlint_accepts_the_workflows_of_previews(
    actionlint: list[str], tmp_path: Path, options: tuple[str, ...]
) -> None:
    folder = write_project(tmp_path / "trial", FLEET)
    (folder / "Pulumi.preview.yaml").write_text(TEMPLATE)
    words = ["previews", "workflow", "--cwd", str(folder), "--output-dir", str(tmp_path), *options]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.stderr
    files = sorted(map(str, tmp_path.glob("*.yml")))
    checked = subprocess.run([*actionlint, *files], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(files) == 2


def test_actionlint_accepts_the_workflows_of_this_repository(actionlint: list[str]) -> None:
    files = sorted(map(str, (ROOT / ".github" / "workflows").glob("*.yml")))
    checked = subprocess.run([*actionlint, *files], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
