"""What the policies of a stack let a role do, as far as its program says."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_policies.rule import Stack, read
from apprunner_policies.types import POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT


@dataclass(frozen=True)
class Statement:
    """A statement of an IAM policy document; every list is one, also where the document has a single text."""

    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    """By kind (`Service`, `AWS`, `Federated`); "*" alone is {"AWS": ("*",)}."""
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By operator and then by key, in small letters, since case does not matter in either."""

    def covers(self, action: str, resource: str = "*") -> bool:
        """Tell whether it speaks of an action on a resource; `*` and `?` in the statement stand for others."""
        if self.actions or not self.not_actions:
            spoken = _any_matches(self.actions, action, ignoring_case=True)
        else:
            spoken = not _any_matches(self.not_actions, action, ignoring_case=True)
        if self.not_resources:
            return spoken and not _any_matches(self.not_resources, resource)
        return spoken and (not self.resources or _any_matches(self.resources, resource))


def statements(document: Any) -> list[Statement]:
    """Return the statements of a document, a JSON text or what one holds; none where it is neither."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    if not isinstance(document, Mapping):
        return []
    given: Any = cast(Mapping[str, Any], document).get("Statement")
    listed: list[Any] = [given] if isinstance(given, Mapping) else _items(given)
    return [_statement(cast(Mapping[str, Any], each)) for each in listed if isinstance(each, Mapping)]


@dataclass(frozen=True)
class Grant:
    """A policy that a role has."""

    origin: PolicyResource
    """Where the program says so: the role, its policy, or the attachment."""
    statements: tuple[Statement, ...]
    managed_policy_arn: str | None = None
    """Of a policy that stands outside of the stack, whose statements nobody here knows."""


def grants(role: PolicyResource, stack: Stack) -> Iterator[Grant]:
    """Yield what a role of the stack is given there: inline policies, own and managed policies.

    Raises UnknownValueError where a document is not known yet.
    """
    for inline in _items(read(role, "inlinePolicies")):
        if isinstance(inline, Mapping):
            yield Grant(role, tuple(statements(cast(Mapping[str, Any], inline).get("policy"))))
    for arn in _items(read(role, "managedPolicyArns")):
        yield Grant(role, (), str(arn))
    for policy in stack.of(ROLE_POLICY):
        if belongs(policy, "role", role, stack):
            yield Grant(policy, tuple(statements(read(policy, "policy"))))
    for attachment in stack.of(ROLE_POLICY_ATTACHMENT):
        if belongs(attachment, "role", role, stack):
            yield from _attached(attachment, stack)


def role_of(resource: PolicyResource, key: str, path: str, stack: Stack) -> PolicyResource | None:
    """Return the role of the stack that a resource names by its ARN: by reference, or by the ARN where that is known.

    Args:
        resource: What names it.
        key: The top-level property in which it does.
        path: The property itself.
        stack: Where the role may stand.
    """
    known = _known(resource, path)
    for role in stack.of(ROLE):
        if known is not None and _known(role, "arn") == known:
            return role
    found = stack.referred(resource, key, ROLE)
    return found[0] if known is None and len(found) == 1 else None


def belongs(resource: PolicyResource, key: str, to: PolicyResource, stack: Stack) -> bool:
    """Tell whether a property names another resource: by reference, or by its name, id or ARN."""
    if to in stack.referred(resource, key, to.resource_type):
        return True
    known = _known(resource, key)
    return known is not None and known in (_known(to, "name"), _known(to, "id"), _known(to, "arn"))


def _attached(attachment: PolicyResource, stack: Stack) -> Iterator[Grant]:
    own = stack.referred(attachment, "policyArn", POLICY)
    arn = _known(attachment, "policyArn")
    own = own or [each for each in stack.of(POLICY) if arn is not None and _known(each, "arn") == arn]
    for policy in own:
        yield Grant(policy, tuple(statements(read(policy, "policy"))))
    if not own:
        yield Grant(attachment, (), str(read(attachment, "policyArn")))


def _statement(given: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=str(given.get("Effect", "")).lower() == "allow",
        actions=_texts(given.get("Action")),
        not_actions=_texts(given.get("NotAction")),
        resources=_texts(given.get("Resource")),
        not_resources=_texts(given.get("NotResource")),
        principals=_principals(given.get("Principal")),
        conditions=_conditions(given.get("Condition")),
    )


def _principals(given: Any) -> Mapping[str, tuple[str, ...]]:
    if isinstance(given, Mapping):
        return {str(kind): _texts(who) for kind, who in cast(Mapping[str, Any], given).items()}
    return {"AWS": _texts(given)} if given else {}


def _conditions(given: Any) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        operator.lower(): {key.lower(): _texts(value) for key, value in _members(keys)}
        for operator, keys in _members(given)
    }


def _members(given: Any) -> list[tuple[str, Any]]:
    return list(cast(Mapping[str, Any], given).items()) if isinstance(given, Mapping) else []


def _items(given: Any) -> list[Any]:
    return list(cast(Sequence[Any], given)) if isinstance(given, Sequence) and not isinstance(given, str) else []


def _texts(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(str(each) for each in _items(given))


def _any_matches(patterns: Iterable[str], text: str, *, ignoring_case: bool = False) -> bool:
    if ignoring_case:
        return _any_matches([each.lower() for each in patterns], text.lower())
    # A bracket is a letter like any other in IAM's patterns.
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)


def _known(resource: PolicyResource, path: str) -> Any:
    """Return a property, None where it is not known yet."""
    try:
        return read(resource, path)
    except UnknownValueError:
        return None
