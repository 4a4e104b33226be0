"""The cost table of a plan, the rules and the components agree on the cost of a service and on its paused hours."""

import json
import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pulumi_aws as aws
import pytest
from typer.testing import CliRunner

from apprunner_facts.bill import HOURS_A_MONTH, Assumptions
from apprunner_policies.themes.budget import monthly_budget
from apprunner_policies.themes.pausing import pause_required_outside_prod
from apprunner_policies.themes.safety import pause_forbidden_in_prod
from pulumi_apprunner import PauseSchedule
from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.cost import Estimate, estimate_cost
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.report import Report
from pulumi_apprunner.testing import Graph, reveal, run, run_project

ROOT = Path(__file__).parents[1]
SERVICE_ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/0123456789abcdef0123456789abcdef"
HOURS_A_WEEK = 168
BOTH = pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])

IMAGE: Any = {
    "auto_deployments_enabled": False,
    "image_repository": {"image_repository_type": "ECR_PUBLIC", "image_identifier": "public.ecr.aws/nginx/nginx:1.27"},
}


def service(name: str = "api", **more: Any) -> aws.apprunner.Service:
    return aws.apprunner.Service(name, **{"service_name": name, "source_configuration": IMAGE, **more})


def profile(name: str, least: Any = None) -> aws.apprunner.AutoScalingConfigurationVersion:
    return aws.apprunner.AutoScalingConfigurationVersion(name, auto_scaling_configuration_name=name, min_size=least)


def schedule(action: str, arn: Any, expression: Any, *, target: str | None = None, **more: Any) -> None:
    aws.scheduler.Schedule(
        action,
        schedule_expression=expression,
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": target or f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
            "role_arn": "arn:aws:iam::123456789012:role/scheduler",
            "input": input_of(arn),
        },
        **more,
    )


def input_of(arn: Any) -> Any:
    return json.dumps({"ServiceArn": arn}) if isinstance(arn, str) else arn.apply(input_of)


def nights(arn: Any, **more: Any) -> None:
    schedule("pause", arn, "cron(0 20 * * ? *)", **more)
    schedule("resume", arn, "cron(0 8 * * ? *)", **more)


def target(partition: str, action: str) -> str:
    return f"arn:{partition}:scheduler:::aws-sdk:apprunner:{action}"


def shared_profile() -> None:
    least_three = profile("shared", 3)
    service("web", auto_scaling_configuration_arn=least_three.arn)
    service("api", auto_scaling_configuration_arn=least_three.arn)


def targets(partition: str, pause: str, resume: str) -> Callable[[], None]:
    def program() -> None:
        arn = service().arn
        schedule("pause", arn, "cron(0 20 * * ? *)", target=target(partition, pause))
        schedule("resume", arn, "cron(0 8 * * ? *)", target=target(partition, resume))

    return program


def two_time_zones() -> None:
    arn = service().arn
    schedule("pause", arn, "cron(0 20 * * ? *)", schedule_expression_timezone="Asia/Tokyo")
    schedule("resume", arn, "cron(0 8 * * ? *)", schedule_expression_timezone="Europe/Berlin")


def a_default_profile() -> None:
    default = profile("default", 2)
    aws.apprunner.DefaultAutoScalingConfigurationVersion("default", auto_scaling_configuration_arn=default.arn)
    service("api")
    service("web", auto_scaling_configuration_arn=profile("own", 4).arn)


def components(**more: Any) -> Callable[[], None]:
    def program() -> None:
        args: Any = {"service_arn": service().arn, "timezone": "Europe/Berlin", **more}
        PauseSchedule("hours", args)

    return program


WEEKDAYS = [{"days": "Mon-Fri", "start": "08:00", "end": "20:00"}, {"days": "Sat", "start": "10:00", "end": "02:00"}]
CRONS = {"pause": "cron(0 22 L * ? *)", "resume": "cron(30 6 1 * ? *)"}

