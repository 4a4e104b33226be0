"""PrivateIngress: the VPC ingress connection of a private service."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_facts.changes import CHANGES
from plans import children, dependencies, plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    EndpointClient,
    Image,
    PrivateEndpoint,
    PrivateEndpointArgs,
    PrivateIngress,
    PrivateIngressArgs,
    VpcEgress,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import run
from samples import IMAGE, SERVICE_ARN, SUBNET_IDS, VPC_ID

CONNECTION = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"
ENDPOINT_ID = "vpce-0a1b2c3d4e5f60718"


def ingress(**args: Any) -> Callable[[], None]:
    """Return a program that connects an existing service with an existing endpoint."""
    required: dict[str, Any] = {"service_arn": SERVICE_ARN, "vpc_id": VPC_ID, "vpc_endpoint_id": ENDPOINT_ID}
    return lambda: PrivateIngress("orders", PrivateIngressArgs(**(required | args))) and None


def of_service(**settings: Any) -> Callable[[], None]:
    """Return a program with a service, an endpoint and a connection between them."""

    def program() -> None:
        image = Image(identifier=IMAGE)
        required = {"image": image, "is_publicly_accessible": False}
        api = AppRunnerService("api", AppRunnerServiceArgs(**(required | settings)))
        endpoint = PrivateEndpoint(
            "internal",
            PrivateEndpointArgs(
                vpc_id=VPC_ID, subnet_ids=SUBNET_IDS, clients={"offices": EndpointClient(cidr="10.20.0.0/16")}
            ),
        )
        arguments = PrivateIngressArgs(
            service_arn=api.arn, vpc_id=endpoint.vpc_id, vpc_endpoint_id=endpoint.vpc_endpoint_id
        )
        PrivateIngress("orders", arguments)

    return program


def test_it_connects_a_service_with_an_endpoint() -> None:
    graph = plan(ingress(tags={"team": "orders"}))
    assert children(graph, "orders") == [(CONNECTION, "orders-connection")]
    assert graph.one(CONNECTION).inputs == {
        "name": "project-orders-stack",
        "serviceArn": SERVICE_ARN,
        "ingressVpcConfiguration": {"vpcId": VPC_ID, "vpcEndpointId": ENDPOINT_ID},
        "tags": {"team": "orders"},
    }


def test_a_change_that_pulumi_aws_does_not_apply_replaces_the_connection_and_the_old_one_is_deleted_first() -> None:
    connection = plan(ingress()).one(CONNECTION)
    not_applied = {path for path, change in CHANGES[CONNECTION].items() if change.kind == "ignore"}
    assert set(connection.replace_on_changes) == not_applied
    assert connection.delete_before_replace is True


def test_the_connection_depends_on_its_service_and_on_the_endpoint() -> None:
    graph = plan(of_service())
    assert dependencies(graph, graph.one(CONNECTION)) == ["api-service", "internal-endpoint"]


def test_outputs_are_registered() -> None:
    graph = run(ingress())
    outputs = graph.one(CONNECTION).outputs
    assert graph.named("orders").outputs == {"arn": outputs["arn"], "domainName": outputs["domainName"]}


def test_all_problems_are_reported_together() -> None:
    assert problems(ingress(service_arn="orders", vpc_id=ENDPOINT_ID, vpc_endpoint_id=VPC_ID)) == {
        "service_arn": "must be the ARN of an App Runner service (arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID), "
        'got "orders"',
        "vpc_id": f'must be a VPC id (vpc-...), got "{ENDPOINT_ID}"',
        "vpc_endpoint_id": f'must be a VPC endpoint id (vpce-...), got "{VPC_ID}"',
    }


# The service

PUBLIC = {
    "service_arn": "must be the ARN of a private service, got that of api-service, which is public. Set "
    "is_publicly_accessible of the service to False, or remove the PrivateIngress"
}


def test_a_public_service_is_an_error() -> None:
    assert problems(of_service(is_publicly_accessible=True)) == PUBLIC


@pytest.mark.parametrize("unknown", [False, True])
def test_a_public_service_is_an_error_in_its_first_preview_also_with_a_new_connector(unknown: bool) -> None:
    def program() -> None:
        egress = VpcEgress("egress", VpcEgressArgs(vpc_id=VPC_ID, subnet_ids=SUBNET_IDS))
        of_service(is_publicly_accessible=True, vpc_connector_arn=egress.vpc_connector_arn)()

    with pytest.raises(pulumi.RunError, match="must be the ARN of a private service, got that of api-service"):
        run(program, unknown=unknown)


def test_dual_stack_is_an_error_that_says_why() -> None:
    assert problems(of_service(ip_address_type="DUAL_STACK")) == {
        "service_arn": "must be the ARN of a service with ip_address_type IPV4, got that of api-service with "
        "DUAL_STACK. AWS documents private endpoints for IPv4 only. Remove ip_address_type of the service"
    }
