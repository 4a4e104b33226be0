"""Differences between state and inputs: which replace, and which delete first."""

import json
from typing import Any

import pytest

from apprunner_facts.changes import replacing_properties
from apprunner_local.aws import LocalAws
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.fields import UNKNOWN, schema
from apprunner_local.provider.provider import Provider
from local_aws.resources import (
    ALARM,
    ATTACHMENT,
    CONNECTOR,
    GROUP,
    INGRESS,
    ORDERS,
    POLICY,
    PRIVATE,
    RECORD,
    ROLE,
    SCHEDULE,
    SERVICE,
    VPC,
    create_resource,
    paths,
)


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_exactly_the_replacements_in_the_table_replace(provider: Provider, token: str) -> None:
    for name in schema(token).inputs.fields:
        result = provider.diff(token, {name: "old"}, {name: "new"}, [])
        expected = [name] if name in replacing_properties(token) else []
        assert [one.path for one in result.replaces if one.path == name] == expected


@pytest.mark.usefixtures("local")
def test_a_change_that_pulumi_aws_never_applies_is_a_difference_in_every_update(provider: Provider) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    inputs = {"name": "orders", "serviceArn": service, "ingressVpcConfiguration": PRIVATE}
    id, state = create_resource(provider, INGRESS, inputs)
    renamed = {**inputs, "name": "another"}
    for _ in range(2):
        assert paths(provider, INGRESS, state, renamed) == ["name"]
        state = provider.update(INGRESS, id, state, provider.check(INGRESS, "orders", {}, renamed, b"seed"))
        assert state["name"] == "orders"


def test_changes_that_the_program_ignores_are_no_difference(provider: Provider) -> None:
    old = {"sourceConfiguration": {"imageRepository": {"imageIdentifier": "a"}}}
    new = {"sourceConfiguration": {"imageRepository": {"imageIdentifier": "b"}}}
    path = "sourceConfiguration.imageRepository.imageIdentifier"
    assert [one.path for one in provider.diff(SERVICE, old, new, []).differences] == [path]
    assert not provider.diff(SERVICE, old, new, [path]).differences


def test_a_replacement_deletes_first_only_with_an_explicit_name(provider: Provider) -> None:
    old = {"name": "orders", "description": "old", "vpcId": VPC, "region": "eu-west-1"}
    new = {"name": "orders-2", "description": "old", "vpcId": VPC}
    assert provider.diff(GROUP, old, new, []).deletes_first
    assert not provider.diff(GROUP, old, {**new, "description": "new", "__defaults": ["name"]}, []).deletes_first
    assert not provider.diff(GROUP, old, {**old, "tags": {"team": "orders"}}, []).deletes_first


def statements(actions: str | list[str], *resources: str | list[str]) -> str:
    """Return a policy with one statement for each resource."""
    allowed = [{"Effect": "Allow", "Action": actions, "Resource": resource} for resource in resources]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed})


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (RECORD, {"records": ["example.com"]}, {"records": ["example.com."]}),
        (SCHEDULE, {"target": {"input": '{"a":1}'}}, {"target": {"input": '{"a": 1}'}}),
        (POLICY, {"policy": statements("a", "*")}, {"policy": statements("b", "*")}),
    ],
)
def test_other_spellings_are_differences(provider: Provider, type: str, old: Any, new: Any) -> None:
    assert [one for one in provider.diff(type, old, new, []).differences if one.path != "region"]


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (SERVICE, {"instanceConfiguration": {"cpu": "1024"}}, {"instanceConfiguration": {"cpu": "1 vCPU"}}),
        (SERVICE, {"instanceConfiguration": {"memory": "2048"}}, {"instanceConfiguration": {"memory": "2 GB"}}),
        (SERVICE, {"healthCheckConfiguration": {"path": "/healthz"}}, {}),
        (
            ALARM,
            {"metricQueries": [{"id": "b", "expression": "a * 2", "returnData": True}, {"id": "a", "period": 60}]},
            {
                "metricQueries": [
                    {"period": 60, "returnData": False, "id": "a"},
                    {"returnData": True, "expression": "a * 2", "id": "b"},
                ]
            },
        ),
        (SERVICE, {}, {"tags": {}}),
        (SERVICE, {"sourceConfiguration": {"autoDeploymentsEnabled": False}}, {"sourceConfiguration": {}}),
        (CONNECTOR, {"subnets": ["a", "b"]}, {"subnets": ["b", "a"]}),
        (POLICY, {"policy": '{"a":1,"b":2}'}, {"policy": '{ "b": 2, "a": 1 }'}),
        (POLICY, {"policy": statements(["b", "a"], "*")}, {"policy": statements(["a", "b"], ["*"])}),
        (ROLE, {"assumeRolePolicy": statements("a", "b", "c")}, {"assumeRolePolicy": statements("a", "c", "b")}),
        (RECORD, {"name": "api.example.com"}, {"name": "API.example.com."}),
    ],
)
def test_equivalent_values_are_no_difference(provider: Provider, type: str, old: Any, new: Any) -> None:
    assert not [one for one in provider.diff(type, old, new, []).differences if one.path != "region"]


def test_an_arn_without_its_revision_is_a_difference_in_every_update(provider: Provider, local: LocalAws) -> None:
    [default] = local.client("apprunner").list_auto_scaling_configurations()["AutoScalingConfigurationSummaryList"]
    full = default["AutoScalingConfigurationArn"]
    short = {**ORDERS, "autoScalingConfigurationArn": full.rsplit("/", 2)[0]}
    _, state = create_resource(provider, SERVICE, short)
    assert paths(provider, SERVICE, state, short) == ["autoScalingConfigurationArn"]
    assert paths(provider, SERVICE, state, {**ORDERS, "autoScalingConfigurationArn": full}) == []


def test_a_difference_has_its_own_path(provider: Provider) -> None:
    old = {"tags": {"team": "a", "cost-center": "1"}, "subnets": ["a", "b"]}
    new = {"tags": {"team": "b"}, "subnets": ["a", "c"], "region": "eu-west-1"}
    result = {
        one.path: one.kind for one in provider.diff(CONNECTOR, {**old, "region": "eu-west-1"}, new, []).differences
    }
    assert result == {"tags.team": "update", 'tags["cost-center"]': "delete", "subnets[1]": "update"}


def test_an_unknown_value_is_a_difference(provider: Provider) -> None:
    result = provider.diff(CONNECTOR, {"securityGroups": ["sg-1"]}, {"securityGroups": [UNKNOWN]}, [])
    assert "securityGroups[0]" in [one.path for one in result.replaces]


def test_an_attachment_is_deleted_before_it_is_replaced(provider: Provider) -> None:
    old = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    new = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ViewOnlyAccess"}
    assert provider.diff(ATTACHMENT, old, new, []).deletes_first
    assert not provider.diff(ATTACHMENT, old, old, []).deletes_first
