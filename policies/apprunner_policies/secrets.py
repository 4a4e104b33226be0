"""Rules about secrets: none in plain sight, and each that is bound readable by the service."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, cast

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import arns, source
from apprunner_facts.identity import READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.observability import TRACING_POLICY
from apprunner_facts.tokens import SERVICE
from apprunner_policies.grants import Grant, Statement, grants, role_of
from apprunner_policies.plaintext import by_form, reason
from apprunner_policies.rule import Check, HasProps, Rule, Stack, StackRule, read

_IMAGE = "sourceConfiguration.imageRepository.imageConfiguration"
_CODE = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"
_SECRETS = "runtimeEnvironmentSecrets"
_ROLE = "instanceConfiguration.instanceRoleArn"
_ANY_NAME = "any"


def _no_plain_variables(configuration: str) -> Check:
    def no_plain_variables(args: ResourceValidationArgs) -> Iterator[str]:
        where = f"{configuration}.runtimeEnvironmentVariables"
        for name, value in _known_members(read(args, where)):
            why = None if _is_allowed(name, args.get_config()) or value is None else reason(name, _text(value))
            if why:
                yield (
                    f"{where}.{name} seems to hold a secret: {why}. Whoever may look at the service, its state or its "
                    "logs can read it there. Change it where it is valid, put the new one into Secrets Manager or "
                    f"Parameter Store, and give its ARN in {configuration}.{_SECRETS}.{name} instead. If it is no "
                    "secret, add the variable's name to the rule's allowedNames."
                )

    return no_plain_variables


def _secrets_are_references(configuration: str) -> Check:
    def secrets_are_references(args: ResourceValidationArgs) -> Iterator[str]:
        where = f"{configuration}.{_SECRETS}"
        for name, value in _known_members(read(args, where)):
            if value is not None and not _is_allowed(name, args.get_config()) and not _is_reference(_text(value)):
                yield (
                    f"{where}.{name} is no reference: App Runner takes the ARN of a secret in Secrets Manager, or the "
                    "ARN or name of a parameter, and reads the value from there. If the secret itself stands here, "
                    "change it where it is valid, put the new one into Secrets Manager or Parameter Store, and set "
                    f"{where}.{name} to its ARN."
                )

    return secrets_are_references


def _no_plain_command(configuration: str, key: str) -> Check:
    def no_plain_command(args: ResourceValidationArgs) -> Iterator[str]:
        command = read(args, f"{configuration}.{key}")
        why = by_form(command.strip(), key) if isinstance(command, str) else None
        if why:
            yield (
                f"{configuration}.{key} seems to hold a secret: {why}. Whoever may look at the service or its state "
                "can read it there. Change it where it is valid, put the new one into Secrets Manager or Parameter "
                f"Store, bind it to a variable in {configuration}.{_SECRETS}, and let the command read that variable."
            )

    return no_plain_command


def _known_members(given: Any) -> Iterator[tuple[str, Any]]:
    """Yield names and values in the names' order; UnknownValueError is raised after those that are known."""
    members = cast(Mapping[str, Any], given if isinstance(given, Mapping) else {})
    unknown: UnknownValueError | None = None
    for name in sorted(members):
        try:
            value = members[name]
        except UnknownValueError as error:
            unknown = unknown or error
            continue
        yield name, value
    if unknown:
        raise unknown


def _is_allowed(name: str, config: Mapping[str, Any]) -> bool:
    patterns: Any = config.get("allowedNames")
    listed = isinstance(patterns, Sequence) and not isinstance(patterns, str)
    return any(fnmatchcase(name, str(each)) for each in (cast(Sequence[Any], patterns) if listed else ()))


def _is_reference(text: str) -> bool:
    if text.startswith("arn:"):
        return _bound(text) is not None
    return bool(arns.PARAMETER_NAME.fullmatch(text)) and by_form(text) is None


def _text(value: Any) -> str:
    """Return a value as the provider sends it; numbers are floats here."""
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else ""


def _bound(reference: str) -> tuple[str, str] | None:
    """Return the action that reads what is bound and the ARN that it needs it on, None where this is no reference.

    Of a parameter's name it is the ARN without partition, region and account.
    """
    if not reference.startswith("arn:"):
        return READ_PARAMETER_ACTION, f"parameter/{reference.removeprefix('/')}"
    parts = reference.split(":")
    if len(parts) >= 7 and parts[2] == "secretsmanager" and parts[5] == "secret":
        return READ_SECRET_ACTION, ":".join(parts[:7])
    if len(parts) == 6 and parts[2] == "ssm" and parts[5].startswith("parameter/"):
        return READ_PARAMETER_ACTION, reference
    return None


def _bound_secrets_are_readable(service: PolicyResource, stack: Stack) -> Iterator[str]:
    names = _bound_names(service)
    if not names:
        return
    role = role_of(service, "instanceConfiguration", _ROLE, stack)
    if role is None:
        if read(service, _ROLE) is None:
            yield (
                f"{names[0]} is bound to a secret, and {_ROLE} is not set: nothing may read it, and the deployment "
                "fails. Set it to the ARN of a role that App Runner's tasks take and that may do "
                f"{READ_SECRET_ACTION} or {READ_PARAMETER_ACTION} on what is bound."
            )
        return
    given = list(grants(role, stack))
    if any(_is_unjudged(each) for each in given):
        return
    said = [statement for grant in given for statement in grant.statements]
    yield from _unreadable(service, role.name, said)


