"""The two examples of each rule: the bad one violates the rule, the good one passes."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from apprunner_policies import THEMES
from apprunner_policies.rule import Rule, StackRule

FOLDER = Path(__file__).parents[2] / "policies" / "examples"
RULES = [rule for theme in THEMES for rule in theme.RULES]


def evaluate_example(report, rule: Rule | StackRule, which: str):
    example: dict[str, Any] = runpy.run_path(str(FOLDER / f"{rule.name.replace('-', '_')}.py"))
    config = {"enforcementLevel": "mandatory", "today": "2026-11-24", **example.get("CONFIG", {})}
    return report(example[which], rule, config={rule.name: config})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reports_its_bad_example(report, rule):
    violations = evaluate_example(report, rule, "bad").violations

    assert violations
    assert {each.policy for each in violations} == {rule.name}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_passes_its_good_example(report, rule):
    result = evaluate_example(report, rule, "good")

    assert not result.violations
    assert not result.skipped


def test_every_example_belongs_to_a_rule():
    assert {path.stem for path in FOLDER.glob("*.py")} == {rule.name.replace("-", "_") for rule in RULES}
