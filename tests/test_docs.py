"""The pages that are generated."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_of_arguments_is_what_the_classes_say_now() -> None:
    page = runpy.run_path(str(ROOT / "tools" / "arguments.py"))["page"]()
    assert (ROOT / "docs" / "arguments.md").read_text() == page, "stale: run make docs"


def test_the_page_names_ranges_choices_and_what_is_required() -> None:
    page = (ROOT / "docs" / "arguments.md").read_text()
    assert "| `min_size` | integer 1 to 25 | Instances that are always provisioned" in page
    assert "| `port` | integer 1 to 65535 | The TCP port that the application listens on" in page
    assert "| `protocol` | `HTTP`, `TCP` |" in page
    assert "| `subnet_ids` | list of string *or output*, **required** |" in page
