from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.connector_subnets import connector_subnets_private, connector_subnets_route_out
from policies.public_services import messages

VPC = "vpc-0a1b2c3d4e5f60718"
SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"]
GROUPS = ["sg-0a1b2c3d4e5f60718"]
OUT: Any = {"gateway_id": "igw-0a1b2c3d"}


def connector(subnets=SUBNETS, security_groups=GROUPS):
    return aws.apprunner.VpcConnector(
        "private", vpc_connector_name="private", subnets=subnets, security_groups=security_groups
    )


def subnet(name, zone=None, **more):
    return aws.ec2.Subnet(name, vpc_id=VPC, cidr_block="10.0.1.0/24", availability_zone=zone, **more)


def group(name="private", **more):
    return aws.ec2.SecurityGroup(name, vpc_id=VPC, **more)


# Public subnets


def gateway():
    return aws.ec2.InternetGateway("internet", vpc_id=VPC).id


def table(name="table", routes: Any = None):
    return aws.ec2.RouteTable(name, vpc_id=VPC, routes=routes)


def separate_route(target: Any):
    route_table = table()
    aws.ec2.Route("out", route_table_id=route_table.id, destination_cidr_block="0.0.0.0/0", **target())
    return route_table


def inline_route(target: Any):
    target_arguments = target()
    return table(routes=[{"cidr_block": "0.0.0.0/0", **target_arguments}])


def routed(route_table, by_value=False):
    first = subnet("a", "eu-west-1a")
    subnets: Any = SUBNETS if by_value else [first.id, subnet("b", "eu-west-1b").id]
    aws.ec2.RouteTableAssociation("a", subnet_id=subnets[0], route_table_id=route_table.id)
    connector(subnets)


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("by_value", [True, False])
@pytest.mark.parametrize("route", [separate_route, inline_route])
@pytest.mark.parametrize("target", [lambda: {"gateway_id": gateway()}, lambda: {"gateway_id": "igw-0a1b2c3d"}])
def test_a_subnet_with_a_route_to_an_internet_gateway_is_a_violation(report, route, target, by_value, unknown):
    program = lambda: routed(route(target), by_value)  # noqa: E731
    (message,) = messages(report(program, connector_subnets_private, unknown=unknown))

    assert message.startswith(
        f"private: subnets must be private, got {SUBNETS[0] if by_value else 'a'}, whose route table has a route"
    )


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("route", [separate_route, inline_route])
@pytest.mark.parametrize(
    "target",
    [
        lambda: {"nat_gateway_id": "nat-0a1b2c3d"},
        lambda: {"gateway_id": "vgw-0a1b2c3d"},
        lambda: {"nat_gateway_id": aws.ec2.Instance("e", ami="ami-0a1b2c3d", instance_type="t4g.nano").arn},
    ],
)
def test_a_subnet_with_another_route_passes(report, route, target, unknown):
    result = report(lambda: routed(route(target)), connector_subnets_private, unknown=unknown)

    assert (result.violations, result.skipped) == ((), ())


def test_an_unknown_gateway_does_not_count_as_an_internet_gateway(report):
    def program():
        elsewhere = aws.ec2.Instance("e", ami="ami-0a1b2c3d", instance_type="t4g.nano").arn
        routed(separate_route(lambda: {"gateway_id": elsewhere}))

    assert not report(program, connector_subnets_private, unknown=True).violations


def test_subnets_of_other_tables_pass(report):
    def program():
        separate_route(lambda: {"gateway_id": gateway()})
        routed(table("private"))

    assert not report(program, connector_subnets_private).violations


def test_a_subnet_without_a_table_of_its_own_has_that_of_the_vpc(report):
    def checked(make_main):
        def program():
            vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
            make_main(vpc)
            own = [
                aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone=zone)
                for zone in ("eu-west-1a", "eu-west-1b")
            ]
            connector([each.id for each in own])

        return messages(report(program, connector_subnets_private))

    def associated(vpc):
        public = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[OUT])
        aws.ec2.MainRouteTableAssociation("main", vpc_id=vpc.id, route_table_id=public.id)

    def adopted(vpc):
        aws.ec2.DefaultRouteTable("main", default_route_table_id=vpc.default_route_table_id, routes=[OUT])

    def extended(vpc):
        aws.ec2.Route("out", route_table_id=vpc.main_route_table_id, **OUT)

    for make_main in (associated, adopted, extended):
        (message,) = checked(make_main)
        assert "got eu-west-1a and eu-west-1b, whose VPC's main route table has a route to an internet" in message
    assert not checked(lambda vpc: aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[OUT]))


