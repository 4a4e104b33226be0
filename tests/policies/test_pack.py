"""The whole pack: its rules, and its responses when the engine starts it."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

import apprunner_policies
from apprunner_facts.tokens import NATIVE, STACK
from apprunner_policies import POLICIES
from apprunner_policies.rule import Rule, StackRule
from policies.analyzers import EXECUTABLE, as_a_folder, as_an_executable, from_a_checkout_that_is_not_installed

ON_BY_DEFAULT = (EnforcementLevel.MANDATORY, EnforcementLevel.ADVISORY)
RULES = [policy for policy in POLICIES if isinstance(policy, Rule | StackRule)]
SERVICE = "aws:apprunner/service:Service"
SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "2 GB"}

# A service as a program in any language registers it: an invalid size, a public image with auto deploy by default,
# PORT, and values that are unknown before the first update.
BAD_SERVICE = {
    "serviceName": "api",
    "instanceConfiguration": {"cpu": "4 vCPU", "memory": SECRET, "instanceRoleArn": UNKNOWN},
    "sourceConfiguration": {
        "imageRepository": {
            "imageRepositoryType": "ECR_PUBLIC",
            "imageIdentifier": UNKNOWN,
            "imageConfiguration": {"runtimeEnvironmentVariables": {"PORT": UNKNOWN}},
        }
    },
    "networkConfiguration": {
        "egressConfiguration": {"egressType": "VPC", "vpcConnectorArn": UNKNOWN},
        "ingressConfiguration": {"isPubliclyAccessible": True},
    },
}


def request(props: Mapping[str, Any], of_type: str = SERVICE) -> proto.AnalyzeRequest:
    return proto.AnalyzeRequest(
        type=of_type,
        name="api",
        urn=f"urn:pulumi:prod::shop::{of_type}::api",
        properties=json_format.ParseDict(dict(props), struct_pb2.Struct()),
    )


@pytest.fixture(params=["folder", "executable", "not installed"])
def analyzer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    start = {
        "folder": as_a_folder,
        "executable": lambda: as_an_executable(tmp_path),
        "not installed": lambda: from_a_checkout_that_is_not_installed(tmp_path),
    }[request.param]
    with start() as stub:
        yield stub


def test_the_engine_gets_every_rule_with_its_level(analyzer):
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty(), timeout=30)

    assert info.name == "apprunner-policies"
    assert [(policy.name, proto.EnforcementLevel.Name(policy.enforcementLevel)) for policy in info.policies] == [
        (policy.name, str(policy.enforcement_level).rpartition(".")[2]) for policy in POLICIES
    ]


def test_the_engine_gets_each_violation_of_a_service_with_unknown_and_secret_values(analyzer):
    reply = analyzer.Analyze(request(BAD_SERVICE), timeout=30)

    violations = [each for each in reply.diagnostics if "can't run policy" not in each.message]
    assert [each.policyName for each in violations if each.enforcementLevel == proto.MANDATORY] == [
        "instance-size-pairing",
        "service-protected-in-prod",
        "auto-deploy-consistency",
        "reserved-environment-names",
        "service-limits",
    ]
    assert "http-health-check" in [each.policyName for each in violations if each.enforcementLevel == proto.ADVISORY]
    assert 'memory must be 8 GB, 10 GB or 12 GB with cpu "4 vCPU", got "2 GB"' in violations[0].message


def test_a_skipped_rule_is_an_advisory_message_of_the_engine():
    with as_a_folder() as analyzer:
        reply = analyzer.Analyze(request({"minSize": UNKNOWN, "maxSize": 0}, SCALING), timeout=30)

    violations, skipped, *_ = [each for each in reply.diagnostics if "scaling-bounds" in each.policyName + each.message]
    assert "maxSize must be a whole number, 1 or more (instances), got 0" in violations.message
    assert skipped.enforcementLevel == proto.ADVISORY
    assert "can't run policy 'scaling-bounds'" in skipped.message


def test_resources_of_other_types_are_ignored():
    with as_a_folder() as analyzer:
        reply = analyzer.Analyze(request(BAD_SERVICE | {"minSize": 0}, "aws:ecs/service:Service"), timeout=30)

    assert not reply.diagnostics


def test_without_its_packages_the_executable_prints_the_fix(tmp_path):
    run = subprocess.run([sys.executable, "-S", EXECUTABLE], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 1
    assert run.stdout == ""
    assert "needs pulumi-policy" in run.stderr
    assert "source .venv/bin/activate" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_pack_does_not_load_pulumi_aws_or_the_components():
    program = "import sys, apprunner_policies; print({'pulumi_aws', 'pulumi_apprunner'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout == "set()\n"


def test_the_resource_types_of_the_rules_exist_in_pulumi_aws():
    for of_type in {of_type for rule in RULES for of_type in rule.resource_types} - {STACK, *NATIVE}:
        _, module, name = of_type.split(":")
        theirs = getattr(getattr(aws, module.split("/")[0]), name)
        assert getattr(theirs, "pulumi_type") == of_type  # noqa: B009 - its stub does not declare it


def test_the_package_exports_all_of_its_public_names():
    assert apprunner_policies.__all__ == ["POLICIES", "THEMES"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_a_description_a_source_and_a_remediation(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.resource_types
    assert rule.description.endswith(".")
    assert rule.remediation_steps.endswith(".")
    assert rule.enforcement_level in (*ON_BY_DEFAULT, EnforcementLevel.DISABLED)
    assert rule.severity is not None
    assert rule.url is None or rule.url.startswith("https://")
    for key, schema in rule.config_schema.properties.items():
        assert schema["description"].endswith("."), key
