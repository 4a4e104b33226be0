"""A written workflow that runs `pulumi up`, and actionlint on each workflow."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.conftest import Make
from engine.projects import ROOT, write_project
from engine.test_ci_images import image
from engine.test_lifecycle import UNHEALTHY
from github_jobs import Job
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
STEPS = ("Check the variables", "Build", "Push", "Deploy")


def push_initial_image(aws: LocalAws) -> None:
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="orders")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
    ecr.put_image(repositoryName="orders", imageManifest=manifest, imageTag="1.4.2")


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


def test_actionlint_accepts_the_workflows_of_this_repository(actionlint: list[str]) -> None:
    files = sorted(map(str, (ROOT / ".github" / "workflows").glob("*.yml")))
    checked = subprocess.run([*actionlint, *files], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_image_is_deployed_by_the_job_and_kept_by_other_updates(trial: Make, aws: LocalAws, tmp_path: Path) -> None:
    push_initial_image(aws)
    stack = trial(PROGRAM, "options: {refresh: always}")
    file = stack.folder / "Pulumi.test.yaml"
    file.write_text(COMMITTED)
    first = stack.up()
    assert first.ok, first.output
    assert image(aws) == f"{REPOSITORY}:1.4.2"

    text = written(stack.folder, "--deploy", "pulumi")
    variables = {"APPRUNNER_ORDERS_ROLE_ARN": "deploy", "APPRUNNER_ORDERS_STACK_ROLE_ARN": "stack"}
    job = Job(text, tmp_path / "job", stack.environment, stack.folder, variables)
    (tmp_path / "job").mkdir(exist_ok=True)
    ended = job.run(*STEPS)
    assert ended.status == 0, ended.output
    deployed = image(aws)
    assert deployed == ended.environment["PUSHED"]
    assert deployed.startswith(f"{REPOSITORY}@sha256:")

    file.write_text(COMMITTED + "  trial:level: debug\n")  # an update from another checkout
    elsewhere = stack.up()
    assert (elsewhere.ok, elsewhere.changes) == (True, [("update", "orders-service")]), elsewhere.output
    assert image(aws) == deployed

    job.number += 1
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))
    rolled_back = job.run(*STEPS)
    assert rolled_back.status != 0
    assert rolled_back.step == "Deploy"
    assert "ended ROLLBACK_SUCCEEDED: the version before it runs" in rolled_back.output
    assert f"[AppRunner] UPDATE_SERVICE ROLLBACK_SUCCEEDED: {UNHEALTHY}" in rolled_back.output
    assert image(aws) == deployed
