"""VpcEgress: its connector and security group, the rules for its destinations, and a change of subnets."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.changes import DELETED_FIRST_IF_NAMED
from plans import children, dependencies, plan, problems
from pulumi_apprunner import Destination, VpcEgress, VpcEgressArgs
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import GROUP_ID, SUBNET_IDS, VPC_ID

GROUP = "aws:ec2/securityGroup:SecurityGroup"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"

DATABASE = Destination(security_group_id=GROUP_ID, port=5432)


def egress(**args: Any) -> Callable[[], None]:
    """Return a program that creates a VpcEgress named private."""
    return lambda: VpcEgress("private", VpcEgressArgs(**({"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS} | args))) and None


def plan_of(**args: Any) -> Graph:
    return plan(egress(**args))


def names_of(graph: Graph) -> tuple[str, str]:
    """Return the names of the connector and of its own group."""
    return graph.one(CONNECTOR)["vpcConnectorName"], graph.one(GROUP)["name"]


def test_a_connector_has_its_own_group_that_lets_all_traffic_out() -> None:
    graph = plan_of(tags={"team": "orders"})
    assert children(graph, "private") == [
        (CONNECTOR, "private-connector"),
        (GROUP, "private-group"),
        (OUT, "private-egress-ipv4"),
        (OUT, "private-egress-ipv6"),
    ]
    group = graph.one(GROUP)
    assert group["vpcId"] == VPC_ID
    rule = {"securityGroupId": group.id, "ipProtocol": "-1", "tags": {"team": "orders"}}
    assert graph.named("private-egress-ipv4").inputs == rule | {"cidrIpv4": "0.0.0.0/0"}
    assert graph.named("private-egress-ipv6").inputs == rule | {"cidrIpv6": "::/0"}


def test_the_connector_has_its_own_group() -> None:
    graph = plan_of(tags={"team": "orders"})
    name, _ = names_of(graph)
    assert graph.one(CONNECTOR).inputs == {
        "vpcConnectorName": name,
        "subnets": SUBNET_IDS,
        "securityGroups": [graph.one(GROUP).id],
        "tags": {"team": "orders"},
    }


def test_further_groups_follow_its_own() -> None:
    graph = plan_of(security_group_ids=[GROUP_ID])
    assert graph.one(CONNECTOR)["securityGroups"] == [graph.one(GROUP).id, GROUP_ID]


def test_every_child_has_the_tags() -> None:
    graph = plan_of(tags={"team": "orders"}, destinations={"orders-db": DATABASE})
    assert [each["tags"] for each in graph.children("private")] == [{"team": "orders"}] * 5


# Egress and ingress rules


def rules(graph: Graph, type: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of the rules of a type by name, without those that all of them have."""
    return {
        each.name: {key: value for key, value in each.inputs.items() if key not in ("securityGroupId", "tags")}
        for each in graph.all(type)
    }


def test_with_restrict_egress_only_destinations_have_egress_rules() -> None:
    destinations = {
        "mail": Destination(cidr="198.51.100.0/24", port=587),
        "time": Destination(cidr="2001:db8::/32", port=123, protocol="udp"),
        "s3": Destination(prefix_list_id="pl-12345678"),
        "orders-db": DATABASE,
        "cache": Destination(security_group_id=GROUP_ID, open_ingress=False),
    }
    graph = plan_of(restrict_egress=True, destinations=destinations)
    assert rules(graph, OUT) == {
        "private-egress-mail": {"cidrIpv4": "198.51.100.0/24", "ipProtocol": "tcp", "fromPort": 587, "toPort": 587},
        "private-egress-time": {"cidrIpv6": "2001:db8::/32", "ipProtocol": "udp", "fromPort": 123, "toPort": 123},
        "private-egress-s3": {"prefixListId": "pl-12345678", "ipProtocol": "-1"},
        "private-egress-orders-db": {
            "referencedSecurityGroupId": GROUP_ID,
            "ipProtocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
        },
        "private-egress-cache": {"referencedSecurityGroupId": GROUP_ID, "ipProtocol": "-1"},
    }
    assert list(rules(graph, IN)) == ["private-ingress-orders-db"]


def test_with_restrict_egress_and_no_destinations_there_is_no_egress_rule() -> None:
    assert not plan_of(restrict_egress=True).all(OUT)


