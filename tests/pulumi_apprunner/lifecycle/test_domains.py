"""The wait until a custom domain is active, and its messages."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import running
from pulumi_apprunner.lifecycle import Access, WatchedDomain
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.domains import outcome_of_domain, problems_of_domains
from pulumi_apprunner.lifecycle.runs import DomainCase, Run
from pulumi_apprunner.offline.sdk import await_result

Wait = Callable[..., str | None]

NAME = "shop.example.com"
URN = "urn:pulumi:prod::shop::aws:apprunner/customDomainAssociation:CustomDomainAssociation::shop-association"


@pytest.fixture
def messages(own_account: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the printed messages."""
    printed: list[str] = []
    monkeypatch.setattr("pulumi.log.info", printed.append)
    monkeypatch.setattr("pulumi.log.warn", printed.append)
    return printed


@pytest.fixture
def wait(messages: list[str]) -> Wait:
    """Return a function that waits for a domain and returns its problem."""
    return lambda case, preview=None: await_result(outcome_of_domain(Run(), case, preview))


def associate(client: Any, plane: AppRunner, www: bool = False) -> tuple[str, dict[str, str]]:
    """Return the ARN of a service with a domain, and the validation records of the domain."""
    arn = running(client, plane)
    client.associate_custom_domain(ServiceArn=arn, DomainName=NAME, EnableWWWSubdomain=www)
    plane.clock.move(5)
    return arn, validation_records(client, arn)


def validation_records(client: Any, arn: str) -> dict[str, str]:
    (domain,) = client.describe_custom_domains(ServiceArn=arn)["CustomDomains"]
    return {record["Name"]: record["Value"] for record in domain.get("CertificateValidationRecords", ())}


def case(arn: str, records: Mapping[str, str], minutes: int = 15, has_zone: bool = True) -> DomainCase:
    domain = WatchedDomain("shop", NAME, minutes, has_zone, Access())
    return DomainCase(domain, arn, URN, {name.rstrip(".").lower(): value for name, value in records.items()})


def test_an_active_domain_is_no_problem(client: Any, plane: AppRunner, wait: Wait, messages: list[str]) -> None:
    arn, records = associate(client, plane)
    plane.world.records = records.get
    client.describe_custom_domains(ServiceArn=arn)
    plane.clock.move(10)
    assert wait(case(arn, records)) is None
    assert messages == []


def test_a_domain_is_waited_for_until_it_is_active(
    client: Any, plane: AppRunner, wait: Wait, messages: list[str]
) -> None:
    plane.faults.inject(Fault.slow_validation(150))
    arn, records = associate(client, plane)
    plane.world.records = records.get
    assert wait(case(arn, records)) is None
    waiting = (
        "CustomDomain 'shop': waiting until shop.example.com is active (status pending_certificate_dns_validation, AWS "
        "has found 0 of 2 validation records)"
    )
    assert messages == [waiting] * 3  # at once, and then about once a minute


def test_a_domain_that_does_not_become_active_is_a_problem_with_its_missing_records(
    client: Any, plane: AppRunner, wait: Wait
) -> None:
    arn, records = associate(client, plane)
    found, missing = sorted(records)
    plane.world.records = {found: records[found]}.get
    assert wait(case(arn, records)) == (
        "shop.example.com must be active within 15 minutes, but its status is still "
        "pending_certificate_dns_validation\n"
        "  AWS has not found 1 of its 2 validation records in DNS:\n"
        f"    {missing} CNAME\n"
        f"      {records[missing]} (PENDING_VALIDATION)\n"
        "  What to do: `dig +short NAME CNAME` must return the value of each record.\n"
        "  - The records are in the hosted zone. The domain's registrar must\n"
        "    delegate to the name servers of that zone.\n"
        "  - A zone with CAA records must allow amazon.com.\n"
        "  Then run `pulumi up`, which waits again. AWS needs minutes after it finds the\n"
        "  records, in rare cases a day or two.\n"
        "  To wait longer or not at all, change wait_until_active_minutes. To skip the wait\n"
        "  for one run, set APPRUNNER_VERIFY=off in the environment."
    )


def test_records_of_another_dns_must_be_created_there(client: Any, plane: AppRunner, wait: Wait) -> None:
    arn, records = associate(client, plane)
    message = wait(case(arn, records, has_zone=False)) or ""
    assert "AWS has not found 2 of its 2 validation records in DNS:" in message
    assert "  - Create the records in your DNS, with the names and values above.\n" in message
    assert "hosted zone" not in message


def test_records_that_the_program_does_not_have_are_marked(client: Any, plane: AppRunner, wait: Wait) -> None:
    arn, records = associate(client, plane)
    first, second = sorted(records)
    message = wait(case(arn, {first: "_old.acm-validations.aws."})) or ""
    assert (
        f"    {first} CNAME\n      {records[first]} (PENDING_VALIDATION)\n"
        '      This program has the value "_old.acm-validations.aws.". Run `pulumi up --refresh` to read it again'
    ) in message
    assert (
        f"    {second} CNAME\n      {records[second]} (PENDING_VALIDATION)\n"
        "      This program has no such record. Run `pulumi up --refresh` to read AWS's records again"
    ) in message


