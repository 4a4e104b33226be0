"""The rules about sources and start commands."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.sources import auto_deploy_same_region, connection_available, start_command_without_shell
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import Stubs, run

IRELAND = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:4"
VIRGINIA = IRELAND.replace("eu-west-1", "us-east-1")


def image(identifier: Any, automatic: Any = True, kind="ECR", command: Any = None, **more):
    repository = {"image_repository_type": kind, "image_identifier": identifier}
    if command is not None:
        repository["image_configuration"] = {"start_command": command}
    source: Any = {"image_repository": repository, "auto_deployments_enabled": automatic}
    return aws.apprunner.Service("api", service_name="orders-api", source_configuration=source, **more)


def elsewhere():
    return aws.ec2.Instance("elsewhere", ami="ami-0a1b2c3d", instance_type="t4g.nano").arn


def counts(result):
    return len(result.violations), len(result.skipped)


# Automatic deployments


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("automatic", [True, None])
def test_auto_deploy_of_an_image_of_another_region_is_a_violation(report, automatic, unknown):
    result = report(lambda: image(VIRGINIA, automatic, region="eu-west-1"), auto_deploy_same_region, unknown=unknown)

    (violation,) = result.violations
    assert "got an image in us-east-1 and a service in eu-west-1" in violation.message


def test_the_region_of_the_provider_is_used(report):
    def program():
        image(VIRGINIA, opts=pulumi.ResourceOptions(provider=aws.Provider("ireland", region="eu-west-1")))

    assert counts(report(program, auto_deploy_same_region)) == (1, 0)


@pytest.mark.parametrize(
    ("identifier", "more"),
    [
        (IRELAND, {}),
        (VIRGINIA, {"automatic": False}),
        ("public.ecr.aws/nginx/nginx:1.27", {"kind": "ECR_PUBLIC"}),
        ("ghcr.io/acme/shop:1", {}),
    ],
)
def test_other_images_pass(report, identifier, more):
    assert counts(report(lambda: image(identifier, region="eu-west-1", **more), auto_deploy_same_region)) == (0, 0)


def test_an_unknown_image_is_skipped(report):
    result = report(lambda: image(elsewhere(), region="eu-west-1"), auto_deploy_same_region, unknown=True)

    assert counts(result) == (0, 1)


# Connections


def from_code(connection_arn):
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "authentication_configuration": {"connection_arn": connection_arn},
            "code_repository": {
                "repository_url": "https://github.com/acme/orders",
                "source_code_version": {"type": "BRANCH", "value": "main"},
            },
        },
    )


def of_the_stack():
    from_code(aws.apprunner.Connection("github", connection_name="github", provider_type="GITHUB").arn)


def test_a_pending_connection_of_the_stack_is_a_violation(report):
    result = report(of_the_stack, connection_available)

    (violation,) = result.violations
    assert "got github (status PENDING_HANDSHAKE)" in violation.message


def test_a_connection_with_an_unknown_status_is_a_violation(report):
    result = report(of_the_stack, connection_available, unknown=True)

    (violation,) = result.violations
    assert "got github (status unknown: this update creates it)" in violation.message


def test_an_available_connection_passes():
    stubs = Stubs(resources={"aws:apprunner/connection:Connection": {"status": "AVAILABLE"}})
    result = evaluate(run(of_the_stack, stubs=stubs), [connection_available])

    assert counts(result) == (0, 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_connection_from_outside_the_stack_passes(report, unknown):
    def program():
        from_code("arn:aws:apprunner:eu-west-1:123456789012:connection/github/0123456789abcdef0123456789abcdef")

    assert counts(report(program, connection_available, unknown=unknown)) == (0, 0)
    assert counts(report(lambda: from_code(elsewhere()), connection_available, unknown=unknown)) == (0, 0)


# The start command


@pytest.mark.parametrize("command", ["npm run migrate && npm start", "npm run migrate; npm start", "a | b"])
def test_a_shell_operator_is_a_violation_that_does_not_show_the_command(report, command):
    (violation,) = report(
        lambda: image("public.ecr.aws/a/b:1", False, "ECR_PUBLIC", command), start_command_without_shell
    ).violations

    assert "imageConfiguration.startCommand must be a single command, got the shell operator" in violation.message
    assert command not in violation.message


@pytest.mark.parametrize("command", ["npm start", "sh -c 'a && b'", "python -c 'a; b'", "npm 'start", ""])
def test_a_single_command_passes(report, command):
    result = report(lambda: image("public.ecr.aws/a/b:1", False, "ECR_PUBLIC", command), start_command_without_shell)

    assert counts(result) == (0, 0)


def test_a_command_of_a_code_repository_is_checked_too(check_rule):
    values = {"startCommand": "a && b"}
    repository = {"codeConfiguration": {"codeConfigurationValues": values}}
    violation = check_rule(start_command_without_shell, {"sourceConfiguration": {"codeRepository": repository}})

    assert (
        "codeConfigurationValues.startCommand must be a single command, got the shell operator &&"
        in violation.messages[0]
    )


def test_an_unknown_command_is_reported_as_unknown(check_rule, unknown):
    repository = {"imageConfiguration": {"startCommand": unknown}}
    violation = check_rule(start_command_without_shell, {"sourceConfiguration": {"imageRepository": repository}})

    assert not violation.messages
    assert violation.unknown
