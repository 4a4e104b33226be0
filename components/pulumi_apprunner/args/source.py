"""Where a service's application comes from: an image, or a code repository."""

import re
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator

from apprunner_facts import arns, images, limits, runtimes
from pulumi_apprunner.args.checking import AwsAssigned, In, args_type, is_output
from pulumi_apprunner.args.errors import Described, Sensitive, refuse
from pulumi_apprunner.args.values import aws_assigned, one_of

Command = Annotated[
    str, StringConstraints(min_length=1, pattern=r"^[^\n\r]+$"), Described("a command of one line"), Sensitive()
]

_ADDRESS = re.compile(r"(?:(?:https?|ssh|git)://(?:git@)?|git@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+[:/][A-Za-z0-9._~/-]*")
"""A repository's address without credentials and without a query."""


def _pullable(identifier: str) -> str:
    if images.parse_image(identifier) is None:
        raise refuse(
            "is not an image that App Runner can pull: "
            "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG or public.ecr.aws/ALIAS/REPOSITORY:TAG "
            "(or @sha256:DIGEST); Docker's official images are at public.ecr.aws/docker/library/"
        )
    return identifier


@args_type
class Image:
    """A container image in Amazon ECR."""

    identifier: In[Annotated[str, AwsAssigned(_pullable), Sensitive(form=images.ANY_REGISTRY)]]
    """The image's address with its tag or digest, in private ECR or in public ECR."""

    repository_type: Literal["ECR", "ECR_PUBLIC"] | None = None
    """ECR is pulled with an access role, ECR_PUBLIC without one. Default: what a known identifier says, ECR for an
    output."""

    cross_account: bool = False
    """Whether the private repository stands in another account: its policy has to let the access role pull. Default:
    no."""

    @field_validator("repository_type")
    @classmethod
    def _agrees_with_the_identifier(cls, given: str | None, info: ValidationInfo) -> str | None:
        identifier = info.data.get("identifier")
        if identifier is None:
            return given
        if is_output(identifier):
            return given or images.ECR
        found = images.parse_image(identifier)
        if found and given and found.repository_type != given:
            raise refuse(f"does not agree with the identifier, which is in {found.repository_type}: leave it out")
        return found.repository_type if found else given

    @field_validator("cross_account")
    @classmethod
    def _is_private(cls, cross_account: bool, info: ValidationInfo) -> bool:
        if cross_account and info.data.get("repository_type") == images.ECR_PUBLIC:
            raise refuse("goes with a private image only: this one is in public ECR, which anybody can pull")
        return cross_account


@args_type
class Code:
    """Source code that App Runner builds with a managed runtime (there is no Dockerfile here: build an image for
    that)."""

    connection_arn: In[
        Annotated[
            str,
            aws_assigned(arns.CONNECTION, "a connection's ARN: arn:aws:apprunner:REGION:ACCOUNT:connection/NAME/ID"),
        ]
    ]
    """The App Runner connection to GitHub or Bitbucket, already completed by hand in the console (status AVAILABLE)."""

    repository_url: In[
        Annotated[
            str,
            StringConstraints(pattern=r"^https://\S+$"),
            Described("a repository's address: https://..."),
            Sensitive(form=_ADDRESS),
        ]
    ]
    """The repository's address, https://github.com/OWNER/NAME."""

    branch: In[Annotated[str, StringConstraints(min_length=1)]] = "main"
    """The branch that is deployed. Default: main."""

    source_directory: Annotated[
        str,
        StringConstraints(pattern=r"^/[^\x00]*$", max_length=limits.SOURCE_DIRECTORY_LENGTH),
        Described("a path from the repository's root: it begins with /"),
    ] = "/"
    """Where in the repository the application stands, from its root; builds run there. Default: /."""

    configuration_source: Literal["API", "REPOSITORY"] = "API"
    """API: everything is said here. REPOSITORY: the file apprunner.yaml in the source directory says it. Default:
    API."""

    runtime: Annotated[str, one_of(tuple(runtimes.END_OF_SUPPORT))] | None = None
    """The managed runtime, such as PYTHON_311 or NODEJS_22. Required with API."""

    build_command: Command | None = None
    """What builds the application, one line. Default: nothing is built."""

    @field_validator("runtime")
    @classmethod
    def _stands_in_one_place(cls, runtime: str | None, info: ValidationInfo) -> str | None:
        where = info.data.get("configuration_source")
        if where == "API" and runtime is None:
            raise refuse(f"is missing: choose one of {', '.join(runtimes.END_OF_SUPPORT)}")
        return cls._not_overridden(runtime, info)

    @field_validator("build_command")
    @classmethod
    def _not_overridden(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is not None and info.data.get("configuration_source") == "REPOSITORY":
            raise refuse("would be overridden by apprunner.yaml: write it there, or set configuration_source to API")
        return given
