"""Rules about what is deployed, and when."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.arns import EXAMPLE_ACCOUNT, parse_arn
from apprunner_facts.images import ECR, ECR_PUBLIC, parse_image, without_credentials
from apprunner_facts.tokens import ECR_REPOSITORY, SERVICE
from apprunner_policies.environment import CONFIG
from apprunner_policies.rule import HasProps, Rule, Stack, StackRule, read, texts

_AUTO_DEPLOY = "sourceConfiguration.autoDeploymentsEnabled"
_IMAGE = "sourceConfiguration.imageRepository.imageIdentifier"
_TYPE = "sourceConfiguration.imageRepository.imageRepositoryType"
_AUTHENTICATION = "sourceConfiguration.authenticationConfiguration"

_OF_THE_SERVICES_ACCOUNT = (
    "autoScalingConfigurationArn",
    "instanceConfiguration.instanceRoleArn",
    f"{_AUTHENTICATION}.accessRoleArn",
)
"""ARNs that a service takes from its own account only."""

_MOVING_TAGS = (
    "latest latest-* *-latest stable lts edge nightly canary snapshot *-snapshot head main master trunk "
    "dev develop development test testing staging prod production live release current"
)


def _image_does_not_move(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if not stack.is_production:
        return
    identifier = read(service, _IMAGE)
    if not isinstance(identifier, str) or not identifier or "@sha256:" in identifier:
        return
    identifier = without_credentials(identifier)
    repository, tag = _repository_and_tag(identifier)
    patterns = texts(stack.config.get("movingTags"))
    if tag and not any(fnmatchcase(tag.lower(), pattern.lower()) for pattern in patterns):
        return
    if tag and tag != "latest" and _repositories_are_immutable(service, stack):
        return
    found = f'whose tag "{tag}" moves' if tag else "without a tag, which means latest, a tag that moves"
    yield (
        f'{_IMAGE} is "{identifier}", {found}: what runs in production depends on the moment of its deployment, and '
        f'nothing names the version to go back to. Set it to "{repository}:TAG" with a tag that is pushed once (a '
        f'version, a commit), or to "{repository}@sha256:DIGEST".{_on_auto_deploy(service)}'
    )


def _on_auto_deploy(service: PolicyResource) -> str:
    """Return what to say of a tag that is followed on purpose; the tag is judged whether that is known or not."""
    try:
        if _switched_on(service) is None or read(service, _TYPE) != ECR:
            return ""
    except UnknownValueError:
        return ""
    return (
        f" With {_AUTO_DEPLOY} on, each image that is pushed to this tag goes to production by itself: set that to "
        "false too; where following a tag is what is wanted, waive this rule for this service."
    )


def _repositories_are_immutable(service: PolicyResource, stack: Stack) -> bool:
    """Tell whether the image is made from repositories of this stack that take no tag twice."""
    found = stack.referred(service, "sourceConfiguration", ECR_REPOSITORY)
    return bool(found) and all(read(each, "imageTagMutability") == "IMMUTABLE" for each in found)


def _repository_and_tag(identifier: str) -> tuple[str, str]:
    """Return what stands before the version, and the tag, empty where there is none; also of what is no image."""
    path, slash, name = identifier.partition("@")[0].rpartition("/")
    name, _, tag = name.partition(":")
    return f"{path}{slash}{name}", tag


def _registry_is_allowed(args: ResourceValidationArgs) -> Iterator[str]:
    allowed = texts(args.get_config().get("registries"))
    identifier = read(args, _IMAGE) if allowed else None
    if not isinstance(identifier, str):
        return
    identifier = without_credentials(identifier)
    repository, _ = _repository_and_tag(identifier)
    registry = repository.partition("/")[0]
    if not any(fnmatchcase(repository, each) or fnmatchcase(registry, each) for each in allowed):
        yield (
            f'{_IMAGE} is "{identifier}", from a registry or repository that is not one of those allowed here: '
            f"{', '.join(allowed)}. Copy the image into one of them, and set {_IMAGE} to its address there."
        )


def _public_image_is_not_auto_deployed(args: ResourceValidationArgs) -> Iterator[str]:
    if read(args, _TYPE) == ECR_PUBLIC and (found := _switched_on(args)):
        yield (
            f"{_AUTO_DEPLOY} {found}, but App Runner cannot deploy an image of a public registry (ECR_PUBLIC) by "
            "itself. Set it to false; or, to have new images deployed, copy them into a private ECR repository of the "
            "same account."
        )


def _image_of_another_account_is_not_auto_deployed(args: ResourceValidationArgs) -> Iterator[str]:
    if read(args, _TYPE) != ECR or not (found := _switched_on(args)):
        return
    identifier = read(args, _IMAGE)
    image = parse_image(identifier) if isinstance(identifier, str) else None
    if image is None or image.account is None:
        return
    accounts = _accounts(args)
    if not accounts or image.account in accounts or EXAMPLE_ACCOUNT in (image.account, *accounts):
        return
    yield (
        f"{_AUTO_DEPLOY} {found}, but the image is of account {image.account} and the service of account "
        f"{' or '.join(sorted(accounts))}, and App Runner cannot deploy an image of another account by itself. Set it "
        "to false; or, to have new images deployed, replicate them into a private ECR repository of the same account."
    )


def _switched_on(resource: HasProps) -> str | None:
    """Return how automatic deployments come to be on, None where they are off or no flag stands there."""
    flag = read(resource, _AUTO_DEPLOY)
    if flag is None:
        return "is not set, for which pulumi-aws sends true"
    return "is true" if flag in (True, "true") else None


def _accounts(service: HasProps) -> set[str]:
    """Return the account that a service's ARNs name; UnknownValueError if all that there are are not known yet."""
    found: set[str] = set()
    unknown: UnknownValueError | None = None
    for path in _OF_THE_SERVICES_ACCOUNT:
        try:
            arn = read(service, path)
            account = parse_arn(arn).account if isinstance(arn, str) else ""
        except UnknownValueError as error:
            unknown = unknown or error
        except ValueError:
            continue
        else:
            found.update([account] if account.isdecimal() else [])
    if unknown and not found:
        raise unknown
    return found


