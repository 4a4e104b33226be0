"""What the fake CloudFront keeps: distributions, functions and key value stores."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from apprunner_facts.arns import EXAMPLE_ACCOUNT

Members = dict[str, Any]
ARN = f"arn:aws:cloudfront::{EXAMPLE_ACCOUNT}:"
"""The start of all ARNs."""


class EdgeError(Exception):
    """CloudFront rejects a call.

    Args:
        code: AWS's code.
        message: AWS's message.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def new_version() -> str:
    """Return a new ETag."""
    return f"E{uuid.uuid4().hex[:13].upper()}"


@dataclass
class Distribution:
    """A distribution. `pending` counts the next reads that still return InProgress."""

    id: str
    arn: str
    host: str
    config: Members
    pending: int
    version: str = field(default_factory=new_version)


@dataclass
class Function:
    """A function: what is being developed, and what is live."""

    arn: str
    config: Members
    code: bytes
    version: str = field(default_factory=new_version)
    live: tuple[Members, bytes, str] | None = None


@dataclass
class Store:
    """A key value store. The version of the store itself differs from that of its keys."""

    id: str
    arn: str
    comment: str
    keys: dict[str, str] = field(default_factory=dict[str, str])
    version: str = field(default_factory=new_version)
    keys_version: str = field(default_factory=new_version)
    pending: int = 1


@dataclass
class EdgeState:
    """The account's resources of CloudFront; functions and stores by their names."""

    distributions: dict[str, Distribution] = field(default_factory=dict[str, Distribution])
    functions: dict[str, Function] = field(default_factory=dict[str, Function])
    stores: dict[str, Store] = field(default_factory=dict[str, Store])
    tags: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """The tags of each resource by its ARN."""

    def store_by_arn(self, arn: str) -> Store | None:
        """Return the store with an ARN; None if it does not exist."""
        return next((each for each in self.stores.values() if each.arn == arn), None)

    def keep_tags(self, arn: str, tags: Members) -> None:
        """Keep the tags of a new resource."""
        self.tags[arn] = {each["Key"]: each["Value"] for each in tags.get("Items", [])}


def require_version(given: str | None, current: str) -> None:
    """Raise EdgeError if a change does not name the current version."""
    # [M] InvalidIfMatchVersion, PreconditionFailed: a change names the current version.
    if not given:
        raise EdgeError("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given != current:
        raise EdgeError(
            "PreconditionFailed",
            "The request failed because it didn't meet the preconditions in one or more request-header fields.",
        )
