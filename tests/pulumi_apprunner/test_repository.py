"""ImageRepository: its tags, the images that it keeps, its encryption, and who may pull."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_facts.repositories import NAME
from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, ImageRepository, ImageRepositoryArgs
from pulumi_apprunner.testing import Graph, run
from samples import DIGEST, KMS_KEY_ARN
from services import document

REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
OTHER_ACCOUNT = "210987654321"
EXPIRE = {"type": "expire"}
PULL = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"]


def images(**args: Any) -> Callable[[], None]:
    return lambda: ImageRepository("images", ImageRepositoryArgs(**args)) and None


def images_graph(**args: Any) -> Graph:
    return plan(images(**args))


def rules(graph: Graph) -> list[dict[str, Any]]:
    return document(graph, "images-lifecycle")["rules"]


def keeps(number: int, *patterns: str) -> dict[str, Any]:
    """Return the selection of a rule that keeps a number of images."""
    tags = {"tagStatus": "tagged", "tagPatternList": [*patterns]} if patterns else {"tagStatus": "any"}
    return tags | {"countType": "imageCountMoreThan", "countNumber": number}


def test_a_repository_is_immutable_scanned_encrypted_and_not_deleted_with_its_images() -> None:
    graph = images_graph(tags={"team": "orders"})
    assert children(graph, "images") == [(LIFECYCLE, "images-lifecycle"), (REPOSITORY, "images-repository")]
    assert graph.one(REPOSITORY).inputs == {
        "name": "project-images-stack",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "AES256"}],
        "forceDelete": False,
        "tags": {"team": "orders"},
    }
    assert graph.one(LIFECYCLE)["repository"] == "project-images-stack"


def test_images_without_a_tag_expire_after_a_week_and_the_newest_hundred_are_kept() -> None:
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}
    assert rules(images_graph()) == [
        {"rulePriority": 1, "selection": untagged, "action": EXPIRE},
        {"rulePriority": 2, "selection": keeps(100), "action": EXPIRE},
    ]


def test_each_kept_tag_has_a_rule_of_its_own_before_the_rest() -> None:
    graph = images_graph(untagged_days=1, keep_last=20, keep_tagged={"v*": 500, "release-*": 50})
    assert [rule["selection"] for rule in rules(graph)[1:]] == [keeps(500, "v*"), keeps(50, "release-*"), keeps(20)]
    assert [rule["rulePriority"] for rule in rules(graph)] == [1, 2, 3, 4]
    assert rules(graph)[0]["selection"]["countNumber"] == 1


def test_moving_tags_may_be_pushed_again_and_the_image_of_a_single_one_is_always_kept() -> None:
    graph = images_graph(moving_tags=["latest", "dev-*", "stable"], keep_tagged={"v*": 500, "stable": 3})
    repository = graph.one(REPOSITORY)
    assert repository["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert repository["imageTagMutabilityExclusionFilters"] == [
        {"filter": "latest", "filterType": "WILDCARD"},
        {"filter": "dev-*", "filterType": "WILDCARD"},
        {"filter": "stable", "filterType": "WILDCARD"},
    ]
    # First, so that no other rule expires an image that also has such a tag.
    selections = [rule["selection"] for rule in rules(graph)[1:]]
    assert selections == [keeps(1, "latest"), keeps(3, "stable"), keeps(500, "v*"), keeps(100)]


def test_a_key_encrypts_the_images() -> None:
    encryption = images_graph(kms_key_arn=KMS_KEY_ARN).one(REPOSITORY)["encryptionConfigurations"]
    assert encryption == [{"encryptionType": "KMS", "kmsKey": KMS_KEY_ARN}]


def test_other_accounts_and_an_organization_may_pull_and_nothing_else() -> None:
    graph = images_graph(pull_accounts=[OTHER_ACCOUNT, "310987654321"], pull_organization_id="o-a1b2c3d4e5")
    assert graph.one(POLICY)["repository"] == "project-images-stack"
    assert document(graph, "images-policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": PULL,
            "Principal": {"AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:root", "arn:aws:iam::310987654321:root"]},
        },
        {
            "Effect": "Allow",
            "Action": PULL,
            "Principal": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        },
    ]


def test_an_account_may_be_an_output() -> None:
    def program() -> None:
        ImageRepository("images", {"pull_accounts": [pulumi.Output.from_input(OTHER_ACCOUNT)]})

    (statement,) = document(plan(program), "images-policy")["Statement"]
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:root"]}


def test_a_service_pulls_an_image_of_the_repository_with_permissions_on_it_only() -> None:
    def program() -> None:
        repository = ImageRepository("images", {})
        identifier = repository.repository_url.apply(lambda url: f"{url}@{DIGEST}")
        AppRunnerService("api", {"image": {"identifier": identifier}})

    graph = plan(program)
    outputs = graph.named("images").outputs
    assert outputs == {
        "repositoryUrl": "123456789012.dkr.ecr.us-east-1.amazonaws.com/project-images-stack",
        "arn": "arn:aws:ecr:us-east-1:123456789012:repository/project-images-stack",
        "repositoryName": "project-images-stack",
        "registryId": "123456789012",
    }
    assert document(graph, "api-access-policy")["Statement"][0]["Resource"] == outputs["arn"]
    assert "images-repository" in dependencies(graph, graph.named("api-service"))


@pytest.mark.parametrize("component", ["Images", "my_-images", "a___b", "_images_", "Bilder.für.alle", "images--2"])
def test_every_default_name_is_one_that_ecr_accepts(component: str) -> None:
    def program() -> None:
        ImageRepository(component, {})

    assert NAME.fullmatch(str(plan(program).one(REPOSITORY)["name"]))


def test_default_names_of_different_components_differ() -> None:
    components = ["images", "Images", "my-images", "my_-images", "my-_images", "my_images", "my___images"]

    def program() -> None:
        for component in components:
            ImageRepository(component, {})

    assert len({each["name"] for each in plan(program).all(REPOSITORY)}) == len(components)


def test_an_explicit_name_may_have_a_namespace() -> None:
    assert images_graph(repository_name="storefront/orders").one(REPOSITORY)["name"] == "storefront/orders"


def test_all_problems_are_reported_together() -> None:
    invalid: Any = {
        "repository_name": "Orders",
        "moving_tags": ["a*b*c*", "latest"],
        "keep_last": 0,
        "keep_tagged": {"v *": 1, "x*": 0},
        "untagged_days": 0,
        "kms_key_arn": "alias/images",
        "pull_accounts": [OTHER_ACCOUNT, 123456789012],
        "pull_organization_id": "acme",
    }
    assert problems(images(**invalid)) == {
        "repository_name": "must be 2 to 256 lower-case letters, digits and single separators (. _ - /), beginning and "
        'ending with a letter or digit, got "Orders"',
        "moving_tags[0]": 'must be 1 to 128 letters, digits and . _ - *, with at most 2 *, got "a*b*c*"',
        "keep_last": "must be 1 or more, got 0",
        "keep_tagged.v *": "must be 1 to 128 letters, digits and . _ - *, with at most 4 *",
        "keep_tagged.x*": "must be 1 or more, got 0",
        "untagged_days": "must be 1 or more, got 0",
        "kms_key_arn": "must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias",
        "pull_accounts[1]": "must be a string, got 123456789012. Quote the value",
        "pull_organization_id": 'must be the id of an organization (o-...), got "acme"',
    }


def test_lists_have_no_duplicates_and_at_most_five_moving_tags() -> None:
    assert problems(images(moving_tags=[f"tag-{number}" for number in range(6)])) == {
        "moving_tags": "must have at most 5 items"
    }
    assert problems(images(moving_tags=["a", "a"], pull_accounts=[OTHER_ACCOUNT] * 2)) == {
        "moving_tags": "must contain each tag once, got a more than once",
        "pull_accounts": f"must contain each account once, got {OTHER_ACCOUNT} more than once",
    }


def test_a_lifecycle_policy_that_is_too_long_is_an_error() -> None:
    patterns = {f"{number:03}-{'x' * 100}*": 1 for number in range(150)}
    assert problems(images(keep_tagged=patterns)) == {
        "keep_tagged": "must have fewer patterns: a lifecycle policy has at most 30,720 characters"
    }
    fits = {pattern: patterns[pattern] for pattern in list(patterns)[:100]}
    assert len(json.dumps(rules(images_graph(keep_tagged=fits)))) < 30_720


def test_an_invalid_account_that_an_output_resolves_to_is_an_error() -> None:
    with pytest.raises(pulumi.RunError, match=r"pull_accounts\[0\]: must be an account id of 12 digits"):
        run(lambda: ImageRepository("images", {"pull_accounts": [pulumi.Output.from_input("1")]}) and None)
