"""The rule auto-deploy-consistency: automatic deployments only where App Runner can deploy the image."""

from typing import Any

import pulumi_aws as aws
import pytest
from pulumi_policy import ResourceValidationArgs
from pulumi_policy.secret import Secret, secrets_preserving_proxy

from apprunner_facts.tokens import SERVICE
from apprunner_policies.themes.images import auto_deploy_consistency
from policies.conftest import OPTIONS
from policies.image_sources import FOREIGN, HERE, ROLE, THERE, image, service, words

URN = f"urn:pulumi:prod::shop::{SERVICE}::api"


def test_a_public_image_with_auto_deploy_is_a_violation(check_rule):
    assert check_rule(auto_deploy_consistency, image("ECR_PUBLIC", autoDeploymentsEnabled=True)).messages == (
        "api: sourceConfiguration.autoDeploymentsEnabled must be false for an image of a public registry (ECR_PUBLIC), "
        "got true. Set it to false. To deploy new images automatically, copy them into a private ECR repository of the "
        "same account.",
    )


@pytest.mark.parametrize("settings", [{}, {"autoDeploymentsEnabled": None}])
def test_auto_deploy_is_on_if_it_is_not_set_because_the_provider_sends_true(check_rule, settings):
    (message,) = check_rule(auto_deploy_consistency, image("ECR_PUBLIC", **settings)).messages

    assert "got true (the provider's default, since it is not set)" in message


@pytest.mark.parametrize(
    "props",
    [
        image("ECR_PUBLIC", autoDeploymentsEnabled=False),
        image("ECR", autoDeploymentsEnabled=True),
        image("ECR"),
        {"sourceConfiguration": {"codeRepository": {"repositoryUrl": "https://github.com/example/api"}}},
        {},
    ],
)
def test_a_public_image_without_auto_deploy_and_every_other_source_pass(check_rule, props):
    assert check_rule(auto_deploy_consistency, props).clean


@pytest.mark.parametrize("kind", ["ECR_PUBLIC", "ECR"])
def test_an_unknown_flag_is_reported_as_unknown(check_rule, unknown, kind):
    result = check_rule(auto_deploy_consistency, image(kind, autoDeploymentsEnabled=unknown))

    assert result.messages == ()
    assert "autoDeploymentsEnabled can't be known" in result.unknown


def test_an_unknown_image_does_not_matter(check_rule, unknown):
    props = image("ECR_PUBLIC", autoDeploymentsEnabled=False)
    props["sourceConfiguration"]["imageRepository"]["imageIdentifier"] = unknown

    assert check_rule(auto_deploy_consistency, props).clean


def test_an_image_of_another_account_with_auto_deploy_is_a_violation(report):
    (message,) = words(report(lambda: service(FOREIGN, auto_deployments_enabled=True), auto_deploy_consistency))

    assert message == (
        "api: sourceConfiguration.autoDeploymentsEnabled must be false for an image of another account, got true for "
        f"an image of account {THERE} and a service of account {HERE}. Set it to false. To deploy new images "
        "automatically, replicate them into a private ECR repository of the same account."
    )


def test_an_image_of_another_account_without_auto_deploy_or_of_the_same_account_passes(report):
    assert not report(lambda: service(FOREIGN, auto_deployments_enabled=False), auto_deploy_consistency).violations
    assert not report(service, auto_deploy_consistency).violations


@pytest.mark.parametrize(
    "arns",
    [
        {"autoScalingConfigurationArn": f"arn:aws:apprunner:eu-west-1:{HERE}:autoscalingconfiguration/orders/1/0a1b"},
        {"instanceConfiguration": {"instanceRoleArn": f"arn:aws:iam::{HERE}:role/app"}},
    ],
)
def test_the_account_is_read_from_each_arn_of_the_service(check_rule, unknown, arns):
    settings = {"authenticationConfiguration": {"accessRoleArn": unknown}}

    assert check_rule(auto_deploy_consistency, {**image("ECR", identifier=FOREIGN, **settings), **arns}).messages


