from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.domains import custom_domains_limit

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/8fe1e10304f84fd2b0df550fe98a71fa"
SOURCE: Any = {
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    }
}


def service(name="api", **more):
    return aws.apprunner.Service(name, service_name="shop-api", source_configuration=SOURCE, **more)


def domains(count, arn=None):
    def program():
        known = arn or service().arn
        for place in range(count):
            aws.apprunner.CustomDomainAssociation(f"d{place}", domain_name=f"d{place}.example.com", service_arn=known)

    return program


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("arn", [None, ARN])
def test_the_sixth_domain_of_a_service_is_a_violation_and_five_pass(report, arn, unknown):
    assert not report(domains(5, arn), custom_domains_limit, unknown=unknown).violations

    (violation,) = report(domains(6, arn), custom_domains_limit, unknown=unknown).violations
    assert violation.level == "mandatory"
    assert violation.message.startswith("d5: serviceArn must be a service with at most 5 custom domains, got ")
    assert ", with which this stack associates 6." in violation.message


def test_domains_are_counted_per_service(report):
    def program():
        for name in ("one", "two"):
            arn = service(name).arn
            for place in range(5):
                host = f"{name}{place}.example.com"
                aws.apprunner.CustomDomainAssociation(host, domain_name=host, service_arn=arn)

    assert not report(program, custom_domains_limit).violations


def test_a_domain_of_an_unknown_service_is_reported_as_unknown_and_not_counted(report):
    def program():
        other = aws.apprunner.CustomDomainAssociation("first", domain_name="a.example.com", service_arn=ARN)
        for place in range(6):
            aws.apprunner.CustomDomainAssociation(
                f"d{place}", domain_name=f"d{place}.example.com", service_arn=other.status
            )

    result = report(program, custom_domains_limit, unknown=True)

    assert not result.violations
    assert result.skipped
