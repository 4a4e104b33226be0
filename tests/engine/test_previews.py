"""`apprunner previews` on the real Pulumi CLI: environments of pull requests are listed and removed."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from apprunner_local.aws import LocalAws
from engine.programs import PUBLIC_IMAGE, ZONE
from engine.projects import write_project
from engine.stack import Stack
from pulumi_apprunner.cli.app import app

PROGRAM = "import pulumi\nfrom pulumi_apprunner import Fleet\n\nFleet.from_config('shop')\n"


@pytest.fixture
def project(environment: dict[str, str], tmp_path: Path) -> Path:
    """Return the folder of a project with a Fleet."""
    return write_project(tmp_path / "shop", PROGRAM, name="shop")


def preview(folder: Path, environment: dict[str, str], number: int, expires: str, **service: Any) -> Stack:
    """Return the stack of a pull request, with its stack file."""
    values: dict[str, Any] = {
        "aws:region": "eu-west-1",
        "shop:environment": "preview",
        "shop:preview": {"number": number, "expires": expires},
        "shop:zones": {"public": ZONE},
        "shop:services": {"api": {"image": {"identifier": PUBLIC_IMAGE}, "port": 80, **service}},
    }
    (folder / f"Pulumi.pr-{number}.yaml").write_text(json.dumps({"config": values}))
    return Stack(folder, f"pr-{number}", environment)


def apprunner(stack: Stack, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `apprunner previews` in the project's folder, as a workflow does: without the stacks' files."""
    for file in stack.folder.glob("Pulumi.pr-*.yaml"):
        file.rename(file.with_suffix(".hidden"))
    try:
        return subprocess.run(
            [Path(sys.executable).with_name("apprunner"), "previews", *words],
            cwd=stack.folder,
            env=stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for file in stack.folder.glob("Pulumi.pr-*.hidden"):
            file.rename(file.with_suffix(".yaml"))


def listed(stack: Stack) -> list[dict[str, Any]]:
    run = apprunner(stack, "list", "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["environments"]


@dataclass
class Job:
    """The steps of the written workflow, in the project's folder.

    Args:
        folder: The project's folder.
        environment: The environment variables of the Pulumi CLI.
        summary: The file of the job's summary.
    """

    folder: Path
    environment: dict[str, str]
    summary: Path

    def write(self) -> None:
        """Write the workflows."""
        words = ["previews", "workflow", "--cwd", str(self.folder), "--output-dir", str(self.folder)]
        assert CliRunner().invoke(app, words).exit_code == 0

    def run(self, job: str, step: str, updated: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a step for pull request 7."""
        workflow = YAML(typ="safe", pure=True).load((self.folder / "preview.yml").read_text())
        found = next(each for each in workflow["jobs"][job]["steps"] if each.get("name") == step)
        own = {key: value for key, value in found["env"].items() if "${{" not in value}
        path = f"{Path(sys.executable).parent}{os.pathsep}{self.environment['PATH']}"
        values = {"NUMBER": "7", "UPDATED": updated, "GITHUB_STEP_SUMMARY": str(self.summary), "PATH": path}
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", found["run"]],
            cwd=self.folder,
            env={**self.environment, **own, **values, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


def test_an_expired_environment_is_removed_and_another_stays(
    aws: LocalAws, project: Path, environment: dict[str, str]
) -> None:
    before = aws.created_resources()
    domain = {"domainName": "api.staging.example.com", "zone": "public"}
    old = preview(project, environment, 7, "2026-01-01", domains=[domain])
    created = old.up()
    assert created.ok, created.output
    assert any("api-pr-7.staging.example.com" in each for each in created.diagnostics("info")), created.output
    assert old.up().changes == []
    new = preview(project, environment, 12, "2999-12-31")
    assert new.up().ok

    environments = listed(old)
    assert [(each["number"], each["expired"], each["services"]) for each in environments] == [
        (7, True, ["api"]),
        (12, False, ["api"]),
    ]
    assert environments[0]["usd_per_month"] > 0

    arn = old.resource("api-service")["outputs"]["arn"]
    aws.client("apprunner").pause_service(ServiceArn=arn)  # App Runner does not remove the domain of a paused service
    aws.plane.clock.move(5)
    paused = aws.created_resources()
    dry = apprunner(old, "remove", "--expired", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "pr-7  2026-01-01, expired  delete " in dry.stdout
    assert "pr-12" not in dry.stdout
    assert aws.created_resources() == paused

    removed = apprunner(old, "remove", "--expired", "--yes")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert "is paused, so it is being resumed" in removed.stdout
    assert [each["number"] for each in listed(new)] == [12]
    assert new.up().changes == []
    assert apprunner(new, "remove", "12", "--yes").returncode == 0
    assert aws.created_resources() == before


def test_a_protected_environment_and_another_stack_stay(
    aws: LocalAws, project: Path, environment: dict[str, str]
) -> None:
    stack = preview(project, environment, 7, "2026-01-01")
    assert stack.up().ok
    assert stack.command("state", "protect", stack.resource("api-service")["urn"], "--yes").returncode == 0
    other = Stack(project, "pr-8", environment)
    (project / "Pulumi.pr-8.yaml").write_text("config: {'aws:region': eu-west-1}\n")
    other.program("import pulumi_aws as aws\naws.sqs.Queue('orders')\n")
    assert other.up().ok
    kept = aws.created_resources()
    refused = apprunner(stack, "remove", "7", "8", "--yes")
    assert refused.returncode == 1
    assert "pr-7 cannot be removed: api-service is protected" in refused.stdout
    assert "pr-8 cannot be removed: it is not the environment of a pull request" in refused.stdout
    assert aws.created_resources() == kept


def test_the_workflow_creates_updates_and_removes_an_environment(
    aws: LocalAws, project: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    before = aws.created_resources()
    template = {
        "aws:region": "eu-west-1",
        "shop:environment": "preview",
        "shop:services": {"api": {"image": {"identifier": PUBLIC_IMAGE}, "port": 80}},
    }
    (project / "Pulumi.preview.yaml").write_text(json.dumps({"config": template}))
    job = Job(project, environment, tmp_path / "summary.md")
    job.write()
    now = datetime.now(UTC)
    event, expires = f"{now:%Y-%m-%dT%H:%M:%SZ}", (now + timedelta(days=7)).date()
    late = job.run("up", "Up", "2026-01-01T23:10:00Z")
    assert late.returncode == 1
    assert "its environment expired on 2026-01-08. Push a commit to the pull request, or reopen it" in late.stdout
    first = job.run("up", "Up", event)
    assert first.returncode == 0, first.stdout + first.stderr
    assert f"Environment of pull request 7, until {expires}" in job.summary.read_text()
    created = aws.created_resources()

    (project / "Pulumi.pr-7.yaml").unlink()  # another run has another checkout
    again = job.run("up", "Up", event)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "unchanged" in again.stdout
    assert not re.search(r"[+~-] *\d+ (created|updated|deleted|replaced)|\d+ (to )?update", again.stdout), again.stdout
    assert aws.created_resources() == created

    limited = job.run("up", "Up", event, NUMBER="8", LIMIT="1")
    assert limited.returncode == 1
    assert "the limit is 1: pr-7" in limited.stderr

    (project / "Pulumi.pr-7.yaml").unlink()
    removed = job.run("remove", "Remove")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert aws.created_resources() == before


def test_an_environment_whose_first_update_created_nothing_is_removed(
    aws: LocalAws, project: Path, environment: dict[str, str]
) -> None:
    before = aws.created_resources()
    stack = preview(project, environment, 7, "2026-01-01")
    endpoints = {key: value for key, value in stack.environment.items() if key.startswith("AWS_ENDPOINT_URL")}
    stack.environment.update(dict.fromkeys(endpoints, "http://127.0.0.1:1"))
    assert not stack.up().ok
    stack.environment.update(endpoints)
    assert [each["resources"] for each in listed(stack)] == [0]
    removed = apprunner(stack, "remove", "--expired", "--yes")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert listed(stack) == []
    assert aws.created_resources() == before
