"""The content of the comment on a pull request."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_apprunner.cli import comment
from pulumi_apprunner.cli.github import LONGEST
from pulumi_apprunner.cli.plan import load_plan

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


def test_a_plan_without_violations_has_its_cost() -> None:
    text = comment.render([plan()])

    assert "### shop · prod" in text
    assert "✅ No policy violations." in text
    assert "Estimated App Runner cost: $14.69 per month." in text


def test_mandatory_violations_come_first_with_their_remediation() -> None:
    text = comment.render([plan(violation(level="advisory", message="api: so-so."), violation())])

    assert "❌ Policy violations: **1 mandatory**, **1 advisory**." in text
    assert text.index("- **mandatory** `scaling-bounds`\n  - api: wrong.") < text.index("api: so-so.")
    assert "  - <sub>Set it right.</sub>" in text


def test_violations_of_a_rule_are_grouped_with_one_remediation() -> None:
    text = comment.render([plan(violation(), violation("other"), violation(message="web: wrong."))])

    assert "- **mandatory** `scaling-bounds`\n  - api: wrong.\n  - web: wrong.\n  - <sub>Set it right.</sub>" in text
    assert text.count("<sub>") == 2


def test_a_waiver_is_listed_but_is_not_a_violation() -> None:
    text = comment.render([plan(violation("waivers", "advisory", "scaling-bounds is waived: api: wrong."))])

    assert "✅ No policy violations." in text
    assert "<summary>Waived: 1</summary>" in text
    assert "- scaling-bounds is waived: api: wrong." in text


def test_skipped_rules_are_listed() -> None:
    skipped = [{"policy": "scaling-bounds", "resource": SERVICE, "reason": "minSize can't be known during preview"}]

    assert "- `scaling-bounds` on api: minSize can't be known" in comment.render([plan(skipped=skipped)])


def test_several_stacks_are_in_one_comment() -> None:
    text = comment.render([plan(stack="staging"), plan(violation())])

    assert text.index("### shop · staging") < text.index("### shop · prod")


def test_there_are_no_account_numbers_and_no_mentions() -> None:
    message = "api: arn:aws:iam::123456789012:role/x and 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a @everyone <b>*"
    text = comment.render([plan(violation(message=message), project="@team")])

    assert "123456789012" not in text
    assert "arn:aws:iam::ACCOUNT:role/x and ACCOUNT.dkr.ecr" in text
    assert "@everyone" not in text
    assert "@team" not in text
    assert "&lt;b&gt;\\*" in text


def test_a_comment_is_truncated_with_a_note() -> None:
    text = comment.render([plan(violation(message="x" * 3_000)) for _ in range(40)])

    assert len(text) < LONGEST
    assert "Truncated to the length limit of comments" in text


def test_a_long_list_is_cut_and_counted() -> None:
    text = comment.render([plan(*(violation(message=f"number {number}.") for number in range(45)))])

    assert "number 29." in text
    assert "number 30." not in text
    assert "- and 15 more mandatory violations" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no", "must be JSON"),
        ("[]", "must be a plan, got a list"),
        ("{}", "has no project, stack"),
        ('{"project": 1}', "has no stack, resources"),
    ],
)
def test_a_file_that_is_not_a_plan_is_an_error(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)
    with pytest.raises(pulumi.RunError, match=message):
        load_plan(file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match="must be a file that can be read, got: No such file"):
        load_plan(tmp_path / "plan.json")


def test_a_plan_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan()))

    assert load_plan(file) == plan()
