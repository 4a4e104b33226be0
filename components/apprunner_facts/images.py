"""Addresses of the container images that App Runner can pull."""

import re
from dataclasses import dataclass

ECR = "ECR"
ECR_PUBLIC = "ECR_PUBLIC"
REPOSITORY_TYPES = (ECR, ECR_PUBLIC)

LENGTH = 1024
"""Characters (source.IMAGE_REPOSITORY)."""

_REPOSITORY = r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"
_VERSION = r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
_PRIVATE = re.compile(
    rf"(?P<account>[0-9]{{12}})\.dkr\.ecr\.(?P<region>[a-z-]+-[0-9])\.amazonaws\.com/(?P<repository>{_REPOSITORY}){_VERSION}"
)
_PUBLIC = re.compile(rf"public\.ecr\.aws/(?P<repository>[^/\s:@]+/{_REPOSITORY}){_VERSION}")

ANY_REGISTRY = re.compile(
    r"[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]+)?"
)
"""An image's address in any registry, without credentials. Repository names are lower case."""


@dataclass(frozen=True, slots=True)
class ImageIdentifier:
    """The parts of an image's address. The account and region of a public image are None."""

    repository_type: str
    account: str | None
    region: str | None
    repository: str
    tag: str | None
    digest: str | None


def without_credentials(identifier: str) -> str:
    """Return an image's address without the part before an @, which may be a user name and a password."""
    return re.sub(r"^.*@(?!sha256:)", "", identifier, flags=re.DOTALL)


def parse_image(identifier: str) -> ImageIdentifier | None:
    """Return the parts of an address in private or public ECR; None for any other address (source.IMAGE_REPOSITORY)."""
    if len(identifier) > LENGTH:
        return None
    if match := _PRIVATE.fullmatch(identifier):
        return ImageIdentifier(ECR, **match.groupdict())
    if match := _PUBLIC.fullmatch(identifier):
        return ImageIdentifier(ECR_PUBLIC, account=None, region=None, **match.groupdict())
    return None
