from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.connector import (
    connector_lets_traffic_out,
    vpc_connector_subnets,
)
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


# Zones


@pytest.mark.parametrize("subnets", [SUBNETS[:1], SUBNETS[:1] * 2])
def test_one_subnet_is_one_zone(report, subnets):
    (message,) = messages(report(lambda: connector(subnets), vpc_connector_subnets))

    assert message.startswith("private: subnets must be in two availability zones, got one subnet.")


@pytest.mark.parametrize("unknown", [True, False])
def test_one_subnet_of_the_stack_is_one_zone_even_if_its_id_is_unknown(report, unknown):
    result = report(lambda: connector([subnet("a", "eu-west-1a").id]), vpc_connector_subnets, unknown=unknown)

    assert len(result.violations) == 1


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("by", ["availability_zone", "availability_zone_id"])
def test_subnets_of_the_stack_in_one_zone_are_a_violation_that_names_the_zone(report, by, unknown):
    zone: Any = {by: "euw1-az1"}

    def program():
        subnets = [aws.ec2.Subnet(name, vpc_id=VPC, cidr_block="10.0.1.0/24", **zone) for name in ("a", "b", "c")]
        connector([each.id for each in subnets])

    result = report(program, vpc_connector_subnets, unknown=unknown)

    assert "subnets must be in two availability zones, got 3 subnets in euw1-az1" in messages(result)[0]


def test_subnets_in_two_zones_pass(report):
    def program():
        connector([subnet("a", "eu-west-1a").id, subnet("b", "eu-west-1a").id, subnet("c", "eu-west-1b").id])

    result = report(program, vpc_connector_subnets)

    assert (result.violations, result.skipped) == ((), ())


def test_subnets_from_outside_the_stack_are_not_checked(report):
    assert not report(connector, vpc_connector_subnets).violations
    assert not report(lambda: connector([SUBNETS[0], subnet("a", "eu-west-1a").id]), vpc_connector_subnets).violations


def test_an_unknown_zone_is_skipped(report):
    def program():
        zone = aws.ec2.Instance("elsewhere", ami="ami-0a1b2c3d", instance_type="t4g.nano").arn
        connector([subnet("a", zone).id, subnet("b", zone).id])

    result = report(program, vpc_connector_subnets, unknown=True)

    assert not result.violations
    assert [each.policy for each in result.skipped] == ["vpc-connector-subnets"]


# Egress


def egress_rule(security_group):
    aws.vpc.SecurityGroupEgressRule("out", security_group_id=security_group.id, cidr_ipv4="0.0.0.0/0", ip_protocol="-1")


def legacy_rule(security_group, kind="egress"):
    aws.ec2.SecurityGroupRule(
        "out",
        type=kind,
        security_group_id=security_group.id,
        protocol="-1",
        from_port=0,
        to_port=0,
        cidr_blocks=["0.0.0.0/0"],
    )


def ingress_rules(security_group):
    legacy_rule(security_group, "ingress")
    aws.vpc.SecurityGroupIngressRule(
        "in", security_group_id=security_group.id, cidr_ipv4="10.0.0.0/8", ip_protocol="-1"
    )


@pytest.mark.parametrize("more", [lambda security_group: None, ingress_rules])
def test_a_security_group_without_egress_is_a_violation(report, more):
    def program():
        security_group = group(egress=[])
        more(security_group)
        connector(security_groups=[security_group.id])

    (message,) = messages(report(program, connector_lets_traffic_out))

    assert message.startswith(
        "private: securityGroups must allow outbound traffic, got private without an egress rule."
    )


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("rule", [egress_rule, legacy_rule])
def test_a_security_group_with_a_separate_egress_rule_passes(report, rule, unknown):
    def program():
        security_group = group()
        rule(security_group)
        connector(security_groups=[security_group.id])

    result = report(program, connector_lets_traffic_out, unknown=unknown)

    assert (result.violations, result.skipped) == ((), ())


def test_a_security_group_with_inline_egress_passes(report):
    rule = aws.ec2.SecurityGroupEgressArgs(from_port=0, to_port=0, protocol="-1", cidr_blocks=["0.0.0.0/0"])

    result = report(lambda: connector(security_groups=[group(egress=[rule]).id]), connector_lets_traffic_out)

    assert not result.violations


def test_an_egress_rule_of_another_security_group_does_not_count(report):
    def program():
        egress_rule(group("other"))
        connector(security_groups=[group(egress=[]).id])

    assert report(program, connector_lets_traffic_out).violations


def test_one_security_group_with_egress_is_enough(report):
    def program():
        open_one = group("open")
        egress_rule(open_one)
        connector(security_groups=[group(egress=[]).id, open_one.id])

    assert not report(program, connector_lets_traffic_out).violations


def test_security_groups_from_outside_the_stack_are_not_checked(report):
    assert not report(connector, connector_lets_traffic_out).violations
    result = report(lambda: connector(security_groups=[*GROUPS, group(egress=[]).id]), connector_lets_traffic_out)
    assert not result.violations


def test_a_rule_of_an_unknown_security_group_skips_the_check(report):
    def program():
        elsewhere = aws.ec2.Instance("elsewhere", ami="ami-0a1b2c3d", instance_type="t4g.nano")
        aws.vpc.SecurityGroupEgressRule("out", security_group_id=elsewhere.arn, ip_protocol="-1")
        connector(security_groups=[group(egress=[]).id])

    result = report(program, connector_lets_traffic_out, unknown=True)

    assert not result.violations
    assert result.skipped


# Default subnets and groups


def test_two_default_subnets_in_a_zone_are_one_zone(report):
    def program():
        connector([aws.ec2.DefaultSubnet("one", availability_zone="eu-west-1a").id, subnet("two", "eu-west-1a").id])

    assert report(program, vpc_connector_subnets).violations


@pytest.mark.parametrize("egress", [None, [{"protocol": "-1", "from_port": 0, "to_port": 0}]])
def test_a_default_security_group_is_checked(report, egress: Any):
    def program():
        default = aws.ec2.DefaultSecurityGroup("default", vpc_id=VPC, egress=egress)
        connector(security_groups=[default.id])

    assert bool(report(program, connector_lets_traffic_out).violations) is (egress is None)
