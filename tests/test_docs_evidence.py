"""The page about the evidence for the rules of the local AWS."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from apprunner_local.apprunner import World

ROOT = Path(__file__).parents[1]
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "evidence.py"))
PACKAGES = ROOT / "components" / "apprunner_local"
REJECTS = re.compile(r"\b(invalid_request|invalid_state|quota_exceeded)\(")


def parsed(code: str) -> list[tuple[str, str, str]]:
    return [(rule.text, rule.evidence, rule.source) for rule in TOOL["rules_in"](code, "apprunner", "services.py")]


def test_the_page_of_evidence_is_up_to_date() -> None:
    assert (ROOT / "docs" / "local-aws-rules.md").read_text() == TOOL["page"](), "stale: run make docs"


def test_a_rule_is_a_comment_that_begins_with_a_tag() -> None:
    code = (
        "# [M] The name is\n# unique.\n# [R: aws/apprunner-roadmap#1] A message.\nx = 1  # a comment\n"
        "# [AW: Copilot; D: manage-pause] Two sources.\n# Not a rule.\n\n# [assumed] A guess.\n"
    )
    assert parsed(code) == [
        ("The name is unique.", "proven", "AWS's model of the API in botocore"),
        (
            "A message.",
            "reported",
            "[aws/apprunner-roadmap#1](https://github.com/aws/apprunner-roadmap/issues/1)",
        ),
        (
            "Two sources. Not a rule.",
            "proven",
            "Copilot, [manage-pause](https://docs.aws.amazon.com/apprunner/latest/dg/manage-pause.html)",
        ),
        ("A guess.", "unknown", "-"),
    ]


@pytest.mark.parametrize("kind", ["D", "AW", "P", "R"])
def test_a_tag_without_its_source_is_an_error(kind: str) -> None:
    with pytest.raises(ValueError, match="must name its source"):
        parsed(f"# [{kind}] A rule.\n")


def test_every_setting_that_a_rule_names_exists() -> None:
    names = {name for rule in TOOL["rules"]() for name in re.findall(r"World\.([\w.]+\w)", rule.text)}
    assert len(names) >= 8
    for name in names:
        setting: Any = World()
        for part in name.split("."):
            setting = getattr(setting, part)


@pytest.mark.parametrize(
    "file", [file for file in sorted((PACKAGES / "apprunner").glob("*.py")) if file.name != "errors.py"], ids=str
)
def test_a_module_that_rejects_requests_has_rules(file: Path) -> None:
    code = file.read_text()
    assert not REJECTS.search(code) or list(TOOL["rules_in"](code, "apprunner", file.name)), file


def test_no_other_comment_contains_a_tag() -> None:
    tag = re.compile(r"\[(M|D|A22|AW|P|R|C|assumed)\b[^\]]*\]")
    for package in TOOL["PACKAGES"]:
        for file in (PACKAGES / package).glob("*.py"):
            if file.name in ("__init__.py", "world.py"):
                continue
            found = len(tag.findall(file.read_text()))
            assert found == len(list(TOOL["rules_in"](file.read_text(), package, file.name))), file
