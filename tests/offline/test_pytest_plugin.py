"""The pytest plugin, and the tests in docs/guides/testing.md."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "testing.md"

PROGRAM = """\
import pulumi
from pulumi_apprunner import AppRunnerService

AppRunnerService(
    "api",
    {
        "image": {"identifier": "public.ecr.aws/docker/library/httpd:2.4"},
        "scaling": {"min_size": pulumi.Config().require_int("instances")},
        "tags": {"team": "shop"},
    },
)
print("ran", pulumi.get_stack())
"""

FIXTURES = """\
import pytest

from pulumi_apprunner import testing


def test_graphs_of_a_stack_are_the_same_in_a_session(run_project, stack_graph, pulumi_stack):
    assert stack_graph.stack == pulumi_stack
    assert run_project(pulumi_stack) is stack_graph
    assert run_project(pulumi_stack, unknown=True) is not stack_graph


@pytest.mark.parametrize(("count", "pulumi_stack"), [(2, "prod")])
def test_a_test_selects_its_stacks(stack_graph, count):
    (scaling,) = [each for each in stack_graph.resources if each.name == "api-scaling"]
    assert scaling["minSize"] == count


def test_the_functions_are_those_of_the_test_kit(run_program, evaluate_policies):
    assert (run_program, evaluate_policies) == (testing.run, testing.evaluate)
"""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with no plugin but ours."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pulumi_apprunner_pytest", "-q", "-ra", *arguments, str(folder)],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\npulumi_project = infrastructure\n")
    folder = tmp_path / "infrastructure"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    for stack, instances in {"prod": 2, "staging": 1}.items():
        (folder / f"Pulumi.{stack}.yaml").write_text(f"config:\n  shop:instances: {instances}\n")
    return tmp_path


def test_the_plugin_imports_no_pulumi() -> None:
    code = "import pulumi_apprunner_pytest, sys; print([each for each in sys.modules if each.startswith('pulumi')])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "['pulumi_apprunner_pytest']"


def test_a_run_without_the_fixtures_imports_no_pulumi(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("import sys\ndef test_it():\n    assert 'pulumi' not in sys.modules\n")
    result = run_pytest(tmp_path)
    assert "1 passed" in result.stdout


def test_the_plugin_and_the_pack_are_entry_points_of_the_distribution() -> None:
    entry_points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    assert entry_points["pytest11"] == {"pulumi_apprunner": "pulumi_apprunner_pytest"}
    assert entry_points["pulumi_apprunner.policies"] == {"apprunner-policies": "apprunner_policies:POLICIES"}


def test_fixtures_run_a_project_once_for_each_stack(project: Path) -> None:
    (project / "test_fixtures.py").write_text(FIXTURES)
    result = run_pytest(project)
    assert "4 passed" in result.stdout, result.stdout


def test_the_tests_in_the_guide_pass(project: Path) -> None:
    for index, text in enumerate(blocks(GUIDE, "python")):
        (project / f"test_guide_{index}.py").write_text(text)
    result = run_pytest(project)
    assert "7 passed" in result.stdout, result.stdout


def test_a_project_that_does_not_exist_is_a_collection_error(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\npulumi_project = nowhere\n")
    (tmp_path / "test_fixtures.py").write_text("def test_it(stack_graph):\n    pass\n")
    result = run_pytest(tmp_path)
    assert "pulumi_project:" in result.stdout
    assert "nowhere: must be a folder that exists" in result.stdout
    assert "Traceback" not in result.stdout


def test_a_failed_lookup_points_to_the_line_of_the_test(project: Path) -> None:
    test = "def test_it(run_project):\n    run_project('prod').one('aws:s3/bucket:Bucket')\n"
    (project / "test_lookup.py").write_text(test)
    result = run_pytest(project)
    assert "GraphError: no resource is of type aws:s3/bucket:Bucket" in result.stdout
    assert "test_lookup.py:2: GraphError" in result.stdout
    assert "graph.py" not in result.stdout
