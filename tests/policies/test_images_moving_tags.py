"""The rule immutable-image-in-prod: no moving tags in production."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.images import immutable_image_in_prod
from policies.image_sources import REPOSITORY, service, words

IMMUTABLE = immutable_image_in_prod


@pytest.mark.parametrize(
    "version",
    [
        ":latest",
        ":Latest",
        ":main",
        ":staging",
        ":prod",
        ":prod1",
        ":3-latest",
        ":1.2.3-SNAPSHOT",
        ":stable",
        ":stable-alpine",
        ":stable-alpine3.20",
        ":alpine",
        ":mainline",
        ":lts-slim",
        ":lts-bookworm-slim",
        ":main-arm64",
        ":feature-login",
        ":production-eu",
        ":production-eu-west-1",
        "",
    ],
)
def test_a_tag_that_moves_in_production_is_a_violation(report, version):
    (message,) = words(report(lambda: service(f"{REPOSITORY}{version}"), IMMUTABLE))

    assert f'must have a digest or a tag that does not move, got "{REPOSITORY}{version}" with ' in message
    assert f'Set it to "{REPOSITORY}:TAG"' in message
    assert f'"{REPOSITORY}@sha256:DIGEST"' in message


def test_the_message_names_the_moving_tag(report):
    assert 'with the tag "main", which moves.' in words(report(lambda: service(f"{REPOSITORY}:main"), IMMUTABLE))[0]
    assert "with no tag, which means latest." in words(report(lambda: service(REPOSITORY), IMMUTABLE))[0]


@pytest.mark.parametrize(
    "version",
    [
        ":1.4.2",
        ":v1",
        ":2026-11-24",
        ":main-8c1f0d2",
        ":v1.4.2-alpine",
        ":4.18.2-alpine3.20",
        ":prod-17",
        ":17",
        ":1.27",
        ":8c1f0d2",
        ":deadbee",
        ":20261124.3",
        ":build-1817",
        ":latest-and-greatest@sha256:0a1b",
        f":latest@sha256:{'0' * 64}",
        f"@sha256:{'0' * 64}",
    ],
)
def test_a_digest_and_an_immutable_tag_pass(report, version):
    result = report(lambda: service(f"{REPOSITORY}{version}"), IMMUTABLE)

    assert not result.violations
    assert not result.skipped


def test_the_stacks_name_as_a_tag_moves(report):
    assert words(report(lambda: service(f"{REPOSITORY}:prod-eu2"), IMMUTABLE, stack="prod-eu2"))
    assert not report(lambda: service(f"{REPOSITORY}:prod-eu2"), IMMUTABLE, stack="prod").violations


@pytest.mark.parametrize(
    ("image", "is_moving"),
    [
        ("docker/library/node:20", True),
        ("docker/library/node:20-slim", True),
        ("docker/library/python:3.12-slim-bookworm", True),
        ("docker/library/node:20.18.1-alpine3.20", False),
        ("nginx/nginx:1", True),
        ("nginx/nginx:1.27.3", False),
        ("acme/orders:20", False),
    ],
)
def test_an_incomplete_version_of_an_official_image_moves(report, image, is_moving):
    result = report(lambda: service(f"public.ecr.aws/{image}", kind="ECR_PUBLIC"), IMMUTABLE)

    assert bool(words(result)) is is_moving


def test_outside_production_a_tag_may_move(report):
    assert not report(lambda: service(f"{REPOSITORY}:latest"), IMMUTABLE, stack="dev").violations


def test_the_moving_tags_are_configurable(report):
    config = {"immutable-image-in-prod": {"movingTags": ["v[0-9]"]}}

    assert words(report(lambda: service(f"{REPOSITORY}:V1"), IMMUTABLE, config=config))
    assert not words(report(lambda: service(f"{REPOSITORY}:v1.4.2"), IMMUTABLE, config=config))
    assert not words(report(lambda: service(f"{REPOSITORY}:latest"), IMMUTABLE, config=config))


@pytest.mark.parametrize(("flag", "has_effect"), [({"auto_deployments_enabled": False}, False), ({}, True)])
def test_a_moving_tag_with_auto_deploy_is_reported_with_its_effect(report, flag, has_effect):
    (message,) = words(report(lambda: service(f"{REPOSITORY}:latest", **flag), IMMUTABLE))

    assert ("App Runner deploys each image that is pushed to this tag" in message) is has_effect


def test_an_image_with_an_unknown_auto_deploy_flag_is_checked(report):
    def program():
        fleet = aws.apprunner.AutoScalingConfigurationVersion("s", auto_scaling_configuration_name="s")
        service(f"{REPOSITORY}:latest", auto_deployments_enabled=fleet.latest)

    assert "App Runner deploys each image" not in words(report(program, IMMUTABLE, unknown=True))[0]


@pytest.mark.parametrize(
    ("mutability", "filters", "tag", "moves"),
    [
        ("IMMUTABLE", [], "main", False),
        ("IMMUTABLE", [], "latest", True),
        ("MUTABLE", [], "main", True),
        (None, [], "main", True),
        ("IMMUTABLE_WITH_EXCLUSION", ["latest", "live*"], "main", False),
        ("IMMUTABLE_WITH_EXCLUSION", ["latest", "ma*"], "main", True),
        ("MUTABLE_WITH_EXCLUSION", ["main"], "main", False),
        ("MUTABLE_WITH_EXCLUSION", ["live*"], "main", True),
    ],
)
def test_tags_of_an_immutable_repository_of_the_stack_do_not_move(report, mutability, filters, tag, moves):
    def program():
        excluded: Any = [{"filter": each, "filter_type": "WILDCARD"} for each in filters]
        repository = aws.ecr.Repository(
            "orders",
            name="orders",
            image_tag_mutability=mutability,
            image_tag_mutability_exclusion_filters=excluded or None,
        )
        service(pulumi.Output.concat(repository.repository_url, ":", tag))

    assert bool(words(report(program, IMMUTABLE))) is moves


def test_an_unknown_image_is_reported_as_unknown(report):
    def program():
        service(pulumi.Output.concat(aws.ecr.Repository("orders").repository_url, ":latest"))

    result = report(program, IMMUTABLE, unknown=True)

    assert not result.violations
    assert len(result.skipped) == 1


def test_an_unknown_image_does_not_hide_other_services(report):
    def program():
        repository = aws.ecr.Repository("orders")
        unknown: Any = {"image_repository": {"image_repository_type": "ECR", "image_identifier": repository.arn}}
        aws.apprunner.Service("web", service_name="web", source_configuration=unknown)
        service(f"{REPOSITORY}:latest")

    result = report(program, IMMUTABLE, unknown=True)

    assert [each.resource.rpartition("::")[2] for each in result.violations] == ["api"]
    assert len(result.skipped) == 1
