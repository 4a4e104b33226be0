"""Rules about images and automatic deployments."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import source
from apprunner_facts.arns import EXAMPLE_ACCOUNT, parse_arn
from apprunner_facts.images import ECR, ECR_PUBLIC, parse_image, without_credentials
from apprunner_facts.repositories import may_be_pushed_again
from apprunner_facts.tokens import ECR_REPOSITORY, SERVICE
from apprunner_policies.environment import CONFIG
from apprunner_policies.moving_tags import moves
from apprunner_policies.properties import HasProps, UnknownValues, as_mapping, as_text, as_texts, items, text, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import AUTHENTICATION, AUTO_DEPLOY, IMAGE, IMAGE_TYPE, INSTANCE_ROLE, auto_deploy
from apprunner_policies.stack import Stack

_ARNS_OF_THE_SERVICES_ACCOUNT = (
    "autoScalingConfigurationArn",
    INSTANCE_ROLE,
    f"{AUTHENTICATION}.accessRoleArn",
)
"""ARNs that must be of the service's own account."""

immutable_image_in_prod = StackRule(
    "immutable-image-in-prod",
    resource_types=[SERVICE],
    native=True,
    description="In production an image is identified by its digest, or by a tag that does not move.",
    remediation_steps=(
        "Push each image with a unique tag (a version, a commit) and use that tag, or the image's digest. Numbers such "
        "as v1 or 1.4 pass, since they may be those of unique builds; in Docker's official images they move. If your "
        "tags without a digit are unique, list those that move in movingTags. All tags but latest pass if the image "
        "comes from an ECR repository of the same stack in which imageTagMutability makes the tag immutable."
    ),
    source=source.IMAGE_REPOSITORY,
    level=EnforcementLevel.ADVISORY,
    config={
        "movingTags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": (
                "The tags that move; * matches any characters, and case does not matter. An image without a tag is "
                "always a violation. If it is not set: latest, the stack's name, each tag without a digit (main, "
                "stable-alpine, prod-eu), and incomplete versions of official images (node:20)."
            ),
        },
        **CONFIG,
    },
)


