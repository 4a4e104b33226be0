"""The README: its length, its first service, the output of `apprunner plan`, and its error."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pages import ROOT, blocks, programs
from plans import children
from pulumi_apprunner import AppRunnerService, ArgsError, Fleet
from pulumi_apprunner.testing import run
from shop import Shop

README = ROOT / "README.md"
SERVICE = programs(README)[0]
ELLIPSIS = "...\n"


def test_the_readme_has_fewer_than_170_lines() -> None:
    assert len(README.read_text().splitlines()) < 170


def test_the_first_service_has_at_most_fifteen_lines() -> None:
    assert len(SERVICE.text.splitlines()) <= 15
    graph, _ = SERVICE.run()
    assert graph.named("orders-api-service")["serviceName"] == "shop-orders-api-staging"


def test_the_readme_shows_the_output_of_apprunner_plan_for_the_first_service(tmp_path: Path) -> None:
    project = Shop(tmp_path)
    project.write("Pulumi.yaml", "name: orders\nruntime: python\n")
    project.write("Pulumi.dev.yaml", "config: {'aws:region': eu-west-1}\n")
    project.write("__main__.py", SERVICE.text)
    (block,) = [each for each in blocks(README, "console") if "apprunner plan" in each]
    command, _, output = block.partition("\n")
    assert output.endswith(ELLIPSIS)
    result = project.plan(*command.partition("apprunner plan ")[2].split())
    assert [line.rstrip() for line in result.out.splitlines()][: output.count("\n") - 1] == output.splitlines()[:-1]


def test_the_readme_shows_the_error_for_invalid_arguments() -> None:
    image = {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2"}
    invalid: Any = {
        "image": image,
        "environment": {"PORT": "80"},
        "size": {"cpu": "2 vCPU", "memory": "3 GB"},
        "scaling": {"min_size": 0},
    }
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("orders-api", invalid))
    assert f"{caught.value}\n" in blocks(README, "text")


def test_a_production_service_takes_at_most_thirty_lines_of_a_stack_file() -> None:
    (stack_file,) = blocks(README, "yaml")
    assert len(stack_file.splitlines()) <= 30
    config = yaml.safe_load(stack_file)["config"]
    graph = run(lambda: Fleet.from_config("shop") and None, project="shop", stack="prod", config=config)
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "api"),
        ("apprunner:index:CustomDomain", "example.com"),
        ("apprunner:index:LogRetention", "api-retention"),
        ("apprunner:index:NotificationTopic", "on-call"),
        ("apprunner:index:SecretsBinding", "api-secrets"),
        ("apprunner:index:ServiceMonitoring", "api-monitoring"),
        ("apprunner:index:VpcEgress", "orders"),
        ("apprunner:index:WebFirewall", "public"),
    ]
    names = {each.name for each in graph.resources}
    assert {"example.com-traffic-www", "orders-ingress-orders-db", "api-scaling", "api-monitoring-latency"} <= names


def test_the_setup_commands_are_targets_of_the_makefile() -> None:
    (block,) = [each for each in blocks(README, "console") if "make up-local" in each]
    commands = re.findall(r"^\$ make ([a-z-]+)", block, re.MULTILINE)
    assert commands == ["up-local", "test"]
    assert all(re.search(rf"^{each}:", (ROOT / "Makefile").read_text(), re.MULTILINE) for each in commands)
