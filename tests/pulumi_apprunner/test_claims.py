"""Two custom domains of a program that would overwrite each other's records, or that App Runner rejects."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import problems
from pulumi_apprunner import ArgsError, CustomDomain
from pulumi_apprunner.testing import run
from samples import SERVICE_ARN, ZONE_ID

OTHER_SERVICE = SERVICE_ARN.replace("orders-api", "admin")
OTHER_REGION = SERVICE_ARN.replace("eu-west-1", "us-east-1")
OTHER_ACCOUNT = SERVICE_ARN.replace("123456789012", "111122223333")

LATE = pulumi.Output.from_input


def domain(
    name: str,
    service: Any = SERVICE_ARN,
    host: str = "shop.example.com",
    zone: Any = ZONE_ID,
    www: bool = False,
    **more: Any,
) -> None:
    """Create a domain, without a zone if `zone` is None."""
    args: Any = {"service_arn": service, "domain_name": host, "enable_www_subdomain": www, **more}
    args["zone"] = zone and {"id": zone, "name": "example.com"}
    CustomDomain(name, args)


def two_domains(first: Any, second: Any) -> Callable[[], None]:
    def program() -> None:
        for name, values in (("one", first), ("two", second)):
            args: dict[str, Any] = {key: value() if callable(value) else value for key, value in values.items()}
            domain(name, **args)

    return program


RECORDS = (
    "must be used once in a hosted zone, got {host}, which CustomDomain 'one' has. "
    "Each of the two would overwrite the other's record on every update. Remove one of them, or set routing on both if "
    "their services are in two regions"
)
DOMAIN = (
    "must be used once in an account and region, got {host}, which CustomDomain 'one' has. "
    "App Runner rejects a second association of a domain, also with the same service. Remove one of the two"
)


@pytest.mark.parametrize("zone", [ZONE_ID, f"/hostedzone/{ZONE_ID}", lambda: LATE(ZONE_ID)])
@pytest.mark.parametrize("service", [OTHER_REGION, OTHER_ACCOUNT, lambda: LATE(OTHER_REGION)])
def test_a_duplicate_domain_in_a_zone_is_an_error(zone: Any, service: Any) -> None:
    errors = problems(two_domains({}, {"service": service, "zone": zone}))
    assert errors == {"domain_name": RECORDS.format(host="shop.example.com")}


def test_the_zone_of_the_first_domain_may_be_an_output() -> None:
    errors = problems(two_domains({"zone": lambda: LATE(ZONE_ID)}, {"service": OTHER_REGION}))
    assert errors == {"domain_name": RECORDS.format(host="shop.example.com")}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"host": "example.com", "www": True}, {"host": "www.example.com"}),
        ({"host": "www.example.com"}, {"host": "example.com", "www": True}),
    ],
)
def test_www_is_compared_as_a_separate_record(first: Any, second: Any) -> None:
    errors = problems(two_domains(first, {"service": OTHER_SERVICE, **second}))
    assert errors == {"domain_name": RECORDS.format(host="www.example.com")}


@pytest.mark.parametrize("zone", [None, "Z0000000000OTHER", ZONE_ID])
@pytest.mark.parametrize("service", [OTHER_SERVICE, SERVICE_ARN, lambda: LATE(OTHER_SERVICE)])
def test_a_domain_on_two_services_of_an_account_and_region_is_an_error(zone: Any, service: Any) -> None:
    errors = problems(two_domains({"zone": None}, {"service": service, "zone": zone}))
    assert errors == {"domain_name": DOMAIN.format(host="shop.example.com")}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"host": "orders.example.com"}),
        ({}, {"service": OTHER_REGION, "zone": "Z0000000000OTHER"}),
        ({}, {"service": OTHER_REGION, "zone": None}),
        ({}, {"service": OTHER_ACCOUNT, "zone": lambda: LATE("Z0000000000OTHER")}),
        ({"host": "*.example.com"}, {"host": "example.com"}),
        ({"service": lambda: LATE(SERVICE_ARN)}, {"service": lambda: LATE(OTHER_REGION), "zone": None}),
    ],
)
def test_domains_that_do_not_clash_are_accepted(first: Any, second: Any) -> None:
    run(two_domains(first, second))


EU, US = {"set_identifier": "eu", "weight": 50}, {"set_identifier": "us", "weight": 50}
PRIMARY = {"set_identifier": "one", "failover": "primary", "health_check_id": "0000"}
SECONDARY = {"set_identifier": "two", "failover": "secondary"}


@pytest.mark.parametrize("zone", [ZONE_ID, lambda: LATE(ZONE_ID)])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (EU, US),
        ({"set_identifier": "eu", "latency": True}, {"set_identifier": "us", "latency": True}),
        (PRIMARY, SECONDARY),
    ],
)
def test_domains_of_one_name_with_one_policy_and_two_identifiers_are_accepted(
    first: Any, second: Any, zone: Any
) -> None:
    one = {"routing": first, "www": True, "zone": zone}
    graph = run(two_domains(one, {**one, "routing": second, "service": OTHER_REGION}))
    assert len(graph.all("apprunner:index:CustomDomain")) == 2


@pytest.mark.parametrize("zone", [ZONE_ID, lambda: LATE(ZONE_ID)])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            None,
            US,
            {
                "routing": "must be set on all domains of shop.example.com or on none, got none on CustomDomain 'one'. "
                "Route 53 rejects a record without a routing policy beside one with a policy. Set routing on both"
            },
        ),
        (
            EU,
            None,
            {
                "routing": "must be set on all domains of shop.example.com or on none, got none here and a policy on "
                "CustomDomain 'one'. Route 53 rejects a record without a routing policy beside one with a policy. Set "
                "routing on both"
            },
        ),
        (
            EU,
            {"set_identifier": "us", "latency": True},
            {
                "routing": "must have the same policy as CustomDomain 'one', which has shop.example.com too and is "
                "weighted, got latency. Route 53 rejects records of one name with different policies. Use one policy"
            },
        ),
        (
            EU,
            EU,
            {
                "routing.set_identifier": 'must be unique among the domains of shop.example.com, got "eu", which '
                "CustomDomain 'one' also has. Each would overwrite the other's record on every update. Change one of "
                "them"
            },
        ),
        (
            PRIMARY,
            {**PRIMARY, "set_identifier": "two"},
            {
                "routing.failover": "must differ from that of CustomDomain 'one', which has shop.example.com too, got "
                '"primary". Set one of the two to primary, the other to secondary'
            },
        ),
        (
            PRIMARY,
            {**US, "set_identifier": "one"},
            {
                "routing": "must have the same policy as CustomDomain 'one', which has shop.example.com too and is "
                "failover, got weighted. Route 53 rejects records of one name with different policies. Use one policy",
                "routing.set_identifier": 'must be unique among the domains of shop.example.com, got "one", which '
                "CustomDomain 'one' also has. Each would overwrite the other's record on every update. Change one of "
                "them",
            },
        ),
    ],
)
def test_records_that_route_53_rejects_or_that_overwrite_each_other_are_errors(
    first: Any, second: Any, expected: dict[str, str], zone: Any
) -> None:
    program = two_domains({"routing": first, "zone": zone}, {"routing": second, "zone": zone, "service": OTHER_REGION})
    assert problems(program) == expected


def test_domains_of_one_name_have_one_ttl() -> None:
    errors = problems(two_domains({"routing": EU, "ttl": 30}, {"routing": US, "service": OTHER_REGION}))
    assert errors == {
        "ttl": "must be the same as that of CustomDomain 'one', which has shop.example.com too, got none and 30. Route "
        "53 requires one TTL for all weighted records of a name, and the domains may share validation records. Set "
        "both to one value, or remove both"
    }


def test_a_third_domain_is_compared_with_each_of_the_others() -> None:
    def program() -> None:
        domain("one", routing=EU)
        domain("two", OTHER_REGION, routing=US)
        domain("three", SERVICE_ARN.replace("eu-west-1", "us-west-2"), routing=EU)

    (path,) = problems(program)
    assert path == "routing.set_identifier"


def test_a_routing_policy_does_not_allow_two_services_in_one_region() -> None:
    errors = problems(two_domains({"routing": EU}, {"routing": US, "service": OTHER_SERVICE}))
    assert errors == {"domain_name": DOMAIN.format(host="shop.example.com")}


def test_the_comparison_adds_no_dependency_on_the_other_domains_resources() -> None:
    def program() -> None:
        first = aws.apprunner.Service("first", service_name="first", source_configuration={})
        domain("one", first.arn)
        second = aws.apprunner.Service("second", service_name="second", source_configuration={}, region="us-east-1")
        domain("two", second.arn, zone=None)

    for unknown in (False, True):
        graph = run(program, unknown=unknown, config={"aws:region": "eu-west-1"})
        association = graph.named("two-association")
        assert [graph[urn].name for urn in association.dependencies] == ["second"]


def test_a_domain_on_two_new_services_is_an_error_when_their_arns_are_known() -> None:
    def program() -> None:
        for name in ("first", "second"):
            service = aws.apprunner.Service(name, service_name=name, source_configuration={})
            domain("one" if name == "first" else "two", service.arn, zone=None)

    run(program, unknown=True)  # the rule custom-domain-used-once reports it here
    assert problems(program) == {"domain_name": DOMAIN.format(host="shop.example.com")}


def test_each_run_of_a_process_has_separate_claims() -> None:
    run(lambda: domain("one"))
    run(lambda: domain("two"))


def test_a_domain_with_an_error_is_neither_registered_nor_claimed() -> None:
    def program() -> None:
        domain("one")
        for name in ("two", "three"):
            with pytest.raises(ArgsError, match="CustomDomain 'one' has"):
                domain(name)

    graph = run(program)
    assert [each.name for each in graph.all("apprunner:index:CustomDomain")] == ["one"]