PROGRAMS: Mapping[str, Callable[[], Any]] = {
    "no service": lambda: None,
    "nothing set": service,
    "two services": lambda: [service("api"), service("web", instance_configuration={"cpu": "256", "memory": "512"})],
    "a size that App Runner does not have": lambda: service(instance_configuration={"memory": "2 gigabytes"}),
    "a separate profile": lambda: service(auto_scaling_configuration_arn=profile("own", 3).arn),
    "a minimum as a string": lambda: service(auto_scaling_configuration_arn=profile("own", "3").arn),
    "a minimum that App Runner does not accept": lambda: service(auto_scaling_configuration_arn=profile("own", 40).arn),
    "a shared profile": shared_profile,
    "a default profile": a_default_profile,
    "a profile of another program": lambda: service(
        auto_scaling_configuration_arn="arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/shared/3"
    ),
    "another region": lambda: service(region="ap-northeast-1"),
    "automatic deployments": lambda: service(source_configuration={**IMAGE, "auto_deployments_enabled": True}),
    "paused at night": lambda: nights(service().arn),
    "paused at night by a literal ARN": lambda: [service(), nights(SERVICE_ARN)],
    "paused at night, disabled": lambda: nights(service().arn, state="DISABLED"),
    "lower-case targets": targets("aws", "pauseservice", "resumeservice"),
    "targets in China": targets("aws-cn", "pauseService", "resumeService"),
    "targets that pause nothing": targets("aws", "pauseServices", "resumeServices"),
    "paused and never resumed": lambda: schedule("pause", service().arn, "cron(0 20 * * ? *)"),
    "rates": lambda: schedule("pause", service().arn, "rate(12 hours)"),
    "two time zones": two_time_zones,
    "windows of a component": components(running=WEEKDAYS),
    "crons of a component": components(cron=CRONS),
    "a component that is disabled": components(running=WEEKDAYS, enabled=False),
}


