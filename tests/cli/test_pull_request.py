"""tools/pull-request as in the workflow: in a Git repository, with a fake of GitHub's API."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fake_github import GitHub

ROOT = Path(__file__).parents[2]
PARTS = ("Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.staging.yaml", "stacks", "policies/config", "tools/pull-request")
GIT = {
    f"GIT_{who}_{what}": f"developer{at}"
    for who in ("AUTHOR", "COMMITTER")
    for what, at in (("NAME", ""), ("EMAIL", "@example.com"))
}

Result = subprocess.CompletedProcess[str]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout of the storefront with one commit, the base of a pull request."""
    folder = tmp_path / "shop"
    for part in PARTS:
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, folder / part)
    (folder / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    (folder / ".gitignore").write_text(".venv\n")
    for words in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "."],
        ["commit", "--quiet", "--message", "base"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True, env={**os.environ, **GIT})
    return folder


@pytest.fixture
def pull_request(checkout: Path, github: GitHub) -> Callable[..., Result]:
    """Return a function that runs the script in the checkout, with its commit as the base."""

    def run(*stacks: str, token: str = "good") -> Result:
        variables = {"GITHUB_TOKEN": token, "GITHUB_REPOSITORY": "example/shop", "GITHUB_API_URL": github.address}
        return subprocess.run(
            [checkout / "tools" / "pull-request", "HEAD", "7", *stacks],
            env={**os.environ, **GIT, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_comment_has_changes_and_cost_and_is_updated(
    checkout: Path, github: GitHub, pull_request: Callable[..., Result]
) -> None:
    prod = checkout / "Pulumi.prod.yaml"
    edit(prod, "size: {cpu: 1 vCPU, memory: 2 GB}", "size: {cpu: 1 vCPU, memory: 4 GB}")

    result = pull_request("staging", "prod")

    assert result.returncode == 0, result.stderr
    (comment,) = github.comments
    staging, changed = comment["body"].split("### storefront · prod")
    assert "No resource changes." in staging
    assert "1 updated" in changed
    assert "`instanceConfiguration.memory`" in changed
    assert "**+$" in changed

    edit(prod, "memory: 4 GB", "memory: 2 GB")
    assert pull_request("staging", "prod").returncode == 0
    (comment,) = github.comments
    assert comment["body"].count("No resource changes.") == 2
    assert subprocess.run(["git", "worktree", "list"], cwd=checkout, capture_output=True).stdout.count(b"\n") == 1


def test_a_mandatory_violation_is_in_the_comment_and_fails(
    checkout: Path, github: GitHub, pull_request: Callable[..., Result]
) -> None:
    edit(checkout / "Pulumi.prod.yaml", "storefront/api:4.18.2", "storefront/api:latest")

    result = pull_request("prod")

    assert result.returncode == 1, result.stderr
    assert "immutable-image-in-prod" in github.comments[0]["body"]


def test_a_failing_stack_does_not_prevent_the_comment_on_the_others(
    checkout: Path, github: GitHub, pull_request: Callable[..., Result]
) -> None:
    edit(checkout / "Pulumi.staging.yaml", "LOG_LEVEL: debug", "PORT: '80'")

    result = pull_request("staging", "prod")

    assert result.returncode == 2
    assert "Pulumi.staging.yaml" in result.stderr or "environment" in result.stderr
    assert "### storefront · prod" in github.comments[0]["body"]
    assert "### storefront · staging" not in github.comments[0]["body"]


def test_if_the_base_fails_the_comment_has_no_changes(
    checkout: Path, github: GitHub, pull_request: Callable[..., Result]
) -> None:
    prod = checkout / "Pulumi.prod.yaml"
    text = prod.read_text()
    edit(prod, "LOG_LEVEL: info", "PORT: '80'")
    subprocess.run(
        ["git", "commit", "--quiet", "--all", "--message", "worse"], cwd=checkout, check=True, env={**os.environ, **GIT}
    )
    prod.write_text(text)

    result = pull_request("prod")

    assert result.returncode == 0, result.stderr
    assert "Resources:" not in github.comments[0]["body"]


def test_without_a_token_the_comment_is_printed(github: GitHub, pull_request: Callable[..., Result]) -> None:
    result = pull_request("prod", token="")

    assert result.returncode == 0, result.stderr
    assert "### storefront · prod" in result.stdout
    assert not github.requests


def test_no_account_number_and_no_token_is_written(github: GitHub, pull_request: Callable[..., Result]) -> None:
    result = pull_request("prod", token="good")

    assert "123456789012" not in github.comments[0]["body"] + result.stdout
    assert "good" not in result.stdout + result.stderr
