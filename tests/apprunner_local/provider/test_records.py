"""Records with a routing policy in the emulated provider, under Route 53's rules."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.provider.provider import FailedError, Provider
from local_aws.resources import RECORD, create_resource

ZONE = "Z04STAGING1EXAMPLE0"
BASE = {
    "zoneId": ZONE,
    "name": "shop.staging.example.com",
    "type": "CNAME",
    "ttl": 60,
    "records": ["eu.example.com"],
    "allowOverwrite": True,
}
EU = {**BASE, "setIdentifier": "eu", "weightedRoutingPolicies": [{"weight": 1}]}
US = {**EU, "setIdentifier": "us", "records": ["us.example.com"]}
APEX = {key: value for key, value in EU.items() if key not in ("ttl", "records")} | {
    "name": "staging.example.com",
    "type": "A",
    "aliases": [
        {"name": "eu.example.com", "zoneId": "Z087551914Z2PCAU0QHMW", "evaluateTargetHealth": False},
    ],
}


def records(local: LocalAws) -> list[tuple[str, Any]]:
    listed = local.client("route53").list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    return [(each["Name"], each.get("SetIdentifier")) for each in listed if each["Type"] in ("A", "CNAME")]


def updated(provider: Provider, id: str, state: Any, new: dict[str, Any]) -> Any:
    return provider.update(RECORD, id, state, provider.check(RECORD, "record", state, new, b"seed"))


@pytest.mark.parametrize(
    "inputs",
    [
        EU,
        {**BASE, "setIdentifier": "eu_west", "latencyRoutingPolicies": [{"region": "eu-west-1"}]},
        {**BASE, "setIdentifier": "eu", "failoverRoutingPolicies": [{"type": "SECONDARY"}]},
        APEX,
    ],
)
def test_a_routing_policy_is_read_as_it_was_written(provider: Provider, local: LocalAws, inputs: Any) -> None:
    id, state = create_resource(provider, RECORD, inputs)
    assert id == "_".join([ZONE, inputs["name"], inputs["type"], inputs["setIdentifier"]])
    assert {key: value for key, value in state.items() if key in inputs} == inputs
    imported = provider.read(RECORD, id, {}, {}).state
    assert {key: imported.get(key) for key in inputs if key != "allowOverwrite"} == {
        key: value for key, value in inputs.items() if key != "allowOverwrite"
    }
    assert provider.diff(RECORD, state, provider.check(RECORD, "record", state, inputs, b"seed"), []).differences == []


def test_another_identifier_is_written_in_one_batch_and_then_read_and_deleted(
    provider: Provider, local: LocalAws
) -> None:
    id, state = create_resource(provider, RECORD, EU)
    state = updated(provider, id, state, {**EU, "setIdentifier": "eu-west-1"})
    assert records(local) == [("shop.staging.example.com.", "eu-west-1")]
    assert provider.read(RECORD, id, state, {}).state["setIdentifier"] == "eu-west-1"
    provider.delete(RECORD, id, state)
    assert records(local) == []


def test_a_record_gets_a_policy_in_place(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, RECORD, BASE)
    updated(provider, id, state, EU)
    create_resource(provider, RECORD, US)
    assert [identifier for _, identifier in records(local)] == ["eu", "us"]


def test_the_deletion_of_one_record_keeps_the_other(provider: Provider, local: LocalAws) -> None:
    for inputs in (EU, {**EU, "name": "www.shop.staging.example.com"}):
        create_resource(provider, RECORD, inputs)
    id, state = create_resource(provider, RECORD, US)
    provider.delete(RECORD, id, state)
    assert [name for name, _ in records(local)] == ["shop.staging.example.com.", "www.shop.staging.example.com."]


def test_a_rejected_record_is_an_error_with_the_message_of_route_53(provider: Provider, local: LocalAws) -> None:
    create_resource(provider, RECORD, BASE)
    with pytest.raises(FailedError, match="cannot be created as a non-weighted set exists"):
        create_resource(provider, RECORD, US)


def test_the_last_record_keeps_its_policy_while_another_one_exists(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, RECORD, EU)
    create_resource(provider, RECORD, US)
    with pytest.raises(Exception, match="cannot be created as a non-simple set exists"):
        updated(provider, id, state, BASE)


def test_the_ttl_of_one_of_two_weighted_records_does_not_change(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, RECORD, EU)
    create_resource(provider, RECORD, US)
    with pytest.raises(Exception, match="weighted sets must contain the same TTL"):
        updated(provider, id, state, {**EU, "ttl": 30})
