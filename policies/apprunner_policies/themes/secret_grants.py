"""Rules about access to secrets."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import PolicyResource, Severity

from apprunner_facts import identity, source
from apprunner_facts.identity import DECRYPT_ACTION, READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.tokens import PARAMETER, ROLE, SECRET, SECRET_POLICY, SERVICE
from apprunner_policies.conditions import narrows, quote
from apprunner_policies.grants import Grant, grants, policy_of, role_of
from apprunner_policies.keys import is_allowed_by_key, key_of
from apprunner_policies.properties import HasProps, UnknownValues, is_set, known_text, mapping, text, value
from apprunner_policies.references import RequiredRead, is_secret_reference, required_read
from apprunner_policies.rule import StackRule
from apprunner_policies.services import CONFIGURATIONS, INSTANCE_ROLE, SECRETS, as_sent, members
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import Statement, allow, names_no_resource, permits, statements

_KINDS = {READ_SECRET_ACTION: "secret", READ_PARAMETER_ACTION: "parameter"}
_ANY_OF_KIND = {
    READ_SECRET_ACTION: "arn:aws:secretsmanager:any:000000000000:secret:any-AbCdEf",
    READ_PARAMETER_ACTION: "arn:aws:ssm:any:000000000000:parameter/any",
}

_KEY_OF = {SECRET: "kmsKeyId", PARAMETER: "keyId"}
"""The property with the customer-managed key, by type."""

secrets_grant_matches = StackRule(
    "secrets-grant-matches",
    resource_types=[SERVICE],
    description="The instance role may read the secrets that are bound to variables, and not all secrets.",
    remediation_steps=(
        f"Allow the instance role {READ_SECRET_ACTION} on each secret's ARN, without a JSON key or version, and "
        f"{READ_PARAMETER_ACTION} on each parameter's ARN in runtimeEnvironmentSecrets, and on no others. If a key of "
        f"your own encrypts them, allow {DECRYPT_ACTION} on its ARN. The rule checks this for keys of the stack."
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
        if not is_set(service, INSTANCE_ROLE):
            yield (
                f"{INSTANCE_ROLE} must be set, since {first} is bound to a secret. Without a role that may read it, "
                f"the deployment fails. Set it to the ARN of a role that {identity.TASKS_SERVICE} may assume and "
                f"that allows {READ_SECRET_ACTION} or {READ_PARAMETER_ACTION} on the bound secrets."
            )
        return
    policy = policy_of(role, stack)
    if policy is not None:
        yield from _unreadable(service, role, policy, stack)


def _unreadable(
    service: PolicyResource, role: PolicyResource, policy: Sequence[Statement], stack: Stack
) -> Iterator[str]:
    for configuration, name, content in members(service, SECRETS):
        read = required_read(as_sent(content)) if is_secret_reference(as_sent(content)) else None
        if read is None or _may(policy, read) or _is_allowed_by_secret(role, read, stack):
            continue
        path = f"{configuration}.{SECRETS}.{name}"
        # A name is not shown: it may be a secret that was entered in place of its reference.
        shown = read.arn or "arn:aws:ssm:<region>:<account id>:parameter/<name>"
        without = " (without a JSON key or version)" if read.action == READ_SECRET_ACTION else ""
        yield (
            f"{path} must be readable by {role.name}, the role of {INSTANCE_ROLE}, got no policy that allows "
            f"{read.action} on {shown}. The deployment fails. Allow {read.action} on this ARN{without} in a policy of "
            "the role."
        )


def _may(policy: Sequence[Statement], read: RequiredRead) -> bool:
    return allow([each for each in policy if _covers(each, read)])


def _covers(statement: Statement, read: RequiredRead) -> bool:
    """Return whether a statement applies to a read. A parameter's name matches in any account and region."""
    if read.arn is not None:
        # A reference may lack the suffix. IAM compares the whole ARN, for which an example suffix is enough.
        names = [read.arn, f"{read.arn}-AbCdEf"] if read.is_without_suffix else [read.arn]
        return any(statement.covers(read.action, each) for each in names)
    if statement.not_resources:
        return statement.allows and statement.covers(read.action, "any")
    prefixes = [each.split(":", 5)[:5] for each in statement.resources if each.count(":") > 4]
    prefixes.append(["arn", "aws", "ssm", "any", "000000000000"])
    return any(statement.covers(read.action, ":".join([*each, read.resource])) for each in prefixes)


