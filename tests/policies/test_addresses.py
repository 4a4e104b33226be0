import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.addresses import dual_stack_consistency, ip_address_type
from policies.public_services import messages
from policies.public_services import network_service as service


def unknown_flag():
    return pulumi.StackReference("network").get_output("public")


@pytest.mark.parametrize("addresses", ["IPV4", "DUAL_STACK", None])
def test_the_address_types_of_app_runner_pass(check_rule, addresses):
    assert check_rule(ip_address_type, {"networkConfiguration": {"ipAddressType": addresses}}).clean


@pytest.mark.parametrize("odd", ["IPV6", "dual_stack", "", 4, True, ["IPV4"], {"type": "IPV4"}])
def test_any_other_address_type_is_a_violation(check_rule, odd):
    (message,) = check_rule(ip_address_type, {"networkConfiguration": {"ipAddressType": odd}}).messages

    assert message.startswith("api: networkConfiguration.ipAddressType must be IPV4 or DUAL_STACK, got ")


def test_an_unknown_address_type_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(ip_address_type, {"networkConfiguration": {"ipAddressType": unknown}})

    assert "ipAddressType can't be known" in result.unknown


def test_a_private_dual_stack_service_is_a_violation(report):
    (message,) = messages(report(lambda: service(public=False, addresses="DUAL_STACK"), dual_stack_consistency))

    assert "AWS's documentation disagrees" in message
    assert "Set networkConfiguration.ipAddressType to IPV4" in message


@pytest.mark.parametrize(
    ("public", "addresses"), [(True, "DUAL_STACK"), (None, "DUAL_STACK"), (False, "IPV4"), (False, None)]
)
def test_public_dual_stack_services_and_private_ipv4_services_pass(report, public, addresses):
    assert not report(lambda: service(public=public, addresses=addresses), dual_stack_consistency).violations


def test_an_unknown_address_type_of_a_private_service_is_no_violation(report):
    result = report(lambda: service(public=False, addresses=unknown_flag()), dual_stack_consistency)

    assert not result.violations
    assert "ipAddressType can't be known" in result.skipped[0].reason


def connector(**subnet):
    inside_subnet = aws.ec2.Subnet("inside", vpc_id="vpc-1", **subnet)
    aws.apprunner.VpcConnector(
        "egress", vpc_connector_name="egress", subnets=[inside_subnet.id, "subnet-2"], security_groups=["sg-1"]
    )


@pytest.mark.parametrize("unknown", [True, False])
def test_a_connector_with_an_ipv6_only_subnet_is_a_violation(report, unknown):
    def program():
        connector(ipv6_native=True, ipv6_cidr_block="2001:db8:1234:1a00::/64")

    (message,) = messages(report(program, dual_stack_consistency, unknown=unknown))

    assert message.startswith("egress: subnets must have IPv4 addresses, got inside, whose ipv6Native is true")


def test_a_connector_with_ipv4_or_dual_stack_subnets_passes(report):
    assert not report(lambda: connector(cidr_block="10.0.1.0/24"), dual_stack_consistency).violations
    assert not report(
        lambda: connector(cidr_block="10.0.1.0/24", ipv6_cidr_block="2001:db8:1234:1a00::/64"), dual_stack_consistency
    ).violations
