from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import ResourceValidationArgs
from pulumi_policy.secret import Secret, secrets_preserving_proxy

from apprunner_policies.images import (
    access_role_consistency,
    auto_deploy_consistency,
    immutable_image_in_prod,
    registry_allow_list,
)
from apprunner_policies.operations import service_limits
from apprunner_policies.types import SERVICE
from policies.conftest import OPTIONS

URN = f"urn:pulumi:prod::shop::{SERVICE}::api"


def image(kind, *, identifier=None, **settings):
    repository = {"imageRepositoryType": kind, **({"imageIdentifier": identifier} if identifier is not None else {})}
    return {"sourceConfiguration": {"imageRepository": repository, **settings}}


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


def test_an_unknown_flag_on_a_private_image_is_said_to_be_unknown(judge, unknown):
    verdict = judge(auto_deploy_consistency, image("ECR", autoDeploymentsEnabled=unknown))

    assert verdict.messages == ()
    assert "autoDeploymentsEnabled can't be known" in verdict.unknown


def test_an_unknown_image_does_not_matter(judge, unknown):
    props = image("ECR_PUBLIC", autoDeploymentsEnabled=False)
    props["sourceConfiguration"]["imageRepository"]["imageIdentifier"] = unknown

    assert judge(auto_deploy_consistency, props).clean


IMMUTABLE = immutable_image_in_prod
HERE = "111122223333"
THERE = "444455556666"
REPOSITORY = f"{HERE}.dkr.ecr.eu-west-1.amazonaws.com/orders"
ROLE = f"arn:aws:iam::{HERE}:role/ecr-access"


def service(identifier: Any = f"{REPOSITORY}:1.4.2", *, kind="ECR", role: Any = ROLE, **settings: Any):
    source: dict[str, Any] = {"image_repository": {"image_repository_type": kind, "image_identifier": identifier}}
    if role:
        source["authentication_configuration"] = {"access_role_arn": role}
    made: Any = {**source, **settings}
    aws.apprunner.Service("api", service_name="api", source_configuration=made)


def words(verdict):
    return [each.message for each in verdict.violations]


@pytest.mark.parametrize(
    "version", [":latest", ":Latest", ":main", ":staging", ":prod", ":3-latest", ":1.2.3-SNAPSHOT", ":stable", ""]
)
def test_a_tag_that_moves_in_production_is_a_violation(report, version):
    (message,) = words(report(lambda: service(f"{REPOSITORY}{version}"), IMMUTABLE))

    assert message.startswith(f'api: sourceConfiguration.imageRepository.imageIdentifier is "{REPOSITORY}{version}", ')
    assert f'Set it to "{REPOSITORY}:TAG"' in message
    assert f'"{REPOSITORY}@sha256:DIGEST"' in message


def test_the_tag_that_moves_is_named(report):
    assert 'whose tag "main" moves:' in words(report(lambda: service(f"{REPOSITORY}:main"), IMMUTABLE))[0]
    assert "without a tag, which means latest," in words(report(lambda: service(REPOSITORY), IMMUTABLE))[0]


@pytest.mark.parametrize(
    "version",
    [
        ":1.4.2",
        ":v1",
        ":2026-11-24",
        ":main-8c1f0d2",
        ":prod-17",
        ":latest-and-greatest@sha256:0a1b",
        f":latest@sha256:{'0' * 64}",
        f"@sha256:{'0' * 64}",
    ],
)
def test_a_digest_and_a_tag_that_does_not_move_pass(report, version):
    verdict = report(lambda: service(f"{REPOSITORY}{version}"), IMMUTABLE)

    assert not verdict.violations
    assert not verdict.skipped


def test_outside_production_a_tag_may_move(report):
    assert not report(lambda: service(f"{REPOSITORY}:latest"), IMMUTABLE, stack="dev").violations


def test_which_tags_move_is_configured(report):
    config = {"immutable-image-in-prod": {"movingTags": ["v[0-9]"]}}

    assert words(report(lambda: service(f"{REPOSITORY}:V1"), IMMUTABLE, config=config))
    assert not words(report(lambda: service(f"{REPOSITORY}:v1.4.2"), IMMUTABLE, config=config))
    assert not words(report(lambda: service(f"{REPOSITORY}:latest"), IMMUTABLE, config=config))


@pytest.mark.parametrize(("flag", "said"), [({"auto_deployments_enabled": False}, False), ({}, True)])
def test_a_tag_that_is_followed_on_purpose_is_told_what_that_means(report, flag, said):
    (message,) = words(report(lambda: service(f"{REPOSITORY}:latest", **flag), IMMUTABLE))

    assert ("each image that is pushed to this tag goes to production by itself" in message) is said