def test_a_security_group_gets_an_ingress_rule_for_the_connectors_group() -> None:
    graph = plan_of(destinations={"orders-db": DATABASE})
    assert graph.one(IN).inputs == {
        "securityGroupId": GROUP_ID,
        "referencedSecurityGroupId": graph.one(GROUP).id,
        "ipProtocol": "tcp",
        "fromPort": 5432,
        "toPort": 5432,
        "description": "App Runner egress project-private-stack",
        "tags": {},
    }


def test_the_connector_depends_on_every_rule_so_that_a_first_deployment_reaches_its_database() -> None:
    graph = plan_of(destinations={"orders-db": DATABASE})
    assert dependencies(graph, graph.one(CONNECTOR)) == [
        "private-egress-ipv4",
        "private-egress-ipv6",
        "private-group",
        "private-ingress-orders-db",
    ]


def test_an_ingress_rule_is_replaced_before_the_old_one_is_deleted() -> None:
    rule = plan_of(destinations={"orders-db": DATABASE}).one(IN)
    assert rule.replace_on_changes == ("referencedSecurityGroupId",)
    assert rule.delete_before_replace is None


NO_EFFECT = (
    "has no effect unless restrict_egress is True, since all outgoing traffic is allowed. Set restrict_egress to True, "
    "or remove the destination"
)


@pytest.mark.parametrize(
    "destination",
    [
        Destination(cidr="10.0.0.0/16"),
        Destination(prefix_list_id="pl-12345678", port=443),
        Destination(security_group_id=GROUP_ID, port=443, open_ingress=False),
    ],
)
def test_a_destination_that_gets_no_rule_is_an_error(destination: Destination) -> None:
    assert problems(egress(destinations={"mail": destination})) == {"destinations.mail": NO_EFFECT}
    assert plan_of(destinations={"mail": destination}, restrict_egress=True).all(OUT)


def test_all_problems_of_destinations_are_reported_together() -> None:
    destinations = {
        "mail": Destination(cidr="10.0.0.0/16"),
        "time": Destination(cidr="10.0.0.0/16", protocol="udp"),
        "db": Destination(security_group_id=GROUP_ID),
        "ipv4": DATABASE,
        "none": Destination(port=443),
        "two": Destination(cidr="10.0.0.0/16", security_group_id=GROUP_ID, port=443),
        "bad": Destination(cidr="10.0.0.0/33"),
    }
    one_of = "must have one of cidr, prefix_list_id and security_group_id, got {}. Set exactly one"
    assert problems(egress(destinations=destinations)) == {
        "destinations.mail": NO_EFFECT,
        "destinations.time.protocol": 'must not be set without port, got "udp". Set port, or remove protocol for '
        "every port and protocol",
        "destinations.db.port": "is required for the ingress rule in the security group. Set it, or set open_ingress "
        "to False if the group already allows the traffic",
        "destinations.ipv4": "is reserved for the rule that allows all outgoing traffic. Choose another name",
        "destinations.none": one_of.format("none"),
        "destinations.two": one_of.format("cidr and security_group_id"),
        "destinations.bad.cidr": 'must be a CIDR block such as 10.0.0.0/16 or 2001:db8::/32, got "10.0.0.0/33"',
    }


@pytest.mark.parametrize(
    ("cidr", "fix"),
    [
        ("10.20.0.0", ". For this address alone, write 10.20.0.0/32"),
        ("2001:db8::1", ". For this address alone, write 2001:db8::1/128"),
        ("10.20.5.0/16", ". Did you mean 10.20.0.0/16?"),
    ],
)
def test_an_address_is_no_block(cidr: str, fix: str) -> None:
    assert problems(egress(destinations={"mail": Destination(cidr=cidr, port=25)})) == {
        "destinations.mail.cidr": f'must be a CIDR block such as 10.0.0.0/16 or 2001:db8::/32, got "{cidr}"{fix}'
    }


@pytest.mark.parametrize(
    ("key", "role"),
    [("b-egress-c", "egress"), ("egress-c", "egress"), ("b-ingress-c", "ingress"), ("ingress-ipv4", "ingress")],
)
def test_a_destination_whose_rule_could_have_the_name_of_another_connectors_rule_is_an_error(
    key: str, role: str
) -> None:
    assert problems(egress(destinations={key: DATABASE})) == {
        f"destinations.{key}": f"must not begin with {role}- or contain -{role}-, because another component could have "
        "a child of the same name. Choose another name"
    }


def test_the_word_egress_in_a_destination_is_valid_where_no_name_can_follow_it() -> None:
    graph = plan_of(
        destinations={"squid-egress": DATABASE, "egress": Destination(security_group_id=GROUP_ID, port=443)}
    )
    assert list(rules(graph, IN)) == ["private-ingress-squid-egress", "private-ingress-egress"]


