"""VPC connectors, VPC ingress connections, and connections to code repositories."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import INVALID_REQUEST, INVALID_STATE, NOT_FOUND, history, rejection, running, status
from samples import GROUP_ID, SUBNET_IDS, VPC_ID


def connector(aws: Any, name: str = "private", groups: list[str] | None = None) -> str:
    created = aws.create_vpc_connector(VpcConnectorName=name, Subnets=SUBNET_IDS, SecurityGroups=groups or [GROUP_ID])
    arn: str = created["VpcConnector"]["VpcConnectorArn"]
    return arn


def through(arn: str) -> dict[str, Any]:
    return {"EgressConfiguration": {"EgressType": "VPC", "VpcConnectorArn": arn}}


def ingress(aws: Any, service: str, name: str = "entrance") -> dict[str, Any]:
    created: dict[str, Any] = aws.create_vpc_ingress_connection(
        ServiceArn=service,
        VpcIngressConnectionName=name,
        IngressVpcConfiguration={"VpcId": VPC_ID, "VpcEndpointId": "vpce-1"},
    )
    return created["VpcIngressConnection"]


def ingress_status(aws: Any, arn: str) -> str:
    value = aws.describe_vpc_ingress_connection(VpcIngressConnectionArn=arn)["VpcIngressConnection"]["Status"]
    return str(value)


def test_a_connector_has_one_revision_per_name(aws: Any) -> None:
    created = aws.describe_vpc_connector(VpcConnectorArn=connector(aws))["VpcConnector"]
    assert (created["VpcConnectorRevision"], created["Status"]) == (1, "ACTIVE")
    rejected = rejection(
        aws.create_vpc_connector, VpcConnectorName="private", Subnets=SUBNET_IDS, SecurityGroups=["sg-2"]
    )
    assert rejected == f"{INVALID_REQUEST}VPC connector with the provided name already exists: private."


def test_no_two_connectors_have_the_same_security_groups(aws: Any) -> None:
    connector(aws, groups=["sg-1", "sg-2"])
    parameters = {"VpcConnectorName": "another", "Subnets": SUBNET_IDS[:1], "SecurityGroups": ["sg-2", "sg-1"]}
    assert "same security groups" in rejection(aws.create_vpc_connector, **parameters)
    assert connector(aws, "another", ["sg-1"])


def test_a_connector_in_use_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    first, second = connector(aws), connector(aws, "another", ["sg-2"])
    service = running(aws, plane, NetworkConfiguration=through(first))
    used = f"{INVALID_REQUEST}Provided VPC connector arn is being used by other services. ARN: {first}"
    assert rejection(aws.delete_vpc_connector, VpcConnectorArn=first) == used
    aws.update_service(ServiceArn=service, NetworkConfiguration=through(second))
    assert rejection(aws.delete_vpc_connector, VpcConnectorArn=first) == used
    plane.clock.move(60)
    assert aws.delete_vpc_connector(VpcConnectorArn=first)["VpcConnector"]["Status"] == "INACTIVE"


def test_a_deleted_connector_is_inactive_and_releases_its_name_and_groups(aws: Any, plane: AppRunner) -> None:
    arn = connector(aws)
    aws.delete_vpc_connector(VpcConnectorArn=arn)
    assert aws.list_vpc_connectors()["VpcConnectors"] == []
    assert aws.describe_vpc_connector(VpcConnectorArn=arn)["VpcConnector"]["Status"] == "INACTIVE"
    service = running(aws, plane)
    rejected = rejection(aws.update_service, ServiceArn=service, NetworkConfiguration=through(arn))
    assert "not active" in rejected
    assert connector(aws) != arn


def test_a_connector_is_found_by_its_name_too(aws: Any) -> None:
    arn = connector(aws)
    for name in (arn.rsplit("/", 2)[0], arn.rsplit("/", 1)[0]):
        assert aws.describe_vpc_connector(VpcConnectorArn=name)["VpcConnector"]["VpcConnectorArn"] == arn
    for other in (arn.replace("private", "absent"), f"{arn[:-1]}x", arn.replace("/1/", "/2/")):
        assert rejection(aws.describe_vpc_connector, VpcConnectorArn=other).startswith(NOT_FOUND)


def test_a_missing_ingress_connection_is_not_found(aws: Any, plane: AppRunner) -> None:
    arn = ingress(aws, running(aws, plane))["VpcIngressConnectionArn"]
    rejected = rejection(aws.describe_vpc_ingress_connection, VpcIngressConnectionArn=f"{arn[:-1]}x")
    assert rejected.startswith(NOT_FOUND)


def test_an_arn_of_something_else_is_an_invalid_request(aws: Any) -> None:
    arn = connector(aws)
    assert "not of a service" in rejection(aws.describe_service, ServiceArn=arn)
    bare = arn.partition("vpcconnector")[0] + "service"
    assert "not of a service" in rejection(aws.describe_service, ServiceArn=bare)


def test_ingress_connections_become_available_after_some_time(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane, NetworkConfiguration={"IngressConfiguration": {"IsPubliclyAccessible": False}})
    created = ingress(aws, service)
    arn = created["VpcIngressConnectionArn"]
    assert created["Status"] == "PENDING_CREATION"
    assert aws.describe_custom_domains(ServiceArn=service)["VpcDNSTargets"] == []
    plane.clock.move(10)
    assert ingress_status(aws, arn) == "AVAILABLE"
    assert aws.describe_custom_domains(ServiceArn=service)["VpcDNSTargets"] == [
        {"VpcIngressConnectionArn": arn, "VpcId": VPC_ID, "DomainName": created["DomainName"]}
    ]


def test_a_service_with_an_ingress_connection_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    arn = ingress(aws, service)["VpcIngressConnectionArn"]
    plane.clock.move(10)
    rejected = rejection(aws.delete_service, ServiceArn=service)
    assert rejected == (
        f"{INVALID_STATE}You cannot delete a Service while it has VpcIngressConnections with a status of AVAILABLE."
    )
    aws.delete_vpc_ingress_connection(VpcIngressConnectionArn=arn)
    plane.clock.move(10)
    connection = aws.describe_vpc_ingress_connection(VpcIngressConnectionArn=arn)["VpcIngressConnection"]
    assert (connection["Status"], connection["DeletedAt"] > connection["CreatedAt"]) == ("DELETED", True)
    assert rejection(aws.list_tags_for_resource, ResourceArn=arn).startswith(NOT_FOUND)
    aws.delete_service(ServiceArn=service)
    assert history(aws, service)[0] == ("DELETE_SERVICE", "IN_PROGRESS")


def test_an_ingress_connection_can_be_changed_only_without_a_pending_change(aws: Any, plane: AppRunner) -> None:
    arn = ingress(aws, running(aws, plane))["VpcIngressConnectionArn"]
    update = {"VpcIngressConnectionArn": arn, "IngressVpcConfiguration": {"VpcId": VPC_ID, "VpcEndpointId": "vpce-2"}}
    for call, parameters in (
        (aws.update_vpc_ingress_connection, update),
        (aws.delete_vpc_ingress_connection, {"VpcIngressConnectionArn": arn}),
    ):
        assert rejection(call, **parameters).startswith(INVALID_STATE)
    plane.clock.move(10)
    assert aws.update_vpc_ingress_connection(**update)["VpcIngressConnection"]["Status"] == "PENDING_UPDATE"


def test_an_ingress_connection_whose_deletion_failed_is_deleted_but_not_updated(aws: Any, plane: AppRunner) -> None:
    arn = ingress(aws, running(aws, plane))["VpcIngressConnectionArn"]
    plane.clock.move(10)
    plane.faults.inject(Fault("DeleteVpcIngressConnection", fails=True))
    aws.delete_vpc_ingress_connection(VpcIngressConnectionArn=arn)
    plane.clock.move(10)
    assert ingress_status(aws, arn) == "FAILED_DELETION"
    rejected = rejection(
        aws.update_vpc_ingress_connection, VpcIngressConnectionArn=arn, IngressVpcConfiguration={"VpcId": VPC_ID}
    )
    assert rejected.startswith(INVALID_STATE)
    aws.delete_vpc_ingress_connection(VpcIngressConnectionArn=arn)
    plane.clock.move(10)
    assert rejection(aws.delete_vpc_ingress_connection, VpcIngressConnectionArn=arn).startswith(NOT_FOUND)


def test_an_ingress_connections_name_is_unique_until_it_is_deleted(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    arn = ingress(aws, service)["VpcIngressConnectionArn"]
    parameters = {"ServiceArn": service, "VpcIngressConnectionName": "entrance", "IngressVpcConfiguration": {}}
    assert "already exists: entrance" in rejection(aws.create_vpc_ingress_connection, **parameters)
    plane.clock.move(10)
    aws.delete_vpc_ingress_connection(VpcIngressConnectionArn=arn)
    plane.clock.move(10)
    assert ingress(aws, service)["VpcIngressConnectionArn"] != arn


@pytest.mark.parametrize(("filter", "count"), [({}, 2), ({"VpcEndpointId": "vpce-1"}, 2), ({"VpcEndpointId": "no"}, 0)])
def test_ingress_connections_are_listed_by_endpoint(
    aws: Any, plane: AppRunner, filter: dict[str, str], count: int
) -> None:
    service = running(aws, plane)
    ingress(aws, service)
    ingress(aws, service, "back-door")
    assert len(aws.list_vpc_ingress_connections(Filter=filter)["VpcIngressConnectionSummaryList"]) == count


def test_ingress_connections_are_listed_by_service(aws: Any, plane: AppRunner) -> None:
    one, other = running(aws, plane), running(aws, plane, "billing")
    arn = ingress(aws, one)["VpcIngressConnectionArn"]
    ingress(aws, other, "back-door")
    listed = aws.list_vpc_ingress_connections(Filter={"ServiceArn": one})["VpcIngressConnectionSummaryList"]
    assert listed == [{"VpcIngressConnectionArn": arn, "ServiceArn": one}]


def test_a_connection_is_pending_until_the_manual_handshake(aws: Any, plane: AppRunner) -> None:
    created = aws.create_connection(ConnectionName="github", ProviderType="GITHUB")["Connection"]
    assert created["Status"] == "PENDING_HANDSHAKE"
    plane.complete_handshake(created["ConnectionArn"])
    (listed,) = aws.list_connections(ConnectionName="github")["ConnectionSummaryList"]
    assert listed["Status"] == "AVAILABLE"
    assert aws.list_connections(ConnectionName="bitbucket")["ConnectionSummaryList"] == []
    assert "already exists" in rejection(aws.create_connection, ConnectionName="github", ProviderType="GITHUB")


def test_a_connection_in_use_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    arn = aws.create_connection(ConnectionName="github", ProviderType="GITHUB")["Connection"]["ConnectionArn"]
    plane.complete_handshake(arn)
    code = {
        "RepositoryUrl": "https://example.com/shop/orders",
        "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
        "CodeConfiguration": {"ConfigurationSource": "REPOSITORY"},
    }
    source = {"CodeRepository": code, "AuthenticationConfiguration": {"ConnectionArn": arn}}
    service = running(aws, plane, SourceConfiguration=source)
    assert status(aws, service) == "RUNNING"
    assert "in use" in rejection(aws.delete_connection, ConnectionArn=arn)
    aws.delete_service(ServiceArn=service)
    plane.clock.move(30)
    assert aws.delete_connection(ConnectionArn=arn)["Connection"]["Status"] == "DELETED"
    assert rejection(aws.delete_connection, ConnectionArn=arn).startswith(NOT_FOUND)