@pytest.mark.parametrize("arn", [None, "role/app", "arn:aws:iam", 7, "arn:aws:iam::aws:policy/x", "arn:aws:iam:::x"])
def test_an_arn_without_an_account_is_no_violation(check_rule, arn):
    settings = {"authenticationConfiguration": {"accessRoleArn": arn}}

    assert check_rule(auto_deploy_consistency, image("ECR", identifier=FOREIGN, **settings)).clean


@pytest.mark.parametrize("identifier", [None, 7, "orders", "public.ecr.aws/nginx/nginx:1.27"])
def test_an_image_without_an_account_is_no_violation(check_rule, identifier):
    settings = {"authenticationConfiguration": {"accessRoleArn": ROLE}}

    assert check_rule(auto_deploy_consistency, image("ECR", identifier=identifier, **settings)).clean


def test_the_stub_account_of_an_offline_plan_is_no_violation(report):
    def program():
        role = aws.iam.Role("access", assume_role_policy="{}")
        service(FOREIGN, role=role.arn)

    assert not report(program, auto_deploy_consistency).violations


def test_an_unknown_account_is_reported_as_unknown(check_rule, unknown):
    settings = {"authenticationConfiguration": {"accessRoleArn": unknown}}
    result = check_rule(auto_deploy_consistency, image("ECR", identifier=FOREIGN, **settings))

    assert result.messages == ()
    assert "accessRoleArn can't be known" in result.unknown


def test_an_unknown_image_without_auto_deploy_does_not_matter(check_rule, unknown):
    assert check_rule(auto_deploy_consistency, image("ECR", identifier=unknown, autoDeploymentsEnabled=False)).clean


REMEDIATE = {"auto-deploy-consistency": "remediate"}


@pytest.mark.parametrize("flag", [{}, {"auto_deployments_enabled": True}])
@pytest.mark.parametrize(
    "source", [{"identifier": "public.ecr.aws/nginx/nginx:1.27", "kind": "ECR_PUBLIC"}, {"identifier": FOREIGN}]
)
def test_at_the_level_remediate_auto_deploy_is_disabled_and_no_violation_remains(report, flag, source):
    (violation,) = report(lambda: service(**source, **flag), auto_deploy_consistency, config=REMEDIATE).violations

    assert violation.level == "remediate"
    assert violation.message.endswith("It would change sourceConfiguration.")


@pytest.mark.parametrize("flag", [{}, {"auto_deployments_enabled": True}, {"auto_deployments_enabled": False}])
def test_at_the_level_remediate_a_private_image_is_not_changed(report, flag):
    assert not report(lambda: service(**flag), auto_deploy_consistency, config=REMEDIATE).violations


def test_at_the_level_remediate_unknown_values_are_not_changed(report):
    def program():
        fleet = aws.apprunner.AutoScalingConfigurationVersion("s", auto_scaling_configuration_name="s")
        service("public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", auto_deployments_enabled=fleet.latest)

    result = report(program, auto_deploy_consistency, config=REMEDIATE, unknown=True)

    assert not result.violations
    assert len(result.skipped) == 1


def test_a_fix_keeps_all_other_values(unknown):
    props = image("ECR_PUBLIC", identifier=unknown)

    assert remediated(props) == image("ECR_PUBLIC", identifier=unknown, autoDeploymentsEnabled=False)


def test_a_fix_keeps_a_secret_source_secret():
    props = {"sourceConfiguration": Secret(image("ECR_PUBLIC")["sourceConfiguration"])}

    source = remediated(props)["sourceConfiguration"]

    assert isinstance(source, Secret)
    assert source.value["autoDeploymentsEnabled"] is False


def remediated(props: dict[str, Any]) -> dict[str, Any]:
    args = ResourceValidationArgs(SERVICE, secrets_preserving_proxy(props), URN, "api", OPTIONS, None, {})
    assert auto_deploy_consistency.remediate(args)
    return props
