from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import (
    AUTO_SCALING,
    CONNECTION,
    CUSTOM_DOMAIN,
    OBSERVABILITY,
    SERVICE,
    VPC_CONNECTOR,
    VPC_INGRESS_CONNECTION,
)
from apprunner_policies.operations import (
    custom_domain_records_kept,
    custom_domains_limit,
    http_health_check,
    service_limits,
)

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/8fe1e10304f84fd2b0df550fe98a71fa"
SOURCE: Any = {
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    }
}


def service(name="api", **more):
    return aws.apprunner.Service(name, service_name="shop-api", source_configuration=SOURCE, **more)


def messages(verdict):
    return [each.message for each in verdict.violations]


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (None, "protocol is not set, which means TCP"),
        ({"interval": 5}, "protocol is not set, which means TCP"),
        ({"protocol": "TCP"}, "protocol is TCP"),
        ({"protocol": "TCP", "path": "/health"}, "healthCheckConfiguration.path is ignored with TCP"),
    ],
)
def test_a_check_of_the_port_alone_is_advised_against(report, block, found):
    (violation,) = report(lambda: service(health_check_configuration=block), http_health_check).violations

    assert violation.level == "advisory"
    assert found in violation.message
    assert 'Set healthCheckConfiguration.protocol to "HTTP"' in violation.message


def test_the_path_that_the_provider_fills_in_is_not_said_to_be_ignored(judge):
    (message,) = judge(http_health_check, {"healthCheckConfiguration": {"protocol": "TCP", "path": "/"}}).messages

    assert "ignored" not in message


@pytest.mark.parametrize("block", [{"protocol": "HTTP", "path": "/health"}, {"protocol": "HTTP"}])
def test_a_check_over_http_passes(report, block):
    assert not report(lambda: service(health_check_configuration=block), http_health_check).violations


def test_an_unknown_path_does_not_keep_the_protocol_from_being_judged(judge, unknown):
    assert judge(http_health_check, {"healthCheckConfiguration": {"protocol": "HTTP", "path": unknown}}).clean
    assert judge(http_health_check, {"healthCheckConfiguration": {"protocol": "TCP", "path": unknown}}).messages


def test_an_unknown_protocol_is_said_to_be_unknown(judge, unknown):
    verdict = judge(http_health_check, {"healthCheckConfiguration": {"protocol": unknown}})

    assert verdict.messages == ()
    assert "protocol can't be known" in verdict.unknown


NAMES = [
    (SERVICE, "serviceName", 40),
    (VPC_CONNECTOR, "vpcConnectorName", 40),
    (VPC_INGRESS_CONNECTION, "name", 40),
    (CONNECTION, "connectionName", 32),
    (AUTO_SCALING, "autoScalingConfigurationName", 32),
    (OBSERVABILITY, "observabilityConfigurationName", 32),
]


@pytest.mark.parametrize(("of_type", "key", "longest"), NAMES)
def test_a_name_as_long_as_may_be_passes_and_one_letter_more_is_a_violation(judge, of_type, key, longest):
    assert judge(service_limits, {key: "a" * longest}, of_type=of_type).clean

    (message,) = judge(service_limits, {key: "a" * (longest + 1)}, of_type=of_type).messages
    assert message.startswith(f'api: {key} is "aaa')
    assert f"4 to {longest} letters" in message


@pytest.mark.parametrize("name", ["api", "-shop", "shop api", "shop.api", ""])
def test_a_name_that_aws_refuses_is_a_violation(judge, name):
    assert len(judge(service_limits, {"serviceName": name}, of_type=SERVICE).messages) == 1


@pytest.mark.parametrize("name", [None, 12345, ["shop"], {"a": "b"}, True])
def test_what_is_no_text_is_not_judged_as_a_name(judge, name):
    assert judge(service_limits, {"serviceName": name}, of_type=SERVICE).clean


def test_only_an_observability_configuration_may_not_have_the_name_of_the_default(judge):
    name = "DefaultConfiguration"

    (message,) = judge(service_limits, {"observabilityConfigurationName": name}, of_type=OBSERVABILITY).messages
    assert "which AWS keeps to itself" in message
    assert judge(service_limits, {"autoScalingConfigurationName": name}, of_type=AUTO_SCALING).clean


@pytest.mark.parametrize("key", ["interval", "timeout", "healthyThreshold", "unhealthyThreshold"])
def test_the_numbers_of_a_health_check_end_at_20(judge, key):
    assert judge(service_limits, {"healthCheckConfiguration": {key: 20}}, of_type=SERVICE).clean

    (message,) = judge(service_limits, {"healthCheckConfiguration": {key: 21}}, of_type=SERVICE).messages
    assert message.startswith(f"api: healthCheckConfiguration.{key} is 21, but possible are 1 to 20 ")


def test_the_last_port_passes_and_the_next_is_a_violation(report):
    def program(port):
        source: Any = {"image_repository": {**SOURCE["image_repository"], "image_configuration": {"port": port}}}
        return lambda: aws.apprunner.Service("api", service_name="shop-api", source_configuration=source)

    assert not report(program("65535"), service_limits).violations
    (violation,) = report(program("65536"), service_limits).violations
    assert violation.level == "mandatory"
    assert "sourceConfiguration.imageRepository.imageConfiguration.port is 65536" in violation.message


@pytest.mark.parametrize(
    ("props", "found"),
    [
        ({"domainName": "*.example.com"}, "Set enableWwwSubdomain to false"),
        ({"domainName": "*.example.com", "enableWwwSubdomain": True}, "Set enableWwwSubdomain to false"),
        ({"domainName": "example.com."}, 'Set it to "example.com"'),
    ],
)
def test_a_domain_that_cannot_be_is_a_violation(judge, props, found):
    (message,) = judge(service_limits, props, of_type=CUSTOM_DOMAIN).messages

    assert found in message


