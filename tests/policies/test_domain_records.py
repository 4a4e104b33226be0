from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.domain_records import custom_domain_records_kept

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/8fe1e10304f84fd2b0df550fe98a71fa"


def kept(count, www: Any = False):
    """Return a program with one domain, its traffic record and `count` validation records."""

    def program():
        domain = aws.apprunner.CustomDomainAssociation(
            "domain", domain_name="api.example.com", enable_www_subdomain=www, service_arn=ARN
        )
        aws.route53.Record(
            "to", zone_id="Z1", type="CNAME", ttl=300, name=domain.domain_name, records=[domain.dns_target]
        )
        for place in range(count):
            record = domain.certificate_validation_records.apply(lambda each, place=place: each[place])
            aws.route53.Record(
                f"proof{place}",
                zone_id="Z1",
                ttl=300,
                allow_overwrite=True,
                name=record.apply(lambda one: one.name or ""),
                type=record.apply(lambda one: one.type or ""),
                records=[record.apply(lambda one: one.value or "")],
            )

    return program


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize(("count", "www"), [(2, False), (3, True)])
def test_all_validation_records_of_the_domain_pass(report, count, www, unknown):
    result = report(kept(count, www), custom_domain_records_kept, unknown=unknown)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize(
    ("count", "www", "expected", "unknown"),
    [
        (0, False, "must create 2 records from certificateValidationRecords (without www), got 0", False),
        (1, False, "must create 2 records from certificateValidationRecords (without www), got 1", False),
        (1, False, "must create 2 records from certificateValidationRecords (without www), got 1", True),
        (2, True, "must create 3 records from certificateValidationRecords (with www), got 2", False),
        (2, True, "must create 3 records from certificateValidationRecords (with www), got 2", True),
    ],
)
def test_a_missing_validation_record_is_a_violation_and_a_traffic_record_does_not_count(
    report, count, www, expected, unknown
):
    (violation,) = report(kept(count, www), custom_domain_records_kept, unknown=unknown).violations

    assert violation.level == "advisory"
    assert violation.message.startswith(f"domain: the stack {expected}")
    assert "another DNS provider" in violation.message


def test_www_counts_if_it_is_not_set(report):
    (violation,) = report(kept(2, www=None), custom_domain_records_kept).violations

    assert "(with www)" in violation.message


def test_an_unknown_www_is_reported_as_unknown_unless_there_are_enough_records(report):
    def with_unknown_www(count):
        def program():
            kept(count, www=aws.sqs.Queue("other").arn.apply(bool))()

        return [each.resource for each in report(program, custom_domain_records_kept, unknown=True).skipped]

    assert with_unknown_www(2)
    assert not with_unknown_www(3)


def made_in_apply(report, *, unknown):
    def program():
        domain = aws.apprunner.CustomDomainAssociation("domain", domain_name="shop.example.com", service_arn=ARN)
        domain.certificate_validation_records.apply(create)

    def create(records):
        for place, record in enumerate(records):
            aws.route53.Record(
                f"record{place}", zone_id="Z1", name=record.name, type="CNAME", ttl=300, records=[record.value]
            )

    return report(program, custom_domain_records_kept, unknown=unknown)


def test_records_that_an_apply_creates_count_once_they_are_known(report):
    assert made_in_apply(report, unknown=False).violations == ()
    first = made_in_apply(report, unknown=True)
    assert first.violations == ()
    assert first.skipped


@pytest.mark.parametrize("key", ["name", "host", "subdomain", "recordName", "label"])
def test_records_of_other_dns_providers_count(report, key):
    class Entry(pulumi.CustomResource):
        def __init__(self, name, props):
            super().__init__("dns:index/record:Record", name, props)

    def program():
        domain = aws.apprunner.CustomDomainAssociation(
            "domain", domain_name="shop.example.com", service_arn=ARN, enable_www_subdomain=False
        )
        for place in range(2):
            record = domain.certificate_validation_records[place]
            Entry(f"record{place}", {key: record.name, "target": record.value})

    assert not report(program, custom_domain_records_kept).violations
