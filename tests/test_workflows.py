"""The files in .github and .pre-commit-config.yaml."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
OTHERS = [
    *sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")),
    GITHUB / "dependabot.yml",
    ROOT / ".pre-commit-config.yaml",
]


def read(path: Path) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load(path)


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job.get("steps", ())]


@pytest.mark.parametrize("path", [*WORKFLOWS, *OTHERS], ids=lambda path: path.name)
def test_a_file_is_a_yaml_mapping(path: Path) -> None:
    assert read(path)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_is_pinned_by_commit_and_names_its_tag(path: Path) -> None:
    actions = re.findall(r"uses: (?!\./)(.+)", path.read_text())
    assert [each for each in actions if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_an_action_is_pinned_to_one_commit_in_all_workflows() -> None:
    pins = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    names = [each.split("@")[0] for each in pins]
    assert len(names) == len(set(names)), sorted(pins)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_read_permission_only_by_default(path: Path) -> None:
    assert read(path)["permissions"]["contents"] == "read"


def test_ci_runs_on_python_3_11_to_3_14() -> None:
    jobs = read(GITHUB / "workflows" / "ci.yml")["jobs"]
    lowest = [step["with"]["python-version"] for step in jobs["ci"]["steps"] if "setup-python" in step.get("uses", "")]
    assert lowest + jobs["python"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_each_script_and_target_of_a_workflow_exists() -> None:
    commands = "\n".join(step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step)
    scripts = set(re.findall(r"^(\.ci/\S+|tools/\S+)", commands, re.MULTILINE))
    targets = set(re.findall(r"^make (\S+)", commands, re.MULTILINE)) - {".venv/.ready"}
    assert [each for each in scripts if not (ROOT / each).is_file()] == []
    assert targets <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_only_the_publishing_job_gets_an_identity_token() -> None:
    jobs = [(path.name, name, job) for path in WORKFLOWS for name, job in read(path)["jobs"].items()]
    assert [(file, name) for file, name, job in jobs if "id-token" in job.get("permissions", {})] == [
        ("release.yml", "publish")
    ]
    assert not any("id-token" in read(path)["permissions"] for path in WORKFLOWS)