def _is_allowed_by_secret(role: PolicyResource, read: RequiredRead, stack: Stack) -> bool:
    """Return whether a policy of the secret itself lets the role read it."""
    for urn in stack.once(_policies_of_secrets).get(read.arn or "", ()):
        resource = stack.by_urn[urn]
        refers = role in stack.referenced(resource, "policy", ROLE)
        for each in statements(value(resource, "policy")):
            principals = each.principals.get("AWS", ())
            is_named = known_text(role, "arn") in principals if known_text(role, "arn") else refers
            if each.allows and (is_named or "*" in principals) and each.covers(read.action, read.arn or ""):
                return True
    return False


def _policies_of_secrets(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of the resources with a secret's policy, by the secret's ARN."""
    policies: dict[str, list[str]] = defaultdict(list)
    for of_type, key in ((SECRET_POLICY, "secretArn"), (SECRET, "arn")):
        for each in resources.of(of_type):
            arn = known_text(each, key)
            if arn is not None and is_set(each, "policy"):
                policies[arn].append(each.urn)
    return policies


@secrets_grant_matches.check
def _keys_of_bound_secrets_are_usable(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if _first_bound(service) is None:
        return
    role = role_of(service, "instanceConfiguration", INSTANCE_ROLE, stack)
    policy = policy_of(role, stack) if role else None
    if role is None or policy is None:
        return
    urns_by_reference = stack.once(_encrypted)
    for configuration, name, content in members(service, SECRETS):
        read = required_read(as_sent(content)) if is_secret_reference(as_sent(content)) else None
        urn = urns_by_reference.get(read.arn or as_sent(content)) if read else None
        if urn is None:
            continue
        encrypted = stack.by_urn[urn]
        key = key_of(encrypted, _KEY_OF[encrypted.resource_type], stack)
        if key is None or permits(policy, DECRYPT_ACTION, text(key, "arn") or "*"):
            continue
        if is_allowed_by_key(role, DECRYPT_ACTION, key, stack):
            continue
        yield (
            f"{configuration}.{SECRETS}.{name} must be readable by {role.name}, the role of {INSTANCE_ROLE}, got no "
            f"policy that allows {DECRYPT_ACTION} on {key.name}, the key that encrypts {encrypted.name}. The "
            f"deployment fails. Allow {DECRYPT_ACTION} on the key's ARN in a policy of the role."
        )


def _encrypted(resources: Resources) -> Mapping[str, str]:
    """Return the URNs of secrets and parameters with a key of their own, by known ARN; by name for parameters."""
    urns: dict[str, str] = {}
    for of_type, keys in ((SECRET, ["arn"]), (PARAMETER, ["arn", "name"])):
        for each in resources.of(of_type):
            if is_set(each, _KEY_OF[of_type]):
                urns |= {name: each.urn for key in keys if (name := known_text(each, key)) is not None}
    return urns


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
    """Yield what lets a role read all secrets."""
    for index, statement in enumerate(grant.statements):
        if not statement.allows or narrows(statement):
            continue
        for action, kind in _KINDS.items():
            wide = [each for each in statement.resources if names_no_resource(each) and statement.covers(action, each)]
            if grant.managed_policy_arn is not None and wide:
                yield (
                    f"the role of {INSTANCE_ROLE} must not read all secrets, got {grant.managed_policy_arn}, which "
                    f"allows {action} on every {kind} ({grant.path} of {grant.origin.name}). Replace it with a policy "
                    f"that lists the ARNs of the {kind}s in {SECRETS}."
                )
            elif wide:
                yield (
                    f"the role of {INSTANCE_ROLE} must not read all secrets, got {action} on "
                    f'"{wide[0]}" ({grant.path} of {grant.origin.name}: Statement[{index}].Resource). List the ARNs of '
                    f"the {kind}s in {SECRETS} instead."
                )
            elif statement.not_resources and statement.covers(action, _ANY_OF_KIND[action]):
                yield (
                    f"the role of {INSTANCE_ROLE} must read only the {kind}s in {SECRETS}, got {action} on all but "
                    f"{quote(statement.not_resources)} ({grant.path} of {grant.origin.name}: Statement[{index}]."
                    "NotResource). List their ARNs under Resource instead."
                )


def _first_bound(service: HasProps) -> str | None:
    """Return the path of the first variable that is bound to a secret."""
    paths = [
        f"{configuration}.{SECRETS}.{name}"
        for configuration in CONFIGURATIONS
        for name in sorted(mapping(service, f"{configuration}.{SECRETS}") or ())
    ]
    return paths[0] if paths else None


RULES = (secrets_grant_matches,)