def _switch_auto_deploy_off(args: ResourceValidationArgs) -> bool:
    complaints = chain(_public_image_is_not_auto_deployed(args), _image_of_another_account_is_not_auto_deployed(args))
    if not any(complaints):
        return False
    args.props["sourceConfiguration"]["autoDeploymentsEnabled"] = False
    return True


def _access_fits_the_source(args: ResourceValidationArgs) -> Iterator[str]:
    if isinstance(read(args, "sourceConfiguration.codeRepository"), Mapping):
        if not _is_given(args, "connectionArn"):
            yield (
                f"{_AUTHENTICATION}.connectionArn is not set, and App Runner reads a code repository through a "
                "connection only. Set it to the ARN of one whose handshake was completed in the App Runner console."
            )
        return
    kind = read(args, _TYPE)
    if kind == ECR and not _is_given(args, "accessRoleArn"):
        yield (
            f"{_AUTHENTICATION}.accessRoleArn is not set, and without a role App Runner cannot pull an image of "
            "private ECR. Set it to the ARN of a role that build.apprunner.amazonaws.com may assume, with the policy "
            "AWSAppRunnerServicePolicyForECRAccess."
        )
    if kind == ECR_PUBLIC and _is_given(args, "accessRoleArn"):
        yield (
            f"{_AUTHENTICATION}.accessRoleArn is set, and App Runner refuses a role for an image of a public registry "
            f"(ECR_PUBLIC), which anybody can pull. Take {_AUTHENTICATION} out."
        )


def _is_given(args: ResourceValidationArgs, key: str) -> bool:
    """Tell whether the service has an ARN for its source; one that is not known yet refers to something."""
    read(args, _AUTHENTICATION)
    try:
        return read(args, f"{_AUTHENTICATION}.{key}") not in (None, "")
    except UnknownValueError:
        return True


immutable_image_in_prod = StackRule(
    "immutable-image-in-prod",
    resource_types=[SERVICE],
    checks=[_image_does_not_move],
    description="In production an image is named by its digest, or by a tag that does not move.",
    remediation=(
        "Push each image under a tag of its own (a version, a commit) and name that tag, or the image's digest. "
        'Numbers such as v1 or 1.4 pass, since they may be either: where they move, add "v[0-9]" and its like to '
        "movingTags. "
        "All tags but latest pass where the image is made from an ECR repository of the same stack whose "
        "imageTagMutability is IMMUTABLE."
    ),
    source=source.IMAGE_REPOSITORY,
    level=EnforcementLevel.ADVISORY,
    config={
        "movingTags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": _MOVING_TAGS.split(),
            "description": (
                "Which tags are taken to move; * stands for any characters, and case does not matter. An image without "
                "a tag is judged always."
            ),
        },
        **CONFIG,
    },
)

registry_allow_list = Rule(
    "registry-allow-list",
    resource_types=[SERVICE],
    checks=[_registry_is_allowed],
    description="Images come from the registries that the organisation allows.",
    remediation="Copy the image into a registry that is allowed, and name it there; or add its registry to registries.",
    source=source.IMAGE_REPOSITORY,
    severity=Severity.HIGH,
    config={
        "registries": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": (
                "What an image's address, less tag and digest, has to match; * stands for any characters, such as "
                "111122223333.dkr.ecr.*.amazonaws.com/*; a pattern without a slash is for the registry alone. Without "
                "any the rule judges nothing."
            ),
        }
    },
)

auto_deploy_consistency = Rule(
    "auto-deploy-consistency",
    resource_types=[SERVICE],
    checks=[_public_image_is_not_auto_deployed, _image_of_another_account_is_not_auto_deployed],
    mends=[_switch_auto_deploy_off],
    description="Automatic deployments are on only where App Runner can do them.",
    remediation=(
        f"Set {_AUTO_DEPLOY} to false for an image from ECR Public or of another account: the provider's own default "
        "is true. App Runner deploys new images by itself only from a private ECR repository of the same account. At "
        "the level remediate it is set to false."
    ),
    source=source.SOURCE_CONFIGURATION,
)

access_role_consistency = Rule(
    "access-role-consistency",
    resource_types=[SERVICE],
    checks=[_access_fits_the_source],
    description="A service has what App Runner needs to read its source, and nothing that it refuses.",
    remediation=(
        f"Set {_AUTHENTICATION}.accessRoleArn for an image of private ECR and connectionArn for a code repository; "
        "leave the block out for an image of ECR Public."
    ),
    source=source.AUTHENTICATION_CONFIGURATION,
    severity=Severity.HIGH,
)

RULES = (immutable_image_in_prod, auto_deploy_consistency, access_role_consistency, registry_allow_list)
