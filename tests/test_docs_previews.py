"""The page of the environments for pull requests: what its example derives."""

from pages import ROOT, blocks, programs

PAGE = ROOT / "docs" / "guides" / "previews.md"


def test_the_plan_lists_what_follows_as_on_the_page() -> None:
    graph, _ = programs(PAGE)[0].run()
    assert blocks(PAGE, "text")[0].rstrip("\n") in graph.messages
