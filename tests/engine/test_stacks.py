"""Both stacks of the project, from the first preview to a plain destroy, with the policy pack switched on."""

from pathlib import Path
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_policies import POLICIES
from engine.conftest import Make
from engine.stack import PACK, Ran, Stack
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import UNKNOWN, Secret, run_project

STACKS = ("staging", "prod")

ENGINES = {"pulumi:pulumi:Stack", "pulumi:providers:aws"}
"""What the engine makes by itself, and no program registers: the plan leaves it out."""

FILLED_IN: dict[str, dict[str, Any]] = {
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
}
"""What the provider's Check adds to a program's inputs: the plan asks no provider. docs/plan-json.md says so."""

UNKNOWN_IN_A_PREVIEW = {"no-wildcard-permissions", "secrets-grant-matches", "tracing-grants"}
"""Rules that read what a role has, of which the provider leaves `inlinePolicies` and `managedPolicyArns` unknown in a
preview where the program does not say them: the engine tells that they could not judge all of it. They report what they
can all the same, and judge the rest in the update. docs/plan-json.md says so."""

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Blamed = tuple[str, str]
"""A rule, and the name of a resource."""
Inputs = dict[tuple[str, str], Any]


def planned(name: str, folder: Path) -> Inputs:
    """Return the inputs of everything that the offline plan knows of a stack, as before a first `up`."""
    graph = run_project(folder, name, unknown=True)
    return {(each.type, each.name): alike({**FILLED_IN.get(each.type, {}), **each.inputs}) for each in graph.resources}


def judged(name: str, folder: Path, *, unknown: bool) -> tuple[list[Blamed], list[Blamed]]:
    """Return the rules that the offline plan says are broken, and those that it could not judge."""
    verdict = evaluate(run_project(folder, name, unknown=unknown), POLICIES)
    assert not verdict.has_mandatory_violations
    violations, skipped = (
        sorted((each.policy, each.resource.rpartition("::")[2]) for each in found)
        for found in (verdict.violations, verdict.skipped)
    )
    return violations, skipped


def touched(ran: Ran) -> Inputs:
    """Return the inputs of every resource of the program that the engine took a step for."""
    return {(step.type, step.name): alike(step.inputs) for step in ran.steps if step.type not in ENGINES}


def alike(value: Any) -> Any:
    """Return a value as both tell it: what is null is left out, and a number has no kinds."""
    if value is UNKNOWN or value == _UNKNOWN:
        return "unknown"
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, dict):
        return {key: alike(item) for key, item in value.items() if item is not None and key != "__defaults"}
    if isinstance(value, list | tuple):
        return [alike(item) for item in value]
    return value


@pytest.mark.parametrize("name", STACKS)
def test_from_the_first_preview_to_an_empty_account(storefront: Make, aws: LocalAws, name: str) -> None:
    stack = storefront(name)
    first = stack.preview(policy_packs=[PACK])
    up = stack.up(policy_packs=[PACK])
    assert (first.ok, up.ok) == (True, True), first.said + up.said
    violations, skipped = judged(name, stack.folder, unknown=True)
    assert first.violations == violations
    assert [each for each in first.skipped if each[0] not in UNKNOWN_IN_A_PREVIEW] == [
        each for each in skipped if each[0] not in UNKNOWN_IN_A_PREVIEW
    ]
    assert (up.violations, up.skipped) == judged(name, stack.folder, unknown=False)
    assert touched(first) == planned(name, stack.folder)
    assert touched(first).keys() == touched(up).keys()
    assert {op for op, _ in first.changes} == {"create"}

    assert stack.up(policy_packs=[PACK]).changes == []
    assert stack.refresh().changes == []

    with stack.config() as config:
        config["storefront:services"]["api"]["environment"]["LOG_LEVEL"] = "warning"
    edited = stack.up(policy_packs=[PACK])
    assert (edited.ok, edited.changes) == (True, [("update", "api-service")]), edited.said

    if name == "prod":
        _destroy_refuses_what_is_protected(stack, aws)
    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.said
    assert stack.state == []
    assert aws.made() == []


def _destroy_refuses_what_is_protected(stack: Stack, aws: LocalAws) -> None:
    before = aws.made()
    # As it is typed: the Automation API would skip the preview, and all that is not protected would go.
    refused = stack.command("destroy", "--yes")
    assert refused.returncode != 0
    assert 'api-service" cannot be deleted' in refused.stdout + refused.stderr
    assert aws.made() == before
    assert stack.command("state", "unprotect", "--all", "--yes").returncode == 0
