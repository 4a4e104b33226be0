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
    inputs: Any = {"type": "CNAME", "ttl": 300, "records": [domain.dns_target], **more}
    return aws.route53.Record(f"{domain._name}-traffic", zone_id=zone, name=name, **inputs)


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


@pytest.mark.parametrize("unknown", [True, False])
def test_two_providers_may_be_of_two_accounts(report, unknown):
    def program():
        for name in ("one", "two"):
            there = pulumi.ResourceOptions(provider=aws.Provider(name, region="eu-west-1"))
            associated(name, service(f"{name}-api", opts=there), opts=there)

    assert not report(program, custom_domain_used_once, unknown=unknown).violations


def test_an_unknown_account_is_skipped(report):
    def program():
        there = pulumi.ResourceOptions(provider=aws.Provider("there", region="eu-west-1"))
        associated("one", ORDERS)
        associated("two", elsewhere(), opts=there)

    assert checked(report, program, unknown=True) == ([], 1)


# One record of two associations


def two_regions(first=None, second=None, **more):
    """Create two associations of a domain with these inputs of their records."""
    one = associated("one", ORDERS)
    two = associated("two", ORDERS.replace("eu-west-1", "us-east-1"))
    routed(one, **{**more, **(first or {})})
    routed(two, **{**more, **(second or {})})


def weighted(identifier, **more):
    return {"set_identifier": identifier, "weighted_routing_policies": [{"weight": 1}], **more}


def latency(identifier, region):
    return {"set_identifier": identifier, "latency_routing_policies": [{"region": region}]}


def failover(identifier, role):
    return {"set_identifier": identifier, "failover_routing_policies": [{"type": role}]}


@pytest.mark.parametrize("unknown", [True, False])
def test_records_of_two_associations_with_one_name_are_a_violation(report, unknown):
    assert checked(report, two_regions, unknown=unknown) == (["two-traffic"], 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_hosted_zone_of_the_stack_is_one_zone_even_if_its_id_is_unknown(report, unknown):
    def program():
        two_regions(zone=aws.route53.Zone("public", name="example.com").zone_id)

    assert checked(report, program, unknown=unknown) == (["two-traffic"], 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (weighted("eu"), weighted("us")),
        (latency("eu", "eu-west-1"), latency("us", "us-east-1")),
        (failover("one", "PRIMARY"), failover("two", "SECONDARY")),
        ({"set_identifier": "eu"}, weighted("us")),  # incomplete, so that pulumi-aws rejects it
    ],
)
@pytest.mark.parametrize("unknown", [True, False])
def test_records_of_one_policy_pass(report, first, second, unknown):
    assert checked(report, lambda: two_regions(first, second), unknown=unknown) == ([], 0)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            weighted("eu"),
            weighted("eu"),
            'setIdentifier must be unique among the records of "shop.example.com", got "eu", which one-traffic also '
            "has. Each overwrites the other on every update. Change one of them.",
        ),
        (
            weighted("eu"),
            {},
            'setIdentifier must be set on all records of "shop.example.com" or on none, and one-traffic has the same '
            "name. Route 53 rejects a record without a routing policy beside one with a policy. Add a policy and a "
            "setIdentifier to both.",
        ),
        (
            weighted("eu"),
            latency("us", "us-east-1"),
            'the routing policy of all records of "shop.example.com" must be the same, got latency, and weighted on '
            "one-traffic. Route 53 rejects different policies. Use one policy.",
        ),
        (
            latency("eu", "eu-west-1"),
            latency("us", "eu-west-1"),
            'latencyRoutingPolicies[0].region must be unique among the records of "shop.example.com", got '
            '"eu-west-1", which one-traffic also has. Route 53 rejects the second one. Change one of them.',
        ),
        (
            failover("one", "PRIMARY"),
            failover("two", "PRIMARY"),
            'failoverRoutingPolicies[0].type must be unique among the records of "shop.example.com", got "PRIMARY", '
            "which one-traffic also has. Route 53 rejects the second one. Change one of them.",
        ),
        (
            weighted("eu"),
            weighted("us", ttl=60),
            'ttl must be the same on all weighted records of "shop.example.com", got 60, and 300 on one-traffic. Route '
            "53 rejects the second one. Use one value.",
        ),
    ],
)
def test_records_that_conflict_are_a_violation(report, first, second, message):
    result = report(lambda: two_regions(first, second), custom_domain_used_once)
    assert [each.message for each in result.violations] == [f"two-traffic: {message}"]


def test_an_unknown_identifier_equals_no_other(report):
    def program():
        two_regions(weighted(elsewhere()), weighted("eu"))

    assert checked(report, program, unknown=True) == ([], 0)


def test_a_third_record_is_compared_with_each_of_the_others(report):
    def program():
        two_regions(weighted("eu"), weighted("us"))
        routed(associated("zz", ORDERS.replace("eu-west-1", "us-west-2")), **weighted("us"))

    assert checked(report, program) == (["zz-traffic"], 0)


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("name", ["shop", "shop.example.com."])
def test_a_relative_name_is_in_its_zone(report, name, unknown):
    def program():
        zone = aws.route53.Zone("zone", name="example.com").zone_id
        routed(associated("one", ORDERS), zone=zone)
        routed(associated("two", ADMIN, "other.example.com"), name, zone=zone)

    result = report(program, custom_domain_used_once, unknown=unknown)

    (violation,) = result.violations
    assert violation.message.startswith('two-traffic: name must be unique in a hosted zone, got "shop.example.com"')


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
