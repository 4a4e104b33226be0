"""Private ECR repositories: names, tags, and which images a lifecycle policy expires."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from apprunner_facts.limits import Range
from apprunner_facts.source import Source


def _guide(page: str) -> Source:
    return Source(f"https://docs.aws.amazon.com/AmazonECR/latest/userguide/{page}.html", date(2026, 11, 27))


LIFECYCLE_POLICIES = _guide("LifecyclePolicies")
"""An image that matches the tags of a rule cannot be expired by a rule with a lower priority. Images are expired within
24 hours."""
LIFECYCLE_PROPERTIES = _guide("lifecycle_policy_parameters")
TAG_MUTABILITY = Source(
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html",
    date(2026, 11, 27),
)
PUSH = _guide("image-push-iam")
REPOSITORY_POLICIES = _guide("repository-policies")
ENCRYPTION = _guide("encryption-at-rest")

NAME = re.compile(r"(?=.{2,256}\Z)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
"""A repository's name (botocore's model of ECR, RepositoryName)."""

TAG_PATTERN = re.compile(r"[0-9a-zA-Z._*-]{1,128}")
"""A tag, or a pattern of tags, in which * matches any characters (TAG_MUTABILITY, LIFECYCLE_PROPERTIES)."""
MOVING_TAGS = 5
"""Maximum number of patterns of tags that may be pushed again (botocore's model of ECR)."""
MOVING_TAG_WILDCARDS = 2
"""Maximum number of * in such a pattern (documentation of pulumi-aws's Repository, read 2026-11-27)."""
KEPT_TAG_WILDCARDS = 4
"""Maximum number of * in a tag pattern of a lifecycle policy (LIFECYCLE_PROPERTIES)."""
LIFECYCLE_LENGTH = 30_720
"""Maximum length of a lifecycle policy in characters (botocore's model of ECR, LifecyclePolicyText)."""

UNTAGGED_DAYS = Range(1, None, 7, "days", LIFECYCLE_PROPERTIES)
"""The default is this library's."""
KEPT_IMAGES = Range(1, None, 100, "images", LIFECYCLE_PROPERTIES)
"""The default is this library's."""

AES256, KMS = "AES256", "KMS"
IMMUTABLE, IMMUTABLE_WITH_EXCLUSION = "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"


def may_be_pushed_again(tag: str, mutability: str, exclusions: Collection[str]) -> bool:
    """Return whether a tag can be moved to another image.

    Args:
        tag: The tag.
        mutability: The repository's setting, such as IMMUTABLE.
        exclusions: The patterns of the tags to which the setting does not apply (TAG_MUTABILITY).
    """
    is_excluded = any(fnmatchcase(tag, each) for each in exclusions)
    return is_excluded if mutability in (IMMUTABLE, IMMUTABLE_WITH_EXCLUSION) else not is_excluded


def lifecycle_policy(untagged_days: int, keep_tagged: Mapping[str, int], keep_last: int) -> str:
    """Return a lifecycle policy as JSON.

    Rules apply in the order of their priorities. An image that matches a rule's tag pattern is not expired by the rules
    after it. A pattern has a rule of its own, because a rule with several patterns selects the images that match all of
    them (LIFECYCLE_PROPERTIES).

    Args:
        untagged_days: Days after the push at which an image without a tag is expired.
        keep_tagged: By tag pattern, the number of newest matching images that are kept.
        keep_last: The number of newest images that are kept among all others.
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": untagged_days,
    }
    tagged = (
        {"tagStatus": "tagged", "tagPatternList": [pattern], **_more_than(number)}
        for pattern, number in keep_tagged.items()
    )
    rest = {"tagStatus": "any", **_more_than(keep_last)}  # must have the highest number
    return json.dumps({"rules": list(_rules(untagged, *tagged, rest))})


def _more_than(number: int) -> dict[str, Any]:
    return {"countType": "imageCountMoreThan", "countNumber": number}


def _rules(*selections: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for priority, selection in enumerate(selections, start=1):
        yield {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