@pytest.mark.parametrize("restrict", [True, False])
def test_two_equal_destinations_are_an_error_since_aws_accepts_a_rule_once(restrict: bool) -> None:
    explicit = Destination(security_group_id=GROUP_ID, port=5432, protocol="tcp")
    destinations = {"orders": DATABASE, "customers": explicit, "products": DATABASE}
    reason = "must differ from destinations.orders: AWS accepts a rule once. Remove one of them"
    assert problems(egress(destinations=destinations, restrict_egress=restrict)) == {
        "destinations.customers": reason,
        "destinations.products": reason,
    }


# Changes that replace the connector


def test_other_subnets_change_the_names_of_connector_and_group_together() -> None:
    before, after = names_of(plan_of()), names_of(plan_of(subnet_ids=[SUBNET_IDS[0], "subnet-0c1d2e3f405162738"]))
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_other_groups_change_both_names() -> None:
    before, after = names_of(plan_of()), names_of(plan_of(security_group_ids=[GROUP_ID]))
    assert before[0] != after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize(
    "args",
    [
        {"subnet_ids": SUBNET_IDS[::-1]},
        {"tags": {"team": "orders"}},
        {"destinations": {"orders-db": DATABASE}},
        {"restrict_egress": True},
    ],
)
def test_order_tags_and_rules_do_not_change_the_names(args: dict[str, Any]) -> None:
    assert names_of(plan_of(**args)) == names_of(plan_of())


def test_a_replaced_connector_and_group_are_created_first() -> None:
    assert plan_of().one(CONNECTOR).delete_before_replace is None
    assert (
        GROUP in DELETED_FIRST_IF_NAMED
    )  # pulumi-aws deletes a named group first, unless the component sets the order
    assert plan_of().one(GROUP).delete_before_replace is False


# Outputs


def test_subnets_may_be_one_output() -> None:
    graph = plan(lambda: egress(subnet_ids=pulumi.Output.from_input(SUBNET_IDS))())
    assert graph.one(CONNECTOR)["subnets"] == SUBNET_IDS
    assert names_of(graph) == names_of(plan_of())


def test_subnets_may_be_outputs_inside_an_output() -> None:
    def program() -> None:
        late = [pulumi.Output.from_input(each) for each in SUBNET_IDS]
        egress(subnet_ids=pulumi.Output.from_input("").apply(lambda _: late))()

    assert names_of(plan(program)) == names_of(plan_of())


def test_names_are_unknown_while_the_subnets_are() -> None:
    def program() -> None:
        network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        subnets = [aws.ec2.Subnet(f"subnet-{zone}", vpc_id=network.id) for zone in "ab"]
        VpcEgress("private", VpcEgressArgs(vpc_id=network.id, subnet_ids=[each.id for each in subnets]))

    assert names_of(run(program, unknown=True)) == (UNKNOWN, UNKNOWN)
    assert all("project-private-stack-" in name for name in names_of(run(program)))


@pytest.mark.parametrize(
    "late",
    [
        lambda ids: pulumi.Output.from_input(ids),
        lambda ids: [pulumi.Output.from_input(each) for each in ids],
    ],
)
def test_a_duplicate_among_outputs_is_an_error(late: Callable[[list[str]], Any]) -> None:
    twice = [SUBNET_IDS[0], SUBNET_IDS[0]]
    assert problems(lambda: egress(subnet_ids=late(twice))()) == {
        "subnet_ids": f"must contain each subnet once, got {SUBNET_IDS[0]} more than once"
    }


def test_an_empty_list_of_subnets_is_an_error_also_as_an_output() -> None:
    assert problems(egress(subnet_ids=[])) == {"subnet_ids": "must not be empty"}
    assert problems(lambda: egress(subnet_ids=pulumi.Output.from_input([]))()) == {"subnet_ids": "must not be empty"}


def test_an_invalid_subnet_in_an_output_is_an_error() -> None:
    def program() -> None:
        egress(subnet_ids=pulumi.Output.from_input([SUBNET_IDS[0], "vpc-1"]))()

    assert list(problems(program)) == ["subnet_ids[1]"]


def test_outputs_are_registered() -> None:
    graph = plan_of()
    assert graph.named("private").outputs == {
        "vpcConnectorArn": graph.one(CONNECTOR).outputs["arn"],
        "securityGroupId": graph.one(GROUP).id,
    }