def test_a_domain_whose_certificate_is_not_bound_in_time_needs_another_update(
    client: Any, plane: AppRunner, wait: Wait
) -> None:
    plane.world.durations.binding = 3600
    arn, records = associate(client, plane)
    plane.world.records = records.get
    assert wait(case(arn, records, minutes=1)) == (
        "shop.example.com must be active within 1 minute, but its status is still binding_certificate\n"
        "  What to do: run `pulumi up`, which waits again. AWS needs minutes, in rare\n"
        "  cases a day or two. A zone with CAA records must allow amazon.com.\n"
        "  To wait longer or not at all, change wait_until_active_minutes. To skip the wait\n"
        "  for one run, set APPRUNNER_VERIFY=off in the environment."
    )


def test_a_failed_creation_ends_the_wait(client: Any, plane: AppRunner, wait: Wait, messages: list[str]) -> None:
    plane.faults.inject(Fault("AssociateCustomDomain", fails=True))
    arn, records = associate(client, plane)
    before = plane.clock.now()
    assert wait(case(arn, records)) == (
        "shop.example.com must be active, but AWS could not create it (status create_failed).\n"
        "  What to do: Correct the cause (CAA records that do not allow amazon.com, a name that does not resolve), "
        f"then run `pulumi up --refresh --replace '{URN}'`"
    )
    assert (plane.clock.now(), messages) == (before, [])


def test_a_failed_removal_ends_the_wait(client: Any, plane: AppRunner, wait: Wait) -> None:
    arn, records = associate(client, plane)
    plane.faults.inject(Fault("DisassociateCustomDomain", fails=True))
    client.disassociate_custom_domain(ServiceArn=arn, DomainName=NAME)
    message = wait(case(arn, records)) or ""
    assert "AWS could not remove it from" in message
    assert "(status delete_failed)" in message


@pytest.mark.parametrize("removed", ["the domain", "the service"])
def test_a_domain_that_this_run_may_have_removed_is_a_warning(
    client: Any, plane: AppRunner, wait: Wait, messages: list[str], removed: str
) -> None:
    arn, records = associate(client, plane)
    client.disassociate_custom_domain(ServiceArn=arn, DomainName=NAME)
    plane.clock.move(5)
    known = arn if removed == "the domain" else arn.replace(arn[-32:], "0" * 32)
    assert wait(case(known, records)) is None
    assert messages == [
        f"CustomDomain 'shop': shop.example.com is not associated with {known} any more. If this update did not remove "
        "it, run `pulumi up --refresh` to create it again"
    ]


def test_a_preview_does_not_wait(client: Any, plane: AppRunner, wait: Wait, messages: list[str]) -> None:
    arn, records = associate(client, plane)
    before = plane.clock.now()
    assert wait(case(arn, records), Deadline(15)) == (
        "shop.example.com is not active yet: status pending_certificate_dns_validation, AWS has found 0 of 2 "
        "validation records. `pulumi up` waits for it at its end, for 15 minutes at most"
    )
    assert (plane.clock.now(), messages) == (before, [])


def test_a_domain_is_found_on_a_later_page(client: Any, plane: AppRunner, calls: Any) -> None:
    arn, _ = associate(client, plane)
    client.associate_custom_domain(ServiceArn=arn, DomainName="other.example.com", EnableWWWSubdomain=False)
    plane.world.page_size = 1
    described = calls(arn).custom_domain(NAME)
    assert described.status == "pending_certificate_dns_validation"
    assert calls(arn).custom_domain("third.example.com") is None


@pytest.mark.parametrize(("value", "required"), [("", False), ("required", True)])
def test_a_status_that_cannot_be_read_is_a_problem_of_an_update(
    client: Any, plane: AppRunner, messages: list[str], monkeypatch: pytest.MonkeyPatch, value: str, required: bool
) -> None:
    monkeypatch.setenv("APPRUNNER_VERIFY", value)
    arn, records = associate(client, plane)
    text = (
        "CustomDomain 'shop': could not read its status: An error occurred (AccessDeniedException) when calling the "
        "DescribeCustomDomains operation: not authorized. Grant the deployer apprunner:DescribeCustomDomains "
        "(docs/lifecycle.md lists its permissions), or remove wait_until_active_minutes"
    )

    def problems(preview: Deadline | None = None) -> list[str]:
        plane.faults.clear()
        plane.faults.inject(Fault.error("DescribeCustomDomains", "AccessDeniedException", "not authorized"))
        return await_result(problems_of_domains(Run(), [case(arn, records)], preview))

    assert problems() == [text]
    assert problems(Deadline(15)) == ([text] if required else [])


def test_a_call_without_a_response_is_a_problem(messages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: ServiceCalls, name: str) -> None:
        raise TimeoutError

    monkeypatch.setattr(ServiceCalls, "custom_domain", never)
    arn = "arn:aws:apprunner:eu-west-1:123456789012:service/shop/0123456789abcdef0123456789abcdef"
    (problem,) = await_result(problems_of_domains(Run(), [case(arn, {})]))
    assert problem.startswith("CustomDomain 'shop': could not read its status: AWS did not respond in time. Grant")
