"""A VPC connector: its own group, what it lets out, and what happens when its subnets change."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.changes import DELETED_FIRST
from plans import children, dependencies, plan, problems
from pulumi_apprunner import Destination, Reach, VpcEgress, VpcEgressArgs
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import GROUP_ID, SUBNET_IDS, VPC_ID

GROUP = "aws:ec2/securityGroup:SecurityGroup"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"

DATABASE = Reach(security_group_id=GROUP_ID, port=5432)


def egress(**args: Any) -> Callable[[], None]:
    """Return a program that makes a connector called private."""
    return lambda: VpcEgress("private", VpcEgressArgs(**({"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS} | args))) and None


def made(**args: Any) -> Graph:
    return plan(egress(**args))


def named(graph: Graph) -> tuple[str, str]:
    """Return the names of the connector and of its own group."""
    return graph.the(CONNECTOR)["vpcConnectorName"], graph.the(GROUP)["name"]


def test_a_connector_has_a_group_of_its_own_that_lets_everything_out() -> None:
    graph = made(tags={"team": "orders"})
    assert children(graph, "private") == [
        (CONNECTOR, "private-connector"),
        (GROUP, "private-group"),
        (OUT, "private-to-ipv4"),
        (OUT, "private-to-ipv6"),
    ]
    group = graph.the(GROUP)
    assert group["vpcId"] == VPC_ID
    rule = {"securityGroupId": group.id, "ipProtocol": "-1", "tags": {"team": "orders"}}
    assert graph.named("private-to-ipv4").inputs == rule | {"cidrIpv4": "0.0.0.0/0"}
    assert graph.named("private-to-ipv6").inputs == rule | {"cidrIpv6": "::/0"}


def test_the_connector_is_sent_with_its_own_group() -> None:
    graph = made(tags={"team": "orders"})
    name, _ = named(graph)
    assert graph.the(CONNECTOR).inputs == {
        "vpcConnectorName": name,
        "subnets": SUBNET_IDS,
        "securityGroups": [graph.the(GROUP).id],
        "tags": {"team": "orders"},
    }


def test_given_groups_stand_behind_its_own() -> None:
    graph = made(security_group_ids=[GROUP_ID])
    assert graph.the(CONNECTOR)["securityGroups"] == [graph.the(GROUP).id, GROUP_ID]


def test_tags_reach_everything() -> None:
    graph = made(tags={"team": "orders"}, reaches={"orders-db": DATABASE})
    assert [each["tags"] for each in graph.children("private")] == [{"team": "orders"}] * 5


# What is let out and in


def test_it_lets_out_what_it_is_told_and_what_it_reaches() -> None:
    allows = {
        "mail": Destination(cidr="198.51.100.0/24", port=587),
        "time": Destination(cidr="2001:db8::/32", port=123, protocol="udp"),
        "s3": Destination(prefix_list_id="pl-12345678"),
    }
    graph = made(allows=allows, reaches={"orders-db": DATABASE})
    rules = {
        each.name: {key: value for key, value in each.inputs.items() if key not in ("securityGroupId", "tags")}
        for each in graph.of_type(OUT)
    }
    assert rules == {
        "private-to-mail": {"cidrIpv4": "198.51.100.0/24", "ipProtocol": "tcp", "fromPort": 587, "toPort": 587},
        "private-to-time": {"cidrIpv6": "2001:db8::/32", "ipProtocol": "udp", "fromPort": 123, "toPort": 123},
        "private-to-s3": {"prefixListId": "pl-12345678", "ipProtocol": "-1"},
        "private-to-orders-db": {
            "referencedSecurityGroupId": GROUP_ID,
            "ipProtocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
        },
    }


def test_it_can_let_out_nothing_at_all() -> None:
    assert not made(allows={}).of_type(OUT)


def test_what_it_reaches_lets_its_group_in() -> None:
    graph = made(reaches={"orders-db": DATABASE})
    assert graph.the(IN).inputs == {
        "securityGroupId": GROUP_ID,
        "referencedSecurityGroupId": graph.the(GROUP).id,
        "ipProtocol": "tcp",
        "fromPort": 5432,
        "toPort": 5432,
        "description": "App Runner egress private-stack",
        "tags": {},
    }


def test_the_connector_comes_after_every_rule_so_that_a_first_deployment_finds_its_database() -> None:
    graph = made(reaches={"orders-db": DATABASE})
    assert dependencies(graph, graph.the(CONNECTOR)) == [
        "private-group",
        "private-into-orders-db",
        "private-to-ipv4",
        "private-to-ipv6",
    ]


def test_a_new_group_is_let_in_before_the_old_one_is_shut_out() -> None:
    rule = made(reaches={"orders-db": DATABASE}).the(IN)
    assert rule.replace_on_changes == ("referencedSecurityGroupId",)
    assert rule.delete_before_replace is None


def test_a_name_stands_in_allows_or_in_reaches() -> None:
    args = {"allows": {"orders-db": Destination(cidr="10.0.0.0/16")}, "reaches": {"orders-db": DATABASE}}
    assert problems(egress(**args)) == {"allows.orders-db": "stands in reaches too, which lets the traffic out as well"}


def test_a_protocol_without_a_port_is_refused_since_it_would_let_out_every_protocol() -> None:
    assert problems(egress(allows={"time": Destination(cidr="10.0.0.0/16", protocol="udp")})) == {
        "allows.time.protocol": "'udp' goes with a port only: give one, or leave it out for every port and protocol"
    }


def test_one_rule_of_aws_cannot_be_made_under_two_names() -> None:
    assert problems(egress(reaches={"orders": DATABASE, "customers": DATABASE})) == {
        "reaches.customers": "is the same as reaches.orders, a rule that AWS takes once"
    }


# A change of what a connector cannot change


def test_other_subnets_change_the_names_of_connector_and_group_together() -> None:
    before, after = named(made()), named(made(subnet_ids=[SUBNET_IDS[0], "subnet-0c1d2e3f405162738"]))
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_other_groups_change_both_names_too() -> None:
    before, after = named(made()), named(made(security_group_ids=[GROUP_ID]))
    assert before[0] != after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize(
    "args",
    [
        {"subnet_ids": SUBNET_IDS[::-1]},
        {"tags": {"team": "orders"}},
        {"reaches": {"orders-db": DATABASE}},
        {"allows": {}},
    ],
)
def test_an_order_or_a_tag_or_a_rule_changes_no_name(args: dict[str, Any]) -> None:
    assert named(made(**args)) == named(made())


def test_the_new_ones_are_made_before_the_old_ones_go() -> None:
    assert made().the(CONNECTOR).delete_before_replace is None
    assert GROUP in DELETED_FIRST  # by pulumi-aws itself, since we name it: so the order has to be said
    assert made().the(GROUP).delete_before_replace is False


# Values that are known late


def test_subnets_may_be_one_pending_list() -> None:
    graph = plan(lambda: egress(subnet_ids=pulumi.Output.from_input(SUBNET_IDS))())
    assert graph.the(CONNECTOR)["subnets"] == SUBNET_IDS
    assert named(graph) == named(made())


def test_subnets_may_be_outputs_inside_an_output() -> None:
    def program() -> None:
        late = [pulumi.Output.from_input(each) for each in SUBNET_IDS]
        egress(subnet_ids=pulumi.Output.from_input("").apply(lambda _: late))()

    assert named(plan(program)) == named(made())


def test_names_are_not_known_before_the_subnets_are() -> None:
    def program() -> None:
        network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        subnets = [aws.ec2.Subnet(f"subnet-{zone}", vpc_id=network.id) for zone in "ab"]
        VpcEgress("private", VpcEgressArgs(vpc_id=network.id, subnet_ids=[each.id for each in subnets]))

    assert named(run(program, unknown=True)) == (UNKNOWN, UNKNOWN)
    assert all("private-stack-" in name for name in named(run(program)))


@pytest.mark.parametrize(
    "late",
    [
        lambda ids: pulumi.Output.from_input(ids),
        lambda ids: [pulumi.Output.from_input(each) for each in ids],
    ],
)
def test_a_subnet_that_turns_out_to_stand_there_twice_is_refused(late: Callable[[list[str]], Any]) -> None:
    twice = [SUBNET_IDS[0], SUBNET_IDS[0]]
    assert problems(lambda: egress(subnet_ids=late(twice))()) == {
        "subnet_ids": f"names subnet {SUBNET_IDS[0]} more than once"
    }


def test_too_few_subnets_are_refused_now_or_later() -> None:
    assert problems(egress(subnet_ids=[])) == {"subnet_ids": "a list is too short: at least 1"}
    assert problems(lambda: egress(subnet_ids=pulumi.Output.from_input([]))()) == {
        "subnet_ids": "is too short: at least 1"
    }


def test_no_connector_is_made_of_bad_subnets() -> None:
    def program() -> None:
        egress(subnet_ids=pulumi.Output.from_input([SUBNET_IDS[0], "vpc-1"]))()

    assert list(problems(program)) == ["subnet_ids[1]"]


def test_outputs_are_registered() -> None:
    graph = made()
    assert graph.named("private").outputs == {
        "vpcConnectorArn": graph.the(CONNECTOR).outputs["arn"],
        "securityGroupId": graph.the(GROUP).id,
    }