def _unreadable(service: PolicyResource, role: str, said: list[Statement]) -> Iterator[str]:
    for configuration in (_IMAGE, _CODE):
        for name, value in _known_members(read(service, f"{configuration}.{_SECRETS}")):
            wanted = _bound(_text(value)) if _is_reference(_text(value)) else None
            if wanted and not _may(said, *wanted):
                action, resource = wanted
                # A name is not shown: it may be a secret that somebody put in its reference's place.
                shown = resource if resource.startswith("arn:") else "the parameter of that name"
                yield (
                    f"{configuration}.{_SECRETS}.{name} is read from {shown}, but the role of {_ROLE}, {role}, may not "
                    f"do {action} on it: the deployment fails. Allow {action} on this ARN"
                    f"{' (without what follows it in the reference)' if action == READ_SECRET_ACTION else ''} in a "
                    "policy of the role."
                )


def _not_all_secrets_are_readable(service: PolicyResource, stack: Stack) -> Iterator[str]:
    role = role_of(service, "instanceConfiguration", _ROLE, stack) if _bound_names(service) else None
    unknown: UnknownValueError | None = None
    for grant in grants(role, stack) if role else ():
        try:
            yield from _wide(grant)
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown:
        raise unknown


def _wide(grant: Grant) -> Iterator[str]:
    """Yield what lets a role read all secrets there are; "*" alone is left to no-wildcard-permissions."""
    for place, statement in enumerate(grant.statements):
        for action, everything in ((READ_SECRET_ACTION, "secret:*"), (READ_PARAMETER_ACTION, "parameter/*")):
            wide = next((each for each in statement.resources if _is_all(each, action, everything)), None)
            if wide and statement.allows and not statement.conditions and statement.covers(action, wide):
                yield (
                    f'the role of {_ROLE} may do {action} on "{wide}" ({grant.path} of {grant.origin.name}: '
                    f"Statement[{place}].Resource): the application can read every one of the account. Name the "
                    f"ARNs of what is bound in {_SECRETS}."
                )


def _is_all(resource: str, action: str, everything: str) -> bool:
    parts = resource.split(":", 5)
    kind = action.partition(":")[0]
    return len(parts) == 6 and parts[2] == kind and parts[5] in ("*", everything, everything.replace("/*", "*"))


def _may(said: list[Statement], action: str, resource: str) -> bool:
    allowed = any(each.allows and _covers(each, action, resource) for each in said)
    denied = any(not each.allows and not each.conditions and _covers(each, action, resource) for each in said)
    return allowed and not denied


def _covers(statement: Statement, action: str, resource: str) -> bool:
    """Tell whether a statement speaks of an action on a resource; for a parameter's name, of one so called in any
    region and account."""
    if resource.startswith("arn:"):
        return statement.covers(action, resource)
    if statement.not_resources:
        return statement.allows and statement.covers(action, _ANY_NAME)
    called = [":".join([*each.split(":", 5)[:5], resource]) for each in statement.resources if each.count(":") >= 5]
    return any(statement.covers(action, each) for each in [*called, resource])


def _is_unjudged(grant: Grant) -> bool:
    """Tell whether a policy stands outside of the stack; of AWS's policy for tracing it is known that it reads none."""
    return grant.managed_policy_arn is not None and not grant.managed_policy_arn.endswith(f"/{TRACING_POLICY}")


def _bound_names(service: HasProps) -> list[str]:
    found = [(each, read(service, f"{each}.{_SECRETS}")) for each in (_IMAGE, _CODE)]
    return [
        f"{configuration}.{_SECRETS}.{name}"
        for configuration, bound in found
        if isinstance(bound, Mapping)
        for name in sorted(cast(Mapping[str, Any], bound))
    ]


no_plaintext_secrets = Rule(
    "no-plaintext-secrets",
    resource_types=[SERVICE],
    checks=[
        *(make(each) for each in (_IMAGE, _CODE) for make in (_no_plain_variables, _secrets_are_references)),
        _no_plain_command(_IMAGE, "startCommand"),
        _no_plain_command(_CODE, "startCommand"),
        _no_plain_command(_CODE, "buildCommand"),
    ],
    description="No secret stands in a service's environment variables or commands; secrets are bound by reference.",
    remediation=(
        "Put the value into Secrets Manager or SSM's Parameter Store, give its ARN in runtimeEnvironmentSecrets under "
        "the same name, and let the instance role read it. Change a secret that was deployed in plain text. Variables "
        "that are no secrets, whatever they look like, go into allowedNames."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.CRITICAL,
    config={
        "allowedNames": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of variables that are never judged; * stands for any characters, and case matters.",
        }
    },
)

secrets_grant_matches = StackRule(
    "secrets-grant-matches",
    resource_types=[SERVICE],
    checks=[_bound_secrets_are_readable, _not_all_secrets_are_readable],
    description="A service's instance role may read the secrets that are bound to its variables, and not all others.",
    remediation=(
        f"Allow the instance role {READ_SECRET_ACTION} on each secret's ARN (without a key or version after it) and "
        f"{READ_PARAMETER_ACTION} on each parameter's ARN that runtimeEnvironmentSecrets names, and on no others."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.HIGH,
)

RULES = (no_plaintext_secrets, secrets_grant_matches)
