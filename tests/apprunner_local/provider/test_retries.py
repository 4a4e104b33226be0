"""Calls that the Terraform provider retries until AWS is ready, and what it deletes on the way."""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.provider import FailedError, Provider
from local_aws.resources import (
    ALLOW,
    ATTACHMENT,
    EXISTING_GROUP,
    GROUP,
    INGRESS_RULE,
    POLICY,
    QUEUE,
    RECORD,
    ROLE,
    SCHEDULE,
    TARGET,
    TRUST,
    VPC,
    create_resource,
)
from local_aws.stack_files import ZONE

ROLE_INPUTS = {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"}
SCHEDULE_INPUTS = {
    "name": "pause",
    "scheduleExpression": "rate(1 day)",
    "flexibleTimeWindow": {"mode": "OFF"},
    "target": TARGET,
}
RECORD_INPUTS = {"zoneId": ZONE, "name": "api", "type": "CNAME", "ttl": 300, "records": ["example.com"]}
Fail = Callable[[str, str, str], list[str]]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Return a function that makes the next call of an operation fail, and returns the list of all its calls."""
    original = Aws.call

    def failing(operation: str, code: str, text: str) -> list[str]:
        calls: list[str] = []

        def call(self: Aws, service: str, name: str, members: Any) -> Any:
            if name == operation:
                calls.append(name)
                if len(calls) == 1:
                    raise CallError(code, f"operation error {service}: {name}, {code}: {text}")
            return original(self, service, name, members)

        monkeypatch.setattr(Aws, "call", call)
        return calls

    return failing


@pytest.mark.parametrize(
    ("type", "inputs", "operation", "code", "text"),
    [
        (ROLE, ROLE_INPUTS, "CreateRole", "MalformedPolicyDocument", "Invalid principal in policy"),
        (POLICY, {"name": "a", "role": "existing", "policy": ALLOW}, "PutRolePolicy", "ConcurrentModification", ""),
        (
            ATTACHMENT,
            {"role": "existing", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            "AttachRolePolicy",
            "ConcurrentModificationException",
            "",
        ),
        (
            SCHEDULE,
            SCHEDULE_INPUTS,
            "CreateSchedule",
            "ValidationException",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        ),
        (QUEUE, {"name": "orders"}, "CreateQueue", "AWS.SimpleQueueService.QueueDeletedRecently", ""),
        (RECORD, RECORD_INPUTS, "GetHostedZone", "NoSuchHostedZone", ""),
    ],
)
def test_a_creation_is_retried(
    provider: Provider, local: LocalAws, fail: Fail, type: str, inputs: Any, operation: str, code: str, text: str
) -> None:
    create_resource(provider, ROLE, {**ROLE_INPUTS, "name": "existing"})
    calls = fail(operation, code, text)
    create_resource(provider, type, inputs)
    assert len(calls) == 2


@pytest.mark.usefixtures("local")
def test_another_malformed_policy_is_an_error_at_once(provider: Provider, fail: Fail) -> None:
    calls = fail("CreateRole", "MalformedPolicyDocument", "Has prohibited field Resource")
    with pytest.raises(FailedError, match="prohibited field"):
        create_resource(provider, ROLE, ROLE_INPUTS)
    assert len(calls) == 1


@pytest.mark.usefixtures("local")
def test_a_role_is_removed_from_its_instance_profiles(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, ROLE, ROLE_INPUTS)
    iam = local.client("iam")
    iam.create_instance_profile(InstanceProfileName="machine")
    iam.add_role_to_instance_profile(InstanceProfileName="machine", RoleName="orders")
    provider.delete(ROLE, id, state)
    assert iam.get_instance_profile(InstanceProfileName="machine")["InstanceProfile"]["Roles"] == []


@pytest.mark.usefixtures("local")
def test_the_deletion_of_a_security_group_in_use_is_retried(provider: Provider, fail: Fail) -> None:
    group = create_resource(provider, GROUP, {"name": "orders", "description": "orders", "vpcId": VPC})
    calls = fail("DeleteSecurityGroup", "DependencyViolation", "has a dependent object")
    provider.delete(GROUP, *group)
    assert len(calls) == 2


@pytest.mark.usefixtures("local")
def test_a_rule_is_tagged_in_a_call_of_its_own(provider: Provider, fail: Fail) -> None:
    rule = {
        "securityGroupId": EXISTING_GROUP,
        "ipProtocol": "tcp",
        "fromPort": 1,
        "toPort": 1,
        "cidrIpv4": "10.0.0.0/8",
    }
    calls = fail("CreateTags", "UnauthorizedOperation", "")
    with pytest.raises(FailedError, match="CreateTags"):
        create_resource(provider, INGRESS_RULE, {**rule, "tags": {"team": "orders"}})
    assert len(calls) == 1


def test_a_records_type_is_changed_by_a_deletion_and_a_creation(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, RECORD, RECORD_INPUTS)
    checked = provider.check(RECORD, "api", {}, {**RECORD_INPUTS, "type": "A", "records": ["192.0.2.1"]}, b"seed")
    state = provider.update(RECORD, id, state, checked)
    listed = local.client("route53").list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert [one["Type"] for one in listed if one["Name"].startswith("api.")] == ["A"]
    assert (provider.read(RECORD, id, state, checked).state, state["type"]) == (state, "A")
    provider.delete(RECORD, id, state)
    assert not provider.read(RECORD, id, state, checked).id


@pytest.mark.usefixtures("local")
def test_a_record_that_another_call_deleted_counts_as_deleted(provider: Provider, fail: Fail) -> None:
    id, state = create_resource(provider, RECORD, RECORD_INPUTS)
    fail("ChangeResourceRecordSets", "InvalidChangeBatch", "Tried to delete resource record set, but it was not found")
    provider.delete(RECORD, id, state)
