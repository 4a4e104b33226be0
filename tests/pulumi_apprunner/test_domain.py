"""CustomDomain: its records and their purposes, and the resources that a change does not affect."""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.regions import HOSTED_ZONE_IDS
from plans import children, dependencies, plan, problems
from pulumi_apprunner import CustomDomain, CustomDomainArgs, HostedZone
from pulumi_apprunner.offline.stubs import resources as stubs
from pulumi_apprunner.offline.stubs.request import Stub
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import SERVICE_ARN, ZONE_ID

ASSOCIATION = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
RECORD = "aws:route53/record:Record"

ZONE = HostedZone(id=ZONE_ID, name="example.com")
TARGET = "abcdefghij.eu-west-1.awsapprunner.com"


def domain(domain_name: str = "shop.example.com", **args: Any) -> Callable[[], None]:
    """Return a program that creates a domain named shop."""
    all_args = {"zone": ZONE, "service_arn": SERVICE_ARN} | args
    return lambda: CustomDomain("shop", CustomDomainArgs(domain_name=domain_name, **all_args)) and None


def plan_of(domain_name: str = "shop.example.com", **args: Any) -> Graph:
    return plan(domain(domain_name, **args))


def validation_records(hosts: Sequence[str], status: str = "PENDING_VALIDATION") -> list[dict[str, str]]:
    return [
        {"name": f"_{index}a.{host}.", "type": "CNAME", "value": f"_{index}b.acm-validations.aws.", "status": status}
        for index, host in enumerate(hosts)
    ]


