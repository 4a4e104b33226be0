"""`make help` and the targets it lists."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
COMMENTS = dict(re.findall(r"^([a-z-]+):.*?## (.+)$", MAKEFILE, re.MULTILINE))
PHONY = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()


def make(*arguments: str) -> "subprocess.CompletedProcess[str]":
    # `make test` passes its own options and level to its commands.
    variables = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_make_help_lists_every_target_with_its_comment() -> None:
    result = make("help")
    assert result.returncode == 0, result.stderr
    listed = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert listed == COMMENTS


def test_make_help_fits_80_columns() -> None:
    assert [line for line in make("help").stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("uv", "install"),
    [
        ("/tools/uv", "/tools/uv pip install --quiet --python none/bin/python"),
        ("", "none/bin/python -m pip install --quiet --disable-pip-version-check"),
    ],
)
def test_the_environment_is_set_up_with_uv_if_there_is_one_and_with_hashes(uv: str, install: str) -> None:
    commands = make("--dry-run", "VENV=none", f"UV={uv}", "none/.ready").stdout.splitlines()
    assert f"{install} --require-hashes --requirement requirements.lock" in commands
    assert f"{install} --no-deps --no-build-isolation --editable ." in commands


def test_every_phony_target_has_a_comment() -> None:
    assert sorted(PHONY) == sorted(COMMENTS)


def test_the_default_target_is_plan() -> None:
    database = make("--print-data-base", "--question", "help").stdout
    assert ".DEFAULT_GOAL := plan" in database
