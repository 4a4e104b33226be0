"""Static types: pyright accepts a component that passes its inputs to ours, and checks dicts of arguments."""

import json
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    CustomDomain,
    CustomDomainArgs,
    Destination,
    HostedZone,
    Image,
    VpcEgress,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import run
from samples import SERVICE_ARN


class Shop(pulumi.ComponentResource):
    def __init__(
        self,
        name: str,
        image: pulumi.Input[str],
        environment: Mapping[str, pulumi.Input[str]],
        subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        database_group: pulumi.Input[str],
        zone_id: pulumi.Input[str],
    ) -> None:
        super().__init__("acme:index:Shop", name)
        child = pulumi.ResourceOptions(parent=self)
        egress = VpcEgress(
            name,
            VpcEgressArgs(
                vpc_id=pulumi.Output.from_input("vpc-1"),
                subnet_ids=subnet_ids,
                destinations={"db": Destination(security_group_id=database_group, port=5432)},
            ),
            child,
        )
        service = AppRunnerService(
            name,
            AppRunnerServiceArgs(
                image=Image(identifier=image), environment=environment, vpc_connector_arn=egress.vpc_connector_arn
            ),
            child,
        )
        CustomDomain(
            name,
            CustomDomainArgs(
                service_arn=service.arn, domain_name="shop.example.com", zone=HostedZone(id=zone_id, name="example.com")
            ),
            child,
        )


def test_a_component_may_pass_its_inputs_to_ours() -> None:
    async def later() -> str:
        return "sg-1"

    graph = run(
        lambda: (
            Shop(
                "shop",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1",
                {"PEER": pulumi.Output.from_input(SERVICE_ARN)},
                ["subnet-1", pulumi.Output.from_input("subnet-2")],
                later(),
                "Z0123456789ABCDEFGHIJ",
            )
            and None
        )
    )
    assert graph.named("shop-ingress-db")["securityGroupId"] == "sg-1"


# Dicts


ROOT = Path(__file__).parents[2]
SAMPLE = """
import pulumi

from pulumi_apprunner import AppRunnerService, PauseSchedule, RunningWindow, Size

arn = pulumi.Output.from_input("arn")
image = {"identifier": arn, "repository_type": "ECR"}
AppRunnerService(
    "api",
    {
        "image": {"identifier": arn},
        "size": Size(cpu="2 vCPU"),
        "environment": {"LEVEL": "info", "PEER": arn},
        "scaling": {"min_size": 2},
        "secrets": [{"value_from": arn.apply(lambda _: {"A": "b"})}],
    },
)
hours = RunningWindow(days="daily", start="08:00", end="18:00")
PauseSchedule("hours", {"service_arn": arn, "timezone": "UTC", "running": hours})
"""
MISTAKES = [
    '{"image": {"identifier": "x"}, "sise": {"cpu": "2 vCPU"}}',
    '{"image": {"identifer": "x"}}',
    '{"image": {"identifier": "x"}, "scaling": {"minSize": 2}}',
    '{"image": {"identifier": "x"}, "port": arn}',
    '{"image": {}}',
]


def test_pyright_accepts_valid_dicts_and_rejects_misspelled_keys(tmp_path: Path) -> None:
    valid, invalid = tmp_path / "valid.py", tmp_path / "invalid.py"
    valid.write_text(SAMPLE)
    calls = [f'AppRunnerService("api", {each})' for each in MISTAKES]
    start = len(SAMPLE.splitlines()) + 1
    invalid.write_text("\n".join([SAMPLE, *calls]))
    config = {"extraPaths": [str(ROOT / "components")]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--outputjson",
        "--project",
        str(tmp_path),
        "--pythonpath",
        sys.executable,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = json.loads(result.stdout)["generalDiagnostics"]
    assert {(Path(each["file"]).name, each["range"]["start"]["line"]) for each in errors} == {
        ("invalid.py", start + index) for index in range(len(MISTAKES))
    }


def test_the_dicts_have_the_fields_of_the_classes() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "argument_dicts.py"))
    written = {file.name: file.read_text() for file in tool["PACKAGE"].glob("*.py")}
    assert written == tool["files"](), "stale: run make docs"
