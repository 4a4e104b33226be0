"""The benchmarks: both programs register the same resources, and the table has every figure."""

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
    """What one run of the benchmark printed, and the figures that it wrote."""

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
    return importlib.import_module("sameness").differences


def registration(**changed: Any) -> dict[str, Any]:
    return {"type": "aws:iam/role:Role", "name": "api-role", "parent": "api", "inputs": {"name": "api"}} | changed


def test_the_programs_register_the_same(report: Report) -> None:
    assert report.figures["differences"] == []


def test_every_figure_is_in_the_table(report: Report) -> None:
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


def test_an_aim_is_compared_with_the_ratio(report: Report) -> None:
    judged = [row for row in report.figures["rows"] if row["aim"] is not None]
    assert {row["what"] for row in judged} == {"time", "peak memory", "apprunner plan"}
    assert all(row["met"] == (round(row["ratio"], 2) <= row["aim"]) for row in judged)


def test_the_same_registrations_in_another_order_do_not_differ(differences: Callable[..., list[str]]) -> None:
    one, two = registration(), registration(name="api-other-role")
    assert differences([one, two], [two, one]) == []


@pytest.mark.parametrize("changed", [{"type": "aws:sqs/queue:Queue"}, {"name": "other"}, {"parent": None}])
def test_a_resource_of_only_one_program_is_a_difference(
    differences: Callable[..., list[str]], changed: dict[str, Any]
) -> None:
    found = differences([registration()], [registration(**changed)])
    assert [line.partition(":")[0] for line in found] == ["only with components", "only without components"]


def test_a_resource_that_is_registered_twice_is_a_difference(differences: Callable[..., list[str]]) -> None:
    assert differences([registration()] * 2, [registration()]) == [
        "only with components: aws:iam/role:Role 'api-role' below api"
    ]


def test_a_different_input_is_a_difference(differences: Callable[..., list[str]]) -> None:
    assert differences([registration()], [registration(inputs={"name": "other"})]) == [
        "aws:iam/role:Role 'api-role' below api: inputs is {'name': 'api'} with components, {'name': 'other'} without"
    ]
