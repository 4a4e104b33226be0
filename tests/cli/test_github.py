"""The comment on a pull request, with a fake of GitHub's API."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner

from fake_github import BOT, GitHub
from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.github import PullRequest

MARKER = "<!-- apprunner plan -->"


def test_a_comment_is_created(github: GitHub) -> None:
    address = github.pull_request().write_comment(MARKER, "all is well")

    (comment,) = github.comments
    assert comment["body"] == f"{MARKER}\nall is well"
    assert address == comment["html_url"]


def test_an_existing_comment_is_updated(github: GitHub) -> None:
    github.comment("a question", "a-reviewer")
    pull_request = github.pull_request()
    pull_request.write_comment(MARKER, "first")
    pull_request.write_comment(MARKER, "second")

    assert [each["body"] for each in github.comments] == ["a question", f"{MARKER}\nsecond"]


def test_an_existing_comment_after_many_others_is_updated(github: GitHub) -> None:
    for number in range(250):
        github.comment(f"no {number}", "a-reviewer")
    github.comment(f"{MARKER}\nold")
    github.pull_request().write_comment(MARKER, "new")

    assert len(github.comments) == 251
    assert github.comments[-1]["body"] == f"{MARKER}\nnew"


def test_a_comment_that_quotes_the_marker_is_not_changed(github: GitHub) -> None:
    github.comment(f"{MARKER}\nmine", "a-reviewer")
    github.comment(f"> {MARKER}", BOT)
    github.pull_request().write_comment(MARKER, "ours")

    assert [each["body"] for each in github.comments][:2] == [f"{MARKER}\nmine", f"> {MARKER}"]
    assert len(github.comments) == 3


@pytest.mark.parametrize(
    ("token", "number", "message"),
    [
        ("unknown", 7, "401 Unauthorized. The token in GITHUB_TOKEN is invalid"),
        ("reader", 7, "403 Forbidden. The token has no permission. The workflow's job needs `permissions"),
        ("good", 8, "404 Not Found. The pull request does not exist"),
    ],
)
def test_the_message_for_a_rejected_request_has_no_token(github: GitHub, token: str, number: int, message: str) -> None:
    with pytest.raises(pulumi.RunError) as error:
        github.pull_request(token, number).write_comment(MARKER, "body")

    assert f"pull request {number} of example/shop: GitHub returned {message}" in str(error.value)
    assert token not in str(error.value).split()


def test_an_unreachable_api_is_an_error() -> None:
    with pytest.raises(pulumi.RunError, match=r"no valid response from http://127.0.0.1:1"):
        PullRequest("example/shop", 7, "good", api="http://127.0.0.1:1").write_comment(MARKER, "body")


def test_the_repr_of_a_pull_request_has_no_token(github: GitHub) -> None:
    assert "s3cret" not in repr(PullRequest("example/shop", 7, "s3cret"))


def test_the_command_writes_the_comment_and_prints_its_url(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "good")
    monkeypatch.setenv("GITHUB_API_URL", github.address)
    result = apprunner("comment", plan_in(tmp_path), "--repository", "example/shop", "--pull-request", "7")

    (comment,) = github.comments
    assert result.exit_code == 0
    assert result.stdout.strip() == comment["html_url"]
    assert comment["body"].startswith(f"{MARKER}\n### shop · prod\n")


def test_without_a_pull_request_the_comment_is_printed(tmp_path: Path) -> None:
    result = apprunner("comment", plan_in(tmp_path))

    assert result.exit_code == 0
    assert result.stdout.startswith("### shop · prod\n")


def test_a_missing_token_and_repository_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    result = apprunner("comment", plan_in(tmp_path), "--pull-request", "7")

    assert result.exit_code == 2
    assert "GITHUB_TOKEN and --repository required" in result.stderr


def apprunner(*words: str) -> Any:
    return CliRunner().invoke(app, words)


def plan_in(folder: Path) -> str:
    file = folder / "plan.json"
    plan = {"project": "shop", "stack": "prod", "resources": [], "violations": [], "cost": {"monthly_usd": 0}}
    file.write_text(json.dumps(plan))
    return str(file)
