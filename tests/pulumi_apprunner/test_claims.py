"""Two custom domains of a program that would overwrite each other's records, or that App Runner rejects."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import problems
from pulumi_apprunner import ArgsError, CustomDomain, CustomDomainArgsDict
from pulumi_apprunner.testing import run
from samples import SERVICE_ARN, ZONE_ID

OTHER_SERVICE = SERVICE_ARN.replace("orders-api", "admin")
OTHER_REGION = SERVICE_ARN.replace("eu-west-1", "us-east-1")
OTHER_ACCOUNT = SERVICE_ARN.replace("123456789012", "111122223333")

LATE = pulumi.Output.from_input


def domain(
    name: str, service: Any = SERVICE_ARN, host: str = "shop.example.com", zone: Any = ZONE_ID, www: bool = False
) -> None:
    """Create a domain, without a zone if `zone` is None."""
    args: CustomDomainArgsDict = {"service_arn": service, "domain_name": host, "enable_www_subdomain": www}
    CustomDomain(name, {**args, "zone": zone and {"id": zone, "name": "example.com"}})


def two_domains(first: Any, second: Any) -> Callable[[], None]:
    def program() -> None:
        for name, values in (("one", first), ("two", second)):
            args: dict[str, Any] = {key: value() if callable(value) else value for key, value in values.items()}
            domain(name, **args)

    return program


RECORDS = (
    "must be used once in a hosted zone, got {host}, which CustomDomain 'one' has. "
    "Each of the two would overwrite the other's record on every update. Remove one of them"
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
