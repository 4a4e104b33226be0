"""The commands in console blocks use existing targets, options and operations."""

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from pages import PAGES, ROOT, blocks, name_of

CUSTOM = {("ecr", "get-login-password"), ("logs", "tail")}
"""Commands that the AWS CLI adds to those of the API."""
GLOBAL = {"--query", "--output", "--region", "--profile"}


def commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in blocks(page, "console"):
            for line in re.sub(r"\\\n\s*", "", block).splitlines():
                if line.startswith("$ "):
                    yield name_of(page), line.removeprefix("$ ").partition("  #")[0].strip()


def of(program: str) -> list[str]:
    return sorted({line for _, line in commands() if re.match(rf"(\S*/)?{program} ", line)})


@cache
def operations(service: str) -> Mapping[str, set[str]]:
    """Return the options of each of a service's operations, under the names of the AWS CLI."""
    model: Any = botocore.session.get_session().get_service_model(service)
    return {
        xform_name(name, "-"): {
            f"--{xform_name(member, '-')}" for member in getattr(model.operation_model(name).input_shape, "members", {})
        }
        for name in model.operation_names
    }


@pytest.mark.parametrize("line", of("aws"))
def test_aws_has_the_operation_and_its_options(line: str) -> None:
    _, service, operation, *rest = shlex.split(line)
    if (service, operation) not in CUSTOM:
        assert {word for word in rest if word.startswith("--")} <= operations(service)[operation] | GLOBAL


@pytest.mark.parametrize("line", of("make"))
def test_the_makefile_has_the_target(line: str) -> None:
    target = shlex.split(line)[1]
    assert re.search(rf"^{target}:.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("line", of("apprunner"))
def test_apprunner_has_the_command_and_its_options(line: str) -> None:
    _, command, *rest = shlex.split(line.partition(" > ")[0])
    if command in ("local", "previews"):
        command, *rest = f"{command} {rest[0]}", *rest[1:]
    page = (ROOT / "docs" / "cli.md").read_text()
    section = page.partition(f"## apprunner {command}\n")[2].partition("\n## ")[0]
    known = set(re.findall(r"(--?[a-z-]+)(?=[ ,`])", section))
    assert {word for word in rest if word.startswith("-")} <= known


def test_there_are_commands_of_each_kind() -> None:
    assert of("aws")
    assert of("make")
    assert of("apprunner")
