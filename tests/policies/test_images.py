import pytest

from apprunner_policies.images import auto_deploy_consistency


def image(kind, **settings):
    return {"sourceConfiguration": {"imageRepository": {"imageRepositoryType": kind}, **settings}}


def test_a_public_image_with_auto_deploy_is_a_violation(judge):
    assert judge(auto_deploy_consistency, image("ECR_PUBLIC", autoDeploymentsEnabled=True)).messages == (
        "api: sourceConfiguration.autoDeploymentsEnabled is true, but App Runner cannot deploy an image of a public "
        "registry (ECR_PUBLIC) by itself. Set it to false; or, to have new images deployed, copy them into a private "
        "ECR repository of the same account.",
    )


@pytest.mark.parametrize("settings", [{}, {"autoDeploymentsEnabled": None}])
def test_auto_deploy_that_is_not_set_counts_as_on_because_the_provider_sends_true(judge, settings):
    (message,) = judge(auto_deploy_consistency, image("ECR_PUBLIC", **settings)).messages

    assert "is not set, for which pulumi-aws sends true" in message


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
def test_a_public_image_without_auto_deploy_and_every_other_source_pass(judge, props):
    assert judge(auto_deploy_consistency, props).clean


def test_an_unknown_flag_on_a_public_image_is_said_to_be_unknown(judge, unknown):
    verdict = judge(auto_deploy_consistency, image("ECR_PUBLIC", autoDeploymentsEnabled=unknown))

    assert verdict.messages == ()
    assert "autoDeploymentsEnabled can't be known" in verdict.unknown


def test_an_unknown_flag_on_a_private_image_does_not_matter(judge, unknown):
    assert judge(auto_deploy_consistency, image("ECR", autoDeploymentsEnabled=unknown)).clean


def test_an_unknown_image_does_not_matter(judge, unknown):
    props = image("ECR_PUBLIC", autoDeploymentsEnabled=False)
    props["sourceConfiguration"]["imageRepository"]["imageIdentifier"] = unknown

    assert judge(auto_deploy_consistency, props).clean
