"""The arguments of ImageRepository."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import repositories
from pulumi_apprunner.args.annotations import Bounds, Described
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import AnyKmsKeyArn, Tags, distinct


def _repository_name(name: str) -> str:
    if not repositories.NAME.fullmatch(name):
        raise invalid(
            "must be 2 to 256 lower-case letters, digits and single separators (. _ - /), beginning and ending with a "
            "letter or digit"
        )
    return name


def _tag_pattern(wildcards: int) -> AfterValidator:
    """Return a validator of a tag or of a pattern with a limited number of wildcards."""

    def check(pattern: str) -> str:
        if not repositories.TAG_PATTERN.fullmatch(pattern) or pattern.count("*") > wildcards:
            raise invalid(f"must be 1 to 128 letters, digits and . _ - *, with at most {wildcards} *")
        return pattern

    return AfterValidator(check)


_MovingTag = Annotated[str, _tag_pattern(repositories.MOVING_TAG_WILDCARDS)]
_KeptTag = Annotated[str, _tag_pattern(repositories.KEPT_TAG_WILDCARDS)]
_AccountId = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{12}$"), Described('an account id of 12 digits as a string, "123456789012"')
]
_OrganizationId = Annotated[
    str, StringConstraints(pattern=r"^o-[a-z0-9]{10,32}$"), Described("the id of an organization (o-...)")
]


@args_type
class RepositorySettings:
    """A repository's tags, the images that it keeps, its encryption, and the accounts that may pull from it."""

    repository_name: Annotated[str, AfterValidator(_repository_name)] | None = None
    """The repository's name, such as `storefront/orders`: 2 to 256 lower-case letters, digits and the separators
    `. _ - /`. A change replaces the repository, without its images. Default: project, component and stack."""

    moving_tags: Annotated[Sequence[_MovingTag], Field(max_length=repositories.MOVING_TAGS), distinct("tag")] = ()
    """Tags that may be pushed again, such as the tag that automatic deployments follow, at most 5. `*` matches any
    characters, at most twice in a tag. Every other tag can be pushed only once. Default: none."""

    scan_on_push: StrictBool = True
    """Whether ECR scans each pushed image for vulnerabilities. If the account configures scanning for its registry, as
    enhanced scanning does, that applies instead. Default: true."""

    keep_last: Annotated[int, Bounds(repositories.KEPT_IMAGES)] = repositories.KEPT_IMAGES.default
    """The number of newest images that are kept, 1 or more. ECR does not know which image a service runs: an image
    expires although a service runs it, if so many newer images were pushed. Default: 100."""

    keep_tagged: Mapping[_KeptTag, Annotated[int, Bounds(repositories.KEPT_IMAGES)]] = field(
        default_factory=dict[str, int]
    )
    """Images that `keep_last` does not expire, by tag or pattern of tags (`*` matches any characters, at most 4 times):
    the number of newest matching images that are kept, such as `{"v*": 500}`. The image of a moving tag without `*` is
    always kept. Default: none."""

    untagged_days: Annotated[int, Bounds(repositories.UNTAGGED_DAYS)] = repositories.UNTAGGED_DAYS.default
    """Days after its push at which an image without a tag expires, 1 or more. An image loses its tag when a moving tag
    is pushed again, also while a service still runs it. Default: 7."""

    kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The customer-managed KMS key that encrypts the images, in the repository's region. The deployer needs
    kms:CreateGrant, kms:RetireGrant and kms:DescribeKey on it. A change replaces the repository, without its images.
    Default: none; ECR encrypts with AES-256."""

    pull_accounts: Annotated[Sequence[In[_AccountId]], distinct("account")] = ()
    """The ids of other accounts whose roles may pull, for example the access roles of services there. Each role also
    needs permissions of its own. Default: none."""

    pull_organization_id: In[_OrganizationId] | None = None
    """The id of the organization (o-...) whose accounts may pull. Default: none."""

    force_delete: StrictBool = False
    """Whether the repository is deleted although it contains images, and they with it. Leave it false in production. It
    must be applied with `pulumi up` before a `pulumi destroy` uses it. Default: false."""

    @field_validator("keep_tagged")
    @classmethod
    def _fits_into_a_policy(cls, keep_tagged: Mapping[str, int], info: ValidationInfo) -> Mapping[str, int]:
        if "moving_tags" not in info.data:
            return keep_tagged
        policy = repositories.lifecycle_policy(1, kept_tags(info.data["moving_tags"], keep_tagged), 1)
        if len(policy) > repositories.LIFECYCLE_LENGTH - _NUMBERS:
            raise invalid("must have fewer patterns: a lifecycle policy has at most 30,720 characters", got="")
        return keep_tagged


_NUMBERS = 100
"""Characters that the two other numbers of a lifecycle policy may have."""


def kept_tags(moving_tags: Sequence[str], keep_tagged: Mapping[str, int]) -> Mapping[str, int]:
    """Return the number of kept images by tag pattern: one for each single moving tag, then those of `keep_tagged`.

    The order is that of the policy's rules: an older image of `keep_tagged` stays if it has a moving tag.
    """
    single = {tag: keep_tagged.get(tag, 1) for tag in moving_tags if "*" not in tag}
    return {**single, **{pattern: number for pattern, number in keep_tagged.items() if pattern not in single}}


@args_type
class ImageRepositoryArgs(RepositorySettings):
    """The arguments of an ImageRepository."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the repository, not of its images. Do not store secrets in tags: pulumi-aws keeps them in plain text in
    the state. Default: none."""
