"""The inputs that Check adds: the region, all tags, and the notes on defaults in each block."""

from collections.abc import Iterator
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.provider.checks import Tags
from apprunner_local.provider.fields import UNKNOWN
from apprunner_local.provider.provider import Provider
from local_aws.resources import ORDERS, POLICY, SCALING, SERVICE, create_resource

TAGGED = {"autoScalingConfigurationName": "orders", "tags": {"team": "orders"}}
SETTINGS = {
    "region": "eu-west-1",
    "defaultTags": '{"tags": {"team": "everyone", "cost-center": "1"}}',
    "ignoreTags": '{"keys": ["seen"], "keyPrefixes": ["audit:"]}',
}


def check(provider: Provider, inputs: dict[str, Any], type: str = SCALING) -> dict[str, Any]:
    return provider.check(type, "orders", {}, inputs, b"seed")


@pytest.fixture
def tagging() -> Iterator[Provider]:
    """Return a provider with default tags and ignored tags."""
    provider = Provider()
    provider.configure(SETTINGS)
    yield provider
    provider.close()


def test_the_region_and_all_tags_are_inputs(provider: Provider) -> None:
    checked = check(provider, TAGGED)
    assert (checked["region"], checked["tagsAll"]) == ("eu-west-1", {"team": "orders"})
    assert check(provider, {**TAGGED, "region": "eu-central-1"})["region"] == "eu-central-1"
    assert check(provider, {"autoScalingConfigurationName": "orders"})["tagsAll"] == {}
    assert not {"region", "tagsAll"} & set(check(provider, {"name": "a", "role": "b", "policy": "{}"}, POLICY))


def test_default_tags_are_merged_below_the_resources_own_and_ignored_tags_are_left_out(tagging: Provider) -> None:
    checked = check(tagging, {**TAGGED, "tags": {"team": "orders", "seen": "x", "audit:by": "y"}})
    assert checked["tagsAll"] == {"team": "orders", "cost-center": "1"}
    assert checked["tags"] == {"team": "orders", "seen": "x", "audit:by": "y"}
    assert check(tagging, {**TAGGED, "tags": {"team": UNKNOWN}})["tagsAll"] == UNKNOWN


def test_default_tags_are_created_and_changed_and_are_not_the_resources_own(tagging: Provider, local: LocalAws) -> None:
    id, state = create_resource(tagging, SCALING, TAGGED)
    assert (state["tags"], state["tagsAll"]) == ({"team": "orders"}, {"team": "orders", "cost-center": "1"})
    apprunner = local.client("apprunner")
    apprunner.tag_resource(ResourceArn=id, Tags=[{"Key": "seen", "Value": "today"}, {"Key": "audit:by", "Value": "x"}])
    read = tagging.read(SCALING, id, state, check(tagging, TAGGED))
    assert (read.state, read.inputs["tags"]) == (state, {"team": "orders"})
    tagging.configure({**SETTINGS, "defaultTags": '{"tags": {"cost-center": "2"}}'})
    checked = check(tagging, TAGGED)
    assert [one.path for one in tagging.diff(SCALING, state, checked, []).differences] == ['tagsAll["cost-center"]']
    assert tagging.update(SCALING, id, state, checked)["tagsAll"] == {"team": "orders", "cost-center": "2"}
    listed = {tag["Key"]: tag["Value"] for tag in apprunner.list_tags_for_resource(ResourceArn=id)["Tags"]}
    assert listed == {"team": "orders", "cost-center": "2", "seen": "today", "audit:by": "x"}


def test_reserved_tags_of_aws_are_not_read() -> None:
    assert Tags({}).read({"aws:cloudformation:stack-name": "a", "team": "b"}) == ({"team": "b"}, {"team": "b"})


def test_each_block_lists_what_check_added_to_it(provider: Provider) -> None:
    inputs = {**ORDERS, "networkConfiguration": {"ingressConfiguration": {}}}
    checked = check(provider, inputs, SERVICE)
    source = checked["sourceConfiguration"]
    assert checked["__defaults"] == source["imageRepository"]["__defaults"] == []
    assert checked["networkConfiguration"]["__defaults"] == ["ipAddressType"]
    assert checked["networkConfiguration"]["ingressConfiguration"]["__defaults"] == ["isPubliclyAccessible"]
    assert "__defaults" not in source["imageRepository"]["imageConfiguration"]["runtimeEnvironmentVariables"]
    assert check(provider, {"autoScalingConfigurationName": "orders"})["__defaults"] == [
        "maxConcurrency",
        "maxSize",
        "minSize",
    ]


def test_inputs_that_were_read_can_be_checked_again(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, SERVICE, ORDERS)
    adopted = provider.read(SERVICE, id, {}, {}).inputs
    assert adopted["sourceConfiguration"]["__defaults"] == []
    assert provider.diff(SERVICE, state, check(provider, adopted, SERVICE), []).differences == []


def test_an_update_sends_whole_blocks_with_what_the_state_has(provider: Provider, local: LocalAws) -> None:
    ingress = {"ingressConfiguration": {"isPubliclyAccessible": True}}
    id, state = create_resource(provider, SERVICE, {**ORDERS, "networkConfiguration": ingress})
    dual = check(provider, {**ORDERS, "networkConfiguration": {**ingress, "ipAddressType": "DUAL_STACK"}}, SERVICE)
    provider.update(SERVICE, id, state, dual)
    (call,) = [call for call in local.plane.calls if call.operation == "UpdateService"]
    assert call.parameters == {
        "ServiceArn": id,
        "NetworkConfiguration": {
            "EgressConfiguration": {"EgressType": "DEFAULT"},
            "IngressConfiguration": {"IsPubliclyAccessible": True},
            "IpAddressType": "DUAL_STACK",
        },
    }
