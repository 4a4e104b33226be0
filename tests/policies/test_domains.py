"""The rule custom-domain-used-once."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.domains import custom_domain_used_once

ZONE = "Z0123456789ABCDEFGHIJ"
ORDERS = "arn:aws:apprunner:eu-west-1:123456789012:service/orders/8fe1e10304f84fd2b0df550fe98a71fa"
ADMIN = "arn:aws:apprunner:eu-west-1:123456789012:service/admin/0123456789abcdef0123456789abcdef"


def service(name, **more):
    return aws.apprunner.Service(name, service_name=name, source_configuration={}, **more).arn


def associated(name, service_arn: Any, domain="shop.example.com", **more):
    return aws.apprunner.CustomDomainAssociation(
        name, service_arn=service_arn, domain_name=domain, enable_www_subdomain=False, **more
    )


def routed(domain, name="shop.example.com", zone: Any = ZONE, **more):
    return aws.route53.Record(
        f"{domain._name}-traffic", zone_id=zone, name=name, type="CNAME", ttl=300, records=[domain.dns_target], **more
    )


def elsewhere():
    """Return an output that is unknown in a first preview and does not depend on a service."""
    return aws.ec2.Instance("elsewhere", ami="ami-0a1b2c3d", instance_type="t4g.nano").arn


def checked(report, program, **more):
    result = report(program, custom_domain_used_once, **more)
    return [each.message.split(":")[0] for each in result.violations], len(result.skipped)


# One domain on two services


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("domain", ["shop.example.com", "Shop.Example.com"])
def test_a_domain_on_two_services_of_one_account_and_region_is_a_violation(report, domain, unknown):
    def program():
        associated("one", ORDERS)
        associated("two", ADMIN, domain)

    result = report(program, custom_domain_used_once, unknown=unknown)

    (violation,) = result.violations
    assert violation.message.startswith(
        f'two: domainName must be associated once in an account and region, got "{domain}", which one also has'
    )


@pytest.mark.parametrize("unknown", [True, False])
def test_two_new_services_of_one_provider_are_in_one_account_and_region(report, unknown):
    def program():
        associated("one", service("orders"))
        associated("two", service("admin"))

    assert checked(report, program, unknown=unknown) == (["two"], 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_two_associations_of_a_domain_with_one_service_are_a_violation(report, unknown):
    def program():
        arn = service("orders")
        associated("one", arn)
        associated("two", arn)

    assert checked(report, program, unknown=unknown) == (["two"], 0)


@pytest.mark.parametrize(
    ("arn", "domain"),
    [
        (ADMIN.replace("eu-west-1", "us-east-1"), "shop.example.com"),
        (ADMIN.replace("123456789012", "111122223333"), "shop.example.com"),
        (ADMIN, "admin.example.com"),
        (ADMIN, "*.example.com"),
    ],
)
def test_another_account_region_or_domain_passes(report, arn, domain):
    def program():
        associated("one", ORDERS)
        associated("two", arn, domain)

    assert checked(report, program) == ([], 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_new_services_of_two_regions_pass(report, unknown):
    def program():
        for name, region in (("one", "eu-west-1"), ("two", "us-east-1")):
            associated(name, service(f"{name}-api", region=region), region=region)

    assert checked(report, program, unknown=unknown) == ([], 0)


def test_an_unknown_account_is_skipped(report):
    def program():
        there = pulumi.ResourceOptions(provider=aws.Provider("there", region="eu-west-1"))
        associated("one", ORDERS)
        associated("two", elsewhere(), opts=there)

    assert checked(report, program, unknown=True) == ([], 1)


# One record of two associations


def two_regions(**more):
    one = associated("one", ORDERS)
    two = associated("two", ORDERS.replace("eu-west-1", "us-east-1"))
    routed(one, **{**more, **({"set_identifier": "eu"} if "weighted_routing_policies" in more else {})})
    routed(two, **{**more, **({"set_identifier": "us"} if "weighted_routing_policies" in more else {})})


@pytest.mark.parametrize("unknown", [True, False])
def test_records_of_two_associations_with_one_name_are_a_violation(report, unknown):
    assert checked(report, two_regions, unknown=unknown) == (["two-traffic"], 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_hosted_zone_of_the_stack_is_one_zone_even_if_its_id_is_unknown(report, unknown):
    def program():
        two_regions(zone=aws.route53.Zone("public", name="example.com").zone_id)

    assert checked(report, program, unknown=unknown) == (["two-traffic"], 0)


def test_records_with_a_routing_policy_pass(report):
    assert checked(report, lambda: two_regions(weighted_routing_policies=[{"weight": 1}])) == ([], 0)


def test_records_of_two_zones_pass(report):
    def program():
        routed(associated("one", ORDERS))
        routed(associated("two", ORDERS.replace("eu-west-1", "us-east-1")), zone="Z0000000000OTHER")

    assert checked(report, program) == ([], 0)


def test_records_of_other_targets_are_not_checked(report):
    def program():
        for name in ("one", "two"):
            aws.route53.Record(name, zone_id=ZONE, name="a.example.com", type="CNAME", ttl=300, records=["b.example"])

    assert checked(report, program) == ([], 0)


def test_a_record_with_an_unknown_zone_is_ignored(report):
    def program():
        one = associated("one", ORDERS)
        routed(one, zone=elsewhere())
        routed(associated("two", ORDERS.replace("eu-west-1", "us-east-1")))

    assert checked(report, program, unknown=True) == ([], 0)


@pytest.mark.parametrize(("www", "is_violation"), [(True, True), (None, True), (False, False)])
def test_the_www_subdomain_of_an_association_counts(report, www, is_violation):
    def program():
        aws.apprunner.CustomDomainAssociation(
            "a", domain_name="example.com", service_arn=ORDERS, enable_www_subdomain=www
        )
        associated("b", ORDERS, "www.example.com")

    result = [each.message for each in report(program, custom_domain_used_once).violations]

    assert ['got "www.example.com", which a also has' in each for each in result] == [True] * is_violation