def load(path: Path, *names: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the programs with these names in each module of a folder."""
    for file in sorted(path.glob("*.py")):
        module = runpy.run_path(str(file))
        yield from ((f"{file.stem} {name}", module[name]) for name in names)


EXAMPLES = dict(load(ROOT / "policies" / "examples", "good", "bad"))
CORPUS = dict(load(ROOT / "tests" / "policies" / "corpus", "program"))
ALL = {**PROGRAMS, **EXAMPLES, **CORPUS}


def budget_report(graph: Graph, **config: Any) -> Report:
    """Evaluate the budget rule with a budget of 0, which every cost violates."""
    return evaluate(graph, [monthly_budget], {"monthly-budget": {"dollars": 0, **config}})


def total_of_rule(report: Report) -> float:
    """Return the total in the message of the rule, or 0 if there is no violation."""
    if not report.violations:
        return 0
    (violation,) = report.violations
    total = re.search(r"got (at least )?about \$([0-9,]+\.[0-9]+)\.", violation.message)
    assert total, violation.message
    assert bool(total[1]) == bool(report.skipped)
    return float(total[2].replace(",", ""))


def check_agreement(graph: Graph, **assumptions: Any) -> Estimate:
    """Assert that the table, the rules and the components agree on a graph, and return the table."""
    table = estimate_cost(graph, Assumptions(**assumptions))
    report = budget_report(graph, **assumptions)
    assert not report.skipped
    assert total_of_rule(report) == pytest.approx(table.total, abs=0.0051)
    is_paused = {each.service.urn: each.bill.running_hours < table_hours(**assumptions) for each in table.services}
    unpaused = evaluate(graph, [pause_required_outside_prod], {"all": {"enforcementLevel": "mandatory"}})
    for each in unpaused.violations:
        assert not is_paused[each.resource], each.message
    for name, saved in saved_by_components(graph):
        (row,) = [each for each in table.services if each.service.name == name]
        paused = HOURS_A_WEEK * (1 - row.bill.running_hours / table_hours(**assumptions))
        assert paused == pytest.approx(saved, abs=0.051)
    return table


def table_hours(hours: float = HOURS_A_MONTH, **_: Any) -> float:
    return hours


def saved_by_components(graph: Graph) -> Iterator[tuple[str, float]]:
    """Yield the name of the service of each PauseSchedule, and the hours in its output."""
    for component in graph.all("apprunner:index:PauseSchedule"):
        (urn, *_) = [
            urn
            for child in graph.children(component)
            for urn in child.property_dependencies.get("target", ())
            if graph[urn].type == "aws:apprunner/service:Service"
        ]
        yield graph[urn].name, component.outputs["hoursSavedPerWeek"]


@BOTH
@pytest.mark.parametrize("name", ALL)
def test_the_table_the_rules_and_the_components_agree(name: str, unknown: bool) -> None:
    check_agreement(run(lambda: ALL[name]() and None, stack="dev", unknown=unknown))


@pytest.mark.parametrize("assumptions", [{"hours": 720}, {"active": 0.3}, {"hours": 100, "active": 1}])
@pytest.mark.parametrize("name", PROGRAMS)
def test_they_agree_with_other_assumptions(name: str, assumptions: dict[str, float]) -> None:
    check_agreement(run(lambda: PROGRAMS[name]() and None, stack="dev"), **assumptions)


@BOTH
@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_they_agree_on_the_environments_of_the_example(stack: str, unknown: bool) -> None:
    graph = run_project(ROOT, stack, unknown=unknown)
    table = check_agreement(graph)
    exports = reveal(graph.exports)["services"]
    for row in table.services:
        saved = exports[row.service.name.removesuffix("-service")].get("hoursSavedPerWeek", 0.0)
        assert HOURS_A_WEEK * (1 - row.bill.running_hours / HOURS_A_MONTH) == pytest.approx(saved, abs=0.051)


def unknown_size() -> None:
    service("odd", instance_configuration={"memory": aws.sqs.Queue("q").arn})


def unknown_minimum() -> None:
    least: Any = aws.sqs.Queue("q").arn
    service("odd", auto_scaling_configuration_arn=profile("odd", least.apply(int)).arn)


def unknown_hours() -> None:
    arn = service("odd").arn
    schedule("pause", arn, aws.sqs.Queue("q").arn)
    schedule("resume", arn, "cron(0 8 * * ? *)")


@pytest.mark.parametrize("odd", [unknown_size, unknown_minimum, unknown_hours])
def test_the_table_assumes_an_unknown_value_and_the_rule_omits_its_service(odd: Callable[[], None]) -> None:
    def program() -> None:
        service()
        odd()

    graph = run(program, unknown=True)
    table, report = estimate_cost(graph, Assumptions()), budget_report(graph)
    known, assumed = sorted(table.services, key=lambda each: each.service.name)
    assert total_of_rule(report) == pytest.approx(known.bill.total, abs=0.0051)
    assert report.skipped
    assert assumed.service.name == "odd"
    assert any(line.startswith("odd: ") for line in table.assumptions)


@pytest.mark.parametrize("pause", ["pauseService", "PauseService", "pauseservice"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_the_table_and_every_rule_accept_all_spellings_of_a_target(partition: str, pause: str) -> None:
    graph = run(targets(partition, pause, "resumeService"), stack="prod")
    (row,) = check_agreement(graph).services
    assert row.bill.running_hours == HOURS_A_MONTH / 2
    assert len(evaluate(graph, [pause_forbidden_in_prod]).violations) == 1


# `apprunner plan`: the table and the rule use the same assumptions


def plan_of_example(stack: str, config: Mapping[str, Any], *options: str) -> Any:
    """Return the JSON of `apprunner plan` of an environment of the example, with a policy configuration."""
    with NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(config))
        file.flush()
        words = ["plan", "--cwd", str(ROOT), "--stack", stack, "--json", "--policy-config", file.name, *options]
        return json.loads(CliRunner().invoke(app, words).stdout)


def total_of_budget(plan: Any) -> float:
    (violation,) = [each for each in plan["violations"] if each["policy"] == "monthly-budget"]
    total = re.search(r"about \$([0-9,]+\.[0-9]+)\.", violation["message"])
    assert total
    return float(total[1].replace(",", ""))


OPTIONS: Mapping[str, tuple[str, ...]] = {
    "no option": (),
    "active": ("--active", "50%"),
    "hours": ("--hours", "100"),
    "instances": ("--instances", "3"),
    "all": ("--active", "0.9", "--hours", "720", "--instances", "2"),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS.keys())
@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_the_command_shows_one_cost(stack: str, options: tuple[str, ...]) -> None:
    config = json.loads((ROOT / "policies" / "config" / f"{stack}.json").read_text())
    configured = {**config, "monthly-budget": {**config["monthly-budget"], "dollars": 0}}
    plan = plan_of_example(stack, configured, *options)
    assert total_of_budget(plan) == pytest.approx(plan["cost"]["monthly_usd"], abs=0.0051)


def test_the_table_uses_the_configuration_of_the_rule_and_names_it() -> None:
    plan = plan_of_example("prod", {"monthly-budget": {"dollars": 0, "active": 0.3, "hours": 720}})
    active, hours, month, busy, *_ = plan["cost"]["assumptions"]
    assert re.fullmatch(r"active is 0.3, from monthly-budget in .*\.json. --active overrides it.", active)
    assert re.fullmatch(r"hours is 720, from monthly-budget in .*\.json. --hours overrides it.", hours)
    assert month.startswith("A month has 720 hours.")
    assert busy.startswith("Instances handle requests in 30%")


def test_the_command_line_overrides_the_configuration_of_the_rule() -> None:
    plan = plan_of_example("prod", {"monthly-budget": {"dollars": 0, "active": 0.3}}, "--active", "20%")
    assert plan["cost"]["assumptions"][1].startswith("Instances handle requests in 20%")
    assert total_of_budget(plan) == pytest.approx(plan["cost"]["monthly_usd"], abs=0.0051)
