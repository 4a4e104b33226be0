"""Each Python program of README and docs/ runs offline; AWS's models and the policy pack accept what it creates."""

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from apprunner_local.input_check import check, knows
from apprunner_policies import POLICIES
from pages import PAGES, ROOT, Program, blocks, name_of, programs
from pulumi_apprunner.offline.evaluate import evaluate
from shop import Shop

GENERATED_FRAGMENTS = ROOT / "docs" / "policies"
"""The examples of these pages are fragments of policies/examples, which tests/policies runs."""

USE_FIXTURES = "docs/guides/testing.md"
"""pytest runs the tests of this page, in tests/offline/test_pytest_plugin.py."""

PROGRAMS = [each for page in PAGES if page.parent != GENERATED_FRAGMENTS for each in programs(page)]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
@pytest.mark.parametrize("unknown", [False, True], ids=["stubs", "unknown"])
def test_a_program_runs_and_awss_models_accept_its_inputs(program: Program, unknown: bool) -> None:
    graph, _ = program.run(unknown=unknown)
    children = [each for each in graph.resources if each.parent and knows(each.type)]
    assert [problem for each in children for problem in check(each.type, each.inputs)] == []


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_violates_no_mandatory_rule(program: Program) -> None:
    graph, _ = program.run()
    assert [each.message for each in evaluate(graph, POLICIES).violations if each.level == "mandatory"] == []


@pytest.mark.parametrize(
    "program", [each for each in PROGRAMS if "def test_" in each.text and each.page != USE_FIXTURES], ids=str
)
def test_the_tests_of_a_program_pass(program: Program) -> None:
    _, names = program.run()
    tests = [value for name, value in names.items() if name.startswith("test_")]
    for test in tests:
        test()
    assert tests


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_json_yaml_and_toml_blocks_are_valid(page: object) -> None:
    for language, parse in (("json", json.loads), ("yaml", yaml.safe_load), ("toml", tomllib.loads)):
        for text in blocks(page, language):  # pyright: ignore[reportArgumentType]
            parse(text)


def test_the_pause_of_the_components_page_saves_the_hours_in_its_comment() -> None:
    (program,) = programs(ROOT / "docs" / "components.md")
    graph, _ = program.run()
    assert graph.exports["hoursSavedPerWeek"] == 103.0
    assert "hours_saved_per_week)  # 103.0" in program.text


def test_the_older_image_of_the_roll_back_page_updates_the_service_in_place(tmp_path: Path) -> None:
    (program,) = programs(ROOT / "docs" / "roll-back.md")
    project = Shop(tmp_path)
    project.write("Pulumi.yaml", "name: orders\nruntime: python\n")
    project.write("Pulumi.prod.yaml", "config: {'aws:region': eu-west-1}\n")
    project.write("__main__.py", program.text)
    old = project.write("old.json", project.plan("--json").out)
    project.write("Pulumi.prod.yaml", "config: {'aws:region': eu-west-1, 'orders:version': 1.4.1}\n")
    changes = project.plan("--json", "--against", str(old)).json["changes"]
    assert [each["name"] for each in changes["updated"]] == ["orders-service"]
    assert [changes[kind] for kind in ("replaced", "deleted", "created")] == [[], [], []]
