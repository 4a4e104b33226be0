"""The rule access-role-consistency: the authentication matches the source."""

from functools import partial

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.images import access_role_consistency
from policies.image_sources import CODE, image, service, words


def test_private_ecr_without_an_access_role_is_a_violation(report):
    (message,) = words(report(lambda: service(role=None), access_role_consistency))

    assert message.startswith("api: sourceConfiguration.authenticationConfiguration.accessRoleArn must be set for")
    assert "Set it to the ARN of a role that build.apprunner.amazonaws.com may assume" in message


def test_an_access_role_of_the_same_stack_counts(report):
    def program():
        service(role=aws.iam.Role("access", assume_role_policy="{}").arn)

    for unknown in (False, True):
        result = report(program, access_role_consistency, unknown=unknown)
        assert not result.violations
        assert not result.skipped


@pytest.mark.parametrize("arn", [None, ""])
def test_an_empty_arn_is_no_access_role(check_rule, arn):
    settings = {"authenticationConfiguration": {"accessRoleArn": arn}}

    assert check_rule(access_role_consistency, image("ECR", **settings)).messages
    assert check_rule(access_role_consistency, image("ECR_PUBLIC", **settings)).clean


def test_ecr_public_with_an_access_role_is_a_violation_even_if_its_arn_is_unknown(report):
    def program():
        role = aws.iam.Role("access", assume_role_policy="{}")
        service("public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", role=role.arn)

    for unknown in (False, True):
        (message,) = words(report(program, access_role_consistency, unknown=unknown))
        assert message.endswith("Remove sourceConfiguration.authenticationConfiguration.")


def test_ecr_public_without_an_access_role_passes(report):
    program = partial(service, "public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", role=None)

    assert not report(program, access_role_consistency).violations


def test_a_code_repository_without_a_connection_is_a_violation(check_rule, unknown):
    settings = {**CODE["sourceConfiguration"], "authenticationConfiguration": {"connectionArn": unknown}}

    (message,) = check_rule(access_role_consistency, CODE).messages

    assert "authenticationConfiguration.connectionArn must be set" in message
    assert check_rule(access_role_consistency, {"sourceConfiguration": settings}).clean


def test_an_unknown_authentication_configuration_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(access_role_consistency, image("ECR", authenticationConfiguration=unknown))

    assert result.messages == ()
    assert "authenticationConfiguration can't be known" in result.unknown