def test_an_image_whose_flag_is_unknown_is_judged_all_the_same(report):
    def program():
        fleet = aws.apprunner.AutoScalingConfigurationVersion("s", auto_scaling_configuration_name="s")
        service(f"{REPOSITORY}:latest", auto_deployments_enabled=fleet.latest)

    assert "goes to production by itself" not in words(report(program, IMMUTABLE, unknown=True))[0]


@pytest.mark.parametrize(
    ("mutability", "tag", "moves"),
    [
        ("IMMUTABLE", "main", False),
        ("IMMUTABLE", "latest", True),
        ("MUTABLE", "main", True),
        (None, "main", True),
        ("IMMUTABLE_WITH_EXCLUSION", "main", True),
    ],
)
def test_a_repository_of_the_stack_that_takes_no_tag_twice_keeps_tags_from_moving(report, mutability, tag, moves):
    def program():
        repository = aws.ecr.Repository("orders", name="orders", image_tag_mutability=mutability)
        service(pulumi.Output.concat(repository.repository_url, ":", tag))

    assert bool(words(report(program, IMMUTABLE))) is moves


def test_an_image_that_is_not_known_yet_is_said_to_be_unknown(report):
    def program():
        service(pulumi.Output.concat(aws.ecr.Repository("orders").repository_url, ":latest"))

    verdict = report(program, IMMUTABLE, unknown=True)

    assert not verdict.violations
    assert len(verdict.skipped) == 1


def test_an_unknown_image_hides_no_other_service(report):
    def program():
        repository = aws.ecr.Repository("orders")
        unknown: Any = {"image_repository": {"image_repository_type": "ECR", "image_identifier": repository.arn}}
        aws.apprunner.Service("web", service_name="web", source_configuration=unknown)
        service(f"{REPOSITORY}:latest")

    verdict = report(program, IMMUTABLE, unknown=True)

    assert [each.resource.rpartition("::")[2] for each in verdict.violations] == ["api"]
    assert len(verdict.skipped) == 1


REGISTRIES = {"registries": [f"{HERE}.dkr.ecr.*.amazonaws.com/*", "public.ecr.aws/docker/library/*"]}


@pytest.mark.parametrize(
    "identifier",
    [
        f"{THERE}.dkr.ecr.eu-west-1.amazonaws.com/orders:1",
        "public.ecr.aws/docker/library-of-mine/orders:1",
        "public.ecr.aws/nginx/nginx@sha256:0a1b",
        "nginx",
    ],
)
def test_an_image_from_elsewhere_is_a_violation_with_what_is_allowed(report, identifier):
    (message,) = words(report(lambda: service(identifier), registry_allow_list, config=allowed(REGISTRIES)))

    assert message.startswith(f'api: sourceConfiguration.imageRepository.imageIdentifier is "{identifier}", from a')
    assert ", ".join(REGISTRIES["registries"]) in message


@pytest.mark.parametrize(
    "identifier", [f"{REPOSITORY}:1.4.2", f"{REPOSITORY}@sha256:0a1b", "public.ecr.aws/docker/library/redis:7"]
)
def test_an_image_from_a_registry_that_is_allowed_passes(report, identifier):
    verdict = report(lambda: service(identifier), registry_allow_list, config=allowed(REGISTRIES))

    assert not verdict.violations
    assert not verdict.skipped


def test_a_pattern_without_a_slash_is_for_the_registry_and_one_with_it_for_the_repository(judge):
    given = image("ECR", identifier=f"{REPOSITORY}/api:1")
    registry = REPOSITORY.partition("/")[0]

    assert judge(registry_allow_list, given, config={"registries": [registry]}).clean
    assert judge(registry_allow_list, given, config={"registries": [f"{REPOSITORY}/api"]}).clean
    assert judge(registry_allow_list, given, config={"registries": [REPOSITORY]}).messages
    assert judge(registry_allow_list, given, config={"registries": [f"{registry}/*:1"]}).messages


def test_without_registries_nothing_is_judged_not_even_what_is_unknown(judge, unknown):
    assert judge(registry_allow_list, image("ECR", identifier=unknown)).clean
    assert judge(registry_allow_list, image("ECR", identifier="docker.io/nginx")).clean


def test_an_unknown_image_is_said_to_be_unknown(judge, unknown):
    verdict = judge(registry_allow_list, image("ECR", identifier=unknown), config=REGISTRIES)

    assert verdict.messages == ()
    assert "imageIdentifier can't be known" in verdict.unknown


def test_source_code_comes_from_no_registry(judge):
    assert judge(registry_allow_list, CODE, config=REGISTRIES).clean


