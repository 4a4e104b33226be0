"""The KMS keys of a stack, and what their own policies allow."""

from collections.abc import Iterator

from pulumi_policy import PolicyResource

from apprunner_facts.tokens import KMS_ALIAS, KMS_GRANT, KMS_KEY, KMS_KEY_POLICY, KMS_REPLICA_KEY, ROLE
from apprunner_policies.properties import as_texts, items, known_text, text, value
from apprunner_policies.stack import Resources
from apprunner_policies.statements import statements

_KEYS = (KMS_KEY, KMS_REPLICA_KEY)


def key_of(resource: PolicyResource, key: str, resources: Resources) -> PolicyResource | None:
    """Return the key of the stack that a property names by ARN, id or alias; None for a key outside the stack.

    Raises UnknownValueError if a property that decides it is unknown.
    """
    origins = resources.referenced(resource, key, KMS_ALIAS, *_KEYS)
    if len(origins) == 1:
        (origin,) = origins
        return origin if origin.resource_type in _KEYS else key_of(origin, "targetKeyId", resources)
    name = text(resource, key)
    if name is None:
        return None
    for each in resources.of(*_KEYS):
        if name in (known_text(each, "arn"), known_text(each, "keyId"), known_text(each, "id")):
            return each
    for alias in resources.of(KMS_ALIAS):
        if name in (known_text(alias, "arn"), known_text(alias, "name")):
            return key_of(alias, "targetKeyId", resources)
    return None


def is_allowed_by_key(role: PolicyResource, action: str, key: PolicyResource, resources: Resources) -> bool:
    """Return whether a key's own policy, or a grant of the key, allows an action to a role, or to everybody.

    Raises UnknownValueError if a policy or grant is unknown.
    """
    for resource in (key, *_of_key(KMS_KEY_POLICY, key, resources)):
        refers = role in resources.referenced(resource, "policy", ROLE)
        for statement in statements(value(resource, "policy") if "policy" in resource.property_dependencies else None):
            principals = statement.principals.get("AWS", ())
            is_named = known_text(role, "arn") in principals or refers or "*" in principals
            if statement.allows and is_named and statement.covers(action, known_text(key, "arn") or "*"):
                return True
    for grant in _of_key(KMS_GRANT, key, resources):
        is_grantee = role in resources.referenced(grant, "granteePrincipal", ROLE)
        is_grantee = is_grantee or text(grant, "granteePrincipal") == known_text(role, "arn")
        if is_grantee and action.rpartition(":")[2] in as_texts(items(grant, "operations")):
            return True
    return False


def _of_key(of_type: str, key: PolicyResource, resources: Resources) -> Iterator[PolicyResource]:
    """Yield the resources of a type that name a key in keyId."""
    yield from (each for each in resources.of(of_type) if key_of(each, "keyId", resources) is key)
