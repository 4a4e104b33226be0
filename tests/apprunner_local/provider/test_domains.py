"""Custom domain associations: waits, failures, and the resulting state."""

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.apprunner.world import KeptCertificate
from apprunner_local.aws import LocalAws
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from local_aws.resources import ASSOCIATION, ORDERS, SERVICE, create_resource


def test_the_update_of_a_domain_after_a_failed_wait_reads_nothing(provider: Provider, local: LocalAws) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    inputs = provider.check(
        ASSOCIATION, "orders", {}, {"domainName": "orders.example.com", "serviceArn": service}, b"seed"
    )
    local.plane.world.durations.certificate = 3600
    provider.cancelled.set()
    with pytest.raises(PartialError) as failed:
        provider.create(ASSOCIATION, inputs)
    provider.cancelled.clear()
    local.plane.world.durations.certificate = 0
    calls = len(local.plane.calls)
    updated = provider.update(ASSOCIATION, failed.value.id, failed.value.state, inputs)
    assert updated == failed.value.state
    assert len(local.plane.calls) == calls
    read = provider.read(ASSOCIATION, failed.value.id, updated, inputs).state
    assert len(read["certificateValidationRecords"]) == 3


@pytest.mark.parametrize("kept", ["binding_certificate", "active"])
def test_pulumi_aws_accepts_a_kept_certificate_only_while_it_is_being_bound(
    provider: Provider, local: LocalAws, kept: KeptCertificate
) -> None:
    """It is unknown which of the two AWS returns: hashicorp/terraform-provider-aws#22569 reports the first one."""
    local.plane.world.kept_certificate = kept
    service = create_resource(provider, SERVICE, ORDERS)[0]
    inputs = {"domainName": "orders.example.com", "serviceArn": service}
    id, state = create_resource(provider, ASSOCIATION, inputs)
    known = {record["name"]: record["value"] for record in state["certificateValidationRecords"]}
    local.plane.world.records = known.get
    while provider.read(ASSOCIATION, id, state, inputs).state["status"] != "active":
        pass
    provider.delete(ASSOCIATION, id, state)
    local.plane.world.durations.binding = 3600
    if kept == "active":
        with pytest.raises(PartialError, match="unexpected state 'active', wanted target 'pending_certificate"):
            create_resource(provider, ASSOCIATION, inputs)
    else:
        state = create_resource(provider, ASSOCIATION, inputs)[1]
        assert state["status"] == "binding_certificate"
        assert len(state["certificateValidationRecords"]) == 3


def test_a_domain_that_ends_in_create_failed_is_in_the_state_without_its_records(
    provider: Provider, local: LocalAws
) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    local.plane.faults.inject(Fault("AssociateCustomDomain", fails=True))
    with pytest.raises(PartialError, match="unexpected state 'create_failed', wanted target") as failed:
        create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert failed.value.state["dnsTarget"]
    assert not {"status", "certificateValidationRecords"} & set(failed.value.state)


def test_a_deletion_waits_until_the_domain_is_deleted_and_delete_failed_is_an_error(
    provider: Provider, local: LocalAws
) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    id, state = create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    local.plane.faults.inject(Fault("DisassociateCustomDomain", fails=True))
    with pytest.raises(FailedError, match="unexpected state 'delete_failed'"):
        provider.delete(ASSOCIATION, id, state)
    provider.delete(ASSOCIATION, id, state)
    assert not provider.read(ASSOCIATION, id, state, {}).id


@pytest.mark.usefixtures("local")
def test_an_adopted_association_has_no_dns_target(provider: Provider) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    id, state = create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert state["dnsTarget"]
    assert "dnsTarget" not in provider.read(ASSOCIATION, id, {}, {}).state
