"""The arguments of RedeployOnPush."""

from typing import Annotated, Any

from pydantic import AfterValidator, StrictBool, ValidationInfo, field_validator

from apprunner_facts.arns import parse_arn
from apprunner_facts.images import ECR_PUBLIC, ImageIdentifier, parse_image
from pulumi_apprunner.args.annotations import Described
from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.redeployment import RedeploymentArgs


def _tagged(identifier: str) -> ImageIdentifier:
    image = parse_image(identifier)
    if image is None or image.repository_type == ECR_PUBLIC:
        raise invalid("must be an image in private ECR: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG")
    if image.tag is None or image.digest is not None:
        raise invalid("must have a tag and no digest", "Use the tag that moves to each new image, such as :live")
    return image


@args_type
class RedeployOnPushArgs(RedeploymentArgs):
    """The arguments of a RedeployOnPush."""

    image: Annotated[str, AfterValidator(_tagged), Described("an image with a tag, as a string and not an output")]
    """The identifier of the service's image, with its tag: the same as Image.identifier, but not an output. A push of
    this tag deploys the service."""

    cross_account: StrictBool = False
    """Whether the repository is in another account. Then a rule there must forward the events to the service's default
    event bus (docs/guides/redeploy-on-push.md). Default: false; the component creates the rule in the image's
    region."""

    @field_validator("cross_account")
    @classmethod
    def _is_elsewhere(cls, cross_account: bool, info: ValidationInfo) -> bool:
        image, service_arn = info.data.get("image"), info.data.get("service_arn")
        known = image is not None and isinstance(service_arn, str)
        if known and (problems := place_problems(image, cross_account, service_arn)):
            raise invalid_paths(problems)
        return cross_account


def place_problems(image: Any, cross_account: bool, service_arn: str | None) -> dict[Path, str]:
    """Return the problems of an image's account and region, compared with those of the service.

    Args:
        image: The image.
        cross_account: The argument.
        service_arn: The ARN of the service.
    """
    try:
        service = parse_arn(service_arn or "")
    except ValueError:  # an invalid ARN of a user's mocks
        return {}
    is_other_account = image.account != service.account
    if is_other_account != cross_account:
        expected = "true" if is_other_account else "false"
        return {
            ("cross_account",): f"must be {expected}, since the image is in account {image.account} and the service in "
            f"{service.account}"
        }
    if not cross_account and image.region == service.region:
        return {
            ("image",): f"must be in another account or region than the service, got {image.region}. App Runner "
            "follows this image itself: set the service's auto_deployments_enabled to true, and remove the component"
        }
    return {}
