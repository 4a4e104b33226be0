"""`apprunner` on a terminal and in a pipe."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from apprunner_facts.bill import Assumptions
from apprunner_policies import POLICIES
from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.comparison import Change, Changes, Kind
from pulumi_apprunner.cli.cost import estimate_cost
from pulumi_apprunner.cli.plan import Plan
from pulumi_apprunner.cli.printing import print_plan
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.report import Violation
from pulumi_apprunner.offline.run import run_project
from shop import Shop

ROOT = Path(__file__).parents[2]
Program = Callable[[str], Shop]
COMMAND = [sys.executable, "-c", "import pulumi_apprunner.cli as c; c.main()"]


def lines_of_plan(stack: str, width: int, changes: Changes | None = None, **violation: str) -> list[str]:
    graph = run_project(ROOT, stack)
    report = evaluate(graph, POLICIES)
    if violation:
        report = replace(report, violations=(Violation("rule", "mandatory", graph.resources[0].urn, **violation),))
    plan = Plan(graph, report, estimate_cost(graph, Assumptions()), changes)
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None, highlight=False)
    with console.capture() as captured:
        print_plan(console, plan)
    return [line.rstrip() for line in captured.get().splitlines()]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_no_line_is_wider_than_the_terminal(stack: str, width: int) -> None:
    assert max(map(len, lines_of_plan(stack, width))) <= width


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_no_word_is_broken_at_80_columns(stack: str) -> None:
    narrow, wide = ([*re.split(r"\s+", " ".join(lines_of_plan(stack, width)))] for width in (80, 10_000))
    assert {word for word in narrow if not word.endswith("…")} <= set(wide)


def test_the_users_of_a_scaling_profile_are_on_a_line_of_their_own_if_the_row_is_too_short() -> None:
    profile = "small-profile  aws:apprunner:AutoScalingConfigurationVersion"
    narrow, wide = (lines_of_plan("prod", width) for width in (80, 120))
    assert f"    │   └── {profile}  used by 1 service: admin-service" in wide
    row = narrow.index(f"    │   └── {profile}")
    assert narrow[row + 1] == "    │       used by 1 service: admin-service"


@pytest.mark.parametrize("width", [60, 80])
def test_a_path_longer_than_a_line_breaks_after_a_period(width: int) -> None:
    path = "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables.API_PASSWORD"
    change = Change("urn", "aws:apprunner/service:Service", "api-service", ["serviceName"], [path, "tags"], ["a note"])
    by_kind: dict[Kind, list[Change]] = {"replaced": [change], "deleted": [], "created": [], "updated": []}
    lines = lines_of_plan("staging", width, Changes("old.json", by_kind, 4.99, []), message=f"{path} must be a secret.")
    broken = [
        "    sourceConfiguration.imageRepository.imageConfiguration.",
        "    runtimeEnvironmentVariables.API_PASSWORD",
    ]
    assert lines[1:6] == [
        "  replaced  api-service  aws:apprunner:Service",
        "    because of serviceName; in",
        broken[0],
        f"{broken[1]}, tags",
        "    a note",
    ]
    start = lines.index(broken[0], 6)
    assert lines[start + 1].startswith(f"{broken[1]} must be")


def test_a_change_that_fits_is_one_line() -> None:
    change = Change("urn", "aws:apprunner/service:Service", "api-service", [], ["tags"])
    by_kind: dict[Kind, list[Change]] = {"replaced": [], "deleted": [], "created": [], "updated": [change]}
    lines = lines_of_plan("staging", 80, Changes("old.json", by_kind, 4.99, []))
    assert lines[1] == "  updated  api-service  aws:apprunner:Service  in tags"


@pytest.mark.parametrize(("width", "has_parts"), [(80, True), (60, False)])
def test_the_parts_of_the_cost_are_omitted_if_the_table_is_too_wide(width: int, has_parts: bool) -> None:
    lines = lines_of_plan("prod", width)
    (heading,) = [line.split() for line in lines if line.startswith("service ")]
    rows = [line.split() for line in lines if line.startswith(("admin-service ", "api-service "))]
    assert ("memory" in heading) == has_parts
    assert [row[-1] for row in rows] == ["6.28", "29.78"]


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"apprunner {version('pulumi-apprunner')}\n")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_closed_pipe_is_not_an_error(program: Program, options: list[str]) -> None:
    shop = program("for number in range(300): service(f'api-{number}')")
    command = " ".join(f"'{word}'" for word in [*COMMAND, "plan", *options])
    script = f"{command} | head -1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", script], cwd=shop.folder, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "0"


def test_without_a_region_there_is_a_warning_with_the_assumed_one(program: Program) -> None:
    shop = program("service('api')")
    shop.write("Pulumi.dev.yaml", "config: {}\n")
    result = shop.plan()
    assert "warning: aws:region is not set. The plan uses us-east-1." in result.err
    assert result.out.startswith("shop dev  1 resource in us-east-1\n")
    assert "aws:region" not in program("service('api')").plan().err
