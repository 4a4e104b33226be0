"""What stands in the comment on a pull request."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_apprunner.cli import comment
from pulumi_apprunner.cli.github import LONGEST
from pulumi_apprunner.cli.plan import load

SERVICE = "urn:pulumi:prod::shop::aws:apprunner/service:Service::api"


def violation(policy: str = "scaling-bounds", level: str = "mandatory", message: str = "api: wrong.") -> dict[str, Any]:
    return {
        "policy": policy,
        "level": level,
        "resource": SERVICE,
        "message": message,
        "remediation": "Set it right.",
    }


def plan(*violations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "project": "shop",
        "stack": "prod",
        "resources": [],
        "violations": list(violations),
        "skipped": [],
        "cost": {"monthly_usd": 14.69, "services": [], "assumptions": []},
        **more,
    }


def test_a_plan_without_violations_says_so_with_its_bill() -> None:
    said = comment.render([plan()])

    assert "### shop · prod" in said
    assert "✅ No rule is broken." in said
    assert "App Runner is estimated at $14.69 a month." in said


def test_violations_stand_there_with_what_mends_them_the_worst_first() -> None:
    said = comment.render([plan(violation(level="advisory", message="api: so-so."), violation())])

    assert "❌ Rules broken: **1 mandatory**, **1 advisory**." in said
    assert said.index("- **mandatory** `scaling-bounds`\n  - api: wrong.") < said.index("api: so-so.")
    assert "  - <sub>Set it right.</sub>" in said


def test_what_breaks_one_rule_stands_together_and_how_to_mend_it_once() -> None:
    said = comment.render([plan(violation(), violation("other"), violation(message="web: wrong."))])

    assert "- **mandatory** `scaling-bounds`\n  - api: wrong.\n  - web: wrong.\n  - <sub>Set it right.</sub>" in said
    assert said.count("<sub>") == 2


def test_a_waiver_is_shown_and_is_no_violation() -> None:
    said = comment.render([plan(violation("waivers", "advisory", "scaling-bounds is waived: api: wrong."))])

    assert "✅ No rule is broken." in said
    assert "<summary>Waived: 1</summary>" in said
    assert "- scaling-bounds is waived: api: wrong." in said


def test_what_was_not_judged_is_said() -> None:
    skipped = [{"policy": "scaling-bounds", "resource": SERVICE, "reason": "minSize can't be known during preview"}]

    assert "- `scaling-bounds` on api: minSize can't be known" in comment.render([plan(skipped=skipped)])


def test_several_stacks_stand_in_one_comment() -> None:
    said = comment.render([plan(stack="staging"), plan(violation())])

    assert said.index("### shop · staging") < said.index("### shop · prod")


def test_no_account_is_named_and_nobody_is_notified() -> None:
    message = "api: arn:aws:iam::123456789012:role/x and 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a @everyone <b>*"
    said = comment.render([plan(violation(message=message), project="@team")])

    assert "123456789012" not in said
    assert "arn:aws:iam::ACCOUNT:role/x and ACCOUNT.dkr.ecr" in said
    assert "@everyone" not in said
    assert "@team" not in said
    assert "&lt;b&gt;\\*" in said


def test_what_does_not_fit_is_left_out_and_that_is_said() -> None:
    said = comment.render([plan(violation(message="x" * 3_000)) for _ in range(40)])

    assert len(said) < LONGEST
    assert "The rest did not fit into a comment" in said


def test_a_long_list_is_cut_and_counted() -> None:
    said = comment.render([plan(*(violation(message=f"number {number}.") for number in range(45)))])

    assert "number 29." in said
    assert "number 30." not in said
    assert "- and 15 more mandatory ones" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [("no", "not JSON"), ("[]", "not a plan, project, stack"), ('{"project": 1}', "not a plan, stack, resources")],
)
def test_a_file_that_is_no_plan_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(pulumi.RunError, match=said):
        load(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match="cannot be read: No such file"):
        load(tmp_path / "plan.json")


def test_a_plan_is_read_as_it_was_printed(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan()))

    assert load(file) == plan()
