"""Each rule's two examples are programs that run: it catches the one and leaves the other."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from apprunner_policies import THEMES
from apprunner_policies.rule import Rule, StackRule

FOLDER = Path(__file__).parents[2] / "policies" / "examples"
RULES = [rule for theme in THEMES for rule in theme.RULES]


def judged(report, rule: Rule | StackRule, which: str):
    example: dict[str, Any] = runpy.run_path(str(FOLDER / f"{rule.name.replace('-', '_')}.py"))
    config = {"enforcementLevel": "mandatory", "today": "2026-11-24", **example.get("CONFIG", {})}
    return report(example[which], rule, config={rule.name: config})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reports_its_bad_example(report, rule):
    found = judged(report, rule, "bad").violations

    assert found
    assert {each.policy for each in found} == {rule.name}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_passes_its_good_example(report, rule):
    verdict = judged(report, rule, "good")

    assert not verdict.violations
    assert not verdict.skipped


def test_every_example_belongs_to_a_rule():
    assert {path.stem for path in FOLDER.glob("*.py")} == {rule.name.replace("-", "_") for rule in RULES}
