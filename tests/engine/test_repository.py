"""An image repository on the Pulumi engine: created, updated, replaced and deleted, with and without images."""

import json
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from engine.conftest import Make
from engine.programs import KMS_KEY_ARN, program, repository, service

NAME = "trial-images-test"


def push(aws: LocalAws, tag: str, content: str = "1", name: str = NAME) -> str:
    """Push an image, as CI does; return its digest."""
    docker = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {"schemaVersion": 2, "mediaType": docker, "config": {"digest": content}, "layers": []}
    image = {"repositoryName": name, "imageTag": tag, "imageManifest": json.dumps(manifest)}
    return aws.client("ecr").put_image(**image)["image"]["imageId"]["imageDigest"]


def described(aws: LocalAws, name: str = NAME) -> dict[str, Any]:
    return aws.client("ecr").describe_repositories(repositoryNames=[name])["repositories"][0]


def kept(aws: LocalAws) -> list[int]:
    """Return the numbers in the rules of the lifecycle policy."""
    policy = aws.client("ecr").get_lifecycle_policy(repositoryName=NAME)["lifecyclePolicyText"]
    return [rule["selection"]["countNumber"] for rule in json.loads(policy)["rules"]]


def test_a_repository_is_created_updated_and_deleted(aws: LocalAws, trial: Make) -> None:
    before = aws.created_resources()
    stack = trial(program(repository()))
    created = stack.up()
    assert created.ok, created.output
    assert kept(aws) == [7, 100]
    assert described(aws)["imageTagMutability"] == "IMMUTABLE"
    assert stack.up().changes == []

    changes = {"moving_tags": ["latest"], "keep_tagged": {"v*": 500}, "pull_accounts": ["210987654321"]}
    stack.program(program(repository(**changes, scan_on_push=False, tags={"team": "orders"})))
    updated = stack.up()
    assert updated.ok, updated.output
    assert set(updated.changes) == {
        ("update", "images-repository"),
        ("delete-replaced", "images-lifecycle"),
        ("replace", "images-lifecycle"),
        ("create-replacement", "images-lifecycle"),
        ("create", "images-policy"),
    }
    assert kept(aws) == [7, 1, 500, 100]
    assert described(aws)["imageTagMutabilityExclusionFilters"] == [{"filterType": "WILDCARD", "filter": "latest"}]
    assert stack.up().changes == []

    stack.program(program(repository()))
    assert stack.up().ok
    assert described(aws)["imageTagMutability"] == "IMMUTABLE"
    assert stack.up().changes == []

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before


def test_a_service_runs_an_image_that_was_pushed_before(aws: LocalAws, trial: Make) -> None:
    stack = trial(program(repository()))
    assert stack.up().ok
    digest = push(aws, "v1")
    image = service(image={"identifier": "IMAGE"}).replace(
        "'IMAGE'", f"images.repository_url.apply(lambda url: url + '@{digest}')"
    )
    stack.program(program(repository(), image))
    deployed = stack.up()
    assert deployed.ok, deployed.output
    assert [call for call in aws.role_calls if not call.allowed] == []
    assert {call.resource for call in aws.role_calls} == {
        "*",
        f"arn:aws:ecr:eu-west-1:123456789012:repository/{NAME}",
    }


def test_a_repository_with_images_is_not_deleted_unless_force_delete_was_applied(aws: LocalAws, trial: Make) -> None:
    stack = trial(program(repository()))
    assert stack.up().ok
    push(aws, "v1")
    refused = stack.destroy()
    assert not refused.ok
    assert f"ECR Repository ({NAME}) not empty, consider using force_delete" in refused.output

    stack.program(program(repository(force_delete=True)))
    applied = stack.up()
    assert applied.ok, applied.output
    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output


@pytest.mark.parametrize("force_delete", [False, True])
def test_another_key_replaces_the_repository_unless_it_contains_images(
    aws: LocalAws, trial: Make, force_delete: bool
) -> None:
    stack = trial(program(repository(force_delete=force_delete)))
    assert stack.up().ok
    push(aws, "v1")
    stack.program(program(repository(force_delete=force_delete, kms_key_arn=KMS_KEY_ARN)))
    replaced = stack.up()
    assert replaced.ok is force_delete, replaced.output
    encryption = described(aws)["encryptionConfiguration"]
    assert encryption == (
        {"encryptionType": "KMS", "kmsKey": KMS_KEY_ARN} if force_delete else {"encryptionType": "AES256"}
    )
    images = aws.client("ecr").list_images(repositoryName=NAME)["imageIds"]
    assert bool(images) is not force_delete
