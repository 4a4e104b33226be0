"""The page of warnings: its examples run, and show the warnings."""

import re
from pathlib import Path

from pulumi_apprunner.testing import Graph, run

PAGE = (Path(__file__).parents[1] / "docs" / "warnings.md").read_text()
WARNED, IGNORED = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def run_block(text: str) -> Graph:
    return run(lambda: exec(compile(text, "warnings.md", "exec"), {}))


def test_the_first_example_shows_two_warnings() -> None:
    arguments = {each.split(": ")[1] for each in run_block(WARNED).messages}  # their order is not documented
    assert arguments == {"start_command", "environment.TOKEN"}


def test_the_second_example_ignores_the_image() -> None:
    graph = run_block(IGNORED)
    assert graph.messages == ()
    assert "sourceConfiguration.imageRepository.imageIdentifier" in graph.named("orders-service").ignore_changes
