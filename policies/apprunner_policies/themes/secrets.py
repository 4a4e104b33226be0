"""Rules about secrets."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import arns, source
from apprunner_facts.identity import READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.observability import TRACING_POLICY
from apprunner_facts.tokens import SERVICE
from apprunner_policies.grants import Grant, grants, role_of
from apprunner_policies.plaintext import by_form, reason
from apprunner_policies.properties import HasProps, UnknownValues, as_items, mapping, text, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import (
    COMMANDS,
    CONFIGURATIONS,
    INSTANCE_ROLE,
    SECRETS,
    VARIABLES,
)
from apprunner_policies.stack import Stack
from apprunner_policies.statements import Statement

_ANY_NAME = "any"

no_plaintext_secrets = Rule(
    "no-plaintext-secrets",
    resource_types=[SERVICE],
    description="Environment variables and commands contain no secrets; secrets are bound by reference.",
    remediation_steps=(
        "Store the value in Secrets Manager or SSM Parameter Store, put its ARN into runtimeEnvironmentSecrets under "
        "the same name, and allow the instance role to read it. Rotate a secret that was deployed in plain text. Add "
        "variables that only look like secrets to allowedNames."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.CRITICAL,
    config={
        "allowedNames": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of variables that are not checked; * matches any characters, and case matters.",
        }
    },
)


@no_plaintext_secrets.check
def _no_plain_variables(service: ResourceValidationArgs) -> Iterator[str]:
    for configuration, name, content in _members(service, VARIABLES):
        why = None if _is_allowed(name, service) or content is None else reason(name, _as_sent(content))
        if why:
            yield (
                f"{configuration}.{VARIABLES}.{name} must not be a secret in plain text: {why}. Everybody who can read "
                "the service, its state or its logs can read it. Rotate it, store the new value in Secrets Manager or "
                f"Parameter Store, and set {configuration}.{SECRETS}.{name} to its ARN. If it is no secret, add the "
                "variable's name to the rule's allowedNames."
            )


@no_plaintext_secrets.check
def _secrets_are_references(service: ResourceValidationArgs) -> Iterator[str]:
    for configuration, name, content in _members(service, SECRETS):
        if content is not None and not _is_allowed(name, service) and not _is_reference(_as_sent(content)):
            path = f"{configuration}.{SECRETS}.{name}"
            yield (
                f"{path} must be the ARN of a secret in Secrets Manager, or the ARN or name of a parameter. If it is "
                "the secret itself, rotate it, store the new value in Secrets Manager or Parameter Store, and set "
                f"{path} to its ARN."
            )


@no_plaintext_secrets.check
def _no_plain_commands(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for path in COMMANDS:
        with unknowns:
            command = text(service, path)
            configuration, _, key = path.rpartition(".")
            why = by_form(command.strip(), key) if command is not None else None
            if why:
                yield (
                    f"{path} must not contain a secret in plain text: {why}. Everybody who can read the "
                    "service or its state can read it. Rotate it, store the new value in Secrets Manager or Parameter "
                    f"Store, bind it to a variable in {configuration}.{SECRETS}, and read that variable in the command."
                )
    unknowns.raise_first()


def _is_allowed(name: str, service: ResourceValidationArgs) -> bool:
    patterns = as_items(service.get_config().get("allowedNames"))
    return any(fnmatchcase(name, str(each)) for each in patterns)


secrets_grant_matches = StackRule(
    "secrets-grant-matches",
    resource_types=[SERVICE],
    description="The instance role may read the secrets that are bound to variables, and not all secrets.",
    remediation_steps=(
        f"Allow the instance role {READ_SECRET_ACTION} on each secret's ARN, without a JSON key or version, and "
        f"{READ_PARAMETER_ACTION} on each parameter's ARN in runtimeEnvironmentSecrets, and on no others."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.HIGH,
)


@secrets_grant_matches.check
def _bound_secrets_are_readable(service: PolicyResource, stack: Stack) -> Iterator[str]:
    first = _first_bound(service)
    if first is None:
        return
    role = role_of(service, "instanceConfiguration", INSTANCE_ROLE, stack)
    if role is None:
        if value(service, INSTANCE_ROLE) is None:
            yield (
                f"{INSTANCE_ROLE} must be set, since {first} is bound to a secret. Without a role that may read it, "
                "the deployment fails. Set it to the ARN of a role that tasks.apprunner.amazonaws.com may assume and "
                f"that allows {READ_SECRET_ACTION} or {READ_PARAMETER_ACTION} on the bound secrets."
            )
        return
    policies = list(grants(role, stack))
    if not any(map(_is_opaque, policies)):
        yield from _unreadable(service, role.name, [each for policy in policies for each in policy.statements])


def _unreadable(service: PolicyResource, role: str, policy: Sequence[Statement]) -> Iterator[str]:
    for configuration, name, content in _members(service, SECRETS):
        required = _required(_as_sent(content)) if _is_reference(_as_sent(content)) else None
        if required and not _may(policy, *required):
            action, resource = required
            # A name is not shown: it may be a secret that was entered in place of its reference.
            shown = resource if resource.startswith("arn:") else "the parameter of that name"
            without = ", without a JSON key or version" if action == READ_SECRET_ACTION else ""
            yield (
                f"{configuration}.{SECRETS}.{name} must be readable by the role of {INSTANCE_ROLE}, {role}, which does "
                f"not allow {action} on {shown}. The deployment fails. Allow {action} on this ARN{without} in a policy "
                "of the role."
            )


@secrets_grant_matches.check
def _not_all_secrets_are_readable(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if _first_bound(service) is None:
        return
    role = role_of(service, "instanceConfiguration", INSTANCE_ROLE, stack)
    unknowns = UnknownValues()
    with unknowns:
        for grant in grants(role, stack) if role else ():
            with unknowns:
                yield from _wide(grant)
    unknowns.raise_first()


def _wide(grant: Grant) -> Iterator[str]:
    """Yield what lets a role read all secrets; "*" alone is left to no-wildcard-permissions."""
    for index, statement in enumerate(grant.statements):
        for action, everything in ((READ_SECRET_ACTION, "secret:*"), (READ_PARAMETER_ACTION, "parameter/*")):
            wide = next((each for each in statement.resources if _is_all(each, action, everything)), None)
            if wide and statement.allows and not statement.conditions and statement.covers(action, wide):
                yield (
                    f"the role of {INSTANCE_ROLE} must not read all secrets, got {action} on "
                    f'"{wide}" ({grant.path} of {grant.origin.name}: Statement[{index}].Resource). List the ARNs of '
                    f"the secrets in {SECRETS} instead."
                )


def _is_all(resource: str, action: str, everything: str) -> bool:
    parts = resource.split(":", 5)
    kind = action.partition(":")[0]
    return len(parts) == 6 and parts[2] == kind and parts[5] in ("*", everything, everything.replace("/*", "*"))


def _may(policy: Sequence[Statement], action: str, resource: str) -> bool:
    allowed = any(each.allows and _covers(each, action, resource) for each in policy)
    denied = any(not each.allows and not each.conditions and _covers(each, action, resource) for each in policy)
    return allowed and not denied


def _covers(statement: Statement, action: str, resource: str) -> bool:
    """Return whether a statement applies to an action on a resource; a parameter's name matches in any account."""
    if resource.startswith("arn:"):
        return statement.covers(action, resource)
    if statement.not_resources:
        return statement.allows and statement.covers(action, _ANY_NAME)
    arns_of_name = [
        ":".join([*each.split(":", 5)[:5], resource]) for each in statement.resources if each.count(":") > 4
    ]
    return any(statement.covers(action, each) for each in [*arns_of_name, resource])


