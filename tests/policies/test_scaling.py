from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import (
    EnforcementLevel,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    StackValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from apprunner_facts.tokens import AUTO_SCALING
from apprunner_policies.themes.scaling import max_size_quota, prod_min_instances, scaling_bounds

PROFILE = "autoscalingconfiguration/two/1/0123456789abcdef0123456789abcdef"
SERVICE: Any = {
    "service_name": "api",
    "source_configuration": {
        "image_repository": {
            "image_repository_type": "ECR_PUBLIC",
            "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
        }
    },
}


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"minSize": 1, "maxSize": 1, "maxConcurrency": 1},
        {"minSize": 25, "maxSize": 25, "maxConcurrency": 200},
        {"minSize": 25},
        {"maxSize": 1},
        {"maxSize": 100},
        {"minSize": 25, "maxSize": 1000},
        {"minSize": "2", "maxSize": "10"},
        {"minSize": None, "maxSize": None, "maxConcurrency": None},
    ],
)
def test_numbers_within_the_bounds_and_missing_numbers_pass(check_rule, props):
    assert check_rule(scaling_bounds, props).clean


@pytest.mark.parametrize(
    ("props", "message"),
    [
        (
            {"minSize": 0},
            "api: minSize must be a whole number, 1 to 25 (instances), got 0. Set it to 1. "
            "App Runner always keeps at least one instance; pause the service to stop paying for it.",
        ),
        ({"minSize": 26}, "api: minSize must be a whole number, 1 to 25 (instances), got 26. Set it to 25."),
        ({"maxSize": 0}, "api: maxSize must be a whole number, 1 or more (instances), got 0. Set it to 1."),
        (
            {"maxSize": 9.6},
            "api: maxSize must be a whole number, 1 or more (instances), got 9.6. Set it to 10.",
        ),
        (
            {"maxSize": 99.6},
            "api: maxSize must be a whole number, 1 or more (instances), got 99.6. Set it to 100.",
        ),
        (
            {"maxConcurrency": 0},
            "api: maxConcurrency must be a whole number, 1 to 200 (requests at a time per instance), "
            "got 0. Set it to 1.",
        ),
        (
            {"maxConcurrency": 201},
            "api: maxConcurrency must be a whole number, 1 to 200 (requests at a time per instance), "
            "got 201. Set it to 200.",
        ),
        (
            {"maxConcurrency": "many"},
            "api: maxConcurrency must be a whole number, 1 to 200 (requests at a time per instance), "
            'got "many". Set it to 100.',
        ),
        (
            {"minSize": 6, "maxSize": 5},
            "api: minSize must be at most maxSize (5), got 6. Set maxSize to at least 6, or minSize to at most 5.",
        ),
    ],
)
def test_a_number_out_of_bounds_is_one_violation_with_the_bounds_and_the_fix(check_rule, props, message):
    assert check_rule(scaling_bounds, props).messages == (message,)


def test_all_numbers_out_of_bounds_are_reported_together(check_rule):
    assert len(check_rule(scaling_bounds, {"minSize": 0, "maxSize": 0, "maxConcurrency": 201}).messages) == 3


@pytest.mark.parametrize("key", ["minSize", "maxSize", "maxConcurrency"])
def test_an_unknown_number_is_reported_as_unknown(check_rule, unknown, key):
    result = check_rule(scaling_bounds, {key: unknown})

    assert result.messages == ()
    assert f"{key} can't be known" in result.unknown


def test_an_unknown_number_does_not_hide_the_others(check_rule, unknown):
    result = check_rule(scaling_bounds, {"minSize": unknown, "maxSize": 0, "maxConcurrency": 201})

    assert [message.split()[1] for message in result.messages] == ["maxSize", "maxConcurrency"]
    assert "minSize can't be known" in result.unknown


def test_an_unknown_concurrency_does_not_hide_a_minimum_above_the_maximum(check_rule, unknown):
    result = check_rule(scaling_bounds, {"minSize": 6, "maxSize": 5, "maxConcurrency": unknown})

    assert len(result.messages) == 1


# The quota


def test_more_instances_than_the_default_quota_are_a_violation(check_rule):
    assert max_size_quota.enforcement_level == EnforcementLevel.ADVISORY
    assert check_rule(max_size_quota, {"maxSize": 100}).messages == (
        "api: maxSize must be at most 25, the account's quota, got 100. Set it to 25, or ask AWS Support to raise the "
        "quota and set this rule's quota to the new number.",
    )


@pytest.mark.parametrize("props", [{}, {"maxSize": 25}, {"maxSize": "25"}, {"maxSize": None}, {"maxSize": "many"}])
def test_a_size_within_the_quota_or_an_invalid_one_passes(check_rule, props):
    assert check_rule(max_size_quota, props).clean


@pytest.mark.parametrize(("size", "expected"), [(100, 0), (101, 1)])
def test_the_quota_is_configurable(report, size, expected):
    config = {"max-size-quota": {"quota": 100}}
    assert len(report(scaling(max_size=size), max_size_quota, config=config).violations) == expected


def test_an_unknown_size_is_not_checked_by_the_quota(check_rule, unknown):
    result = check_rule(max_size_quota, {"maxSize": unknown})

    assert result.messages == ()
    assert "maxSize can't be known" in result.unknown


# Production


