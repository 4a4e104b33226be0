"""`apprunner cost`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apprunner_facts.alternatives import Option
from pulumi_apprunner.cli.alternatives.rates import RATE_NAMES
from shop import Result, Shop

Program = Callable[[str], Shop]

LOAD = ("--requests-per-second", "5", "--seconds-per-request", "0.08", "--busy-hours", "12")
TWO = """
small = aws.apprunner.AutoScalingConfigurationVersion(
    "small", auto_scaling_configuration_name="small", min_size=2, max_size=3, max_concurrency=10)
service("api", auto_scaling_configuration_arn=small.arn)
service("admin", instance_configuration={"cpu": "256", "memory": "512"})
"""
COMPONENT = """
from pulumi_apprunner import AppRunnerService
AppRunnerService("api", {"image": {"identifier": "public.ecr.aws/x/y:1"}, "service_name": "shop-api"})
"""


def options(result: Result, name: str) -> dict[str, float]:
    (service,) = [each for each in result.json["services"] if each["name"] == name]
    return {each["option"]: each["monthly_usd"] for each in service["options"]}


def error(result: Result) -> str:
    assert (result.status, result.out) == (2, "")
    return " ".join(result.err.split())


def test_the_tutorials_service_costs_14_69(program: Program) -> None:
    result = program("service('api')").run("cost", "--hours", "720", "--active", "10%", "--json")
    assert result.status == 0
    assert options(result, "api")["App Runner"] == 14.69


def test_size_and_scaling_profile_come_from_the_program(program: Program) -> None:
    result = program(TWO).run("cost", "--requests-per-second", "50", "--seconds-per-request", "0.5", "--json")
    api, admin = (each for name in ("api", "admin") for each in result.json["services"] if each["name"] == name)
    assert (api["size"], api["instances"]) == ("1 vCPU, 2 GB", {"base": 2, "busy": 3})
    assert (admin["size"], admin["instances"]) == ("0.25 vCPU, 0.5 GB", {"base": 1, "busy": 1})


def test_totals_are_the_sums_of_all_services(program: Program) -> None:
    result = program(TWO).run("cost", *LOAD, "--json")
    for option, total in result.json["totals"].items():
        assert total == pytest.approx(sum(options(result, name)[option] for name in ("api", "admin")), abs=0.02)
    assert "App Runner with its pauses" not in result.json["totals"]


def test_one_service_can_be_chosen_and_still_shares_the_load_balancer(program: Program) -> None:
    shop = program(TWO)
    both, one = shop.run("cost", *LOAD, "--json"), shop.run("cost", *LOAD, "--service", "api", "--json")
    assert [each["name"] for each in one.json["services"]] == ["api"]
    assert options(one, "api") == options(both, "api")


def test_the_number_of_services_at_a_load_balancer_can_be_set(program: Program) -> None:
    shop = program("service('api')")
    alone = options(shop.run("cost", *LOAD, "--json"), "api")
    shared = options(shop.run("cost", *LOAD, "--services-per-load-balancer", "10", "--json"), "api")
    assert shared["Fargate, shared load balancer"] < alone["Fargate, own load balancer"]
    assert shared["Fargate, own load balancer"] == alone["Fargate, own load balancer"]


def test_a_price_can_be_overridden(program: Program) -> None:
    shop = program("service('api')")
    result = shop.run("cost", *LOAD, "--rate", "load-balancer-hour=0", "--rate", "lcu_hour=0", "--json")
    fargate = result.json["services"][0]["options"][1]
    assert fargate["parts"]["load balancer"] == 0


def test_the_output_has_a_bar_and_the_parts_of_each_option(program: Program) -> None:
    lines = program("service('api')").run("cost", *LOAD).out.splitlines()
    assert lines[0] == "shop dev  cost per month, US dollars"
    assert "api  1 vCPU, 2 GB, 1 instance" in lines
    row = next(index for index, line in enumerate(lines) if line.startswith("  App Runner "))
    assert lines[row].split()[:3] == ["App", "Runner", "17.92"]
    assert set(lines[row].split()[3]) == {"█"}
    assert lines[row + 1] == "    memory 10.22, vCPU 7.70"
    assert any(line.endswith("App Runner is cheaper than Lambda, function URL.") for line in lines)


def test_a_load_beyond_the_scaling_profile_is_noted(program: Program) -> None:
    result = program(TWO).run("cost", "--requests-per-second", "100", "--seconds-per-request", "1", "--json")
    (notes,) = [each["notes"] for each in result.json["services"] if each["name"] == "api"]
    assert notes == [
        "The load needs more than the 3 instances of the scaling profile. Raise its maximum, or its concurrency."
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--busy-hours", "8"], "--requests-per-second: is required together with --busy-hours "),
        (
            [*LOAD, "--active", "10%"],
            "--active: must not be set together with a load, from which it is computed. Remove it",
        ),
        (
            ["--requests-per-second", "-1", "--seconds-per-request", "0"],
            "--requests-per-second: must be 0 or more, got -1 --seconds-per-request: must be more than 0",
        ),
        (["--hours", "0"], "--hours: must be 1 to 744, got 0"),
        (["--active", "20"], "--active: must be a share from 0 to 1, got 20. Did you mean 0.2 (20%)?"),
        (["--rate", "lcu-hour"], "--rate lcu_hour: requires a value, as in --rate lcu_hour=0.5"),
        (
            ["--rate", "fargate_spot_discount=x"],
            "--rate fargate_spot_discount: must be a share from 0 to 1, got 'x'",
        ),
        (["--rate", "lcu_hours=1"], "--rate: must be NAME=PRICE, got 'lcu_hours=1'. Did you mean lcu_hour?"),
        (["--rate", "lcu_hour=x"], "--rate lcu_hour: must be a number of US dollars, got 'x'"),
        (["--rate", "lcu_hour=-1"], "--rate lcu_hour: must be 0 or more, got -1.0"),
        (["--service", "apj"], "no service has the name apj in the stack dev. Did you mean api? Services: api"),
        (["--html", "nowhere/page.html"], "--html nowhere/page.html: must be a file that can be written"),
    ],
)
def test_an_invalid_option_is_an_error(program: Program, arguments: list[str], message: str) -> None:
    assert message in error(program("service('api')").run("cost", *arguments))


def test_an_unknown_service_is_an_error_that_lists_the_services_by_their_components(program: Program) -> None:
    shop = program(COMPONENT)
    text = error(shop.run("cost", "--service", "apj", "--service", "x"))
    assert "no service has the name apj in the stack dev. Did you mean api? Services: api error: no" in text
    for name in ("api", "api-service", "shop-api"):
        assert [each["name"] for each in shop.run("cost", "--service", name, "--json").json["services"]] == [
            "api-service"
        ]


def test_independent_errors_are_reported_together(program: Program) -> None:
    text = error(program("service('api')").run("cost", "--busy-hours", "8", "--rate", "lcu=1", "--hours", "0"))
    assert all(option in text for option in ("--busy-hours", "--rate", "--hours"))


def test_a_program_without_a_service_is_an_error(program: Program) -> None:
    assert "The program has no App Runner service" in error(program("").run("cost"))


def test_a_region_without_verified_prices_is_an_error_that_names_the_missing_ones(program: Program) -> None:
    shop = program("service('api')")
    shop.write("Pulumi.dev.yaml", "config: {'aws:region': ap-south-1}\n")
    text = error(shop.run("cost", "--rate", "lcu_hour=0.008"))
    assert "must have verified prices (us-east-1, us-east-2, us-west-2, eu-west-1), got ap-south-1" in text
    assert "--rate lcu_hour=" not in text
    assert "--rate memory_gb_hour=PRICE" in text
    assert "fargate_spot_discount" not in text
    prices = [name for name in RATE_NAMES if name != "fargate_spot_discount"]
    rates = [word for name in prices for word in ("--rate", f"{name}=0.01")]
    assert shop.run("cost", *rates).status == 0


def test_the_page_has_each_services_table_and_chart(program: Program, tmp_path: Path) -> None:
    page = tmp_path / "cost.html"
    assert program(TWO).run("cost", *LOAD, "--html", str(page)).status == 0
    text = page.read_text()
    assert text.count("<svg") == text.count("<desc") == 2
    for option in Option:
        assert (f'<th scope="row">{option.value}' in text) == (option is not Option.PAUSED)


def test_without_a_load_the_page_has_no_chart(program: Program, tmp_path: Path) -> None:
    page = tmp_path / "cost.html"
    program("service('api')").run("cost", "--html", str(page))
    assert "<svg" not in page.read_text()
