"""Rules about what is deployed, and when."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs

from apprunner_facts import source
from apprunner_policies.rule import Rule, read
from apprunner_policies.types import SERVICE

_AUTO_DEPLOY = "sourceConfiguration.autoDeploymentsEnabled"


def _public_image_is_not_auto_deployed(args: ResourceValidationArgs) -> Iterator[str]:
    if read(args, "sourceConfiguration.imageRepository.imageRepositoryType") != "ECR_PUBLIC":
        return
    auto_deploy = read(args, _AUTO_DEPLOY)
    if auto_deploy is False:
        return
    found = "is not set, for which pulumi-aws sends true" if auto_deploy is None else "is true"
    yield (
        f"{_AUTO_DEPLOY} {found}, but App Runner cannot deploy an image of a public registry (ECR_PUBLIC) by itself. "
        "Set it to false; or, to have new images deployed, copy them into a private ECR repository of the same account."
    )


auto_deploy_consistency = Rule(
    "auto-deploy-consistency",
    resource_types=[SERVICE],
    checks=[_public_image_is_not_auto_deployed],
    description="Automatic deployments are on only where App Runner can do them.",
    remediation=(
        f"Set {_AUTO_DEPLOY} to false for an image from ECR Public: the provider's own default is true. "
        "App Runner deploys new images by itself only from a private ECR repository of the same account."
    ),
    source=source.SOURCE_CONFIGURATION,
)

RULES = (auto_deploy_consistency,)