def allowed(config):
    return {"registry-allow-list": config}


CODE = {"sourceConfiguration": {"codeRepository": {"repositoryUrl": "https://github.com/example/api"}}}
FOREIGN = f"{THERE}.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2"


def test_an_image_of_another_account_with_auto_deploy_is_a_violation(report):
    (message,) = words(report(lambda: service(FOREIGN, auto_deployments_enabled=True), auto_deploy_consistency))

    assert message == (
        f"api: sourceConfiguration.autoDeploymentsEnabled is true, but the image is of account {THERE} and the service "
        f"of account {HERE}, and App Runner cannot deploy an image of another account by itself. Set it to false; or, "
        "to have new images deployed, replicate them into a private ECR repository of the same account."
    )


def test_an_image_of_another_account_without_auto_deploy_passes_and_so_does_one_of_the_same(report):
    assert not report(lambda: service(FOREIGN, auto_deployments_enabled=False), auto_deploy_consistency).violations
    assert not report(service, auto_deploy_consistency).violations


@pytest.mark.parametrize(
    "arns",
    [
        {"autoScalingConfigurationArn": f"arn:aws:apprunner:eu-west-1:{HERE}:autoscalingconfiguration/orders/1/0a1b"},
        {"instanceConfiguration": {"instanceRoleArn": f"arn:aws:iam::{HERE}:role/app"}},
    ],
)
def test_the_account_is_known_from_every_arn_that_is_of_the_services_own(judge, unknown, arns):
    settings = {"authenticationConfiguration": {"accessRoleArn": unknown}}

    assert judge(auto_deploy_consistency, {**image("ECR", identifier=FOREIGN, **settings), **arns}).messages


@pytest.mark.parametrize("arn", [None, "role/app", "arn:aws:iam", 7, "arn:aws:iam::aws:policy/x", "arn:aws:iam:::x"])
def test_an_account_that_is_not_known_is_not_another(judge, arn):
    settings = {"authenticationConfiguration": {"accessRoleArn": arn}}

    assert judge(auto_deploy_consistency, image("ECR", identifier=FOREIGN, **settings)).clean


@pytest.mark.parametrize("identifier", [None, 7, "orders", "public.ecr.aws/nginx/nginx:1.27"])
def test_an_image_without_an_account_is_not_of_another(judge, identifier):
    settings = {"authenticationConfiguration": {"accessRoleArn": ROLE}}

    assert judge(auto_deploy_consistency, image("ECR", identifier=identifier, **settings)).clean


def test_the_account_of_an_offline_plan_is_not_another(report):
    def program():
        role = aws.iam.Role("access", assume_role_policy="{}")
        service(FOREIGN, role=role.arn)

    assert not report(program, auto_deploy_consistency).violations


def test_an_account_that_is_not_known_yet_is_said_to_be_unknown(judge, unknown):
    settings = {"authenticationConfiguration": {"accessRoleArn": unknown}}
    verdict = judge(auto_deploy_consistency, image("ECR", identifier=FOREIGN, **settings))

    assert verdict.messages == ()
    assert "accessRoleArn can't be known" in verdict.unknown


def test_an_unknown_image_without_auto_deploy_does_not_matter(judge, unknown):
    assert judge(auto_deploy_consistency, image("ECR", identifier=unknown, autoDeploymentsEnabled=False)).clean


REMEDIATE = {"auto-deploy-consistency": "remediate"}


@pytest.mark.parametrize("flag", [{}, {"auto_deployments_enabled": True}])
@pytest.mark.parametrize(
    "source", [{"identifier": "public.ecr.aws/nginx/nginx:1.27", "kind": "ECR_PUBLIC"}, {"identifier": FOREIGN}]
)
def test_at_the_level_remediate_auto_deploy_is_switched_off_and_nothing_is_left_to_say(report, flag, source):
    (violation,) = report(lambda: service(**source, **flag), auto_deploy_consistency, config=REMEDIATE).violations

    assert violation.level == "remediate"
    assert violation.message.endswith("It would change sourceConfiguration.")


@pytest.mark.parametrize("flag", [{}, {"auto_deployments_enabled": True}, {"auto_deployments_enabled": False}])
def test_at_the_level_remediate_what_can_be_deployed_is_left_alone(report, flag):
    assert not report(lambda: service(**flag), auto_deploy_consistency, config=REMEDIATE).violations


