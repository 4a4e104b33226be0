"""The page about the effects of changes."""

import dataclasses
import runpy
from pathlib import Path
from typing import Any

import pytest

import pulumi_apprunner as library

ROOT = Path(__file__).parents[1]
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "changes"))


def test_the_page_of_changes_is_up_to_date() -> None:
    assert (ROOT / "docs" / "changes.md").read_text() == TOOL["page"](), "stale: run make docs"


@pytest.mark.parametrize(
    "component", ["AppRunnerService", "VpcEgress", "CustomDomain", "SecretsBinding", "PauseSchedule", "Fleet"]
)
def test_every_argument_of_a_component_is_in_one_row(component: str) -> None:
    listed = [argument for row in TOOL["COMPONENTS"][component] for argument in row.arguments.split()]
    arguments = [field.name for field in dataclasses.fields(getattr(library, f"{component}Args"))]
    assert sorted(each for each in listed if "." not in each) == sorted(arguments)