@pytest.mark.parametrize(
    "props", [{"domainName": "*.example.com", "enableWwwSubdomain": False}, {"domainName": "example.com"}]
)
def test_a_domain_that_can_be_passes(judge, props):
    assert judge(service_limits, props, of_type=CUSTOM_DOMAIN).clean


def test_an_unknown_name_does_not_hide_a_number_out_of_range(judge, unknown):
    verdict = judge(
        service_limits, {"serviceName": unknown, "healthCheckConfiguration": {"interval": 21}}, of_type=SERVICE
    )

    assert len(verdict.messages) == 1
    assert "serviceName can't be known" in verdict.unknown


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
    assert violation.message.startswith("d5: serviceArn is that of ")
    assert "this is number 6, but a service has 5 at most" in violation.message


def test_domains_are_counted_for_each_service_by_itself(report):
    def program():
        for name in ("one", "two"):
            arn = service(name).arn
            for place in range(5):
                host = f"{name}{place}.example.com"
                aws.apprunner.CustomDomainAssociation(host, domain_name=host, service_arn=arn)

    assert not report(program, custom_domains_limit).violations


def test_a_service_that_is_not_known_is_said_to_be_unknown_and_counts_for_none(report):
    def program():
        other = aws.apprunner.CustomDomainAssociation("first", domain_name="a.example.com", service_arn=ARN)
        for place in range(6):
            aws.apprunner.CustomDomainAssociation(
                f"d{place}", domain_name=f"d{place}.example.com", service_arn=other.status
            )

    verdict = report(program, custom_domains_limit, unknown=True)

    assert not verdict.violations
    assert verdict.skipped


def kept(count, www: Any = False):
    """Return a program with one domain, the record that leads to it, and so many validation records."""

    def program():
        domain = aws.apprunner.CustomDomainAssociation(
            "domain", domain_name="api.example.com", enable_www_subdomain=www, service_arn=ARN
        )
        aws.route53.Record(
            "to", zone_id="Z1", type="CNAME", ttl=300, name=domain.domain_name, records=[domain.dns_target]
        )
        for place in range(count):
            asked = domain.certificate_validation_records.apply(lambda each, place=place: each[place])
            aws.route53.Record(
                f"proof{place}",
                zone_id="Z1",
                ttl=300,
                allow_overwrite=True,
                name=asked.apply(lambda one: one.name or ""),
                type=asked.apply(lambda one: one.type or ""),
                records=[asked.apply(lambda one: one.value or "")],
            )

    return program


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize(("count", "www"), [(2, False), (3, True)])
def test_all_validation_records_made_from_the_domain_pass(report, count, www, unknown):
    verdict = report(kept(count, www), custom_domain_records_kept, unknown=unknown)

    assert not verdict.violations
    assert not verdict.skipped


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize(
    ("count", "www", "found"),
    [
        (0, False, "of the 2 records in certificateValidationRecords (without www) none are made"),
        (1, False, "of the 2 records in certificateValidationRecords (without www) 1 is made"),
        (2, True, "of the 3 records in certificateValidationRecords (with www) 2 are made"),
    ],
)
def test_a_missing_validation_record_is_advised_and_the_one_that_leads_there_does_not_count(
    report, count, www, found, unknown
):
    (violation,) = report(kept(count, www), custom_domain_records_kept, unknown=unknown).violations

    assert violation.level == "advisory"
    assert violation.message.startswith(f"domain: {found}")
    assert "another DNS provider" in violation.message


def test_www_counts_where_the_program_says_nothing(report):
    (violation,) = report(kept(2, www=None), custom_domain_records_kept).violations

    assert "(with www)" in violation.message


def test_an_unknown_www_is_said_to_be_unknown_unless_there_are_records_enough(report):
    def with_unknown_www(count):
        def program():
            asked = aws.apprunner.CustomDomainAssociation("other", domain_name="b.example.com", service_arn=ARN)
            kept(count, www=asked.status.apply(bool))()

        return [each.resource for each in report(program, custom_domain_records_kept, unknown=True).skipped]

    assert with_unknown_www(2)
    assert not with_unknown_www(3)


@pytest.mark.parametrize("written", ["docker.io/library/nginx:1.27", "nginx:1.27", "ghcr.io/example/shop:1", ""])
def test_an_image_that_app_runner_cannot_pull_is_told_where_it_can(judge, written):
    source = {"imageRepository": {"imageIdentifier": written, "imageRepositoryType": "ECR_PUBLIC"}}

    (message,) = judge(service_limits, {"sourceConfiguration": source}, of_type=SERVICE).messages

    assert f'imageIdentifier is "{written}", which App Runner cannot pull' in message
    assert "public.ecr.aws/docker/library/" in message


@pytest.mark.parametrize(
    ("written", "kind", "right"),
    [
        ("public.ecr.aws/nginx/nginx:1.27", "ECR", "ECR_PUBLIC"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1", "ECR_PUBLIC", "ECR"),
    ],
)
def test_an_image_of_another_kind_than_its_address_says_is_a_violation(judge, unknown, written, kind, right):
    source = {"imageRepository": {"imageIdentifier": written, "imageRepositoryType": kind}}
    (message,) = judge(service_limits, {"sourceConfiguration": source}, of_type=SERVICE).messages
    assert message.endswith(f'Set it to "{right}".')

    for known in ({**source["imageRepository"], "imageRepositoryType": right}, {"imageIdentifier": unknown}):
        assert not judge(service_limits, {"sourceConfiguration": {"imageRepository": known}}, of_type=SERVICE).messages