@immutable_image_in_prod.check
def _image_does_not_move(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if not stack.is_production:
        return
    identifier = text(service, IMAGE)
    if not identifier or "@sha256:" in identifier:
        return
    identifier = without_credentials(identifier)
    repository, tag = _repository_and_tag(identifier)
    if tag and not _moves(repository, tag, service, stack):
        return
    if tag and tag != "latest" and _tag_is_immutable(tag, service, stack):
        return
    got = f'the tag "{tag}", which moves' if tag else "no tag, which means latest"
    yield (
        f'{IMAGE} must have a digest or a tag that does not move, got "{identifier}" with {got}. What runs in '
        "production then depends on the moment of its deployment, and no version is recorded to roll back to. Set it "
        f'to "{repository}:TAG" with a tag that is pushed once (a version, a commit), or to '
        f'"{repository}@sha256:DIGEST".{_on_auto_deploy(service)}'
    )


def _moves(repository: str, tag: str, service: PolicyResource, stack: Stack) -> bool:
    patterns = stack.config.get("movingTags")
    if patterns is None:
        stack_name = service.urn.split("::", 1)[0].rpartition(":")[2]
        return moves(repository, tag, (stack_name, str(stack.config.get("environment"))))
    return any(fnmatchcase(tag.lower(), pattern.lower()) for pattern in as_texts(patterns))


def _on_auto_deploy(service: PolicyResource) -> str:
    """Return a sentence about automatic deployments, if they are enabled. An unknown value does not stop the check."""
    try:
        if auto_deploy(service) is None or value(service, IMAGE_TYPE) != ECR:
            return ""
    except UnknownValueError:
        return ""
    return (
        f" While {AUTO_DEPLOY} is true, App Runner deploys each image that is pushed to this tag: set it to false too. "
        "If production should follow the tag, waive this rule for this service."
    )


def _tag_is_immutable(tag: str, service: PolicyResource, stack: Stack) -> bool:
    """Return whether the image comes from repositories of this stack that do not accept its tag twice."""
    repositories = stack.referenced(service, "sourceConfiguration", ECR_REPOSITORY)
    return bool(repositories) and not any(_accepts_again(tag, each) for each in repositories)


def _accepts_again(tag: str, repository: PolicyResource) -> bool:
    filters = map(as_mapping, items(repository, "imageTagMutabilityExclusionFilters"))
    patterns = [pattern for each in filters if (pattern := as_text((each or {}).get("filter"))) is not None]
    return may_be_pushed_again(tag, text(repository, "imageTagMutability") or "", patterns)


def _repository_and_tag(identifier: str) -> tuple[str, str]:
    """Return an image's address without tag and digest, and the tag, empty if there is none."""
    path, slash, name = identifier.partition("@")[0].rpartition("/")
    name, _, tag = name.partition(":")
    return f"{path}{slash}{name}", tag


auto_deploy_consistency = Rule(
    "auto-deploy-consistency",
    resource_types=[SERVICE],
    description="Automatic deployments are enabled only for images that App Runner can deploy automatically.",
    remediation_steps=(
        f"Set {AUTO_DEPLOY} to false for an image from ECR Public or of another account: the provider's default is "
        "true. App Runner deploys new images automatically only from a private ECR repository of the same account. At "
        "the level remediate the rule sets it to false."
    ),
    source=source.SOURCE_CONFIGURATION,
)


@auto_deploy_consistency.check
def _public_image_is_not_auto_deployed(service: ResourceValidationArgs) -> Iterator[str]:
    if value(service, IMAGE_TYPE) == ECR_PUBLIC and (got := auto_deploy(service)):
        yield (
            f"{AUTO_DEPLOY} must be false for an image of a public registry (ECR_PUBLIC), got {got}. Set it to false. "
            "To deploy new images automatically, copy them into a private ECR repository of the same account."
        )


@auto_deploy_consistency.check
def _image_of_another_account_is_not_auto_deployed(service: ResourceValidationArgs) -> Iterator[str]:
    if value(service, IMAGE_TYPE) != ECR or not (got := auto_deploy(service)):
        return
    identifier = text(service, IMAGE)
    image = parse_image(identifier) if identifier is not None else None
    if image is None or image.account is None:
        return
    accounts = _accounts(service)
    if not accounts or image.account in accounts or EXAMPLE_ACCOUNT in (image.account, *accounts):
        return
    yield (
        f"{AUTO_DEPLOY} must be false for an image of another account, got {got} for an image of account "
        f"{image.account} and a service of account {' or '.join(sorted(accounts))}. Set it to false. To deploy new "
        "images automatically, replicate them into a private ECR repository of the same account."
    )


@auto_deploy_consistency.remediation
def _disable_auto_deploy(service: ResourceValidationArgs) -> bool:
    violations = chain(
        _public_image_is_not_auto_deployed(service), _image_of_another_account_is_not_auto_deployed(service)
    )
    if not any(violations):
        return False
    service.props["sourceConfiguration"]["autoDeploymentsEnabled"] = False
    return True


def _accounts(service: HasProps) -> set[str]:
    """Return the account that a service's ARNs name. Raises UnknownValueError if none is known and one is unknown."""
    accounts: set[str] = set()
    unknowns = UnknownValues()
    for path in _ARNS_OF_THE_SERVICES_ACCOUNT:
        with unknowns:
            try:
                account = parse_arn(text(service, path) or "").account
            except ValueError:
                continue
            accounts.update([account] if account.isdecimal() else [])
    if not accounts:
        unknowns.raise_first()
    return accounts


registry_allow_list = Rule(
    "registry-allow-list",
    resource_types=[SERVICE],
    description="Images come from registries that the organization allows.",
    remediation_steps=(
        "Copy the image into an allowed registry and use its address there, or add its registry to registries."
    ),
    source=source.IMAGE_REPOSITORY,
    severity=Severity.HIGH,
    config={
        "registries": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": (
                "Patterns for an image's address without tag and digest; * matches any characters, for example "
                "111122223333.dkr.ecr.*.amazonaws.com/*. A pattern without a slash matches the registry, and "
                "one that ends with a slash all repositories below. If it is empty, nothing is checked."
            ),
        }
    },
)


@registry_allow_list.check
def _registry_is_allowed(service: ResourceValidationArgs) -> Iterator[str]:
    allowed = as_texts(service.get_config().get("registries"))
    identifier = text(service, IMAGE) if allowed else None
    if identifier is None:
        return
    identifier = without_credentials(identifier)
    repository, _ = _repository_and_tag(identifier)
    registry = repository.partition("/")[0]
    patterns = [f"{each}*" if each.endswith("/") else each for each in allowed]
    if not any(fnmatchcase(repository, each) or fnmatchcase(registry, each) for each in patterns):
        yield (
            f'{IMAGE} must be in an allowed registry or repository, got "{identifier}". Allowed: {", ".join(allowed)}. '
            f"Copy the image into one of them, and set {IMAGE} to its address there."
        )


RULES = (immutable_image_in_prod, auto_deploy_consistency, registry_allow_list)
