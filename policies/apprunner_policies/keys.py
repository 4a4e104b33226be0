"""The KMS keys of a stack, and what their own policies allow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pulumi_policy import PolicyResource

from apprunner_facts.tokens import KMS_ALIAS, KMS_GRANT, KMS_KEY, KMS_KEY_POLICY, KMS_REPLICA_KEY, ROLE
from apprunner_policies.properties import UnknownValues, as_texts, items, known_text, text, value
from apprunner_policies.stack import Resources
from apprunner_policies.statements import statements

_KEYS = (KMS_KEY, KMS_REPLICA_KEY)


def key_of(resource: PolicyResource, key: str, resources: Resources) -> PolicyResource | None:
    """Return the key of the stack that a property names by ARN, id or alias; None for a key outside the stack.

    Raises UnknownValueError if a property that decides it is unknown.
    """
    origin = _named(resource, key, resources)
    if origin is not None and origin.resource_type == KMS_ALIAS:
        origin = _named(origin, "targetKeyId", resources)
    return origin if origin is not None and origin.resource_type in _KEYS else None


def _named(resource: PolicyResource, key: str, resources: Resources) -> PolicyResource | None:
    """Return the key or alias of the stack that a property names."""
    origins = resources.referenced(resource, key, KMS_ALIAS, *_KEYS)
    if len(origins) == 1:
        return origins[0]
    return resources.by_urn.get(resources.once(_by_name).get(text(resource, key) or "", ""))


def is_allowed_by_key(role: PolicyResource, action: str, key: PolicyResource, resources: Resources) -> bool:
    """Return whether a key's own policy, or a grant of the key, allows an action to a role, or to everybody.

    Raises UnknownValueError if a policy or grant is unknown.
    """
    attached = resources.once(_attached)
    for urn in (key.urn, *attached.policies.get(key.urn, ())):
        resource = resources.by_urn[urn]
        refers = role in resources.referenced(resource, "policy", ROLE)
        for statement in statements(value(resource, "policy") if "policy" in resource.property_dependencies else None):
            principals = statement.principals.get("AWS", ())
            is_named = known_text(role, "arn") in principals or refers or "*" in principals
            if statement.allows and is_named and statement.covers(action, known_text(key, "arn") or "*"):
                return True
    for grantee in (role.urn, known_text(role, "arn") or ""):
        for urn in attached.grants.get((key.urn, grantee), ()):
            if action.rpartition(":")[2] in as_texts(items(resources.by_urn[urn], "operations")):
                return True
    attached.unknowns.raise_first()
    return False


class _Attached(NamedTuple):
    """The resources that allow the use of a key."""

    policies: Mapping[str, Sequence[str]]
    """The URNs of policies, by the key's URN."""
    grants: Mapping[tuple[str, str], Sequence[str]]
    """The URNs of grants, by the key's URN and the role's URN or ARN."""
    unknowns: UnknownValues
    """Those that may be of any key or role."""


def _attached(resources: Resources) -> _Attached:
    policies: dict[str, list[str]] = defaultdict(list)
    grants: dict[tuple[str, str], list[str]] = defaultdict(list)
    unknowns = UnknownValues()
    for policy in resources.of(KMS_KEY_POLICY):
        with unknowns:
            if key := key_of(policy, "keyId", resources):
                policies[key.urn].append(policy.urn)
    for grant in resources.of(KMS_GRANT):
        with unknowns:
            if key := key_of(grant, "keyId", resources):
                roles = [each.urn for each in resources.referenced(grant, "granteePrincipal", ROLE)]
                for grantee in roles or [text(grant, "granteePrincipal") or ""]:
                    grants[key.urn, grantee].append(grant.urn)
    return _Attached(policies, grants, unknowns)


def _by_name(resources: Resources) -> Mapping[str, str]:
    """Return the URNs of keys and aliases by each known ARN, id and name."""
    by_name: dict[str, str] = {}
    for each in resources.of(*_KEYS, KMS_ALIAS):
        names = ("arn", "name") if each.resource_type == KMS_ALIAS else ("arn", "keyId", "id")
        for name in (known_text(each, key) for key in names):
            if name is not None:
                by_name.setdefault(name, each.urn)
    return by_name
