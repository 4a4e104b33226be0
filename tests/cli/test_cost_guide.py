"""The figures in docs/guides/cost.md are those that the command prints."""

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from apprunner_facts.alternatives import ALTERNATIVE_SOURCES, AlternativeRates
from apprunner_facts.source import PRICING
from apprunner_facts.surroundings import QUANTITIES
from pulumi_apprunner.cli.alternatives.rates import RATE_NAMES
from shop import Shop

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "cost.md").read_text()
PROGRAM = """
from pulumi_apprunner import AppRunnerService
AppRunnerService("api", {"image": {"identifier": "public.ecr.aws/x/y:1"}, "size": {"cpu": "1 vCPU", "memory": "2 GB"}})
"""


@pytest.fixture
def scenario(program: Callable[[str], Shop]) -> Shop:
    """Return the project of the worked scenario, in us-east-1."""
    shop = program(PROGRAM)
    shop.write("Pulumi.dev.yaml", "config: {'aws:region': us-east-1}\n")
    return shop


def section(heading: str) -> str:
    return re.split(r"^#+ ", GUIDE.partition(f" {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def block(kind: str, text: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def scenario_words() -> list[str]:
    command = block("console", section("A worked scenario")).removeprefix("$ apprunner cost").split()
    assert command
    return command


def test_the_worked_scenario_is_what_the_command_prints(scenario: Shop) -> None:
    out = scenario.run("cost", *scenario_words()).out
    assert block("text", section("A worked scenario")) in out
    assert "\n  App Runner                         14.69  " in out


def test_the_parts_of_the_worked_scenario_are_those_of_the_bill(scenario: Shop) -> None:
    (service,) = scenario.run("cost", *scenario_words(), "--json").json["services"]
    bills = {each["option"].partition(",")[0]: each["parts"] for each in service["options"][:2]}
    rows = re.findall(r"^\| (App Runner|Fargate), ([\w ]+) \|.*\| ([\d.]+) \|$", section("A worked scenario"), re.M)
    assert len(rows) == 6
    for option, part, amount in rows:
        assert bills[option][part] == float(amount)


def test_what_a_comparison_of_tasks_alone_omits_is_the_rest_of_fargates_bill(scenario: Shop) -> None:
    (service,) = scenario.run("cost", *scenario_words(), "--json").json["services"]
    rest = sum(value for part, value in service["options"][1]["parts"].items() if part != "tasks")
    assert f"addresses add ${rest:.2f}" in " ".join(section("A worked scenario").split())


def test_a_service_that_is_always_active_costs_what_the_guide_says(scenario: Shop) -> None:
    (service,) = scenario.run("cost", "--hours", "720", "--active", "100%", "--json").json["services"]
    assert f"costs ${service['options'][0]['monthly_usd']} on App Runner" in " ".join(GUIDE.split())


def test_the_guide_lists_each_rate_and_quantity() -> None:
    assert set(re.findall(r"`(\w+)`", section("Prices"))) - {"apprunner"} >= set(RATE_NAMES)
    assert set(re.findall(r"`(\w+)`", section("Around the services"))) >= set(QUANTITIES)


def test_the_guide_names_the_source_of_each_compared_price() -> None:
    assert ALTERNATIVE_SOURCES.keys() == {each.name for each in fields(AlternativeRates)}
    sources = {**ALTERNATIVE_SOURCES, "active_vcpu_hour": PRICING, "memory_gb_hour": PRICING}
    rows = [row for row in section("Prices").splitlines() if row.startswith("|")]
    for name, source in sources.items():
        (row,) = (row for row in rows if f"`{name}`" in row)
        assert f"({source.url})" in row
