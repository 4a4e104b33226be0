"""The rule no-apex-cname."""

from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.domains import no_apex_cname
from policies.public_services import messages, service

ZONE = "Z0123456789ABCDEFGHIJ"


def zone(name="example.com"):
    return aws.route53.Zone("shop", name=name).zone_id


def record(name: str, zone_id: Any, *, target: Any = None, type="CNAME"):
    if target is None:
        target = aws.apprunner.CustomDomainAssociation(
            "shop", service_arn=service().arn, domain_name=name or "example.com", enable_www_subdomain=False
        ).dns_target
    aws.route53.Record("traffic", zone_id=zone_id, name=name, type=type, ttl=300, records=[target])


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("name", ["example.com", "Example.com.", ""])
def test_a_cname_at_the_apex_of_a_zone_is_reported(report, name, unknown):
    (message,) = messages(report(lambda: record(name, zone()), no_apex_cname, unknown=unknown))

    assert message.startswith(f'traffic: type must be A with aliases, got CNAME for "{name.lower().rstrip(".")}')
    assert "the apex of its hosted zone. Route 53 rejects the record." in message


def test_the_apex_of_a_subdomain_s_zone_is_one_too(report):
    assert report(lambda: record("shop.example.com", zone("shop.example.com")), no_apex_cname).violations


@pytest.mark.parametrize("name", ["www.example.com", "shop.example.com"])
def test_a_cname_below_the_apex_passes(report, name):
    assert not report(lambda: record(name, zone()), no_apex_cname).violations


@pytest.mark.parametrize(("name", "is_reported"), [("example.com", True), ("shop.example.com", False), ("www", False)])
def test_a_custom_domain_with_one_dot_is_an_apex_in_any_zone(report, name, is_reported):
    assert bool(report(lambda: record(name, ZONE), no_apex_cname).violations) is is_reported


@pytest.mark.parametrize(
    ("target", "is_reported"), [("abcdefghij.eu-west-1.awsapprunner.com.", True), ("shop.example.net", False)]
)
def test_records_of_other_targets_are_not_checked(report, target, is_reported):
    assert bool(report(lambda: record("example.com", zone(), target=target), no_apex_cname).violations) is is_reported


def test_a_name_in_a_private_zone_may_be_below_its_apex(report):
    target = "abcdefghij.eu-west-1.awsapprunner.com"

    assert not report(lambda: record("api.internal", ZONE, target=target), no_apex_cname).violations


def test_other_types_pass(report):
    assert not report(lambda: record("example.com", zone(), type="A"), no_apex_cname).violations


@pytest.mark.parametrize("unknown", [True, False])
def test_a_relative_name_below_the_apex_passes(report, unknown):
    assert not report(lambda: record("www", zone()), no_apex_cname, unknown=unknown).violations
