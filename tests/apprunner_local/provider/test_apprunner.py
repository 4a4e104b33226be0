"""App Runner's resources: waits, failures, and the resulting state."""

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.provider.checks import without_notes
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from local_aws.resources import ASSOCIATION, INGRESS, ORDERS, PRIVATE, SERVICE, create_resource, paths


def test_a_service_that_ends_in_create_failed_is_a_partial_failure(provider: Provider, local: LocalAws) -> None:
    local.plane.faults.inject(Fault.fail_create("no such image"))
    with pytest.raises(PartialError, match="unexpected state 'CREATE_FAILED', wanted target 'RUNNING'") as failed:
        create_resource(provider, SERVICE, ORDERS)
    assert failed.value.id.startswith("arn:aws:apprunner:eu-west-1:123456789012:service/orders/")


def test_a_create_whose_wait_failed_leaves_the_inputs_without_computed_properties(
    provider: Provider, local: LocalAws
) -> None:
    service = create_resource(provider, SERVICE, {**ORDERS, "serviceName": "existing"})[0]
    slow = local.plane.world.durations
    slow.create_service = slow.ingress_connection = slow.certificate = 3600
    provider.cancelled.set()
    region = {"region": "eu-west-1"}
    for type, inputs, more in (
        (SERVICE, ORDERS, {"tagsAll": ORDERS["tags"]}),
        (INGRESS, {"name": "orders", "serviceArn": service, "ingressVpcConfiguration": PRIVATE}, {"tagsAll": {}}),
        (ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service, "enableWwwSubdomain": False}, {}),
    ):
        checked = provider.check(type, "orders", {}, inputs, b"seed")
        with pytest.raises(PartialError) as failed:
            provider.create(type, checked)
        state = dict(failed.value.state)
        if type == ASSOCIATION:
            assert state.pop("dnsTarget")  # from the response of AssociateCustomDomain
        assert state == {**without_notes(checked), **more, **region}, type


def test_an_update_that_fails_leaves_the_new_inputs_in_the_state(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, SERVICE, ORDERS)
    local.plane.faults.inject(Fault.error("UpdateService", "InvalidStateException", "busy"))
    new = provider.check(
        SERVICE, "orders", {}, {**ORDERS, "instanceConfiguration": {"cpu": "512", "memory": "1024"}}, b""
    )
    with pytest.raises(
        PartialError, match=r"updating App Runner Service \(arn:.*InvalidStateException: busy"
    ) as failed:
        provider.update(SERVICE, id, state, new)
    assert failed.value.state["instanceConfiguration"] == {"cpu": "512", "memory": "1024"}
    assert failed.value.state["arn"] == id


def test_an_update_that_is_rolled_back_succeeds_and_a_read_returns_the_old_settings(
    provider: Provider, local: LocalAws
) -> None:
    id, state = create_resource(provider, SERVICE, ORDERS)
    local.plane.faults.inject(Fault.roll_back(shows="old"))
    new = provider.check(
        SERVICE, "orders", {}, {**ORDERS, "instanceConfiguration": {"cpu": "512", "memory": "1024"}}, b""
    )
    assert provider.update(SERVICE, id, state, new)["status"] == "RUNNING"
    result = provider.read(SERVICE, id, state, new)
    assert result.inputs["instanceConfiguration"]["cpu"] == "1024"


@pytest.mark.parametrize(("kind", "tries"), [("instance", 2), ("access", 1)])
def test_the_provider_waits_only_for_the_instance_roles_propagation(
    provider: Provider, local: LocalAws, kind: str, tries: int
) -> None:
    local.plane.faults.inject(
        Fault.error("CreateService", "InvalidRequestException", f"Error in assuming {kind} role arn")
    )
    if kind == "access":
        with pytest.raises(FailedError, match="Error in assuming access role"):
            create_resource(provider, SERVICE, ORDERS)
    else:
        create_resource(provider, SERVICE, ORDERS)
    assert [call.operation for call in local.plane.calls].count("CreateService") == tries


@pytest.mark.parametrize("has_dns_target", [True, False])
def test_a_private_services_address_is_the_target_of_its_domains(
    provider: Provider, local: LocalAws, has_dns_target: bool
) -> None:
    local.plane.world.dns_target_without_domain = has_dns_target
    private = {"ingressConfiguration": {"isPubliclyAccessible": False}}
    id, state = create_resource(provider, SERVICE, {**ORDERS, "networkConfiguration": private})
    (service,) = local.client("apprunner").list_services()["ServiceSummaryList"]
    assert "ServiceUrl" not in service
    assert state["serviceUrl"].endswith(".eu-west-1.awsapprunner.com") if has_dns_target else state["serviceUrl"] == ""
    assert provider.read(SERVICE, id, state, {}).state["serviceUrl"] == state["serviceUrl"]


def test_the_address_of_a_private_service_needs_a_separate_permission(provider: Provider, local: LocalAws) -> None:
    denied = Fault.error("DescribeCustomDomains", "AccessDeniedException", "not authorized")
    local.plane.faults.inject(denied)
    private = {"ingressConfiguration": {"isPubliclyAccessible": False}}
    with pytest.raises(PartialError, match=r"DescribeCustomDomains.*AccessDeniedException"):
        create_resource(provider, SERVICE, {**ORDERS, "networkConfiguration": private})
    create_resource(provider, SERVICE, {**ORDERS, "serviceName": "public"})
    assert [call.operation for call in local.plane.calls].count("DescribeCustomDomains") == 1


def test_a_service_created_without_an_observability_block_has_none(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, SERVICE, ORDERS)
    assert "observabilityConfiguration" not in state
    off = {**ORDERS, "observabilityConfiguration": {"observabilityEnabled": False}}
    assert paths(provider, SERVICE, state, off) == ["observabilityConfiguration"]
    assert paths(provider, SERVICE, provider.read(SERVICE, id, {}, {}).state, ORDERS) == []


def test_the_observability_block_alone_cannot_be_removed(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(
        provider, SERVICE, {**ORDERS, "observabilityConfiguration": {"observabilityEnabled": False}}
    )
    without = provider.check(SERVICE, "orders", {}, ORDERS, b"")
    with pytest.raises(PartialError, match="No configurations provided in the UpdateService request"):
        provider.update(SERVICE, id, state, without)
    assert [dict(call.parameters) for call in local.plane.calls if call.operation == "UpdateService"] == [
        {"ServiceArn": id}
    ]


def test_a_service_created_in_the_console_is_imported_with_the_block_disabled(
    provider: Provider, local: LocalAws
) -> None:
    local.plane.world.created_in_console = True
    id, _ = create_resource(provider, SERVICE, ORDERS)
    result = provider.read(SERVICE, id, {}, {})
    assert without_notes(result.inputs)["observabilityConfiguration"] == {"observabilityEnabled": False}
    assert paths(provider, SERVICE, result.state, result.inputs) == []
