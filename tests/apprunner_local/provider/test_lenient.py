"""The emulated provider of `apprunner local`, which accepts also the types that it does not emulate."""

from collections.abc import Iterator

import pytest

from apprunner_facts import cloudfront, tokens
from apprunner_local.aws import LocalAws
from apprunner_local.provider.fields import UNKNOWN
from apprunner_local.provider.lenient import LenientProvider
from apprunner_local.provider.provider import FailedError, Provider

TABLE, BUS, OTHER = "aws:dynamodb/table:Table", "aws:cloudwatch/eventBus:EventBus", "aws:nowhere/thing:Thing"


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def lenient(warnings: list[str]) -> Iterator[LenientProvider]:
    provider = LenientProvider(warnings.append)
    provider.configure({"region": "eu-west-1"})
    yield provider
    provider.close()


def test_the_strict_provider_rejects_such_a_type(provider: Provider) -> None:
    with pytest.raises(FailedError, match=TABLE):
        provider.create(TABLE, {})


def test_each_type_has_one_warning(lenient: LenientProvider, warnings: list[str]) -> None:
    for type in (TABLE, BUS, TABLE, BUS, TABLE):
        lenient.check(type, "files", {}, {}, b"seed")
    assert warnings == [
        f"{type}: the local AWS does not emulate this type. It is accepted, and its outputs are stubs"
        for type in (TABLE, BUS)
    ]


def test_a_policy_document_as_an_object_becomes_json(lenient: LenientProvider) -> None:
    inputs = lenient.check(tokens.POLICY, "orders", {}, {"policy": {"Version": "2012-10-17"}}, b"seed")
    assert inputs["policy"] == '{"Version": "2012-10-17"}'


def test_a_resource_keeps_its_inputs_and_gets_stub_outputs(lenient: LenientProvider) -> None:
    inputs = lenient.check(BUS, "events", {}, {"tags": {"team": "shop"}}, b"seed")
    id, state = lenient.create(BUS, inputs)
    assert state["tags"] == {"team": "shop"}
    assert state["name"].startswith("events-")
    assert state["arn"].startswith("arn:aws:events:eu-west-1:123456789012:event-bus/")
    assert id


def test_a_certificate_has_its_validation_records(lenient: LenientProvider) -> None:
    settings = {"domainName": "orders.example.com", "validationMethod": "DNS", "region": "us-east-1"}
    _, state = lenient.create(tokens.CERTIFICATE, lenient.check(tokens.CERTIFICATE, "orders", {}, settings, b"seed"))
    assert cloudfront.CERTIFICATE_ARN.fullmatch(state["arn"])
    assert [each["domainName"] for each in state["domainValidationOptions"]] == ["orders.example.com"]


def test_a_type_that_the_sdk_does_not_have_keeps_its_inputs(lenient: LenientProvider) -> None:
    id, state = lenient.create(OTHER, {"size": 2})
    assert (bool(id), state) == (True, {"size": 2})


def test_a_preview_leaves_the_outputs_unknown(lenient: LenientProvider) -> None:
    ahead = lenient.preview(BUS, {"name": "events"})
    assert (ahead["name"], ahead["arn"]) == ("events", UNKNOWN)


def test_a_change_is_an_update_in_place_that_keeps_the_outputs(lenient: LenientProvider) -> None:
    id, state = lenient.create(BUS, {"name": "events"})
    assert lenient.diff(BUS, state, {"name": "events"}, []).differences == []
    result = lenient.diff(BUS, state, {"name": "orders", "description": "Orders"}, [])
    assert [(one.path, one.kind) for one in result.differences] == [("name", "update"), ("description", "add")]
    assert result.replaces == []
    updated = lenient.update(BUS, id, state, {"name": "orders"})
    assert (updated["name"], updated["arn"]) == ("orders", state["arn"])
    assert lenient.preview_update(BUS, state, {"name": "orders"}) == updated


def test_a_refresh_returns_the_state(lenient: LenientProvider) -> None:
    id, state = lenient.create(BUS, {"name": "events"})
    result = lenient.read(BUS, id, state, {"name": "events"})
    assert (result.id, result.state, result.inputs) == (id, state, {"name": "events"})
    lenient.delete(BUS, id, state)


def test_an_import_gets_stub_outputs(lenient: LenientProvider) -> None:
    result = lenient.read(BUS, "arn:aws:events:eu-west-1:123456789012:event-bus/events", {}, {})
    assert result.id == "arn:aws:events:eu-west-1:123456789012:event-bus/events"


def test_a_function_that_is_not_emulated_returns_the_result_of_an_offline_plan(
    lenient: LenientProvider, local: LocalAws
) -> None:
    zones = lenient.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {})
    assert zones["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    with pytest.raises(FailedError, match="getThing"):
        lenient.invoke("aws:nowhere/getThing:getThing", {})
    assert lenient.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == "123456789012"
