"""Both stacks of the project, from the first preview to a plain destroy, with the policy pack."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.fields import schema
from apprunner_policies import POLICIES
from engine.conftest import Make
from engine.stack import PACK, RunResult, Stack
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import UNKNOWN, Secret, run_project

STACKS = ("staging", "prod")

ENGINE_TYPES = {"pulumi:pulumi:Stack", "pulumi:providers:aws"}
"""Types of the engine itself: no program registers them, and the offline plan omits them."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "aws:ec2/securityGroup:SecurityGroup": {"revokeRulesOnDelete": False},
    "aws:iam/role:Role": {"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    "aws:sqs/queue:Queue": {
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "maxMessageSize": 262144,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    },
    "aws:cloudwatch/eventRule:EventRule": {"eventBusName": "default", "forceDestroy": False},
    "aws:cloudwatch/logGroup:LogGroup": {"skipDestroy": False},
    "aws:cloudwatch/eventTarget:EventTarget": {"eventBusName": "default", "forceDestroy": False},
    "aws:sfn/stateMachine:StateMachine": {"publish": False},
    "aws:sns/topic:Topic": {"contentBasedDeduplication": False, "fifoTopic": False},
    "aws:sns/topicSubscription:TopicSubscription": {
        "confirmationTimeoutInMinutes": 1,
        "endpointAutoConfirms": False,
        "rawMessageDelivery": False,
    },
}
"""Inputs that the provider's Check adds. The offline plan calls no provider. See docs/plan-json.md."""

UNKNOWN_IN_A_PREVIEW = {
    "access-role-consistency",
    "no-wildcard-permissions",
    "passrole-scoped",
    "secrets-grant-matches",
    "tracing-grants",
}
"""Rules that read what a role has, of which the provider leaves `inlinePolicies` and `managedPolicyArns` unknown in a
preview unless the program sets them: the engine reports that they were skipped in part. They report the known
violations all the same, and the rest in the update. See docs/plan-json.md."""

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

PolicyResult = tuple[str, str]
"""A rule, and the name of a resource."""
Inputs = dict[tuple[str, str], Any]


def planned(name: str, folder: Path) -> Inputs:
    """Return the inputs of every resource in the offline plan of a stack, as before a first `up`."""
    graph = run_project(folder, name, unknown=True)
    return {(each.type, each.name): normalized(checked(each.type, each.inputs)) for each in graph.resources}


def checked(type: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs with those that the provider's Check adds: the region, all tags, and defaults."""
    if type not in RESOURCES:
        return dict(inputs)
    properties = schema(type)
    region = {"region": "eu-west-1"} if "region" in properties.inputs.fields else {}
    all_tags = {"tagsAll": inputs.get("tags", {})} if "tagsAll" in properties.outputs.fields else {}
    return {**region, **all_tags, **DEFAULTS.get(type, {}), **inputs}


def offline_report(name: str, folder: Path, *, unknown: bool) -> tuple[list[PolicyResult], list[PolicyResult]]:
    """Return the violations of the offline plan, and the skipped rules."""
    verdict = evaluate(run_project(folder, name, unknown=unknown), POLICIES)
    assert not verdict.has_mandatory_violations
    violations, skipped = (
        sorted((each.policy, each.resource.rpartition("::")[2]) for each in results)
        for results in (verdict.violations, verdict.skipped)
    )
    return violations, skipped


def touched(ran: RunResult) -> Inputs:
    """Return the inputs of every resource of the program that has a step."""
    return {(step.type, step.name): normalized(step.inputs) for step in ran.steps if step.type not in ENGINE_TYPES}


def normalized(value: Any) -> Any:
    """Return a value in a form that both share: without nulls, and with lists for tuples."""
    if value is UNKNOWN or value == _UNKNOWN:
        return "unknown"
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, dict):
        return {key: normalized(item) for key, item in value.items() if item is not None and key != "__defaults"}
    if isinstance(value, list | tuple):
        return [normalized(item) for item in value]
    return value


@pytest.mark.parametrize("name", STACKS)
def test_from_the_first_preview_to_an_empty_account(storefront: Make, aws: LocalAws, name: str) -> None:
    stack = storefront(name)
    first = stack.preview(policy_packs=[PACK])
    up = stack.up(policy_packs=[PACK])
    assert (first.ok, up.ok) == (True, True), first.output + up.output
    violations, skipped = offline_report(name, stack.folder, unknown=True)
    assert first.violations == violations
    assert [each for each in first.skipped if each[0] not in UNKNOWN_IN_A_PREVIEW] == [
        each for each in skipped if each[0] not in UNKNOWN_IN_A_PREVIEW
    ]
    assert (up.violations, up.skipped) == offline_report(name, stack.folder, unknown=False)
    assert touched(first) == planned(name, stack.folder)
    assert touched(first).keys() == touched(up).keys()
    assert {op for op, _ in first.changes} == {"create"}

    assert stack.up(policy_packs=[PACK]).changes == []
    assert stack.refresh().changes == []

    with stack.config() as config:
        config["storefront:services"]["api"]["environment"]["LOG_LEVEL"] = "warning"
    edited = stack.up(policy_packs=[PACK])
    assert (edited.ok, edited.changes) == (True, [("update", "api-service")]), edited.output

    if name == "prod":
        _destroy_keeps_what_is_protected(stack, aws)
    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert stack.state == []
    assert aws.created_resources() == []


def _destroy_keeps_what_is_protected(stack: Stack, aws: LocalAws) -> None:
    before = aws.created_resources()
    # As on the command line: the Automation API would skip the preview and delete everything that is not protected.
    failed = stack.command("destroy", "--yes")
    assert failed.returncode != 0
    assert 'api-service" cannot be deleted' in failed.stdout + failed.stderr
    assert aws.created_resources() == before
    assert stack.command("state", "unprotect", "--all", "--yes").returncode == 0
