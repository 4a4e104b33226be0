from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.health import http_health_check, max_unhealthy_threshold

SOURCE: Any = {
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    }
}


def service(name="api", **more):
    return aws.apprunner.Service(name, service_name="shop-api", source_configuration=SOURCE, **more)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (None, "protocol must be HTTP, got TCP (the default, since it is not set)"),
        ({"interval": 5}, "protocol must be HTTP, got TCP (the default, since it is not set)"),
        ({"protocol": "TCP"}, "protocol must be HTTP, got TCP."),
        ({"protocol": "TCP", "path": "/health"}, "healthCheckConfiguration.path is ignored with TCP"),
    ],
)
def test_a_tcp_health_check_is_a_violation(report, block, expected):
    (violation,) = report(lambda: service(health_check_configuration=block), http_health_check).violations

    assert violation.level == "advisory"
    assert expected in violation.message
    assert 'Set healthCheckConfiguration.protocol to "HTTP"' in violation.message


def test_the_default_path_of_the_provider_is_not_reported_as_ignored(check_rule):
    (message,) = check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": "TCP", "path": "/"}}).messages

    assert "ignored" not in message


@pytest.mark.parametrize("block", [{"protocol": "HTTP", "path": "/health"}, {"protocol": "HTTP"}])
def test_an_http_health_check_passes(report, block):
    assert not report(lambda: service(health_check_configuration=block), http_health_check).violations


def test_an_unknown_path_does_not_hide_the_protocol(check_rule, unknown):
    assert check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": "HTTP", "path": unknown}}).clean
    assert check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": "TCP", "path": unknown}}).messages


def test_an_unknown_protocol_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": unknown}})

    assert result.messages == ()
    assert "protocol can't be known" in result.unknown


@pytest.mark.parametrize("protocol", ["http", "HTTPS", "UDP"])
def test_another_protocol_is_a_violation(check_rule, protocol):
    (message,) = check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": protocol}}).messages

    assert message.startswith(f'api: healthCheckConfiguration.protocol must be HTTP, got "{protocol}".')


def test_an_empty_protocol_counts_as_missing(check_rule):
    (message,) = check_rule(http_health_check, {"healthCheckConfiguration": {"protocol": ""}}).messages

    assert "got TCP (the default, since it is not set)" in message


# The unhealthy threshold


@pytest.mark.parametrize(
    ("threshold", "highest", "got"),
    [(6, None, "5, got 6."), (None, 3, "3, got 5 (the default of a new service"), (20, 10, "10, got 20.")],
)
def test_an_unhealthy_threshold_above_the_highest_is_reported(check_rule, threshold, highest, got):
    block = {} if threshold is None else {"unhealthyThreshold": threshold}
    config = {} if highest is None else {"maxUnhealthyThreshold": highest}
    (message,) = check_rule(max_unhealthy_threshold, {"healthCheckConfiguration": block}, config=config).messages

    assert message.startswith(f"api: healthCheckConfiguration.unhealthyThreshold must be at most {got}")


@pytest.mark.parametrize(("threshold", "highest"), [(5, None), (None, None), (3, 3), ("3", 3)])
def test_an_unhealthy_threshold_up_to_the_highest_passes(check_rule, threshold, highest):
    block = {} if threshold is None else {"unhealthyThreshold": threshold}
    config = {} if highest is None else {"maxUnhealthyThreshold": highest}

    assert check_rule(max_unhealthy_threshold, {"healthCheckConfiguration": block}, config=config).clean


def test_the_unhealthy_threshold_is_off_by_default(report):
    def program():
        service(health_check_configuration={"unhealthy_threshold": 20})

    assert not report(program, max_unhealthy_threshold).violations
