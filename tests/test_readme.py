"""The README's examples, typed in."""

import re
from pathlib import Path
from typing import Any

import pytest

from model import check
from pulumi_apprunner import AppRunnerService, ArgsError
from pulumi_apprunner.testing import Graph, run

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run_block(text: str) -> tuple[Graph, dict[str, Any]]:
    names: dict[str, Any] = {}
    return run(lambda: exec(compile(text, "README.md", "exec"), names)), names


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.splitlines()[0])
def test_each_example_runs_and_awss_models_take_what_it_sends(text: str) -> None:
    graph, _ = run_block(text)
    made = [each for each in graph.resources if each.type.startswith("aws:")]
    assert [problem for each in made for problem in check(each.type, each.inputs)] == []


def test_a_first_service_takes_less_than_twenty_lines_of_python() -> None:
    graph, _ = run_block(BLOCKS[0])
    assert len(BLOCKS[0].splitlines()) < 20
    assert graph.named("orders-api-service")["serviceName"] == "orders-api-stack"


def test_the_pause_saves_what_the_example_says() -> None:
    graph, _ = run_block(BLOCKS[1])
    assert graph.exports["hoursSavedAWeek"] == 103.0
    assert "hours_saved)  # 103.0" in BLOCKS[1]


def test_the_test_in_the_readme_passes() -> None:
    _, names = run_block(BLOCKS[2])
    names["test_the_site_is_public"]()


def test_the_error_in_the_readme_is_the_one_that_comes() -> None:
    image = {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2"}
    wrong = {
        "image": image,
        "environment": {"PORT": "80"},
        "size": {"cpu": "2 vCPU", "memory": "3 GB"},
        "scaling": {"min_size": 0},
    }
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("orders-api", wrong))
    assert f"```text\n{caught.value}\n```" in README
