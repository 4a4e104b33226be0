"""`apprunner previews workflow`: what the workflows do, with which permissions, and errors."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.workflow.actions import ACTIONS

OWN = "github.event.pull_request.head.repo.full_name == github.repository"
IMAGE = ("--config", "shop:services.api.image.identifier")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n")
    (tmp_path / "Pulumi.preview.yaml").write_text("config: {'aws:region': eu-west-1}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["previews", "workflow", *words], catch_exceptions=False)


def written(folder: Path, *words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the workflow of a pull request, and that of the expired environments."""
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    load = YAML(typ="safe", pure=True).load
    of_pull_request, expired = (
        load((folder / ".github" / "workflows" / name).read_text()) for name in ("preview.yml", "expired-previews.yml")
    )
    return of_pull_request, expired


def step(job: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(next(each for each in job["steps"] if each.get("name") == name))


def test_it_runs_when_a_pull_request_is_opened_pushed_to_or_closed(folder: Path) -> None:
    workflow, expired = written(folder)
    assert workflow["on"] == {"pull_request": {"types": ["opened", "synchronize", "reopened", "closed"]}}
    assert expired["on"] == {"schedule": [{"cron": "17 3 * * *"}], "workflow_dispatch": None}
    assert workflow["jobs"]["up"]["if"] == f"github.event.action != 'closed' && {OWN}"
    assert workflow["jobs"]["remove"]["if"] == f"github.event.action == 'closed' && {OWN}"


@pytest.mark.parametrize("options", [(), IMAGE], ids=["template", "image"])
def test_pull_requests_from_forks_start_no_job(folder: Path, options: tuple[str, ...]) -> None:
    jobs = written(folder, *options)[0]["jobs"]
    for job in jobs.values():
        assert OWN in job["if"] if "if" in job else job["needs"] == "build"
    text = (folder / ".github" / "workflows" / "preview.yml").read_text()
    assert "Pull requests from forks are skipped, so they get no credentials" in text


def test_runs_of_a_pull_request_wait_for_each_other(folder: Path) -> None:
    workflow, _ = written(folder)
    assert workflow["concurrency"] == {
        "group": "preview-${{ github.event.pull_request.number }}",
        "cancel-in-progress": False,
    }


def test_only_the_jobs_that_assume_a_role_get_an_identity_token(folder: Path) -> None:
    workflow, expired = written(folder, *IMAGE)
    assert workflow["permissions"] == expired["permissions"] == {"contents": "read"}
    jobs = [workflow["jobs"]["up"], workflow["jobs"]["remove"], expired["jobs"]["remove"]]
    assert all(job["permissions"] == {"contents": "read", "id-token": "write"} for job in jobs)
    assert all(job["environment"] == "preview" for job in jobs)
    assert "permissions" not in workflow["jobs"]["build"]


def test_an_update_checks_the_limit_and_sets_number_and_expiry(folder: Path) -> None:
    up = step(written(folder, "--days", "3", "--limit", "5")[0]["jobs"]["up"], "Up")
    assert up["env"]["PROJECT"] == "shop"
    assert (up["env"]["TEMPLATE"], up["env"]["DAYS"], up["env"]["LIMIT"]) == ("Pulumi.preview.yaml", "3", "5")
    assert up["env"]["UPDATED"] == "${{ github.event.pull_request.updated_at }}"
    assert "IMAGE_KEY" not in up["env"]


def test_a_removal_runs_the_code_of_the_default_branch(folder: Path) -> None:
    workflow, expired = written(folder)
    for job, words in ((workflow["jobs"]["remove"], '"$NUMBER"'), (expired["jobs"]["remove"], "--expired")):
        assert job["steps"][0]["with"]["ref"] == "${{ github.event.repository.default_branch }}"
        assert step(job, "Remove")["run"] == f"apprunner previews remove {words} --yes"


def test_an_image_is_built_without_credentials_and_pushed_before_the_update(folder: Path) -> None:
    jobs = written(folder, *IMAGE, "--dockerfile", "api/Dockerfile", "--context", "api")[0]["jobs"]
    assert step(jobs["build"], "Build")["env"] == {"DOCKERFILE": "api/Dockerfile", "CONTEXT": "api"}
    names = [each.get("name") for each in jobs["up"]["steps"]]
    assert names.index("Load the image") < names.index("Assume the role that pushes") < names.index("Push")
    assert names.index("Push") < names.index("Assume the role of the stack") < names.index("Up")
    assert step(jobs["up"], "Up")["env"]["IMAGE_KEY"] == IMAGE[1]
    assert jobs["build"]["outputs"] == {"sha256": "${{ steps.save.outputs.sha256 }}"}
    assert step(jobs["up"], "Load the image")["env"] == {"SHA256": "${{ needs.build.outputs.sha256 }}"}


def test_the_variables_are_checked_and_printed(folder: Path) -> None:
    result = run("--environment", "pull requests", *IMAGE)
    names = ["ROLE_ARN", "REPOSITORY", "STACK_ROLE_ARN"]
    for name in names:
        assert f"gh variable set APPRUNNER_PREVIEW_{name} --env 'pull requests'" in result.stderr
    job = YAML(typ="safe", pure=True).load((folder / ".github" / "workflows" / "preview.yml").read_text())["jobs"]["up"]
    assert step(job, "Check the variables")["env"]["REQUIRED"].split() == names


def test_every_action_is_pinned_by_commit(folder: Path) -> None:
    known = {str(each) for each in ACTIONS.values()}
    written(folder, *IMAGE)
    for file in (folder / ".github" / "workflows").iterdir():
        used = [line.partition("uses: ")[2] for line in file.read_text().splitlines() if "uses: " in line]
        assert used
        assert set(used) <= known


def test_the_program_may_be_in_a_subfolder(folder: Path) -> None:
    inner = folder / "infra"
    inner.mkdir()
    (folder / ".git").mkdir()
    for name in ("Pulumi.yaml", "Pulumi.preview.yaml"):
        (folder / name).rename(inner / name)
    up = step(written(folder, "--cwd", "infra")[0]["jobs"]["up"], "Up")
    assert up["working-directory"] == "infra"


@pytest.mark.parametrize(
    ("file", "options", "message"),
    [
        ("{'aws:region': eu-west-1}", ("--template", "previw"), "shop has no file Pulumi.previw.yaml"),
        ("{'shop:environment': preview}", (), "Pulumi.preview.yaml: aws:region is required"),
        (
            "{'aws:region': eu-west-1, 'shop:preview': {number: 1}}",
            (),
            "Pulumi.preview.yaml: must not have shop:preview, which the workflow sets. Remove it",
        ),
    ],
)
def test_a_template_that_cannot_work_is_an_error(
    folder: Path, file: str, options: tuple[str, ...], message: str
) -> None:
    (folder / "Pulumi.preview.yaml").write_text(f"config: {file}\n")
    result = run(*options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert not (folder / ".github").exists()
