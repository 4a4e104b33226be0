"""Custom domain associations: waits, failures, and what the state then holds."""

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.apprunner.world import KeptCertificate
from apprunner_local.aws import LocalAws
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from local_aws.resources import ASSOCIATION, ORDERS, SERVICE, create_resource


def test_the_update_of_a_domain_after_a_failed_wait_reads_nothing(provider: Provider, local: LocalAws) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    given = provider.check(
        ASSOCIATION, "orders", {}, {"domainName": "orders.example.com", "serviceArn": service}, b"seed"
    )
    local.plane.world.durations.certificate = 3600
    provider.cancelled.set()
    with pytest.raises(PartialError) as failed:
        provider.create(ASSOCIATION, given)
    provider.cancelled.clear()
    local.plane.world.durations.certificate = 0
    calls = len(local.plane.calls)
    updated = provider.update(ASSOCIATION, failed.value.id, failed.value.state, given)
    assert updated == failed.value.state
    assert len(local.plane.calls) == calls
    read = provider.read(ASSOCIATION, failed.value.id, updated, given).state
    assert len(read["certificateValidationRecords"]) == 3


@pytest.mark.parametrize("kept", ["binding_certificate", "active"])
def test_of_a_kept_certificate_pulumi_aws_takes_only_one_that_is_being_bound(
    provider: Provider, local: LocalAws, kept: KeptCertificate
) -> None:
    """Which of the two AWS answers is not known: hashicorp/terraform-provider-aws#22569 reports the first one."""
    local.plane.world.kept_certificate = kept
    service = create_resource(provider, SERVICE, ORDERS)[0]
    given = {"domainName": "orders.example.com", "serviceArn": service}
    id, state = create_resource(provider, ASSOCIATION, given)
    known = {record["name"]: record["value"] for record in state["certificateValidationRecords"]}
    local.plane.world.records = known.get
    while provider.read(ASSOCIATION, id, state, given).state["status"] != "active":
        pass
    provider.delete(ASSOCIATION, id, state)
    local.plane.world.durations.binding = 3600
    if kept == "active":
        with pytest.raises(PartialError, match="unexpected state 'active', wanted target 'pending_certificate"):
            create_resource(provider, ASSOCIATION, given)
    else:
        state = create_resource(provider, ASSOCIATION, given)[1]
        assert state["status"] == "binding_certificate"
        assert len(state["certificateValidationRecords"]) == 3


def test_a_domain_that_ends_in_create_failed_is_in_the_state_without_its_records(
    provider: Provider, local: LocalAws
) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    local.plane.faults.give(Fault("AssociateCustomDomain", fails=True))
    with pytest.raises(PartialError, match="unexpected state 'create_failed', wanted target") as failed:
        create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert failed.value.state["dnsTarget"]
    assert not {"status", "certificateValidationRecords"} & set(failed.value.state)


def test_an_active_domain_is_waited_for_until_it_is_gone_and_delete_failed_is_an_error(
    provider: Provider, local: LocalAws
) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    id, state = create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    local.plane.faults.give(Fault("DisassociateCustomDomain", fails=True))
    with pytest.raises(FailedError, match="unexpected state 'delete_failed'"):
        provider.delete(ASSOCIATION, id, state)
    provider.delete(ASSOCIATION, id, state)
    assert not provider.read(ASSOCIATION, id, state, {}).id


@pytest.mark.usefixtures("local")
def test_an_adopted_association_knows_no_dns_target(provider: Provider) -> None:
    service = create_resource(provider, SERVICE, ORDERS)[0]
    id, state = create_resource(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert state["dnsTarget"]
    assert "dnsTarget" not in provider.read(ASSOCIATION, id, {}, {}).state
