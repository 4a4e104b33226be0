"""The policy pack on the Pulumi engine: the same violations as offline, and remediated inputs are registered.

It evaluates every example of a rule and every program of the corpus at once. The programs here are only previewed, on a
provider that accepts everything: rules see the inputs of the program.
"""

import json
import runpy
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apprunner_local import pulumi_cli
from engine.projects import ROOT, write_project
from engine.stack import PACK, Stack
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.testing import run_project

EXAMPLES = ROOT / "policies" / "examples"
CORPUS = ROOT / "tests" / "policies" / "corpus"
ACCEPT_ALL = ROOT / "benchmarks" / "accept_all"

EVERY_PROGRAM = f"""\
import runpy
from pathlib import Path

import pulumi

register = pulumi.CustomResource.__init__


def register_with_prefix(self, type, name, *args, **options):
    register(self, type, f"{{prefix}}-{{name}}", *args, **options)


pulumi.CustomResource.__init__ = register_with_prefix
try:
    for file in [*sorted(Path({str(EXAMPLES)!r}).glob("*.py")), *sorted(Path({str(CORPUS)!r}).glob("*.py"))]:
        programs = runpy.run_path(str(file))
        for which in ("bad", "good", "program"):
            prefix = f"{{file.stem}}-{{which}}"
            programs.get(which, lambda: None)()
finally:
    pulumi.CustomResource.__init__ = register
"""

TO_BE_REMEDIATED = """\
import pulumi_aws as aws

aws.apprunner.Service(
    "api",
    service_name="orders-api",
    source_configuration={
        "image_repository": {
            "image_repository_type": "ECR_PUBLIC",
            "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
        },
    },
    network_configuration={"ingress_configuration": {"is_publicly_accessible": True}},
    instance_configuration={"cpu": "2vCPU", "memory": "4gb"},
    tags={"team": "shop"},
)
"""

Make = Callable[[str, dict[str, Any]], tuple[Stack, dict[str, Any]]]


@pytest.fixture
def make_prod_stack(cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that creates a stack prod of a program, and the options for a preview with a configuration."""

    def make(program: str, config: dict[str, Any]) -> tuple[Stack, dict[str, Any]]:
        variables = pulumi_cli.environment(cli, tmp_path / "home", {})
        variables["PATH"] = f"{ACCEPT_ALL}:{variables['PATH']}"
        monkeypatch.setenv("PATH", variables["PATH"])  # the Automation API looks for the CLI in this process's own
        folder = write_project(tmp_path / "trial", program)
        (folder / "Pulumi.prod.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        file = tmp_path / "policies.json"
        file.write_text(json.dumps(config))
        return Stack(folder, "prod", variables), {"policy_packs": [PACK], "policy_pack_configs": [str(file)]}

    return make


def every_rule() -> dict[str, Any]:
    """Return a configuration that enables every rule, with what its examples need."""
    config: dict[str, Any] = {}
    for example in EXAMPLES.glob("*.py"):
        own = runpy.run_path(str(example)).get("CONFIG", {})
        rule = example.stem.replace("_", "-")
        config[rule] = {"enforcementLevel": "advisory", "today": "2026-11-24", **own}
    return config


def test_every_rule_reports_the_same_on_the_engine_and_offline(make_prod_stack: Make) -> None:
    stack, options = make_prod_stack(EVERY_PROGRAM, every_rule())

    ran = stack.preview(**options)
    graph = run_project(stack.folder, "prod", unknown=True)
    verdict = evaluate(graph, Pack.load(ROOT / "policies"), every_rule())

    assert ran.ok, ran.output
    offline = Counter((each.policy, each.resource.rpartition("::")[2]) for each in verdict.violations)
    assert Counter(ran.violations) == offline
    skipped = Counter((each.policy, each.resource.rpartition("::")[2]) for each in verdict.skipped)
    assert Counter(ran.skipped) == skipped
    evaluated = {policy for policy, _ in [*offline, *skipped]}
    assert evaluated >= {each.stem.replace("_", "-") for each in EXAMPLES.glob("*.py")}


def test_remediated_inputs_are_registered_and_validated(make_prod_stack: Make) -> None:
    tags = {"tags": ["team", "environment"], "values": {"environment": "prod"}}
    remediated = ("auto-deploy-consistency", "egress-explicit", "instance-size-pairing", "required-tags")
    config: dict[str, Any] = {rule: {"enforcementLevel": "remediate"} for rule in remediated}
    config["required-tags"] |= tags
    stack, options = make_prod_stack(TO_BE_REMEDIATED, {"all": "disabled", **config})

    ran = stack.preview(**options)

    assert ran.ok, ran.output
    (service,) = [step for step in ran.steps if step.name == "api"]
    assert service.inputs["sourceConfiguration"]["autoDeploymentsEnabled"] is False
    assert service.inputs["networkConfiguration"]["egressConfiguration"] == {"egressType": "DEFAULT"}
    assert service.inputs["instanceConfiguration"] == {"cpu": "2048", "memory": "4096"}
    assert service.inputs["tags"] == {"team": "shop", "environment": "prod"}


def test_the_pack_may_be_named_by_its_folder(make_prod_stack: Make) -> None:
    config = {"all": "disabled", "required-tags": {"enforcementLevel": "mandatory", "tags": ["owner"]}}
    stack, options = make_prod_stack(TO_BE_REMEDIATED, config)

    ran = stack.preview(**{**options, "policy_packs": [str(ROOT / "policies")]})

    assert ran.violations == [("required-tags", "api")], ran.output


SMALL = """\
import pulumi_aws as aws

aws.apprunner.AutoScalingConfigurationVersion(
    "small", auto_scaling_configuration_name="small", min_size=1, max_size=2
)
"""


def test_the_settings_of_all_rules_have_the_same_effect_on_the_engine_and_offline(make_prod_stack: Make) -> None:
    waiver = {"resource": "smal", "reason": "a back office", "until": "2099-12-31"}
    config: dict[str, Any] = {"all": {"environment": "staging", "waivers": [waiver]}}
    stack, options = make_prod_stack(SMALL, config)

    ran = stack.preview(**options)
    report = evaluate(run_project(stack.folder, "prod", unknown=True), Pack.load(ROOT / "policies"), config)

    assert ran.ok, ran.output
    assert Counter(ran.violations) == Counter(
        (each.policy, each.resource.rpartition("::")[2]) for each in report.violations
    )
    assert not report.has("prod-min-instances")
    assert 'got "smal". Did you mean "small"?' in ran.output


def test_an_invalid_configuration_stops_the_preview(make_prod_stack: Make) -> None:
    stack, options = make_prod_stack(SMALL, {"all": {"enviroment": "prod"}, "prod-min-instance": "mandatory"})

    ran = stack.preview(**options)

    assert not ran.ok
    assert 'all: unknown key "enviroment". Did you mean "environment"?' in ran.output
    assert 'prod-min-instance: unknown rule. Did you mean "prod-min-instances"?' in ran.output