@pytest.mark.parametrize("is_private", [True, False])
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda zone: aws.ec2.DefaultSubnet(zone, availability_zone=zone), "a default subnet, which is public"),
        (lambda zone: subnet(zone, zone, map_public_ip_on_launch=True), "whose mapPublicIpOnLaunch is true"),
    ],
)
def test_subnets_that_are_meant_to_be_public_need_a_table_without_a_gateway(report, make, expected, is_private):
    def program():
        own = [make(zone) for zone in ("eu-west-1a", "eu-west-1b")]
        connector([each.id for each in own])
        for each in own if is_private else ():
            aws.ec2.RouteTableAssociation(each._name, route_table_id=table(each._name).id, subnet_id=each.id)

    result = messages(report(program, connector_subnets_private))

    assert [expected in each for each in result] == ([] if is_private else [True])


# Routes out


ON: Any = {"connector-subnets-route-out": {"enforcementLevel": "mandatory", "internetRequired": True}}
NAT: Any = {"nat_gateway_id": "nat-0a1b2c3d"}


def subnet_of(name, route_table):
    own = subnet(name)
    aws.ec2.RouteTableAssociation(name, subnet_id=own.id, route_table_id=route_table.id)
    return own.id


def default_route(target, destination: Any = None):
    route_table = table("private")
    aws.ec2.Route(
        "out", route_table_id=route_table.id, **(destination or {"destination_cidr_block": "0.0.0.0/0"}), **target
    )
    return route_table


def test_a_subnet_without_a_way_out_beside_one_with_a_way_out_is_reported(report):
    def program():
        connector([subnet_of("out", default_route(NAT)), subnet_of("isolated", table("isolated"))])

    (message,) = messages(report(program, connector_subnets_route_out))

    assert "got isolated, which has no default route, unlike out." in message


def test_a_first_preview_without_a_way_out_is_skipped(report):
    """A program may create the route inside `apply`."""

    def program():
        connector([subnet_of("out", default_route(NAT)), subnet_of("isolated", table("isolated"))])

    result = report(program, connector_subnets_route_out, unknown=True)

    assert not result.violations
    assert result.skipped


def test_isolated_subnets_are_a_violation_if_the_internet_is_required(report):
    def program():
        connector([subnet_of("one", table("first")), subnet_of("two", table("second"))])

    result = report(program, connector_subnets_route_out, config=ON)

    assert "got one and two, which have no default route." in messages(result)[0]
    assert not report(program, connector_subnets_route_out).violations


@pytest.mark.parametrize(
    "target",
    [
        NAT,
        {"transit_gateway_id": "tgw-0a1b2c3d"},
        {"vpc_endpoint_id": "vpce-0a1b2c3d"},
        {"network_interface_id": "eni-0"},
    ],
)
def test_a_default_route_to_anything_is_a_way_out(report, target):
    def program():
        connector([subnet_of("one", default_route(target))])

    assert not report(program, connector_subnets_route_out, config=ON).violations


@pytest.mark.parametrize(
    ("destination", "is_reported"),
    [
        ({"destination_cidr_block": "10.0.0.0/8"}, True),
        ({"destination_cidr_block": "128.0.0.0/1"}, False),
        ({"destination_ipv6_cidr_block": "::/0"}, False),
        ({"destination_prefix_list_id": "pl-0a1b2c3d"}, False),
    ],
)
def test_a_default_route_contains_the_internet(report, destination, is_reported):
    def program():
        connector([subnet_of("one", default_route(NAT, destination))])

    assert bool(report(program, connector_subnets_route_out, config=ON).violations) is is_reported


def test_an_unknown_destination_may_be_the_internet(report):
    def program():
        destination = aws.ssm.Parameter("cidr", type="String", value="x").arn
        connector([subnet_of("one", default_route(NAT, {"destination_cidr_block": destination}))])

    assert not report(program, connector_subnets_route_out, config=ON, unknown=True).violations


def test_inline_default_routes_count(report):
    def program():
        connector([subnet_of("one", inline_route(lambda: NAT))])

    assert not report(program, connector_subnets_route_out, config=ON).violations


@pytest.mark.parametrize(
    "make",
    [
        lambda: subnet("one").id,
        lambda: "subnet-0a1b2c3d4e5f60718",
        lambda: subnet_of("one", aws.ec2.RouteTable("vpn", vpc_id=VPC, propagating_vgws=["vgw-0a1b2c3d"])),
    ],
)
def test_subnets_with_routes_outside_the_stack_are_not_checked(report, make):
    assert not report(lambda: connector([make()]), connector_subnets_route_out, config=ON).violations


def test_a_route_of_an_unknown_table_may_be_any(report):
    def program():
        other = aws.ssm.Parameter("table", type="String", value="x").arn
        aws.ec2.Route("other", route_table_id=other, destination_cidr_block="0.0.0.0/0", **NAT)
        connector([subnet_of("one", table("first"))])

    assert not report(program, connector_subnets_route_out, config=ON, unknown=True).violations
