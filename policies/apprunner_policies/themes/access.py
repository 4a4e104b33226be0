"""Rules about access to images and source code."""

from collections.abc import Iterator

from pulumi_policy import PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.identity import BUILD_SERVICE, ECR_POLICY, LOGIN_ACTION, PULL_ACTIONS
from apprunner_facts.images import ECR, ECR_PUBLIC, parse_image
from apprunner_facts.tokens import ECR_REPOSITORY_POLICY, ROLE, SERVICE
from apprunner_policies.conditions import quote
from apprunner_policies.grants import policy_of, role_of
from apprunner_policies.properties import is_set, known, known_text, mapping, text, value
from apprunner_policies.rule import StackRule
from apprunner_policies.services import AUTHENTICATION, IMAGE, IMAGE_TYPE, VARIABLES, members
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import matches_any, permits, statements, trusted_services

_ACCESS_ROLE = f"{AUTHENTICATION}.accessRoleArn"
_TRUST = "assumeRolePolicy"
_CONNECTION = f"{AUTHENTICATION}.connectionArn"
_CODE = "sourceConfiguration.codeRepository"
_IMAGE = "sourceConfiguration.imageRepository"
_PULL = tuple(each for each in PULL_ACTIONS if each.startswith(("ecr:BatchGet", "ecr:GetDownload")))
"""The actions without which no image is pulled."""

access_role_consistency = StackRule(
    "access-role-consistency",
    resource_types=[SERVICE],
    native=True,
    description="A service has the access role or connection that its source requires, and no other.",
    remediation_steps=(
        f"Set {_ACCESS_ROLE} for an image of private ECR, to a role that {BUILD_SERVICE} may assume and that has the "
        f"policy {ECR_POLICY}. Set {_CONNECTION} for a code repository. Omit the block for an image of ECR Public."
    ),
    source=source.AUTHENTICATION_CONFIGURATION,
    severity=Severity.HIGH,
)


@access_role_consistency.check
def _there_is_one_source(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if mapping(service, _CODE) is not None and mapping(service, _IMAGE) is not None:
        yield (
            f"sourceConfiguration must have either imageRepository or codeRepository, got both. Remove {_IMAGE} or "
            f"{_CODE}, and keep in {AUTHENTICATION} only what the other one requires."
        )


@access_role_consistency.check
def _access_fits_the_source(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if mapping(service, _CODE) is not None:
        if not _has_access(service, _CONNECTION):
            yield (
                f"{_CONNECTION} must be set for a code repository. Set it to the ARN of a connection whose handshake "
                "was completed in the App Runner console."
            )
        return
    kind = value(service, IMAGE_TYPE)
    if kind == ECR and not _has_access(service, _ACCESS_ROLE):
        yield (
            f"{_ACCESS_ROLE} must be set for an image of private ECR: App Runner pulls it with that role. Set it to "
            f"the ARN of a role that {BUILD_SERVICE} may assume, with the policy {ECR_POLICY}."
        )
    if kind == ECR_PUBLIC and _has_access(service, _ACCESS_ROLE):
        yield (
            f"{_ACCESS_ROLE} must not be set for an image of a public registry (ECR_PUBLIC): App Runner rejects the "
            f"service. Remove {AUTHENTICATION}."
        )


def _has_access(service: PolicyResource, path: str) -> bool:
    """Return whether an ARN is set. Raises UnknownValueError if the whole block is unknown."""
    value(service, AUTHENTICATION)
    return is_set(service, path)


@access_role_consistency.check
def _app_runner_can_assume_the_role(service: PolicyResource, stack: Stack) -> Iterator[str]:
    role = _access_role(service, stack)
    if role is None:
        return
    if not _is_trusted(role):
        services = trusted_services(value(role, _TRUST))
        yield (
            f"{_ACCESS_ROLE} must be a role that {BUILD_SERVICE} may assume, got {role.name}, whose {_TRUST} trusts "
            f"{quote(services) or 'no service'}. App Runner rejects the service. Add {BUILD_SERVICE} to the "
            "policy's Principal, or use another role."
        )


@access_role_consistency.check
def _the_role_can_pull(service: PolicyResource, stack: Stack) -> Iterator[str]:
    role = _access_role(service, stack)
    policy = policy_of(role, stack) if role else None
    if role is None or policy is None:
        return
    image = parse_image(text(service, IMAGE) or "")
    arn = image.repository_arn if image else None
    if arn is None:
        return
    missing = [] if permits(policy, LOGIN_ACTION) else [f"{LOGIN_ACTION} on *"]
    if not _is_allowed_by_repository(role, stack):
        missing += [f"{each} on {arn}" for each in _PULL if not permits(policy, each, arn)]
    if missing:
        yield (
            f"{_ACCESS_ROLE} must be a role that may pull {IMAGE}, got {role.name}, which does not allow "
            f"{', '.join(missing)}. The deployment fails. Attach AWS's policy {ECR_POLICY} to the role, or allow these "
            "actions in a policy of the role."
        )


def _access_role(service: PolicyResource, stack: Stack) -> PolicyResource | None:
    """Return the access role if the stack creates it and the source is an image of private ECR."""
    if mapping(service, _CODE) is not None or value(service, IMAGE_TYPE) != ECR:
        return None
    role = role_of(service, "sourceConfiguration", _ACCESS_ROLE, stack)
    if role is not None and known_text(service, _ACCESS_ROLE) is None and not _is_trusted(role):
        for _ in members(service, VARIABLES):  # one that is unknown may be what refers to the role
            pass
    return role


def _is_trusted(role: PolicyResource) -> bool:
    return matches_any(BUILD_SERVICE, trusted_services(value(role, _TRUST)))


def _is_allowed_by_repository(role: PolicyResource, stack: Stack) -> bool:
    """Return whether a policy of a repository names the role, or everybody."""
    return not stack.once(_principals_of_repositories).isdisjoint({role.urn, known_text(role, "arn"), "*"})


def _principals_of_repositories(resources: Resources) -> set[str | None]:
    """Return who may use repositories by their policies: ARNs, and URNs of roles to which the policies refer."""
    principals: set[str | None] = set()
    for resource in resources.of(ECR_REPOSITORY_POLICY):
        principals.update(each.urn for each in resources.referenced(resource, "policy", ROLE))
        for statement in statements(known(resource, "policy")):
            principals.update(statement.principals.get("AWS", ()) if statement.allows else ())
    return principals


RULES = (access_role_consistency,)