@pytest.fixture
def aws_returns(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make AWS return these validation records."""

    def set_outputs(records: Any, target: str = TARGET, status: str = "active") -> None:
        outputs = {"certificateValidationRecords": records, "dnsTarget": target, "status": status}
        monkeypatch.setitem(
            stubs.RESOURCE_STUBS,  # pyright: ignore[reportArgumentType]
            ASSOCIATION,
            lambda request: Stub("shop", outputs),
        )

    return set_outputs


# The records of each kind of domain


def test_a_subdomain_has_two_validation_records_and_one_traffic_record() -> None:
    assert children(plan_of(), "shop") == [
        (ASSOCIATION, "shop-association"),
        (RECORD, "shop-traffic"),
        (RECORD, "shop-validation-1"),
        (RECORD, "shop-validation-2"),
    ]


def test_www_adds_a_validation_record_and_a_traffic_record() -> None:
    assert children(plan_of(enable_www_subdomain=True), "shop") == [
        (ASSOCIATION, "shop-association"),
        (RECORD, "shop-traffic"),
        (RECORD, "shop-traffic-www"),
        (RECORD, "shop-validation-1"),
        (RECORD, "shop-validation-2"),
        (RECORD, "shop-validation-www"),
    ]


def test_a_wildcard_has_two_validation_records() -> None:
    graph = plan_of("*.example.com")
    assert len(graph.all(RECORD)) == 3
    assert graph.named("shop-traffic")["name"] == "*.example.com"


def test_without_a_zone_no_record_is_created_and_all_are_outputs() -> None:
    graph = plan_of(zone=None, enable_www_subdomain=True)
    assert children(graph, "shop") == [(ASSOCIATION, "shop-association")]
    component = graph.named("shop").outputs
    validation = graph.one(ASSOCIATION).outputs["certificateValidationRecords"]
    assert sorted(component["records"], key=lambda record: record["name"]) == sorted(
        [
            *({"name": each["name"], "type": "CNAME", "value": each["value"]} for each in validation),
            {"name": "shop.example.com", "type": "CNAME", "value": component["dnsTarget"]},
            {"name": "www.shop.example.com", "type": "CNAME", "value": component["dnsTarget"]},
        ],
        key=lambda record: record["name"],
    )


# Inputs


def test_the_association_always_sets_enable_www_subdomain() -> None:
    association = {"domainName": "shop.example.com", "serviceArn": SERVICE_ARN}
    assert plan_of().one(ASSOCIATION).inputs == association | {"enableWwwSubdomain": False}
    assert plan_of(enable_www_subdomain=True).one(ASSOCIATION).inputs == association | {"enableWwwSubdomain": True}


def test_a_replaced_association_is_deleted_first() -> None:
    assert plan_of().one(ASSOCIATION).delete_before_replace is True


def test_a_subdomains_traffic_record_is_a_cname() -> None:
    graph = plan_of(ttl=60)
    assert graph.named("shop-traffic").inputs == {
        "zoneId": ZONE_ID,
        "name": "shop.example.com",
        "type": "CNAME",
        "ttl": 60,
        "records": [graph.one(ASSOCIATION).outputs["dnsTarget"]],
        "allowOverwrite": True,
    }


@pytest.mark.parametrize("region", list(HOSTED_ZONE_IDS))
def test_an_apex_has_an_alias_record_and_its_www_a_cname(region: str) -> None:
    graph = plan_of("example.com", service_arn=SERVICE_ARN.replace("eu-west-1", region), enable_www_subdomain=True)
    target = graph.one(ASSOCIATION).outputs["dnsTarget"]
    assert graph.named("shop-traffic").inputs == {
        "zoneId": ZONE_ID,
        "name": "example.com",
        "type": "A",
        "aliases": [{"name": target, "zoneId": HOSTED_ZONE_IDS[region], "evaluateTargetHealth": False}],
        "allowOverwrite": True,
    }
    assert graph.named("shop-traffic-www")["type"] == "CNAME"
    assert graph.named("shop-traffic-www")["name"] == "www.example.com"


def test_a_domain_of_a_service_of_the_same_program_has_an_output_as_arn() -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="orders-api", source_configuration={})
        CustomDomain("shop", CustomDomainArgs(domain_name="example.com", service_arn=service.arn, zone=ZONE))

    alias = run(program, config={"aws:region": "us-east-2"}).named("shop-traffic")["aliases"][0]
    assert alias["zoneId"] == HOSTED_ZONE_IDS["us-east-2"]
    assert run(program, unknown=True).named("shop-traffic")["aliases"][0]["zoneId"] is UNKNOWN


# The purpose of each record


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_records_are_matched_by_purpose_in_any_order_of_aws(
    order: Sequence[int], aws_returns: Callable[[Any], None]
) -> None:
    records = validation_records(["shop.example.com", "2bd.shop.example.com", "www.shop.example.com"])
    aws_returns([records[index] | {"status": "SUCCESS" if index else "PENDING_VALIDATION"} for index in order])
    graph = run(domain(enable_www_subdomain=True))
    records_by_name = {
        each.name: (each["name"], each["records"]) for each in graph.all(RECORD) if "validation" in each.name
    }
    assert records_by_name == {
        "shop-validation-1": ("_0a.shop.example.com.", ["_0b.acm-validations.aws."]),
        "shop-validation-2": ("_1a.2bd.shop.example.com.", ["_1b.acm-validations.aws."]),
        "shop-validation-www": ("_2a.www.shop.example.com.", ["_2b.acm-validations.aws."]),
    }


def test_enabling_www_does_not_change_the_other_records(aws_returns: Callable[[Any], None]) -> None:
    hosts = ["zz.shop.example.com", "www.shop.example.com", "shop.example.com"]
    aws_returns([record for record in validation_records(hosts) if ".www." not in record["name"]])
    without = run(domain())
    aws_returns(validation_records(hosts))
    with_www = run(domain(enable_www_subdomain=True))
    for record in without.all(RECORD):
        assert with_www.named(record.name).inputs == record.inputs


def test_a_validation_record_is_sent_in_full(aws_returns: Callable[[Any], None]) -> None:
    aws_returns(validation_records(["shop.example.com", "zz.shop.example.com"]))
    assert run(domain()).named("shop-validation-1").inputs == {
        "zoneId": ZONE_ID,
        "name": "_0a.shop.example.com.",
        "type": "CNAME",
        "ttl": 300,
        "records": ["_0b.acm-validations.aws."],
        "allowOverwrite": True,
    }


def test_a_validation_record_outlives_a_replaced_association() -> None:
    """Pulumi deletes a resource together with one that is deleted first, if an input depends on it."""
    graph = plan_of(enable_www_subdomain=True)
    for purpose in ("1", "2", "www"):
        record = graph.named(f"shop-validation-{purpose}")
        assert record.property_dependencies == {}
        assert dependencies(graph, record) == ["shop-association"]


def test_records_are_unknown_in_a_first_preview_and_not_empty() -> None:
    graph = run(domain(enable_www_subdomain=True), unknown=True)
    for purpose in ("1", "2", "www"):
        record = graph.named(f"shop-validation-{purpose}")
        assert record["name"] is UNKNOWN
        assert record["records"] == [UNKNOWN]
    assert graph.named("shop").outputs["records"] is UNKNOWN


def test_too_few_records_are_an_error_with_the_records_of_aws(aws_returns: Callable[[Any], None]) -> None:
    aws_returns(validation_records(["shop.example.com"]))
    with pytest.raises(pulumi.RunError) as caught:
        run(domain())
    assert str(caught.value) == (
        "CustomDomain 'shop': the certificate of shop.example.com must have 2 validation records, "
        "got _0a.shop.example.com. (status active). Run `pulumi up --refresh` to read them again"
    )


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("creating", "AWS is still creating them. Run `pulumi up --refresh` in a few minutes"),
        (
            "create_failed",
            "AWS could not create the domain. Correct the cause (CAA records that do not allow amazon.com, a name that "
            "does not resolve), then run `pulumi up --refresh --replace 'urn:pulumi:stack::project::"
            f"apprunner:index:CustomDomain${ASSOCIATION}::shop-association'`",
        ),
        ("active", "Run `pulumi up --refresh` to read them again"),
    ],
)
def test_without_records_the_error_has_the_fix_for_the_status(
    status: str, advice: str, aws_returns: Callable[..., None]
) -> None:
    aws_returns([], status=status)
    with pytest.raises(pulumi.RunError) as caught:
        run(domain())
    assert str(caught.value).endswith(f", got none (status {status}). {advice}")


def test_an_imported_association_without_a_target_is_an_error(
    aws_returns: Callable[..., None],
) -> None:
    aws_returns(validation_records(["shop.example.com", "shop.example.com"]), "")
    with pytest.raises(pulumi.RunError) as caught:
        run(domain())
    assert "dnsTarget must be in the state of its association, got none" in str(caught.value)
    assert "pulumi state delete 'urn:pulumi:" in str(caught.value)


def test_a_wait_changes_no_resource_and_calls_nothing_offline() -> None:
    assert plan_of(wait_until_active_minutes=60).resources == plan_of().resources


# Errors


@pytest.mark.parametrize("minutes", [0, 61])
def test_a_wait_of_less_than_a_minute_or_more_than_an_hour_is_an_error(minutes: int) -> None:
    assert problems(domain(wait_until_active_minutes=minutes)) == {
        "wait_until_active_minutes": f"must be 1 to 60 minutes, got {minutes}"
    }


def test_a_domain_outside_of_the_zone_is_an_error() -> None:
    assert problems(domain("shop.example.org")) == {
        "zone": "must be the zone that contains shop.example.org, got example.com. "
        "Use that zone, or none for another DNS"
    }
    assert list(problems(domain("shopexample.com"))) == ["zone"]


def test_a_trailing_dot_is_an_error() -> None:
    assert problems(domain("shop.example.com.")) == {
        "domain_name": 'must not end with a dot, got "shop.example.com.". Remove it'
    }


def test_upper_case_is_converted_to_lower_case() -> None:
    graph = plan_of("Example.COM", zone=HostedZone(id=ZONE_ID, name="EXAMPLE.com"))
    assert graph.one(ASSOCIATION)["domainName"] == "example.com"
    assert graph.named("shop-traffic")["type"] == "A"
    assert graph.named("shop").outputs["domainName"] == "example.com"


def test_www_with_a_wildcard_is_an_error() -> None:
    assert problems(domain("*.example.com", enable_www_subdomain=True)) == {
        "enable_www_subdomain": "must be false for a wildcard, which covers www already, got true. Remove it"
    }


@pytest.mark.parametrize("name", ["*.login.example.com", "login*.example.com", "*", "*.com", "a b.example.com", ""])
def test_a_wildcard_must_be_of_the_zones_immediate_subdomains(name: str) -> None:
    assert "domain_name" in problems(domain(name)) or "zone" in problems(domain(name))


def test_a_zone_name_with_a_wildcard_is_an_error() -> None:
    assert list(problems(domain("*.example.com", zone=HostedZone(id=ZONE_ID, name="*.example.com")))) == ["zone.name"]


def test_outputs_are_registered() -> None:
    graph = plan_of()
    association = graph.one(ASSOCIATION).outputs
    outputs = graph.named("shop").outputs
    assert outputs["domainName"] == "shop.example.com"
    assert outputs["dnsTarget"] == association["dnsTarget"]
    assert outputs["status"] == "pending_certificate_dns_validation"
    assert len(outputs["records"]) == 3


def test_an_apex_in_a_region_without_a_documented_zone_is_an_error() -> None:
    elsewhere = SERVICE_ARN.replace("eu-west-1", "sa-east-1")
    args = CustomDomainArgs(
        service_arn=elsewhere, domain_name="example.com", zone=HostedZone(id=ZONE_ID, name="example.com")
    )
    with pytest.raises(pulumi.RunError, match="sa-east-1"):
        run(lambda: CustomDomain("shop", args))
