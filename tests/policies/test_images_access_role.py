"""The rule access-role-consistency: the authentication matches the source."""

import json
from functools import partial
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.access import access_role_consistency
from policies.image_sources import CODE, REPOSITORY, image, service, words


def test_private_ecr_without_an_access_role_is_a_violation(report):
    (message,) = words(report(lambda: service(role=None), access_role_consistency))

    assert message.startswith("api: sourceConfiguration.authenticationConfiguration.accessRoleArn must be set for")
    assert "Set it to the ARN of a role that build.apprunner.amazonaws.com may assume" in message


def access_role(principal: Any = "build.apprunner.amazonaws.com", *managed: str, **more: Any):
    """Return an access role of the stack with AWS's managed policies."""
    trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return aws.iam.Role(
        "access",
        assume_role_policy=json.dumps({"Statement": trust}),
        managed_policy_arns=[f"arn:aws:iam::aws:policy/{each}" for each in managed],
        **more,
    )


PULL = "service-role/AWSAppRunnerServicePolicyForECRAccess"


@pytest.mark.parametrize("policy", [PULL, "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"])
@pytest.mark.parametrize("unknown", [False, True])
def test_an_access_role_of_the_same_stack_counts(report, policy, unknown):
    result = report(
        lambda: service(role=access_role(["build.apprunner.amazonaws.com", "ec2.amazonaws.com"], policy).arn),
        access_role_consistency,
        unknown=unknown,
    )
    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("unknown", [False, True])
def test_an_access_role_that_app_runner_cannot_assume_is_a_violation(report, unknown):
    program = lambda: service(role=access_role("tasks.apprunner.amazonaws.com", PULL).arn)  # noqa: E731
    (message,) = words(report(program, access_role_consistency, unknown=unknown))

    assert "must be a role that build.apprunner.amazonaws.com may assume, got access, whose" in message
    assert 'trusts "tasks.apprunner.amazonaws.com"' in message


def test_a_role_to_which_a_variable_refers_is_not_the_access_role(report):
    def program():
        variables = {"WORKER_ROLE": access_role("ecs-tasks.amazonaws.com").arn}
        repository = {
            "image_repository_type": "ECR",
            "image_identifier": f"{REPOSITORY}:1.4.2",
            "image_configuration": {"runtime_environment_variables": variables},
        }
        elsewhere = aws.ssm.Parameter("access-role", type="String", value="x")
        service(role=elsewhere.arn, image_repository=repository)

    result = report(program, access_role_consistency, unknown=True)

    assert not result.violations
    assert result.skipped


def test_an_access_role_that_may_not_pull_the_image_is_a_violation(report):
    statements = [
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Allow", "Action": "ecr:*", "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/other"},
    ]
    inline: Any = [{"name": "pull", "policy": json.dumps({"Statement": statements})}]
    program = lambda: service(role=access_role(inline_policies=inline).arn)  # noqa: E731
    (message,) = words(report(program, access_role_consistency))

    repository = "arn:aws:ecr:eu-west-1:111122223333:repository/orders"
    assert f"ecr:BatchGetImage on {repository}, ecr:GetDownloadUrlForLayer on {repository}. The" in message
    assert "GetAuthorizationToken" not in message


def test_a_policy_of_the_repository_allows_pulling(report):
    def program():
        inline = {"Statement": {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}}
        role = access_role(inline_policies=[{"name": "login", "policy": json.dumps(inline)}])
        pull = role.arn.apply(lambda arn: json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": arn}}}))
        aws.ecr.RepositoryPolicy("orders", repository="orders", policy=pull)
        service(role=role.arn)

    for unknown in (False, True):
        assert not report(program, access_role_consistency, unknown=unknown).violations


def test_an_image_and_a_code_repository_exclude_each_other(check_rule):
    both = image("ECR")["sourceConfiguration"] | CODE["sourceConfiguration"]
    access = {"authenticationConfiguration": {"connectionArn": "arn:aws:apprunner:eu-west-1:1:connection/a/b"}}

    (message,) = check_rule(access_role_consistency, {"sourceConfiguration": both | access}).messages

    assert "sourceConfiguration must have either imageRepository or codeRepository, got both" in message


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
