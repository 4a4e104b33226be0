"""The generated pages."""

import runpy
from pathlib import Path

import pulumi
import pytest

from pages import programs

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["outputs", "cli"])
def test_a_generated_page_is_up_to_date(name: str) -> None:
    page = runpy.run_path(str(ROOT / "tools" / f"{name}.py"))["page"]()
    assert (ROOT / "docs" / f"{name}.md").read_text() == page, "stale: run make docs"


def test_each_component_has_the_outputs_of_the_page() -> None:
    listed = runpy.run_path(str(ROOT / "tools" / "outputs.py"))["outputs"]
    (program,) = programs(ROOT / "docs" / "components.md")
    _, names = program.run()
    components = [each for each in names.values() if isinstance(each, pulumi.ComponentResource)]
    missing = [(each, name) for each in components for name, _, _ in listed(type(each)) if not hasattr(each, name)]
    assert (missing, len(components)) == ([], 4)


def test_the_page_of_arguments_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "tools" / "arguments.py"))["page"]()
    assert (ROOT / "docs" / "arguments.md").read_text() == page, "stale: run make docs"


def test_the_page_of_arguments_has_ranges_choices_and_required_arguments() -> None:
    page = (ROOT / "docs" / "arguments.md").read_text()
    assert "| `min_size` | integer 1 to 25 | Instances that are always provisioned" in page
    assert "| `port` | integer 1 to 65535 | The TCP port that the application listens on" in page
    assert "| `protocol` | `HTTP`, `TCP` |" in page
    assert "| `subnet_ids` | list of string *or output*, **required** |" in page
