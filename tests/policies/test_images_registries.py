"""The rule registry-allow-list: images of the configured registries only."""

import pytest

from apprunner_policies.themes.images import registry_allow_list
from policies.image_sources import CODE, REGISTRIES, REPOSITORY, THERE, image, service, words

IDENTIFIER = "sourceConfiguration.imageRepository.imageIdentifier"


@pytest.mark.parametrize(
    "identifier",
    [
        f"{THERE}.dkr.ecr.eu-west-1.amazonaws.com/orders:1",
        "public.ecr.aws/docker/library-of-mine/orders:1",
        "public.ecr.aws/nginx/nginx@sha256:0a1b",
        "nginx",
    ],
)
def test_an_image_of_another_registry_is_reported_with_the_allowed_registries(report, identifier):
    (message,) = words(report(lambda: service(identifier), registry_allow_list, config=allowed(REGISTRIES)))

    assert message.startswith(f'api: {IDENTIFIER} must be in an allowed registry or repository, got "{identifier}".')
    assert ", ".join(REGISTRIES["registries"]) in message


@pytest.mark.parametrize(
    "identifier", [f"{REPOSITORY}:1.4.2", f"{REPOSITORY}@sha256:0a1b", "public.ecr.aws/docker/library/redis:7"]
)
def test_an_image_of_an_allowed_registry_passes(report, identifier):
    result = report(lambda: service(identifier), registry_allow_list, config=allowed(REGISTRIES))

    assert not result.violations
    assert not result.skipped


def test_a_pattern_without_a_slash_matches_registries_and_one_with_a_slash_matches_repositories(check_rule):
    source = image("ECR", identifier=f"{REPOSITORY}/api:1")
    registry = REPOSITORY.partition("/")[0]

    assert check_rule(registry_allow_list, source, config={"registries": [registry]}).clean
    assert check_rule(registry_allow_list, source, config={"registries": [f"{REPOSITORY}/api"]}).clean
    assert check_rule(registry_allow_list, source, config={"registries": [REPOSITORY]}).messages
    assert check_rule(registry_allow_list, source, config={"registries": [f"{registry}/*:1"]}).messages


@pytest.mark.parametrize(("pattern", "is_allowed"), [(f"{REPOSITORY}/", True), (f"{THERE}/", False), ("*/", True)])
def test_a_pattern_that_ends_with_a_slash_matches_all_repositories_below(check_rule, pattern, is_allowed):
    source = image("ECR", identifier=f"{REPOSITORY}/api:1")

    assert check_rule(registry_allow_list, source, config={"registries": [pattern]}).clean is is_allowed


def test_without_registries_every_image_passes(check_rule, unknown):
    assert check_rule(registry_allow_list, image("ECR", identifier=unknown)).clean
    assert check_rule(registry_allow_list, image("ECR", identifier="docker.io/nginx")).clean


def test_an_unknown_image_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(registry_allow_list, image("ECR", identifier=unknown), config=REGISTRIES)

    assert result.messages == ()
    assert "imageIdentifier can't be known" in result.unknown


def test_source_code_is_not_checked(check_rule):
    assert check_rule(registry_allow_list, CODE, config=REGISTRIES).clean


def allowed(config):
    return {"registry-allow-list": config}