def test_at_the_level_remediate_what_is_unknown_is_left_alone(report):
    def program():
        fleet = aws.apprunner.AutoScalingConfigurationVersion("s", auto_scaling_configuration_name="s")
        service("public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", auto_deployments_enabled=fleet.latest)

    verdict = report(program, auto_deploy_consistency, config=REMEDIATE, unknown=True)

    assert not verdict.violations
    assert len(verdict.skipped) == 1


def test_what_is_mended_keeps_everything_else(unknown):
    props = image("ECR_PUBLIC", identifier=unknown)

    assert mended(props) == image("ECR_PUBLIC", identifier=unknown, autoDeploymentsEnabled=False)


def test_a_source_that_is_secret_stays_one_when_it_is_mended():
    props = {"sourceConfiguration": Secret(image("ECR_PUBLIC")["sourceConfiguration"])}

    source = mended(props)["sourceConfiguration"]

    assert isinstance(source, Secret)
    assert source.value["autoDeploymentsEnabled"] is False


def mended(props: dict[str, Any]) -> dict[str, Any]:
    args = ResourceValidationArgs(SERVICE, secrets_preserving_proxy(props), URN, "api", OPTIONS, None, {})
    assert auto_deploy_consistency.remediate(args)
    return props


def test_private_ecr_without_an_access_role_is_a_violation(report):
    (message,) = words(report(lambda: service(role=None), access_role_consistency))

    assert message.startswith("api: sourceConfiguration.authenticationConfiguration.accessRoleArn is not set, and")
    assert "Set it to the ARN of a role that build.apprunner.amazonaws.com may assume" in message


def test_an_access_role_that_is_made_in_the_same_stack_counts(report):
    def program():
        service(role=aws.iam.Role("access", assume_role_policy="{}").arn)

    for unknown in (False, True):
        verdict = report(program, access_role_consistency, unknown=unknown)
        assert not verdict.violations
        assert not verdict.skipped


@pytest.mark.parametrize("arn", [None, ""])
def test_an_arn_that_is_empty_is_none(judge, arn):
    settings = {"authenticationConfiguration": {"accessRoleArn": arn}}

    assert judge(access_role_consistency, image("ECR", **settings)).messages
    assert judge(access_role_consistency, image("ECR_PUBLIC", **settings)).clean


def test_ecr_public_with_an_access_role_is_a_violation_also_while_that_is_not_known(report):
    def program():
        role = aws.iam.Role("access", assume_role_policy="{}")
        service("public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", role=role.arn)

    for unknown in (False, True):
        (message,) = words(report(program, access_role_consistency, unknown=unknown))
        assert message.endswith("Take sourceConfiguration.authenticationConfiguration out.")


def test_ecr_public_without_an_access_role_passes(report):
    program = partial(service, "public.ecr.aws/nginx/nginx:1", kind="ECR_PUBLIC", role=None)

    assert not report(program, access_role_consistency).violations


def test_a_code_repository_without_a_connection_is_a_violation(judge, unknown):
    settings = {**CODE["sourceConfiguration"], "authenticationConfiguration": {"connectionArn": unknown}}

    (message,) = judge(access_role_consistency, CODE).messages

    assert "authenticationConfiguration.connectionArn is not set" in message
    assert judge(access_role_consistency, {"sourceConfiguration": settings}).clean


def test_what_authenticates_being_unknown_as_a_whole_is_said(judge, unknown):
    verdict = judge(access_role_consistency, image("ECR", authenticationConfiguration=unknown))

    assert verdict.messages == ()
    assert "authenticationConfiguration can't be known" in verdict.unknown


@pytest.mark.parametrize("props", [{}, {"sourceConfiguration": None}, {"sourceConfiguration": ["ECR"]}, image(["ECR"])])
@pytest.mark.parametrize("rule", [auto_deploy_consistency, access_role_consistency, registry_allow_list])
def test_a_source_of_the_wrong_type_is_left_to_the_provider(judge, rule, props):
    assert judge(rule, props, config=REGISTRIES).clean


# Credentials in an address


@pytest.mark.parametrize("identifier", ["user:hunter2@ghcr.io/acme/shop:latest", "https://hunter2@ghcr.io/acme/shop"])
@pytest.mark.parametrize("rule", [immutable_image_in_prod, registry_allow_list, service_limits])
def test_credentials_in_an_images_address_are_not_shown(report, identifier, rule):
    def program():
        repository = {"image_repository_type": "ECR", "image_identifier": identifier}
        source: Any = {"image_repository": repository}
        aws.apprunner.Service("api", service_name="orders-api", source_configuration=source)

    config = {"registry-allow-list": {"registries": ["*.amazonaws.com/*"]}}
    (found,) = report(program, rule, config=config).violations

    assert "ghcr.io/acme/shop" in found.message
    assert "hunter2" not in found.message
