"""The benchmark: all programs register the same resources, and the table contains every figure."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


class Report(NamedTuple):
    """The printed output of one run of the benchmark, and the figures that it wrote."""

    printed: str
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    file = tmp_path_factory.mktemp("benchmarks") / "figures.json"
    command = [sys.executable, str(BENCHMARKS), "--services", "1", "--services", "2", "--repetitions", "1"]
    environment = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([*command, "--json", str(file)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return Report(done.stdout, json.loads(file.read_text()))


@pytest.fixture
def differences(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("comparison").differences


def registration(**changed: Any) -> dict[str, Any]:
    return {"type": "aws:iam/role:Role", "name": "api-role", "parent": "api", "inputs": {"name": "api"}} | changed


def test_all_programs_register_the_same_resources(report: Report) -> None:
    assert report.figures["differences"] == []


def test_the_table_contains_every_figure(report: Report) -> None:
    assert [(row["what"], row["services"]) for row in report.figures["rows"]] == [
        ("time", "1"),
        ("time", "2"),
        ("peak memory", "1"),
        ("peak memory", "2"),
        ("growth, time", "1 → 2"),
        ("growth, memory", "1 → 2"),
        ("apprunner plan", "2"),
        ("imports, time", ""),
        ("imports, memory", ""),
    ]
    for row in report.figures["rows"]:
        assert row["what"] in report.printed
        assert f"{row['ratio']:.2f}" in report.printed


def test_the_ratio_decides_whether_an_aim_is_met(report: Report) -> None:
    with_aim = [row for row in report.figures["rows"] if row["aim"] is not None]
    assert {row["what"] for row in with_aim} == {"time", "peak memory", "apprunner plan"}
    assert all(row["met"] == (round(row["ratio"], 2) <= row["aim"]) for row in with_aim)


def test_the_order_of_registrations_does_not_matter(differences: Callable[..., list[str]]) -> None:
    one, two = registration(), registration(name="api-other-role")
    assert differences([one, two], [two, one]) == []


@pytest.mark.parametrize("changed", [{"type": "aws:sqs/queue:Queue"}, {"name": "other"}, {"parent": None}])
def test_a_resource_that_only_one_program_registers_is_a_difference(
    differences: Callable[..., list[str]], changed: dict[str, Any]
) -> None:
    problems = differences([registration()], [registration(**changed)])
    assert [line.partition(":")[0] for line in problems] == ["only with components", "only hand-written"]


def test_a_resource_that_one_program_registers_twice_is_a_difference(differences: Callable[..., list[str]]) -> None:
    assert differences([registration()] * 2, [registration()]) == [
        "only with components: aws:iam/role:Role 'api-role' in api"
    ]


def test_a_different_input_is_a_difference(differences: Callable[..., list[str]]) -> None:
    assert differences([registration()], [registration(inputs={"name": "other"})]) == [
        "aws:iam/role:Role 'api-role' in api: inputs is {'name': 'api'} with components, {'name': 'other'} hand-written"
    ]
