"""GitHub Actions as an identity provider for AWS: its issuer, and the audience and subjects of its tokens."""

import re
from typing import NamedTuple

ISSUER = "token.actions.githubusercontent.com"
"""The host of GitHub's issuer. An enterprise may have one whose path is its name (source.GITHUB_CLAIMS)."""
AUDIENCE = "sts.amazonaws.com"
"""The audience of tokens for AWS (source.GITHUB_OIDC)."""
ASSUME_ACTION = "sts:AssumeRoleWithWebIdentity"

_ENTERPRISE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,98}"
ENTERPRISE = re.compile(_ENTERPRISE)
"""The short name of an enterprise, in the issuer's path."""
PROVIDER_ARN = re.compile(
    rf"arn:(?P<partition>aws(?:-[a-z]+)*):iam::[0-9]{{12}}:oidc-provider/(?P<issuer>{re.escape(ISSUER)}(?:/{_ENTERPRISE})?)"
)
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,98}/[A-Za-z0-9._-]{1,100}")
"""OWNER/NAME of a repository on GitHub."""

NAMED = r"[^/:*?]+/[^/:*?]+"
"""Owner and repository in a subject."""
NAMES_A_REPOSITORY = re.compile(
    rf"(?:[^*?].*:)?(?:repo(?:sitory)?:{NAMED}(?::.+)?|repository_id:\d+(?::.+)?|job_workflow_ref:{NAMED}/.+)"
)
"""A subject that names a repository: GitHub's default, or one with other claims in any order (source.GITHUB_CLAIMS)."""

NO_REFERENCE = re.compile(r"[\x00-\x20\x7f~^:?\[\\]|\.\.|@\{|//|^[/-]|[/.]$|\.lock(?:/|$)")
"""A part that the name of a branch or tag must not have, besides * (git-check-ref-format)."""


class Subjects(NamedTuple):
    """The subjects of the tokens that a role accepts: exact ones, and patterns in which * matches any characters."""

    exact: list[str]
    patterns: list[str]


def repository_prefix(repository: str, owner_id: int | None = None, repository_id: int | None = None) -> str:
    """Return the beginning of a repository's subjects.

    Repositories that were created, renamed or transferred after 2026-07-15, and those that opted in, have the immutable
    ids of owner and repository in it (source.GITHUB_CLAIMS).
    """
    if owner_id is None or repository_id is None:
        return f"repo:{repository}"
    owner, _, name = repository.partition("/")
    return f"repo:{owner}@{owner_id}/{name}@{repository_id}"


def branch_subject(prefix: str, branch: str) -> str:
    """Return the subject of a job on a branch. A job with an environment has that of the environment instead."""
    return f"{prefix}:ref:refs/heads/{branch}"


def tag_subject(prefix: str, tag: str) -> str:
    """Return the subject of a job on a tag. A job with an environment has that of the environment instead."""
    return f"{prefix}:ref:refs/tags/{tag}"


def environment_subject(prefix: str, environment: str) -> str:
    """Return the subject of a job with an environment, in whose name GitHub replaces each colon."""
    return f"{prefix}:environment:{environment.replace(':', '%3A')}"
