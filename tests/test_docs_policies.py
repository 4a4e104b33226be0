"""The generated pages of the policy pack: an overview and a page for each theme."""

import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "policies.py"))


def test_the_pages_are_up_to_date() -> None:
    docs = ROOT / "docs"
    pages = {path: path.read_text() for path in (docs / "policies.md", *(docs / "policies").glob("*.md"))}
    assert pages == TOOL["pages"](), "stale: run make docs"
