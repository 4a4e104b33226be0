"""Whether an image's tag moves: whether it names another image from time to time."""

import re
from collections.abc import Collection
from fnmatch import fnmatchcase

_FLOATING = ("latest", "latest-*", "*-latest", "*-snapshot")
_NO_VERSION = re.compile(
    r"(?<![a-z0-9])(?:(?:alpine|debian|ubuntu|rhel|ubi|al|ltsc)-?[0-9]{1,4}(?:\.[0-9]{1,3}){0,2}"
    r"|amd64|arm64(?:v8)?|x86_64|x64|x86|arm32v7|[a-z]{2}-[a-z]{4,9}-[0-9])(?![a-z0-9])"
)
"""Parts with a digit that identify no version: a base image, an architecture, a region."""
_ENVIRONMENT = re.compile(r"(?:dev|test|qa|uat|int|stage|staging|preprod|prod|prd|production|live|env)[0-9]")
_COMMIT = re.compile(r"(?<![a-z0-9])[0-9a-f]{7,40}(?![a-z0-9])")
_OFFICIAL = re.compile(r"(?:^|/)library/[^/]+$|^public\.ecr\.aws/(?:nginx|amazonlinux|lambda|ubuntu|debian|bitnami)/")
"""Repositories whose publishers move a version with fewer than three numbers: Docker's official images and similar."""
_PARTIAL_VERSION = re.compile(r"v?[0-9]{1,4}(?:\.[0-9]{1,4})?(?:-[a-z]+)*-?")


def moves(repository: str, tag: str, environments: Collection[str]) -> bool:
    """Return whether a tag usually moves.

    A tag without a digit is a name: of a branch, an environment or a variant such as alpine. Only a commit may consist
    of letters alone. A number may be that of a build, which is unique; in an official image it is a version that moves
    unless it is complete (node:20 moves, node:20.18.1 does not).

    Args:
        repository: The image's address without tag and digest.
        tag: The tag.
        environments: Names that are no versions: the stack's and the environment's.
    """
    tag = tag.lower()
    if tag in {each.lower() for each in environments} or any(fnmatchcase(tag, each) for each in _FLOATING):
        return True
    version = _NO_VERSION.sub("", tag)
    if not any(each.isdecimal() for each in version):
        return not _COMMIT.search(version)
    if _ENVIRONMENT.fullmatch(version):
        return True
    return bool(_OFFICIAL.search(repository) and _PARTIAL_VERSION.fullmatch(version))
