"""The geometry of the chart of `apprunner cost --html`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from apprunner_facts.alternatives import Option
from pulumi_apprunner.cli.alternatives.chart import draw
from shop import Shop

LOAD = ("--requests-per-second", "100", "--seconds-per-request", "10")
FREE_LAMBDA = ("--rate", "lambda_million_requests=0", "--rate", "lambda_gb_second=0")


def test_costs_of_zero_are_at_the_bottom_of_the_chart() -> None:
    chart = draw({Option.APP_RUNNER: [(1, 0), (10, 0)]}, 1)
    assert chart.lines[0].points.endswith(f",{chart.bottom:.1f}")


def test_equal_costs_have_a_decade_around_them() -> None:
    chart = draw({Option.APP_RUNNER: [(1, 10), (10, 10)]}, 1)
    assert [tick.label for tick in chart.rows] == ["$10", "$100"]


@pytest.mark.parametrize("options", [LOAD, (*LOAD, *FREE_LAMBDA)])
def test_the_marker_is_within_the_chart_for_a_load_above_the_maximum(
    program: Callable[[str], Shop], tmp_path: Path, options: tuple[str, ...]
) -> None:
    shop = program('service("api", instance_configuration={"cpu": "1024", "memory": "2048"})')
    page = tmp_path / "cost.html"
    assert shop.run("cost", *options, "--html", str(page)).status == 0
    found = re.search(r'class="marker" x1="([0-9.]+)"', page.read_text())
    assert found
    chart = draw({Option.APP_RUNNER: [(1, 1), (10, 10)]}, 1)
    assert chart.left <= float(found[1]) <= chart.right
