"""Private access on the Pulumi engine: created, updated, replaced and deleted."""

from typing import Any

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make
from engine.stack import RunResult


def program(service: dict[str, Any] | None = None, **endpoint: Any) -> str:
    """Return a program with a private service, an endpoint and the connection between them."""
    private = programs.service(**{"is_publicly_accessible": False, **(service or {})})
    return programs.program(private, programs.endpoint(**endpoint), programs.ingress())


def connections(aws: LocalAws) -> list[dict[str, Any]]:
    """Return the ingress connections in AWS."""
    client = aws.client("apprunner")
    arns = client.list_vpc_ingress_connections()["VpcIngressConnectionSummaryList"]
    return [
        client.describe_vpc_ingress_connection(VpcIngressConnectionArn=each["VpcIngressConnectionArn"])[
            "VpcIngressConnection"
        ]
        for each in arns
    ]


def endpoints(aws: LocalAws) -> list[dict[str, Any]]:
    """Return the endpoints in AWS."""
    described = aws.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    return [each for each in described if each["State"] != "deleted"]


def steps(ran: RunResult, *names: str) -> list[tuple[str, str]]:
    """Return the steps that changed the resources with these names, in order."""
    return [step for step in ran.ordered_changes if step[1] in names and step[0] != "replace"]


def test_private_access_is_created_updated_and_deleted(aws: LocalAws, trial: Make) -> None:
    before = aws.created_resources()
    stack = trial(program())
    created = stack.up()
    assert created.ok, created.output
    (endpoint,), (connection,) = endpoints(aws), connections(aws)
    assert endpoint["ServiceName"] == "com.amazonaws.eu-west-1.apprunner.requests"
    assert (endpoint["VpcEndpointType"], endpoint["PrivateDnsEnabled"]) == ("Interface", False)
    assert connection["VpcIngressConnectionName"] == "trial-api-ingress-test"
    assert connection["IngressVpcConfiguration"] == {
        "VpcId": programs.VPC_ID,
        "VpcEndpointId": endpoint["VpcEndpointId"],
    }
    assert stack.up().changes == []

    stack.program(program(subnet_ids=programs.SUBNET_IDS[1:], clients={"vpn": {"cidr": "10.30.0.0/16"}}))
    updated = stack.up()
    assert updated.ok, updated.output
    assert updated.changes == [
        ("create", "internal-client-vpn"),
        ("delete", "internal-client-offices"),
        ("update", "internal-endpoint"),
    ]
    assert sorted(endpoints(aws)[0]["SubnetIds"]) == sorted(programs.SUBNET_IDS[1:])
    assert stack.up().changes == []

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before


def test_the_connection_of_a_replaced_service_is_deleted_before_the_service(aws: LocalAws, trial: Make) -> None:
    stack = trial(program())
    assert stack.up().ok
    stack.program(program({"service_name": "orders-api"}))
    replaced = stack.up()
    assert replaced.ok, replaced.output
    assert steps(replaced, "api-service", "api-ingress-connection") == [
        ("delete-replaced", "api-ingress-connection"),
        ("delete-replaced", "api-service"),
        ("create-replacement", "api-service"),
        ("create-replacement", "api-ingress-connection"),
    ]
    service = aws.client("apprunner").list_services()["ServiceSummaryList"][0]
    assert [each["ServiceArn"] for each in connections(aws)] == [service["ServiceArn"]]
    assert stack.up().changes == []


def test_another_endpoint_replaces_the_connection(aws: LocalAws, trial: Make) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.40.1.0/24")["Subnet"]["SubnetId"]
    stack = trial(program())
    assert stack.up().ok
    stack.program(program(vpc_id=vpc, subnet_ids=[subnet]))
    replaced = stack.up()
    assert replaced.ok, replaced.output
    assert steps(replaced, "internal-endpoint", "api-ingress-connection") == [
        ("create-replacement", "internal-endpoint"),
        ("delete-replaced", "api-ingress-connection"),
        ("create-replacement", "api-ingress-connection"),
        ("delete-replaced", "internal-endpoint"),
    ]
    (endpoint,), (connection,) = endpoints(aws), connections(aws)
    assert connection["IngressVpcConfiguration"] == {"VpcId": vpc, "VpcEndpointId": endpoint["VpcEndpointId"]}
    assert stack.up().changes == []


def test_a_renamed_stack_keeps_the_endpoint_and_replaces_its_group(aws: LocalAws, trial: Make) -> None:
    stack = trial(programs.program(programs.endpoint()))
    assert stack.up().ok
    (before,) = endpoints(aws)
    stack.rename("qa")
    renamed = stack.up()
    assert renamed.ok, renamed.output
    assert steps(renamed, "internal-group", "internal-endpoint") == [
        ("create-replacement", "internal-group"),
        ("update", "internal-endpoint"),
        ("delete-replaced", "internal-group"),
    ]
    (after,) = endpoints(aws)
    assert after["VpcEndpointId"] == before["VpcEndpointId"]
    assert [group["GroupName"] for group in after["Groups"]] == ["trial-internal-qa-endpoint"]


def test_a_public_service_is_an_error_in_the_preview(trial: Make) -> None:
    preview = trial(program({"is_publicly_accessible": True})).preview()
    assert not preview.ok
    assert "must be the ARN of a private service, got that of api-service, which is public" in preview.output


def test_a_service_becomes_public_again_in_two_steps(aws: LocalAws, trial: Make) -> None:
    stack = trial(program())
    assert stack.up().ok
    stack.program(programs.program(programs.service(is_publicly_accessible=False), programs.endpoint()))
    removed = stack.up()
    assert removed.ok, removed.output
    assert connections(aws) == []
    stack.program(programs.program(programs.service(), programs.endpoint()))
    public = stack.up()
    assert public.ok, public.output
    assert public.changes == [("update", "api-service")]
