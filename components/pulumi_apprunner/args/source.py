"""The source of a service's application: an image, or a code repository."""

import re
from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import arns, limits, runtimes
from apprunner_facts.commands import ONE_LINE
from apprunner_facts.images import ANY_REGISTRY, ECR, ECR_PUBLIC, ImageIdentifier, parse_image
from pulumi_apprunner.args.annotations import Described, Sensitive
from pulumi_apprunner.args.checking import AwsAssigned, In, args_type, is_output
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import aws_assigned, one_of

Command = Annotated[
    str, StringConstraints(min_length=1, pattern=f"^{ONE_LINE}$"), Described("a command on one line"), Sensitive()
]

_ADDRESS = re.compile(r"(?:(?:https?|ssh|git)://(?:git@)?|git@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+[:/][A-Za-z0-9._~/-]*")
"""A repository's URL without credentials and query."""


def _pullable(identifier: str) -> ImageIdentifier:
    image = parse_image(identifier)
    if image is None:
        raise invalid(
            "must be an image in Amazon ECR: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG or "
            "public.ecr.aws/ALIAS/REPOSITORY:TAG (or @sha256:DIGEST)",
            "App Runner pulls from no other registry. Docker's official images are in public.ecr.aws/docker/library/",
        )
    return image


@args_type
class Image:
    """A container image in Amazon ECR."""

    identifier: In[Annotated[str, AwsAssigned(_pullable), Sensitive(except_pattern=ANY_REGISTRY)]]
    """The image's URI in private or public ECR, with a tag or digest."""

    repository_type: Literal["ECR", "ECR_PUBLIC"] | None = None
    """ECR for a private image, which an access role pulls, or ECR_PUBLIC. Default: the type of a known identifier, ECR
    for an Output."""

    cross_account: StrictBool = False
    """Whether the private repository is in another account. Its policy must allow the access role to pull. Default:
    false."""

    managed_by: Literal["pulumi", "ci"] = "pulumi"
    """Who deploys new images. pulumi: an update deploys `identifier`. ci: an update keeps the image that the service
    has, and `identifier` is only the image with which a service is created, also one that replaces another. Default:
    pulumi."""

    @field_validator("repository_type")
    @classmethod
    def _agrees_with_the_identifier(cls, value: str | None, info: ValidationInfo) -> str | None:
        identifier = info.data.get("identifier")
        if is_output(identifier):
            return value or ECR
        if not isinstance(identifier, ImageIdentifier):  # invalid, so reported already
            return value
        if value is not None and value != identifier.repository_type:
            raise invalid(f"must be {identifier.repository_type}, the type of the identifier", "Remove it")
        return identifier.repository_type

    @field_validator("cross_account")
    @classmethod
    def _is_private(cls, cross_account: bool, info: ValidationInfo) -> bool:
        if cross_account and info.data.get("repository_type") == ECR_PUBLIC:
            raise invalid("must be false for an image in public ECR", "Anyone can pull it. Remove cross_account")
        return cross_account


@args_type
class Code:
    """Source code that App Runner builds with a managed runtime. For a Dockerfile, build an image instead."""

    connection_arn: In[
        Annotated[
            str,
            aws_assigned(
                arns.CONNECTION, "the ARN of a connection (arn:aws:apprunner:REGION:ACCOUNT:connection/NAME/ID)"
            ),
        ]
    ]
    """The ARN of the App Runner connection to GitHub or Bitbucket. You must complete it in the console first (status
    AVAILABLE)."""

    repository_url: In[
        Annotated[
            str,
            StringConstraints(pattern=r"^https://\S+$"),
            Described("a repository URL that begins with https://"),
            Sensitive(except_pattern=_ADDRESS),
        ]
    ]
    """The repository's URL, such as https://github.com/OWNER/NAME."""

    branch: In[Annotated[str, StringConstraints(min_length=1)]] = "main"
    """The branch to deploy. Default: main."""

    source_directory: Annotated[
        str,
        StringConstraints(pattern=r"^/[^\x00]*$", max_length=limits.SOURCE_DIRECTORY_LENGTH),
        Described("a path that begins with / (the root of the repository)"),
    ] = "/"
    """The application's directory, from the root of the repository. Builds run there. Default: /."""

    configuration_source: Literal["API", "REPOSITORY"] = "API"
    """API: these arguments configure build and run. REPOSITORY: the file apprunner.yaml in the source directory does.
    Default: API."""

    runtime: Annotated[str, one_of(tuple(runtimes.END_OF_SUPPORT), runtimes.similar)] | None = None
    """The managed runtime, such as PYTHON_311 or NODEJS_22. Required if configuration_source is API."""

    build_command: Command | None = None
    """The command that builds the application, one line. Default: none."""

    @field_validator("runtime")
    @classmethod
    def _is_required_with_api(cls, runtime: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("configuration_source") == "API" and runtime is None:
            raise invalid("is required", f"Use one of {', '.join(runtimes.END_OF_SUPPORT)}")
        return cls._not_overridden(runtime, info)

    @field_validator("build_command")
    @classmethod
    def _not_overridden(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("configuration_source") == "REPOSITORY":
            raise invalid(
                'must not be set with configuration_source "REPOSITORY": apprunner.yaml overrides it',
                'Set it in apprunner.yaml, or set configuration_source to "API"',
            )
        return value
