from typing import Any

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


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize(
    ("count", "www", "expected"),
    [
        (0, False, "must create 2 records from certificateValidationRecords (without www), got 0"),
        (1, False, "must create 2 records from certificateValidationRecords (without www), got 1"),
        (2, True, "must create 3 records from certificateValidationRecords (with www), got 2"),
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
            other = aws.apprunner.CustomDomainAssociation("other", domain_name="b.example.com", service_arn=ARN)
            kept(count, www=other.status.apply(bool))()

        return [each.resource for each in report(program, custom_domain_records_kept, unknown=True).skipped]

    assert with_unknown_www(2)
    assert not with_unknown_www(3)
