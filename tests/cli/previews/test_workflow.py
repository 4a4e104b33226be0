"""`apprunner previews workflow`: what the workflows do, with which permissions, and errors."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.workflow.actions import ACTIONS

OWN = "github.event.pull_request.head.repo.full_name == github.repository"
IMAGE = ("--config", "shop:services.api.image.identifier")
PROGRAM = "from pulumi_apprunner import Fleet\n\nFleet.from_config('shop')\n"


def template(**service: Any) -> str:
    """Return the stack file with which environments begin."""
    services = {"api": {"image": {"identifier": "public.ecr.aws/docker/library/httpd:2.4"}, "port": 80, **service}}
    config = {"aws:region": "eu-west-1", "shop:environment": "preview", "shop:services": services}
    return json.dumps({"config": config})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "Pulumi.preview.yaml").write_text(template())
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
    for name in ("Pulumi.yaml", "Pulumi.preview.yaml", "__main__.py"):
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
        (
            "{'aws:region': eu-west-1, 'shop:services': {api: {environment: {KEY: {secure: AAAB}}}}}",
            (),
            "Pulumi.preview.yaml: must have no encrypted value, which only its own stack can decrypt, got "
            "shop:services.api.environment.KEY. Refer to a secret or a parameter instead",
        ),
        (
            "{'aws:region': eu-west-1, 'shop:environment': prod, 'shop:services': {}}",
            (),
            "Pulumi.preview.yaml: the program must create the environment of a pull request with this file, but it "
            "fails for the stack pr-123: Pulumi.pr-123.yaml: invalid configuration",
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


def test_the_image_is_scanned_as_in_the_workflow_of_a_service(folder: Path) -> None:
    scan = step(written(folder, *IMAGE)[0]["jobs"]["build"], "Scan")
    assert scan["uses"] == str(ACTIONS["scan"]).partition(" #")[0]
    assert scan["with"]["severity-cutoff"] == "high"
    assert (
        step(written(folder, *IMAGE, "--scan", "low")[0]["jobs"]["build"], "Scan")["with"]["severity-cutoff"] == "low"
    )
    build = written(folder, *IMAGE, "--scan", "off")[0]["jobs"]["build"]
    assert "Scan" not in [each.get("name") for each in build["steps"]]


def failed(*words: str) -> str:
    """Return the error of a command, in one line."""
    result = run(*words)
    assert result.exit_code == 2, result.stderr
    return " ".join(result.stderr.split())


@pytest.mark.parametrize("key", ["shop:services.apo.image.identifier", "shop:environment"])
def test_a_key_that_is_that_of_no_image_is_an_error(folder: Path, key: str) -> None:
    error = failed("--config", key)
    assert f"--config: {key} must be the key from which the program reads the image of a service" in error
    assert error.endswith(
        "no service of the template gets it. Read the image from the configuration, such as "
        'Image(identifier=pulumi.Config().require("image")) '
        "Keys of images: shop:services.api.image.identifier"
    )
    assert not (folder / ".github").exists()


def test_a_key_with_which_the_program_fails_is_an_error_with_the_reason(folder: Path) -> None:
    error = failed("--config", "shop:imagge")
    assert "the program fails" in error
    assert 'shop:imagge: unknown argument "imagge"' in error


def test_the_key_may_be_without_the_namespace_of_the_project(folder: Path) -> None:
    assert run("--config", "services.api.image.identifier").exit_code == 0


@pytest.mark.parametrize(
    ("program", "got"),
    [
        (
            "from pulumi_apprunner import AppRunnerService\nAppRunnerService('api', {'image': {'identifier': IMAGE}})",
            "no Fleet",
        ),
        ("from pulumi_apprunner import Fleet\nFleet('shop', {'environment': 'test', 'services': {}})", "one without"),
    ],
)
def test_a_program_whose_environments_could_not_be_removed_is_an_error(folder: Path, program: str, got: str) -> None:
    image = "IMAGE = 'public.ecr.aws/docker/library/httpd:2.4'"
    (folder / "__main__.py").write_text(f"{image}\n{program}\n")
    assert failed() == (
        "error: shop: the program must create a Fleet with preview from shop:preview, by which `apprunner previews` "
        f'finds and removes the environment, got {got}. Use Fleet.from_config("NAME")'
    )


def test_it_prints_what_is_left_to_do(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "requirements.txt").write_text(
        "pulumi-apprunner @ git+https://git.example.com/pulumi-apprunner@4f1c0de\n"
    )
    lines = run("--output-dir", "workflows", *IMAGE).stderr.splitlines()
    assert "  gh secret set PULUMI_CONFIG_PASSPHRASE --env preview" in lines
    notes = [each for each in lines if each.startswith("Note: ")]
    assert notes == [
        "Note: the roles are not verified. They must trust the subject repo:OWNER/NAME:environment:preview, or "
        "repo:OWNER@ID/NAME@ID:environment:preview if the repository has numbers in its subjects.",
        "Note: GitHub runs only workflows in .github/workflows of the repository's root. Write the file to "
        ".github/workflows/preview.yml.",
        f"Note: --dockerfile: Dockerfile does not exist in {folder}. The path begins at the repository's root.",
        "Note: requirements.txt: the job needs pulumi-apprunner[cli], got pulumi-apprunner @ "
        "git+https://git.example.com/pulumi-apprunner@4f1c0de. Add [cli]",
    ]


def test_shellcheck_accepts_every_step(folder: Path) -> None:
    for workflow in written(folder, *IMAGE):
        for job in workflow["jobs"].values():
            for script in [each["run"] for each in job["steps"] if "run" in each]:
                command = [Path(sys.executable).with_name("shellcheck"), "--shell=bash", "-"]
                text = f"set -euo pipefail\n{script}"
                checked = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
                assert checked.returncode == 0, checked.stdout


def test_a_file_instead_of_the_folder_is_an_error(folder: Path) -> None:
    assert failed("--output-dir", "Pulumi.yaml") == "error: --output-dir: must be a folder, got the file Pulumi.yaml"
