"""The catalogue of the policy pack."""

import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "policies.py"))


def test_the_catalogue_is_what_the_rules_say_now() -> None:
    assert (ROOT / "docs" / "policies.md").read_text() == TOOL["page"](), "stale: run make docs"
