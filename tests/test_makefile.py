"""`make help` and the targets it lists."""

import os
import re
import subprocess
from pathlib import Path

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


def test_every_phony_target_has_a_comment() -> None:
    assert sorted(PHONY) == sorted(COMMENTS)


def test_the_default_target_is_plan() -> None:
    database = make("--print-data-base", "--question", "help").stdout
    assert ".DEFAULT_GOAL := plan" in database
