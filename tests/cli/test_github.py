"""The comment on a pull request, against a fake of GitHub's API."""

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


def test_the_first_time_a_comment_is_made(github: GitHub) -> None:
    address = github.pull_request().say(MARKER, "all is well")

    (comment,) = github.comments
    assert comment["body"] == f"{MARKER}\nall is well"
    assert address == comment["html_url"]


def test_the_next_time_it_is_updated_in_place(github: GitHub) -> None:
    github.comment("a question", "somebody")
    pull_request = github.pull_request()
    pull_request.say(MARKER, "first")
    pull_request.say(MARKER, "second")

    assert [each["body"] for each in github.comments] == ["a question", f"{MARKER}\nsecond"]


def test_it_is_found_behind_any_number_of_other_comments(github: GitHub) -> None:
    for number in range(250):
        github.comment(f"no {number}", "somebody")
    github.comment(f"{MARKER}\nold")
    github.pull_request().say(MARKER, "new")

    assert len(github.comments) == 251
    assert github.comments[-1]["body"] == f"{MARKER}\nnew"


def test_a_comment_that_quotes_the_marker_is_left_alone(github: GitHub) -> None:
    github.comment(f"{MARKER}\nmine", "somebody")
    github.comment(f"> {MARKER}", BOT)
    github.pull_request().say(MARKER, "ours")

    assert [each["body"] for each in github.comments][:2] == [f"{MARKER}\nmine", f"> {MARKER}"]
    assert len(github.comments) == 3


@pytest.mark.parametrize(
    ("token", "number", "said"),
    [
        ("unknown", 7, "401 Unauthorized: the token in GITHUB_TOKEN is not one"),
        ("reader", 7, "403 Forbidden: the token may not do that: the workflow's job needs `permissions"),
        ("good", 8, "404 Not Found: there is no such pull request"),
    ],
)
def test_a_refusal_says_what_to_do_and_not_the_token(github: GitHub, token: str, number: int, said: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        github.pull_request(token, number).say(MARKER, "body")

    assert f"pull request {number} of example/shop: GitHub answered {said}" in str(refused.value)
    assert token not in str(refused.value).split()


def test_an_api_that_cannot_be_reached_is_told() -> None:
    with pytest.raises(pulumi.RunError, match=r"http://127.0.0.1:1 gave no answer that could be read"):
        PullRequest("example/shop", 7, "good", api="http://127.0.0.1:1").say(MARKER, "body")


def test_a_pull_request_does_not_show_its_token(github: GitHub) -> None:
    assert "s3cret" not in repr(PullRequest("example/shop", 7, "s3cret"))


def test_the_command_writes_the_comment_and_prints_its_address(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "good")
    monkeypatch.setenv("GITHUB_API_URL", github.address)
    ended = apprunner("comment", plan_in(tmp_path), "--repository", "example/shop", "--pull-request", "7")

    (comment,) = github.comments
    assert ended.exit_code == 0
    assert ended.stdout.strip() == comment["html_url"]
    assert comment["body"].startswith(f"{MARKER}\n### shop · prod\n")


def test_without_a_pull_request_the_comment_is_printed(tmp_path: Path) -> None:
    ended = apprunner("comment", plan_in(tmp_path))

    assert ended.exit_code == 0
    assert ended.stdout.startswith("### shop · prod\n")


def test_without_token_and_repository_the_command_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    ended = apprunner("comment", plan_in(tmp_path), "--pull-request", "7")

    assert ended.exit_code == 2
    assert "needs GITHUB_TOKEN and --repository" in ended.stderr


def apprunner(*words: str) -> Any:
    return CliRunner().invoke(app, words)


def plan_in(folder: Path) -> str:
    file = folder / "plan.json"
    plan = {"project": "shop", "stack": "prod", "resources": [], "violations": [], "cost": {"monthly_usd": 0}}
    file.write_text(json.dumps(plan))
    return str(file)
