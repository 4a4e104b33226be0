"""Addresses of the container images that App Runner can pull."""

import re

from apprunner_facts.regions import partition_of

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


class ImageIdentifier(str):
    """The address of an image in private or public ECR, with its parts; `parse_image` returns it.

    It is a string, so that it can be passed on like the address that it was parsed from.
    """

    repository_type: str
    account: str | None
    """The account of a private image; None for a public one, as is the region."""
    region: str | None
    repository: str
    tag: str | None
    digest: str | None

    @property
    def repository_arn(self) -> str | None:
        """The ARN of a private image's repository; None for a public image."""
        if self.region is None:
            return None
        return f"arn:{partition_of(self.region)}:ecr:{self.region}:{self.account}:repository/{self.repository}"


def without_credentials(identifier: str) -> str:
    """Return an image's address without the part before an @, which may be a user name and a password."""
    return re.sub(r"^.*@(?!sha256:)", "", identifier, flags=re.DOTALL)


def parse_image(identifier: str) -> ImageIdentifier | None:
    """Return an address in private or public ECR with its parts; None for any other one (source.IMAGE_REPOSITORY)."""
    if len(identifier) > LENGTH:
        return None
    repository_type, match = ECR, _PRIVATE.fullmatch(identifier)
    if match is None:
        repository_type, match = ECR_PUBLIC, _PUBLIC.fullmatch(identifier)
    if match is None:
        return None
    parts = match.groupdict()
    image = ImageIdentifier(identifier)
    image.repository_type, image.account, image.region = repository_type, parts.get("account"), parts.get("region")
    image.repository, image.tag, image.digest = parts["repository"], parts["tag"], parts["digest"]
    return image
