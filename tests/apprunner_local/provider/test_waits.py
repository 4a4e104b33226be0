"""Waits for a status, as in hashicorp/terraform-plugin-sdk, and how long each type of resource waits."""

import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.provider.calls import Aws, WaitError
from apprunner_local.provider.provider import FailedError, Provider
from local_aws.resources import (
    ASSOCIATION,
    CONNECTION,
    CONNECTOR,
    EXISTING_GROUP,
    INGRESS,
    OBSERVABILITY,
    ORDERS,
    PRIVATE,
    SCALING,
    SERVICE,
    SUBNETS,
    create_resource,
)


class QuickAws(Aws):
    """AWS whose waits pass at once."""

    def pause(self, seconds: float) -> None:
        """Do not wait."""


def wait(*states: str | None, pending: tuple[str, ...] = (), targets: tuple[str, ...] = (), seconds: float = 9) -> None:
    """Wait for a target while each look returns the next of some states."""
    remaining: Iterator[str | None] = iter(states)
    aws = QuickAws(boto3.Session(region_name="eu-west-1"), "eu-west-1", threading.Event())
    aws.wait(lambda: next(remaining), pending, targets, seconds)


def test_a_resource_that_is_not_found_at_first_is_waited_for() -> None:
    wait(*[None] * 20, "PENDING", *[None] * 20, "ACTIVE", pending=("PENDING",), targets=("ACTIVE",))


def test_a_resource_that_is_not_found_21_times_in_a_row_is_an_error() -> None:
    with pytest.raises(WaitError, match=r"couldn't find resource \(21 retries\)"):
        wait(*[None] * 21, targets=("ACTIVE",))


def test_every_state_is_waited_through_if_none_is_pending() -> None:
    wait("FAILED", "UNHEARD_OF", "ACTIVE", targets=("ACTIVE",))


def test_another_state_than_the_pending_ones_is_an_error() -> None:
    with pytest.raises(WaitError, match=r"unexpected state .FAILED., wanted target .ACTIVE.\. last error: %!s.<nil>"):
        wait("PENDING", "FAILED", pending=("PENDING",), targets=("ACTIVE",))


def test_a_timeout_has_the_duration_in_the_form_of_go() -> None:
    with pytest.raises(WaitError) as failed:
        wait("PENDING", targets=("ACTIVE",), seconds=-60)
    assert str(failed.value).startswith("timeout while waiting for state to become 'ACTIVE' (last state: 'PENDING', ")
    with pytest.raises(WaitError, match=r"timeout while waiting for resource to be deleted \(last state: 'PENDING'"):
        wait("PENDING", seconds=-60)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[str], list[str], float]]:
    """Record each wait: its pending states, its targets and its maximum duration."""
    recorded: list[tuple[set[str], list[str], float]] = []
    original = Aws.wait

    def recording(self: Aws, state: Any, pending: Any, targets: Any, seconds: float) -> None:
        recorded.append((set(pending), list(targets), seconds))
        original(self, state, pending, targets, seconds)

    monkeypatch.setattr(Aws, "wait", recording)
    return recorded


def test_each_type_waits_as_the_terraform_provider_does(
    provider: Provider, local: LocalAws, waits: list[tuple[set[str], list[str], float]]
) -> None:
    id, _ = create_resource(provider, SERVICE, {**ORDERS, "serviceName": "existing"})
    connector = {"vpcConnectorName": "orders", "subnets": SUBNETS, "securityGroups": [EXISTING_GROUP]}
    domain = {"domainName": "orders.example.com", "serviceArn": id}
    progress = "OPERATION_IN_PROGRESS"
    issued = ["pending_certificate_dns_validation", "binding_certificate"]
    for type, inputs, created, deleted in (
        (SCALING, {"autoScalingConfigurationName": "orders"}, (set(), ["active"], 120), ({"active"}, [], 120)),
        (OBSERVABILITY, {"observabilityConfigurationName": "orders"}, (set(), ["ACTIVE"], 120), ({"ACTIVE"}, [], 120)),
        (CONNECTOR, connector, (set(), ["ACTIVE"], 120), ({"ACTIVE"}, [], 120)),
        (
            INGRESS,
            {"name": "orders", "serviceArn": id, "ingressVpcConfiguration": PRIVATE},
            ({"PENDING_CREATION"}, ["AVAILABLE"], 120),
            ({"AVAILABLE", "PENDING_DELETION"}, [], 120),
        ),
        (ASSOCIATION, domain, ({"creating"}, issued, 300), ({"active", "deleting"}, [], 300)),
        (SERVICE, ORDERS, ({progress}, ["RUNNING"], 1200), ({"RUNNING", progress}, [], 1200)),
    ):
        waits.clear()
        provider.delete(type, *create_resource(provider, type, inputs))
        assert waits == [created, deleted], type
    waits.clear()
    provider.delete(
        CONNECTION, *create_resource(provider, CONNECTION, {"connectionName": "github", "providerType": "GITHUB"})
    )
    assert waits == [({"PENDING_HANDSHAKE", "AVAILABLE"}, [], 300)]


def test_a_service_that_still_runs_after_its_deletion_began_is_waited_for(provider: Provider, local: LocalAws) -> None:
    id, state = create_resource(provider, SERVICE, ORDERS)
    local.plane.faults.inject(Fault("DeleteService", fails=True))
    with pytest.raises(FailedError, match="unexpected state 'DELETE_FAILED', wanted target ''"):
        provider.delete(SERVICE, id, state)