def scaling(**sizes):
    def program():
        profile = aws.apprunner.AutoScalingConfigurationVersion(
            "profile", auto_scaling_configuration_name="shop-api", **sizes
        )
        aws.apprunner.Service("api", **SERVICE, auto_scaling_configuration_arn=profile.arn)

    return program


def bare():
    aws.apprunner.Service("api", **SERVICE)


@pytest.mark.parametrize(
    ("sizes", "expected"), [({}, "got 1 (the default, since it is not set)."), ({"min_size": 1}, "got 1.")]
)
def test_one_instance_in_production_is_a_violation_of_the_scaling_profile_only(report, sizes, expected):
    (violation,) = report(scaling(**sizes), prod_min_instances).violations

    assert violation.level == "advisory"
    assert violation.message.startswith("profile: minSize must be at least 2 in production, got ")
    assert expected in violation.message
    assert "Set minSize to 2" in violation.message


def test_two_instances_in_production_pass_even_if_the_arn_is_unknown(report):
    result = report(scaling(min_size=2), prod_min_instances, unknown=True)

    assert not result.violations
    assert not result.skipped


def test_a_service_in_production_without_a_profile_is_a_violation(report):
    (violation,) = report(bare, prod_min_instances).violations

    assert violation.message.startswith("api: autoScalingConfigurationArn must be set in production")


@pytest.mark.parametrize("program", [scaling(min_size=1), bare])
def test_outside_production_one_instance_is_enough(report, program):
    assert not report(program, prod_min_instances, stack="staging").violations


@pytest.mark.parametrize("program", [scaling(min_size=1), bare])
def test_the_minimum_in_production_is_configurable(report, program):
    assert not report(program, prod_min_instances, config={"prod-min-instances": {"minInstances": 1}}).violations


def test_a_default_profile_with_enough_instances_passes(report):
    assert not report(bare, prod_min_instances, config={"prod-min-instances": {"defaultMinSize": 2}}).violations


def profile_with(size):
    pulumi.CustomResource(AUTO_SCALING, "profile", {"minSize": size})


def test_an_unknown_minimum_is_reported_as_unknown(report):
    result = report(lambda: profile_with(aws.sqs.Queue("q").arn.apply(len)), prod_min_instances, unknown=True)

    assert result.violations == ()
    assert "minSize can't be known" in result.skipped[0].reason


@pytest.mark.parametrize("size", [0, "many", [2], {"a": 1}])
def test_an_invalid_minimum_is_left_to_another_rule(report, size):
    result = report(lambda: profile_with(size), prod_min_instances)

    assert (result.violations, result.skipped) == ((), ())


def default_profile(arn, **more):
    aws.apprunner.DefaultAutoScalingConfigurationVersion("default", auto_scaling_configuration_arn=arn, **more)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_default_profile_of_the_stack_counts(report, unknown):
    def program():
        profile = aws.apprunner.AutoScalingConfigurationVersion(
            "profile", auto_scaling_configuration_name="two", min_size=2
        )
        default_profile(profile.arn)
        bare()

    result = report(program, prod_min_instances, unknown=unknown)

    assert (result.violations, result.skipped) == ((), ())


def test_awss_own_profile_as_the_default_does_not_count(report):
    def program():
        default_profile(f"arn:aws:apprunner:us-east-1:123456789012:{PROFILE.replace('two', 'DefaultConfiguration')}")
        bare()

    assert report(program, prod_min_instances).violations


def test_a_default_profile_of_another_region_does_not_count(report):
    def program():
        default_profile(f"arn:aws:apprunner:us-west-2:123456789012:{PROFILE}", region="us-west-2")
        bare()

    assert report(program, prod_min_instances).violations


@pytest.mark.parametrize(("name", "is_violation"), [("two", False), ("DefaultConfiguration", True)])
def test_a_profile_of_another_stack_passes_unless_it_is_that_of_aws(report, name, is_violation):
    arn = f"arn:aws:apprunner:us-east-1:123456789012:{PROFILE.replace('two', name)}"

    def program():
        aws.apprunner.Service("api", auto_scaling_configuration_arn=arn, **SERVICE)

    assert bool(report(program, prod_min_instances).violations) is is_violation


def test_a_profile_that_the_provider_fills_in_is_none(report):
    """In a preview, pulumi-aws leaves the profile of a service unknown if the program sets none."""
    urn = "urn:pulumi:prod::shop::aws:apprunner/service:Service::api"
    props = unknown_checking_proxy({"autoScalingConfigurationArn": UNKNOWN_STRING_VALUE})
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])

    def messages_of(dependencies):
        service = PolicyResource(
            "aws:apprunner/service:Service", props, urn, "api", options, None, None, [], dependencies
        )
        result: list[str] = []
        args = StackValidationArgs([service], {})
        prod_min_instances.validate(args, lambda message, urn=None: result.append(message))
        return result

    assert messages_of({"serviceName": []})
    assert not messages_of({"autoScalingConfigurationArn": []})


@pytest.mark.parametrize(("size", "got"), [(None, "25 (the default, since it is not set)"), (11, "11")])
def test_the_default_of_max_size_counts_for_the_quota(check_rule, size, got):
    (message,) = check_rule(max_size_quota, {"maxSize": size}, config={"quota": 10}).messages

    assert f"maxSize must be at most 10, the account's quota, got {got}." in message
