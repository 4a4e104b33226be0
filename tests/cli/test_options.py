"""Values of options: what is required and what was received, in the project's own words."""

import itertools

import pytest
from typer.testing import CliRunner

from pulumi_apprunner.cli.app import app


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "--hours", "abc"], "must be a number, got 'abc'"),
        (["plan", "--instances", "1.5"], "must be an integer, got '1.5'"),
        (["plan", "--active", "x"], "must be a share such as 10% or 0.10, got 'x'"),
        (["plan", "--active", "300%"], "must be 0% to 100%, got '300%'"),
        (["previews", "check", "7", "--limit", "1_0"], "must be an integer of 1 or more, got '1_0'"),
        (["comment", "plan.json", "--pull-request", "0"], "must be an integer of 1 or more, got '0'"),
        (["status", "--interval", "1"], "must be an integer from 2 to 3600, got '1'"),
        (["deploy", "api", "--timeout", "90"], "must be an integer from 1 to 60, got '90'"),
        (["logs", "api", "--since", "0m"], "must be a duration such as 90s, 10m, 2h or 1d, got '0m'"),
        (["local", "serve", "--port", "70000"], "must be an integer from 0 to 65535, got '70000'"),
        (["local", "serve", "--apprunner-port", "web"], "must be an integer from 0 to 65535, got 'web'"),
    ],
)
def test_an_invalid_value_is_an_error(arguments: list[str], message: str) -> None:
    run = CliRunner(env={"COLUMNS": "160"}).invoke(app, arguments)
    assert run.exit_code == 2
    assert f"Invalid value for '{arguments[-2]}': {message}" in run.stderr


@pytest.mark.parametrize(
    "command", [["plan"], ["comment"], ["status"], ["deploy"], ["local", "up"], ["local", "serve"]]
)
def test_the_description_of_a_command_fills_the_lines_of_the_terminal(command: list[str]) -> None:
    run = CliRunner().invoke(app, [*command, "--help"])
    width = max(map(len, run.stdout.splitlines()))
    text = "\n".join(line.strip() for line in run.stdout.partition("╭")[0].splitlines())
    for paragraph in text.strip().split("\n\n"):
        for line, following in itertools.pairwise(paragraph.splitlines()):
            assert len(f"{line} {following.split()[0]}") > width - 2, f"{line!r} ends too early"
