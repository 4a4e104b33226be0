"""PrivateEndpoint: the interface endpoint of private services, its security group and the rules for its clients."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.changes import DELETED_FIRST_IF_NAMED
from plans import children, plan, problems
from pulumi_apprunner import EndpointClient, PrivateEndpoint, PrivateEndpointArgs
from pulumi_apprunner.testing import Graph, run
from samples import GROUP_ID, SUBNET_IDS, VPC_ID

GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"

OFFICES = EndpointClient(cidr="10.20.0.0/16")


def endpoint(**args: Any) -> Callable[[], None]:
    """Return a program that creates a PrivateEndpoint named internal."""
    required = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "clients": {"offices": OFFICES}}
    return lambda: PrivateEndpoint("internal", PrivateEndpointArgs(**(required | args))) and None


def endpoint_graph(**args: Any) -> Graph:
    return plan(endpoint(**args))


def test_it_creates_an_interface_endpoint_with_a_security_group_of_its_own() -> None:
    graph = endpoint_graph(tags={"team": "network"})
    assert children(graph, "internal") == [
        (GROUP, "internal-group"),
        (ENDPOINT, "internal-endpoint"),
        (RULE, "internal-client-offices"),
    ]
    group = graph.one(GROUP)
    assert group.inputs == {
        "name": "project-internal-stack-endpoint",
        "description": "App Runner endpoint project-internal-stack-endpoint",
        "vpcId": VPC_ID,
        "tags": {"team": "network"},
    }
    assert graph.one(ENDPOINT).inputs == {
        "vpcId": VPC_ID,
        "serviceName": "com.amazonaws.us-east-1.apprunner.requests",
        "vpcEndpointType": "Interface",
        "ipAddressType": "ipv4",
        "privateDnsEnabled": False,
        "subnetIds": SUBNET_IDS,
        "securityGroupIds": [group.id],
        "tags": {"team": "network"},
    }


def test_the_region_is_that_of_the_provider() -> None:
    def program() -> None:
        frankfurt = aws.Provider("frankfurt", region="eu-central-1")
        args = PrivateEndpointArgs(vpc_id=VPC_ID, subnet_ids=SUBNET_IDS, clients={"offices": OFFICES})
        PrivateEndpoint("internal", args, pulumi.ResourceOptions(provider=frankfurt))

    assert plan(program).one(ENDPOINT)["serviceName"] == "com.amazonaws.eu-central-1.apprunner.requests"


def test_each_client_has_a_rule_for_https() -> None:
    clients = {
        "offices": OFFICES,
        "partners": EndpointClient(prefix_list_id="pl-12345678"),
        "shop": EndpointClient(security_group_id=GROUP_ID),
    }
    graph = endpoint_graph(clients=clients)
    rule = {"securityGroupId": graph.one(GROUP).id, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "tags": {}}
    assert {each.name: each.inputs for each in graph.all(RULE)} == {
        "internal-client-offices": rule | {"cidrIpv4": "10.20.0.0/16"},
        "internal-client-partners": rule | {"prefixListId": "pl-12345678"},
        "internal-client-shop": rule | {"referencedSecurityGroupId": GROUP_ID},
    }


def test_without_clients_there_is_no_rule() -> None:
    assert not endpoint_graph(clients={}).all(RULE)


def test_a_replaced_group_and_endpoint_are_created_first() -> None:
    graph = endpoint_graph()
    assert GROUP in DELETED_FIRST_IF_NAMED
    assert graph.one(GROUP).delete_before_replace is False
    assert graph.one(ENDPOINT).delete_before_replace is None


def test_all_problems_are_reported_together() -> None:
    clients = {
        "v6": EndpointClient(cidr="2001:db8::/32"),
        "none": EndpointClient(),
        "two": EndpointClient(cidr="10.0.0.0/16", security_group_id=GROUP_ID),
        "shop": EndpointClient(security_group_id=GROUP_ID),
        "a-client-b": EndpointClient(cidr="10.0.0.0/8"),
    }
    one_of = "must have one of cidr, prefix_list_id and security_group_id, got {}. Set exactly one"
    assert problems(endpoint(clients=clients, subnet_ids=[SUBNET_IDS[0]] * 2, vpc_id="vpce-1")) == {
        "vpc_id": 'must be a VPC id (vpc-...), got "vpce-1"',
        "subnet_ids": f"must contain each subnet once, got {SUBNET_IDS[0]} more than once",
        "clients.v6.cidr": 'must be a block of IPv4 addresses, got "2001:db8::/32". The endpoint has no IPv6 addresses',
        "clients.none": one_of.format("none"),
        "clients.two": one_of.format("cidr and security_group_id"),
        "clients.a-client-b": "must not begin with client- or contain -client-, because another component could have a "
        "child of the same name. Choose another name",
    }


def test_two_equal_clients_are_an_error_since_aws_accepts_a_rule_once() -> None:
    clients = {"offices": OFFICES, "vpn": EndpointClient(cidr="10.20.0.0/16")}
    assert problems(endpoint(clients=clients)) == {
        "clients.vpn": "must differ from clients.offices: AWS accepts a rule once. Remove one of them"
    }


@pytest.mark.parametrize(
    "late",
    [lambda ids: pulumi.Output.from_input(ids), lambda ids: [pulumi.Output.from_input(each) for each in ids]],
)
def test_a_duplicate_among_outputs_is_an_error(late: Callable[[list[str]], Any]) -> None:
    assert problems(lambda: endpoint(subnet_ids=late([SUBNET_IDS[0]] * 2))()) == {
        "subnet_ids": f"must contain each subnet once, got {SUBNET_IDS[0]} more than once"
    }


def test_subnets_and_clients_may_be_outputs() -> None:
    def program() -> None:
        network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        subnets = [aws.ec2.Subnet(f"subnet-{zone}", vpc_id=network.id) for zone in "ab"]
        clients = aws.ec2.SecurityGroup("clients", vpc_id=network.id)
        arguments = PrivateEndpointArgs(
            vpc_id=network.id,
            subnet_ids=[each.id for each in subnets],
            clients={"shop": EndpointClient(security_group_id=clients.id)},
        )
        PrivateEndpoint("internal", arguments)

    graph = run(program)
    assert graph.one(RULE)["referencedSecurityGroupId"] == graph.named("clients").id


def test_outputs_are_registered() -> None:
    graph = run(endpoint())
    created = graph.one(ENDPOINT)
    assert graph.named("internal").outputs == {
        "vpcEndpointId": created.id,
        "vpcId": VPC_ID,
        "securityGroupId": graph.one(GROUP).id,
        "dnsName": created.outputs["dnsEntries"][0]["dnsName"],
    }
