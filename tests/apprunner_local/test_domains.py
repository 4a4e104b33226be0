"""Custom domains: valid associations, and the way to the status active."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from apprunner_local.apprunner.world import KeptCertificate
from local_aws.requests import INVALID_REQUEST, INVALID_STATE, NOT_FOUND, paused, rejection, running

DAY = 24 * 3600


def associate(aws: Any, service: str, name: str = "shop.example.com", www: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = aws.associate_custom_domain(ServiceArn=service, DomainName=name, EnableWWWSubdomain=www)
    return answer


def domain(aws: Any, service: str, name: str = "shop.example.com") -> dict[str, Any]:
    (match,) = [
        one for one in aws.describe_custom_domains(ServiceArn=service)["CustomDomains"] if one["DomainName"] == name
    ]
    return dict(match)


def zone(plane: AppRunner) -> dict[str, str]:
    """Return the DNS zone that the fake reads: values by name."""
    records: dict[str, str] = {}
    plane.world.records = records.get
    return records


def test_a_domain_becomes_active_when_its_records_exist(aws: Any, plane: AppRunner) -> None:
    records, service = zone(plane), running(aws, plane)
    answer = associate(aws, service)
    assert answer["CustomDomain"] == {
        "DomainName": "shop.example.com",
        "EnableWWWSubdomain": False,
        "Status": "creating",
    }
    assert answer["DNSTarget"] == aws.describe_service(ServiceArn=service)["Service"]["ServiceUrl"]
    plane.clock.move(5)
    waiting = domain(aws, service)
    assert waiting["Status"] == "pending_certificate_dns_validation"
    first, second = waiting["CertificateValidationRecords"]
    assert (first["Type"], first["Status"]) == ("CNAME", "PENDING_VALIDATION")
    records[first["Name"]] = first["Value"]
    plane.clock.move(DAY)
    halfway = domain(aws, service)
    assert halfway["Status"] == "pending_certificate_dns_validation"
    assert [one["Status"] for one in halfway["CertificateValidationRecords"]] == ["SUCCESS", "PENDING_VALIDATION"]
    records[second["Name"]] = second["Value"].rstrip(".").upper()
    assert domain(aws, service)["Status"] == "binding_certificate"
    plane.clock.move(10)
    active = domain(aws, service)
    assert active["Status"] == "active"
    assert {one["Status"] for one in active["CertificateValidationRecords"]} == {"SUCCESS"}


def test_a_record_with_another_value_validates_nothing(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    plane.world.records = lambda name: "elsewhere.example.com"
    associate(aws, service)
    plane.clock.move(DAY)
    assert domain(aws, service)["Status"] == "pending_certificate_dns_validation"


@pytest.mark.parametrize(
    ("name", "www", "hosts"),
    [
        ("shop.example.com", False, ["shop.example.com"]),
        ("example.com", True, ["example.com", "www.example.com"]),
        ("*.example.com", False, ["example.com"]),
    ],
)
def test_a_certificate_needs_two_records_and_three_with_www(
    aws: Any, plane: AppRunner, name: str, www: bool, hosts: list[str]
) -> None:
    service = running(aws, plane)
    associate(aws, service, name, www)
    plane.clock.move(5)
    names = [one["Name"] for one in domain(aws, service, name)["CertificateValidationRecords"]]
    assert [one.partition(".")[2] for one in names[:-1]] == [f"{host}." for host in hosts]
    assert names[-1].split(".")[1].startswith("2a57j7")
    assert len(names) == len(set(names)) == (3 if www else 2)


def test_www_is_added_unless_it_is_disabled(aws: Any, plane: AppRunner) -> None:
    answer = aws.associate_custom_domain(ServiceArn=running(aws, plane), DomainName="example.com")
    assert answer["CustomDomain"]["EnableWWWSubdomain"] is True


@pytest.mark.parametrize(
    ("name", "www", "what"),
    [
        ("*.example.com", True, "EnableWWWSubdomain must be false"),
        ("*.login.example.com", False, "a wildcard is the only label before a root domain"),
        ("login*.example.com", False, "a wildcard is the only label before a root domain"),
        ("*.*.example.com", False, "a wildcard is the only label before a root domain"),
        ("shop.example.com.", False, "not valid"),
        ("example", False, "not valid"),
        ("a_b.example.com", False, "DomainName"),
    ],
)
def test_invalid_names_are_rejected(aws: Any, plane: AppRunner, name: str, www: bool, what: str) -> None:
    rejected = rejection(
        aws.associate_custom_domain, ServiceArn=running(aws, plane), DomainName=name, EnableWWWSubdomain=www
    )
    assert rejected.startswith(INVALID_REQUEST)
    assert what in rejected


def test_a_wildcard_of_a_root_domain_with_two_parts_is_accepted(aws: Any, plane: AppRunner) -> None:
    assert associate(aws, running(aws, plane), "*.example.co.uk")


def test_a_service_has_five_domains_at_most(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    names = [f"{number}.example.com" for number in range(5)]
    for name in names:
        associate(aws, service, name)
    sixth = {"ServiceArn": service, "DomainName": "6.example.com", "EnableWWWSubdomain": False}
    assert "at most 5" in rejection(aws.associate_custom_domain, **sixth)
    listed = aws.describe_custom_domains(ServiceArn=service)["CustomDomains"]
    assert [one["DomainName"] for one in listed] == names[::-1]
    page = aws.describe_custom_domains(ServiceArn=service, MaxResults=4)
    rest = aws.describe_custom_domains(ServiceArn=service, NextToken=page["NextToken"])
    assert [one["DomainName"] for one in rest["CustomDomains"]] == names[:1]


def test_a_domain_is_on_one_service(aws: Any, plane: AppRunner) -> None:
    one, other = running(aws, plane), running(aws, plane, "billing")
    associate(aws, one)
    for service in (one, other):
        parameters = {"ServiceArn": service, "DomainName": "shop.example.com"}
        assert "already associated" in rejection(aws.associate_custom_domain, **parameters)


def test_a_domain_is_deleted_after_a_while(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    associate(aws, service)
    parameters = {"ServiceArn": service, "DomainName": "shop.example.com"}
    assert aws.disassociate_custom_domain(**parameters)["CustomDomain"]["Status"] == "deleting"
    assert domain(aws, service)["Status"] == "deleting"
    plane.clock.move(5)
    assert aws.describe_custom_domains(ServiceArn=service)["CustomDomains"] == []
    assert rejection(aws.disassociate_custom_domain, **parameters).startswith(NOT_FOUND)
    assert associate(aws, service)["CustomDomain"]["Status"] == "creating"


def test_a_paused_service_rejects_changes_of_its_domains(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane, "billing")
    associate(aws, service)
    aws.pause_service(ServiceArn=service)
    plane.clock.move(20)
    on = {"ServiceArn": paused(aws, plane), "DomainName": "other.example.com"}
    off = {"ServiceArn": service, "DomainName": "shop.example.com"}
    assert rejection(aws.associate_custom_domain, **on).startswith(INVALID_STATE)
    assert rejection(aws.disassociate_custom_domain, **off).startswith(INVALID_STATE)
    assert domain(aws, service)["Status"] == "pending_certificate_dns_validation"


def test_an_operation_in_progress_rejects_changes_of_domains(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    aws.start_deployment(ServiceArn=service)
    parameters = {"ServiceArn": service, "DomainName": "shop.example.com"}
    assert rejection(aws.associate_custom_domain, **parameters).startswith(INVALID_STATE)


def test_a_domain_for_a_missing_service_is_an_invalid_request(aws: Any, plane: AppRunner) -> None:
    """AssociateCustomDomain has no ResourceNotFoundException in the model."""
    service = running(aws, plane)
    aws.delete_service(ServiceArn=service)
    plane.clock.move(30)
    parameters = {"ServiceArn": service, "DomainName": "shop.example.com"}
    assert rejection(aws.associate_custom_domain, **parameters).startswith(INVALID_REQUEST)
    assert rejection(aws.disassociate_custom_domain, **parameters).startswith(NOT_FOUND)


@pytest.mark.parametrize(
    ("kept", "days", "again"),
    [
        ("binding_certificate", 29, "binding_certificate"),
        ("active", 29, "active"),
        ("binding_certificate", 31, "creating"),
        ("active", 31, "creating"),
        (None, 1, "creating"),
    ],
)
def test_a_kept_certificate_is_not_issued_again(
    aws: Any, plane: AppRunner, kept: KeptCertificate, days: int, again: str
) -> None:
    plane.world.kept_certificate = kept
    records, service = zone(plane), running(aws, plane)
    associate(aws, service)
    plane.clock.move(5)
    records.update({one["Name"]: one["Value"] for one in domain(aws, service)["CertificateValidationRecords"]})
    assert domain(aws, service)["Status"] == "binding_certificate"
    plane.clock.move(10)
    aws.disassociate_custom_domain(ServiceArn=service, DomainName="shop.example.com")
    plane.clock.move(days * DAY)
    assert associate(aws, service)["CustomDomain"]["Status"] == again
    plane.clock.move(10)
    assert domain(aws, service)["Status"] == ("active" if days == 29 else "binding_certificate")


def test_a_domain_can_end_in_create_failed_and_be_disassociated(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    plane.faults.inject(Fault("AssociateCustomDomain", fails=True))
    assert associate(aws, service)["CustomDomain"]["Status"] == "creating"
    plane.clock.move(5)
    failed = {"DomainName": "shop.example.com", "EnableWWWSubdomain": False, "Status": "create_failed"}
    assert domain(aws, service) == failed
    plane.clock.move(DAY)
    assert domain(aws, service) == failed
    aws.disassociate_custom_domain(ServiceArn=service, DomainName="shop.example.com")
    plane.clock.move(5)
    assert associate(aws, service)["CustomDomain"]["Status"] == "creating"
    plane.clock.move(5)
    assert domain(aws, service)["Status"] == "pending_certificate_dns_validation"


def test_a_domain_can_end_in_delete_failed_and_be_disassociated(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    associate(aws, service)
    parameters = {"ServiceArn": service, "DomainName": "shop.example.com"}
    plane.faults.inject(Fault("DisassociateCustomDomain", fails=True))
    aws.disassociate_custom_domain(**parameters)
    assert domain(aws, service)["Status"] == "deleting"
    plane.clock.move(5)
    assert domain(aws, service)["Status"] == "delete_failed"
    aws.disassociate_custom_domain(**parameters)
    plane.clock.move(5)
    assert aws.describe_custom_domains(ServiceArn=service)["CustomDomains"] == []


def test_a_domain_has_the_duration_of_a_fault(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    plane.faults.inject(Fault.slow("AssociateCustomDomain", DAY))
    plane.faults.inject(Fault.slow("DisassociateCustomDomain", DAY))
    associate(aws, service)
    plane.clock.move(DAY - 1)
    assert domain(aws, service)["Status"] == "creating"
    aws.disassociate_custom_domain(ServiceArn=service, DomainName="shop.example.com")
    plane.clock.move(DAY - 1)
    assert domain(aws, service)["Status"] == "deleting"


def test_the_same_domain_gets_the_same_records_again(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    seen: list[Any] = []
    for _ in range(2):
        associate(aws, service)
        plane.clock.move(5)
        seen.append(domain(aws, service)["CertificateValidationRecords"])
        aws.disassociate_custom_domain(ServiceArn=service, DomainName="shop.example.com")
        plane.clock.move(5)
    assert seen[0] == seen[1]


def test_a_deleted_service_releases_its_domains(aws: Any, plane: AppRunner) -> None:
    service, other = running(aws, plane), running(aws, plane, "billing")
    associate(aws, service)
    aws.delete_service(ServiceArn=service)
    plane.clock.move(30)
    assert associate(aws, other)