def _is_opaque(grant: Grant) -> bool:
    """Return whether a policy is outside the stack and may allow anything; AWS's tracing policy reads no secrets."""
    return grant.managed_policy_arn is not None and not grant.managed_policy_arn.endswith(f"/{TRACING_POLICY}")


def _first_bound(service: HasProps) -> str | None:
    """Return the path of the first variable that is bound to a secret."""
    paths = [
        f"{configuration}.{SECRETS}.{name}"
        for configuration in CONFIGURATIONS
        for name in sorted(mapping(service, f"{configuration}.{SECRETS}") or ())
    ]
    return paths[0] if paths else None


def _is_reference(content: str) -> bool:
    if content.startswith("arn:"):
        return _required(content) is not None
    return bool(arns.PARAMETER_NAME.fullmatch(content)) and by_form(content) is None


def _required(reference: str) -> tuple[str, str] | None:
    """Return the action that reads a secret and the ARN that it is needed on, None if this is no reference.

    For a parameter's name it is the ARN without partition, region and account.
    """
    if not reference.startswith("arn:"):
        return READ_PARAMETER_ACTION, f"parameter/{reference.removeprefix('/')}"
    parts = reference.split(":")
    if len(parts) >= 7 and parts[2] == "secretsmanager" and parts[5] == "secret":
        return READ_SECRET_ACTION, ":".join(parts[:7])
    if len(parts) == 6 and parts[2] == "ssm" and parts[5].startswith("parameter/"):
        return READ_PARAMETER_ACTION, reference
    return None


def _as_sent(content: Any) -> str:
    """Return a value as the provider sends it; numbers are floats here."""
    if isinstance(content, float):
        return f"{content:g}"
    return content if isinstance(content, str) else ""


def _members(service: HasProps, key: str) -> Iterator[tuple[str, str, Any]]:
    """Yield configuration, name and value of variables or secrets, by name.

    Raises UnknownValueError after the known ones.
    """
    unknowns = UnknownValues()
    for configuration in CONFIGURATIONS:
        with unknowns:
            members: Mapping[str, Any] = mapping(service, f"{configuration}.{key}") or {}
            for name in sorted(members):
                with unknowns:
                    yield configuration, name, members[name]
    unknowns.raise_first()


RULES = (no_plaintext_secrets, secrets_grant_matches)
