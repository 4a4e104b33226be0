"""The rules of a Fleet that compare services with each other, also if another field is invalid."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import problems
from pulumi_apprunner import Fleet
from pulumi_apprunner.args.fleet_rules import problems_of_fleet
from pulumi_apprunner.args.service import DEPLOYMENT_VARIABLE
from samples import CONNECTOR_ARN, SECRET_ARN, ZONE_ID

SITE: dict[str, Any] = {"image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"}}
EGRESS = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
PAUSE = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
ZONES = {"public": {"id": ZONE_ID, "name": "example.com"}}
SAME_ZONE = {"again": {"id": f"/hostedzone/{ZONE_ID}", "name": "example.com"}}
OTHER_ZONE = {"again": {"id": "Z0000000000OTHER", "name": "example.com"}}
INVALID = {"scaling": {"min_size": 0}}


def fleet_errors(services: Mapping[str, Any], **more: Any) -> Mapping[str, str]:
    """Return the errors of a Fleet with these services."""
    args: Any = {"environment": "staging", "services": services, **more}
    return problems(lambda: Fleet("shop", args))


def site(*hosts: str, **more: Any) -> dict[str, Any]:
    return {**SITE, "domains": [{"domain_name": host} for host in hosts], **more}


def test_an_undefined_egress_is_an_error_with_the_defined_ones() -> None:
    assert fleet_errors({"site": {**SITE, "egress": "order"}}, egress={"orders": EGRESS, "back-office": EGRESS}) == {
        "services.site.egress": 'egress "order" is not defined. Defined egress: back-office, orders. '
        'Did you mean "orders"?'
    }


def test_an_undefined_zone_is_an_error() -> None:
    domains = [{"domain_name": "shop.example.com", "zone": "publc"}]
    path = "services.site.domains[0].zone"
    services = {"site": {**SITE, "domains": domains}}
    assert fleet_errors(services) == {path: 'zone "publc" is not defined. Defined zones: none.'}
    assert fleet_errors(services, zones=ZONES) == {
        path: 'zone "publc" is not defined. Defined zones: public. Did you mean "public"?'
    }


def test_names_below_a_misspelled_key_are_not_also_reported_as_undefined() -> None:
    domains = [{"domain_name": "shop.example.com", "zone": "public"}]
    services = {"site": {**SITE, "egress": "orders", "domains": domains}}
    assert list(fleet_errors(services, egres={"orders": EGRESS}, zone=ZONES)) == ["egres", "zone"]


def test_a_zone_must_contain_the_domain() -> None:
    domains = [{"domain_name": "shop.example.org", "zone": "public"}]
    assert list(fleet_errors({"site": {**SITE, "domains": domains}}, zones=ZONES)) == ["services.site.domains[0].zone"]


def test_a_domain_with_a_routing_policy_requires_a_zone() -> None:
    domain = {"domain_name": "shop.example.com", "routing": {"set_identifier": "eu-west-1", "latency": True}}
    services = {"site": {**SITE, "domains": [domain]}}
    assert fleet_errors(services, zones=ZONES) == {
        "services.site.domains[0].zone": "is required for routing, which is a property of records in Route 53. Set it "
        "to a name in zones, or remove routing and set the policy in your DNS"
    }


def test_a_service_has_at_most_five_domains() -> None:
    hosts = [f"shop{number}.example.com" for number in range(6)]
    assert fleet_errors({"site": site(*hosts)}) == {
        "services.site.domains": "must have at most 5 domains, got 6. App Runner accepts no more for a service, and "
        "the limit cannot be raised"
    }


@pytest.mark.parametrize("second", ["shop.example.com", "Shop.Example.com"])
def test_a_duplicate_domain_is_an_error(second: str) -> None:
    reason = "must be used once, got shop.example.com, which {} also has. Remove one of them"
    assert fleet_errors({"site": site("shop.example.com", second)}) == {
        "services.site.domains[1].domain_name": reason.format("services.site.domains[0]")
    }
    assert fleet_errors({"back-office": site("shop.example.com"), "site": site("api.example.com", second)}) == {
        "services.site.domains[1].domain_name": reason.format("services.back-office.domains[0]")
    }


def two_services_that_need_www(zones: Mapping[str, Any]) -> Any:
    apex = {"domain_name": "example.com", "enable_www_subdomain": True, "zone": "public"}
    www = {"domain_name": "www.example.com", "zone": "again"}
    services = {"shop": {**SITE, "domains": [apex]}, "site": {**SITE, "domains": [www]}}
    return {"environment": "staging", "services": services, "zones": {**ZONES, **zones}}


def test_two_domains_that_need_one_record_are_an_error() -> None:
    assert problems(lambda: Fleet("shop", two_services_that_need_www(SAME_ZONE))) == {
        "services.site.domains[0].domain_name": "must be used once in a hosted zone, got www.example.com, which "
        "example.com of service shop also has. Each would overwrite the other's record on every update. Remove one of "
        "them, or set enable_www_subdomain to false"
    }


def test_one_host_in_two_zones_is_accepted() -> None:
    assert problems_of_fleet(two_services_that_need_www(OTHER_ZONE)) == {}


def test_two_services_need_two_service_names() -> None:
    named = {**SITE, "service_name": "storefront"}
    assert fleet_errors({"shop": named, "site": named}) == {
        "services.site.service_name": "must be unique in an account and region, got storefront, which services.shop "
        "also has. Change one of them"
    }


def test_an_empty_tag_of_a_schedule_is_an_error_with_the_path_of_the_tag() -> None:
    services = {"site": {**SITE, "tags": {"owner": ""}, "pause": PAUSE}}
    reason = (
        'must not be empty, got "". services.site.pause uses EventBridge Scheduler, which rejects empty tag values. '
        "Set a value, or remove the tag"
    )
    assert fleet_errors(services, tags={"team": ""}) == {"tags.team": reason, "services.site.tags.owner": reason}


def test_an_empty_tag_without_a_schedule_is_accepted() -> None:
    assert problems_of_fleet({"tags": {"team": ""}, "services": {"site": SITE}}) == {}


def test_a_service_has_one_connector() -> None:
    services = {"site": {**SITE, "egress": "orders", "vpc_connector_arn": CONNECTOR_ARN}}
    assert list(fleet_errors(services, egress={"orders": EGRESS})) == ["services.site.egress"]


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("TOKEN", "environment", {"TOKEN": "x"}), (DEPLOYMENT_VARIABLE, "redeploy_trigger", "x")],
)
def test_a_duplicate_variable_is_an_error(name: str, field: str, value: Any) -> None:
    services = {"site": {**SITE, "secrets": {name: {"secret_arn": SECRET_ARN}}, field: value}}
    assert fleet_errors(services) == {
        f"services.site.secrets.{name}": f"must be set once, but secrets and {field} both set {name}. "
        "Remove one of them"
    }


def test_a_name_that_may_be_a_secret_is_not_shown() -> None:
    services = {"site": {**SITE, "environment": {"hunter2x": "a"}, "secrets": {"hunter2x": {"secret_arn": SECRET_ARN}}}}
    assert "hunter2x" not in str(fleet_errors(services))


# Services with another invalid field


def test_the_rules_are_checked_if_another_field_of_a_service_is_invalid() -> None:
    services = {
        "shop": {**site("shop.example.com"), **INVALID},
        "site": {
            **site("shop.example.com", egress="order"),
            "domains": [
                {"domain_name": "shop.example.com", "ttl": -1, "zone": "publc"},
            ],
        },
    }
    assert set(fleet_errors(services, environment="", zones=ZONES)) == {
        "environment",
        "services.shop.scaling.min_size",
        "services.site.domains[0].ttl",
        "services.site.egress",
        "services.site.domains[0].zone",
        "services.site.domains[0].domain_name",
    }


def test_an_invalid_zone_is_still_defined() -> None:
    domains = [{"domain_name": "shop.example.com", "zone": "public"}]
    assert list(fleet_errors({"site": {**SITE, "domains": domains}}, zones={"public": {"name": "example.com"}})) == [
        "zones.public.id"
    ]


def test_outputs_are_left_to_the_components() -> None:
    late = pulumi.Output.from_input
    zones = {"public": {"id": late(ZONE_ID), "name": "example.com"}}
    args = {**two_services_that_need_www(SAME_ZONE), "tags": late({"team": ""}), "zones": {**zones, **SAME_ZONE}}
    assert problems_of_fleet(args) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *["services", "egress", "zones", "tags", "domains", "domain_name", "zone", "pause", "site", "id"],
                    *["endpoints", "ingress", "scaling_profiles", "scaling", "max_size", "monitoring", "alarms"],
                ]
            )
            | st.text(max_size=2),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_the_rules_do_not_fail_on_values_that_validation_rejects(value: Any) -> None:
    assert isinstance(problems_of_fleet(value), dict)
