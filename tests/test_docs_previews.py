"""The page of the environments for pull requests: what its example derives, and the JSON of the list."""

import re
from datetime import date

from pages import ROOT, blocks, programs
from previewed import environment

PAGE = ROOT / "docs" / "guides" / "previews.md"


def test_the_plan_lists_what_follows_as_on_the_page() -> None:
    graph, _ = programs(PAGE)[0].run()
    assert blocks(PAGE, "text")[0].rstrip("\n") in graph.messages


def test_the_page_lists_the_keys_of_the_json() -> None:
    listed = re.findall(r"^\| `environments\[\]\.(\w+)(?:\[\])?` \|", PAGE.read_text(), re.MULTILINE)
    assert listed == [*environment().as_json(date(2026, 12, 1))]
