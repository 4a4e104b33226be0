"""Type tokens: each exists in pulumi_aws, and only one module contains it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from apprunner_facts import tokens

PROJECT = Path(__file__).parents[2]
TOKENS: dict[str, str] = {
    name: value for name, value in vars(tokens).items() if name.isupper() and isinstance(value, str)
}
AWS = sorted(value for value in TOKENS.values() if value.startswith("aws:"))
TOKEN = re.compile(r"(aws:[A-Za-z0-9]+/[A-Za-z0-9]+|pulumi:(pulumi|providers)):[A-Za-z0-9]+")


def package_folder() -> Path:
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def source_files() -> list[Path]:
    folders = ("components", "policies", "stacks", "benchmarks")
    listed = subprocess.run(
        ["git", "ls-files", "--", *folders], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    return [PROJECT / file for file in listed.splitlines() if file.endswith(".py")]


def literals(file: Path) -> Iterator[str]:
    """Yield the places of the tokens in a file."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TOKEN.fullmatch(node.value):
            yield f"{file.relative_to(PROJECT)}:{node.lineno} {node.value}"


@pytest.mark.parametrize("token", AWS)
def test_a_token_exists_in_pulumi_aws(token: str) -> None:
    _, module, name = token.split(":")
    service, _, file = module.partition("/")
    folder = package_folder() / service.replace("index", "")
    path = folder / f"{re.sub('([A-Z])', lambda capital: '_' + capital[0].lower(), file)}.py"
    assert f"'{token}'" in path.read_text(), name


def test_no_two_names_have_the_same_token() -> None:
    assert len(set(TOKENS.values())) == len(TOKENS)


def test_no_other_module_has_a_token() -> None:
    files = [file for file in source_files() if file != Path(tokens.__file__)]
    assert len(files) > 50
    assert [place for file in files for place in literals(file)] == []
