"""A repository for the images of services."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.repositories import AES256, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, KMS, lifecycle_policy
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import combine, validate
from pulumi_apprunner.args.dicts import ImageRepositoryArgsDict
from pulumi_apprunner.args.repository import ImageRepositoryArgs, kept_tags
from pulumi_apprunner.names import repository_name


class ImageRepository(pulumi.ComponentResource):
    """A private ECR repository with a lifecycle policy. Its tags are immutable, and each pushed image is scanned.

    ```python
    images = ImageRepository("orders-images", ImageRepositoryArgs(keep_tagged={"v*": 500}))
    image = images.repository_url.apply(lambda url: f"{url}:v1.4.2")
    AppRunnerService("orders", AppRunnerServiceArgs(image=Image(identifier=image)))
    ```

    A new repository is empty, and App Runner rejects a service whose image does not exist: create the repository first,
    push an image, and then create the service.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The repository's settings: ImageRepositoryArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    repository_url: Output[str]
    """The repository's address, ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME. An image's identifier is the address with
    `:TAG` or `@sha256:DIGEST`."""
    arn: Output[str]
    """The repository's ARN, for the permissions of those who push and pull."""
    repository_name: Output[str]
    """The repository's name."""
    registry_id: Output[str]
    """The account of the repository."""

    def __init__(
        self, name: str, args: ImageRepositoryArgs | ImageRepositoryArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of ImageRepository.
        """
        args = validate(ImageRepositoryArgs, "ImageRepository", name, args)
        super().__init__("apprunner:index:ImageRepository", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)

        repository = aws.ecr.Repository(
            f"{name}-repository",
            name=args.repository_name or repository_name(name),
            **_mutability(args),
            image_scanning_configuration={"scan_on_push": args.scan_on_push},
            # Always sent: pulumi-aws treats a missing block as no change.
            encryption_configurations=[
                {"encryption_type": AES256}
                if args.kms_key_arn is None
                else {"encryption_type": KMS, "kms_key": args.kms_key_arn}
            ],
            force_delete=args.force_delete,
            tags=args.tags,
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=repository.name,
            policy=lifecycle_policy(args.untagged_days, kept_tags(args.moving_tags, args.keep_tagged), args.keep_last),
            opts=child,
        )
        if args.pull_accounts or args.pull_organization_id is not None:
            aws.ecr.RepositoryPolicy(
                f"{name}-policy",
                repository=repository.name,
                policy=combine(
                    lambda known: iam.share_images(known[0], known[1], known[2:]),
                    repository.arn,
                    args.pull_organization_id,
                    *args.pull_accounts,
                ),
                opts=child,
            )

        self.repository_url = repository.repository_url
        self.arn = repository.arn
        self.repository_name = repository.name
        self.registry_id = repository.registry_id
        self.register_outputs(
            {
                "repositoryUrl": self.repository_url,
                "arn": self.arn,
                "repositoryName": self.repository_name,
                "registryId": self.registry_id,
            }
        )


def _mutability(args: ImageRepositoryArgs) -> dict[str, Any]:
    """Return the inputs that decide which tags may be pushed again."""
    if not args.moving_tags:
        return {"image_tag_mutability": IMMUTABLE}
    filters = [{"filter": tag, "filter_type": "WILDCARD"} for tag in args.moving_tags]
    return {
        "image_tag_mutability": IMMUTABLE_WITH_EXCLUSION,
        "image_tag_mutability_exclusion_filters": filters,
    }
