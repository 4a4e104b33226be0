"""The quotas of an account: a request that exceeds one is rejected."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import image, rejection, running
from samples import GROUP_ID, SUBNET_IDS

EXCEEDED = "ServiceQuotaExceededException: "


def scaling(aws: Any, name: str) -> str:
    created = aws.create_auto_scaling_configuration(AutoScalingConfigurationName=name)
    arn: str = created["AutoScalingConfiguration"]["AutoScalingConfigurationArn"]
    return arn


def test_a_scaling_configuration_has_five_active_revisions(aws: Any) -> None:
    revisions = [scaling(aws, "shared") for _ in range(5)]
    create = aws.create_auto_scaling_configuration
    assert rejection(create, AutoScalingConfigurationName="shared") == (
        f"{EXCEEDED}The quota of 5 revisions of the AutoScalingConfiguration shared is reached."
    )
    aws.delete_auto_scaling_configuration(AutoScalingConfigurationArn=revisions[0])
    assert "/shared/6/" in scaling(aws, "shared")


def test_an_account_has_ten_names_of_scaling_configurations(aws: Any) -> None:
    for number in range(9):  # and AWS's own
        scaling(aws, f"profile-{number}")
    assert rejection(aws.create_auto_scaling_configuration, AutoScalingConfigurationName="another").startswith(EXCEEDED)
    assert scaling(aws, "profile-0")


def test_a_service_whose_creation_failed_counts(aws: Any, plane: AppRunner) -> None:
    plane.world.quotas.services = 1
    plane.faults.inject(Fault.fail_create())
    arn = running(aws, plane)
    create = {"ServiceName": "billing", "SourceConfiguration": image()}
    assert rejection(aws.create_service, **create) == f"{EXCEEDED}The quota of 1 services is reached."
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert aws.create_service(**create)


@pytest.mark.parametrize(
    ("quota", "operation", "parameters"),
    [
        ("connections", "create_connection", {"ConnectionName": "github", "ProviderType": "GITHUB"}),
        ("connectors", "create_vpc_connector", {"VpcConnectorName": "private", "Subnets": SUBNET_IDS}),
        ("observability_names", "create_observability_configuration", {"ObservabilityConfigurationName": "traces"}),
        ("observability_revisions", "create_observability_configuration", {"ObservabilityConfigurationName": "traces"}),
    ],
)
def test_an_unverified_quota_is_a_setting(
    aws: Any, plane: AppRunner, quota: str, operation: str, parameters: dict[str, Any]
) -> None:
    setattr(plane.world.quotas, quota, 0)
    assert rejection(getattr(aws, operation), **parameters).startswith(EXCEEDED)
    setattr(plane.world.quotas, quota, None)
    getattr(aws, operation)(**parameters)


def test_ingress_connections_have_a_quota(aws: Any, plane: AppRunner) -> None:
    plane.world.quotas.ingress_connections = 0
    parameters = {
        "ServiceArn": running(aws, plane),
        "VpcIngressConnectionName": "orders",
        "IngressVpcConfiguration": {"VpcId": "vpc-1", "VpcEndpointId": "vpce-1"},
    }
    assert rejection(aws.create_vpc_ingress_connection, **parameters).startswith(EXCEEDED)


def test_a_connectors_status_can_be_switched_to_lower_case(aws: Any, plane: AppRunner) -> None:
    create = {"VpcConnectorName": "private", "Subnets": SUBNET_IDS, "SecurityGroups": [GROUP_ID]}
    assert aws.create_vpc_connector(**create)["VpcConnector"]["Status"] == "ACTIVE"
    plane.world.lower_case_connectors = True
    assert aws.list_vpc_connectors()["VpcConnectors"][0]["Status"] == "active"
