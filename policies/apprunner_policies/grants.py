"""What the policies of a stack let a role do, as far as its program shows it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.iam_reference import managed_policy
from apprunner_facts.tokens import (
    GROUP_POLICY_ATTACHMENT,
    GROUP_POLICY_ATTACHMENTS,
    POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    ROLE_POLICY_ATTACHMENTS,
    USER_POLICY_ATTACHMENT,
    USER_POLICY_ATTACHMENTS,
)
from apprunner_policies.properties import (
    UnknownValues,
    as_items,
    items,
    known,
    known_items,
    known_text,
    read_identity,
    text,
    value,
)
from apprunner_policies.stack import Resources
from apprunner_policies.statements import Statement, statements

_ROLE_AND_POLICY = {
    ROLE_POLICY: ("role", "policy"),
    ROLE_POLICY_ATTACHMENT: ("role", "policyArn"),
    ROLE_POLICY_ATTACHMENTS: ("roleName", "policyArns"),
    POLICY_ATTACHMENT: ("roles", "policyArn"),
}
"""The properties that name the role and hold the policy, by type."""
_ATTACHING = {
    ROLE: "managedPolicyArns",
    GROUP_POLICY_ATTACHMENT: "policyArn",
    GROUP_POLICY_ATTACHMENTS: "policyArns",
    POLICY_ATTACHMENT: "policyArn",
    ROLE_POLICY_ATTACHMENT: "policyArn",
    ROLE_POLICY_ATTACHMENTS: "policyArns",
    USER_POLICY_ATTACHMENT: "policyArn",
    USER_POLICY_ATTACHMENTS: "policyArns",
}
"""The property that attaches managed policies, by type."""


@dataclass(frozen=True)
class Grant:
    """A policy that a role has."""

    origin: PolicyResource
    """The resource that defines it: the role, a policy, or the attachment of one."""
    path: str
    """The property of `origin` that holds the document, or the managed policy's ARN."""
    managed_policy_arn: str | None = None
    """Set for a policy outside the stack."""

    @property
    def is_opaque(self) -> bool:
        """Whether the stack does not contain the policy and AWS does not publish it, so that it may allow anything."""
        return self.managed_policy_arn is not None and managed_policy(self.managed_policy_arn) is None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of the document; for a policy of AWS those in `iam_reference.managed_policy`.

        Raises UnknownValueError if the document is unknown, so that one unknown document does not hide the others.
        """
        if self.managed_policy_arn is not None:
            return statements(managed_policy(self.managed_policy_arn))
        return statements(value(self.origin, self.path))


def grants(role: PolicyResource, resources: Resources) -> Iterator[Grant]:
    """Yield the policies that the stack gives to a role of the stack: inline, own and managed ones.

    Raises UnknownValueError at the end if there may be further policies.
    """
    unknowns = UnknownValues()
    with unknowns:
        for index in range(len(items(role, "inlinePolicies"))):
            yield Grant(role, f"inlinePolicies[{index}].policy")
    managed = [(role, "managedPolicyArns")]
    for urn in resources.once(_by_role).get(role.urn, ()):
        each = resources.by_urn[urn]
        _, key = _ROLE_AND_POLICY[each.resource_type]
        if each.resource_type == ROLE_POLICY:
            yield Grant(each, key)
        else:
            managed.append((each, key))
    yielded: set[str] = set()
    for resource, key in managed:
        with unknowns:
            for grant in _managed(resource, key, resources):
                identity = grant.managed_policy_arn or grant.origin.urn
                if identity not in yielded:
                    yielded.add(identity)
                    yield grant
    unknowns.raise_first()


def policy_of(role: PolicyResource, resources: Resources) -> Sequence[Statement] | None:
    """Return the statements of all policies of a role, None if one of them may allow anything.

    Raises UnknownValueError if a policy is unknown, or if there is none and the role's ARN is unknown.
    """
    policies = list(grants(role, resources))
    if not policies:
        read_identity(role, "arn")
    if any(each.is_opaque for each in policies):
        return None
    return [statement for each in policies for statement in each.statements]


def role_of(resource: PolicyResource, key: str, path: str, resources: Resources) -> PolicyResource | None:
    """Return the role of the stack that a resource names by ARN; by reference where the ARN is unknown.

    Args:
        resource: The resource that names it.
        key: The top-level property in which it does.
        path: The property itself.
        resources: Those of the stack.
    """
    try:
        arn = text(resource, path)
    except UnknownValueError:
        roles = resources.referenced(resource, key, ROLE)
        return roles[0] if len(roles) == 1 else None
    return next(iter(_named(ROLE, arn, resources)), None)


def attached(resources: Resources) -> set[str]:
    """Return the URNs of the policies that the stack attaches to anything; a function for `Resources.once`."""
    urns: set[str] = set()
    for of_type, key in _ATTACHING.items():
        for resource in resources.of(of_type):
            urns.update(each.urn for each in resources.referenced(resource, key, POLICY))
            names = known(resource, key)
            for name in [names] if isinstance(names, str) else known_items(as_items(names)):
                urns.update(each.urn for each in _named(POLICY, name, resources))
    return urns


def _managed(resource: PolicyResource, key: str, resources: Resources) -> Iterator[Grant]:
    """Yield the managed policies that a property names; those of the stack with their documents."""
    own = {each.urn: each for each in resources.referenced(resource, key, POLICY)}
    outside: list[str] = []
    unknowns = UnknownValues()
    with unknowns:
        arns: Any = value(resource, key)
        arns = [arns] if isinstance(arns, str) else as_items(arns)
        for index in range(len(arns)):
            with unknowns:
                arn = arns[index]
                policies = _named(POLICY, arn, resources)
                own |= {each.urn: each for each in policies}
                if not policies and isinstance(arn, str):
                    outside.append(arn)
    for policy in own.values():
        yield Grant(policy, "policy")
    for arn in outside:
        yield Grant(resource, key, arn)
    if not own:
        unknowns.raise_first()


def _by_role(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of the policies and attachments of each role, by the role's URN."""
    by_role: dict[str, list[str]] = defaultdict(list)
    for of_type, (key, _) in _ROLE_AND_POLICY.items():
        for each in resources.of(of_type):
            for role in _roles(each, key, resources):
                by_role[role].append(each.urn)
    return by_role


def _roles(resource: PolicyResource, key: str, resources: Resources) -> Mapping[str, None]:
    """Return the URNs of the roles that a property names: by reference, or by name, id or ARN, alone or in a list."""
    urns = dict.fromkeys(each.urn for each in resources.referenced(resource, key, ROLE))
    names = known(resource, key)
    for name in [names] if isinstance(names, str) else known_items(as_items(names)):
        urns |= dict.fromkeys(each.urn for each in _named(ROLE, name, resources))
    return urns


def _named(of_type: str, name: Any, resources: Resources) -> list[PolicyResource]:
    """Return the roles or policies of a name, an id or an ARN."""
    urns = resources.once(_by_name).get((of_type, name), ()) if isinstance(name, str) else ()
    return [resources.by_urn[urn] for urn in urns]


def _by_name(resources: Resources) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the URNs of roles and policies by type and by each known name, id and ARN."""
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in resources.of(ROLE, POLICY):
        names = [known_text(each, key) for key in ("name", "id", "arn")]
        for name in dict.fromkeys(name for name in names if name is not None):
            by_name[each.resource_type, name].append(each.urn)
    return by_name
