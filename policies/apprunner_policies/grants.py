"""What the policies of a stack let a role do, as far as its program says."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_policies.rule import Stack, read
from apprunner_policies.types import POLICY, POLICY_ATTACHMENT, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT


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
    listed: Sequence[Any] = [given] if isinstance(given, Mapping) else _items(given)
    return [_statement(cast(Mapping[str, Any], each)) for each in listed if isinstance(each, Mapping)]


@dataclass(frozen=True)
class Grant:
    """A policy that a role has."""

    origin: PolicyResource
    """Where the program says so: the role, a policy, or the attachment of one."""
    path: str
    """The property there that holds the document, or the managed policy's ARN."""
    managed_policy_arn: str | None = None
    """Of a policy that stands outside of the stack, whose statements nobody here knows."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the document says. Raises UnknownValueError where it is not known yet, so that one unknown document
        does not hide the others."""
        if self.managed_policy_arn is not None:
            return ()
        return tuple(statements(read_item(self.origin, self.path)))


def grants(role: PolicyResource, stack: Stack) -> Iterator[Grant]:
    """Yield what a role of the stack is given there: inline policies, own and managed policies.

    Raises UnknownValueError at the end if it is not known which policies there are besides.
    """
    unknown: UnknownValueError | None = None
    try:
        for place in range(len(_items(read(role, "inlinePolicies"), known=False))):
            yield Grant(role, f"inlinePolicies[{place}].policy")
    except UnknownValueError as error:
        unknown = error
    for policy in stack.of(ROLE_POLICY):
        if belongs(policy, "role", role, stack):
            yield Grant(policy, "policy")
    managed = [(role, "managedPolicyArns")]
    managed += [(each, "policyArn") for each in stack.of(ROLE_POLICY_ATTACHMENT) if belongs(each, "role", role, stack)]
    managed += [(each, "policyArn") for each in stack.of(POLICY_ATTACHMENT) if belongs(each, "roles", role, stack)]
    for resource, key in managed:
        try:
            yield from _managed(resource, key, stack)
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown:
        raise unknown


def role_of(resource: PolicyResource, key: str, path: str, stack: Stack) -> PolicyResource | None:
    """Return the role of the stack that a resource names by its ARN: by reference, or by the ARN where that is known.

    Args:
        resource: What names it.
        key: The top-level property in which it does.
        path: The property itself.
        stack: Where the role may stand.
    """
    try:
        known = read(resource, path)
    except UnknownValueError:
        found = stack.referred(resource, key, ROLE)
        return found[0] if len(found) == 1 else None
    return next((role for role in stack.of(ROLE) if known is not None and _known(role, "arn") == known), None)


def belongs(resource: PolicyResource, key: str, to: PolicyResource, stack: Stack) -> bool:
    """Tell whether a property names another resource: by reference, or by its name, id or ARN, alone or in a list."""
    if to in stack.referred(resource, key, to.resource_type):
        return True
    known = _known(resource, key)
    own = [name for name in (_known(to, "name"), _known(to, "id"), _known(to, "arn")) if name is not None]
    return any(each in own for each in ([known] if isinstance(known, str) else _known_items(known)))


def read_item(resource: PolicyResource, path: str) -> Any:
    """Return the property at a path in which an item of a list may stand, as in "inlinePolicies[0].policy".

    Raises UnknownValueError if it is not known yet.
    """
    first, _, rest = path.partition("[")
    if not rest:
        return read(resource, path)
    place, _, key = rest.partition("].")
    item = read(resource, first)[int(place)]
    return cast(Mapping[str, Any], item).get(key) if isinstance(item, Mapping) else None


def _managed(resource: PolicyResource, key: str, stack: Stack) -> Iterator[Grant]:
    """Yield the managed policies that a property names; those of the stack with what they say."""
    own = stack.referred(resource, key, POLICY)
    unknown: UnknownValueError | None = None
    outside: list[str] = []
    try:
        given = read(resource, key)
        listed = [given] if isinstance(given, str) else _items(given, known=False)
        for place in range(len(listed)):
            try:
                arn = listed[place]
            except UnknownValueError as error:
                unknown = error
                continue
            found = [each for each in stack.of(POLICY) if _known(each, "arn") == arn]
            own = own + [each for each in found if each not in own]
            if not found and isinstance(arn, str):
                outside.append(arn)
    except UnknownValueError as error:
        unknown = error
    for policy in own:
        yield Grant(policy, "policy")
    for arn in outside:
        yield Grant(resource, key, arn)
    if unknown and not own:
        raise unknown


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


def _items(given: Any, *, known: bool = True) -> Sequence[Any]:
    """Return a list; with `known`, only one of which every item is known, and else UnknownValueError is raised."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        return []
    return list(cast(Sequence[Any], given)) if known else cast(Sequence[Any], given)


def _known_items(given: Any) -> list[Any]:
    """Return the items of a list that are known."""
    found: list[Any] = []
    listed = _items(given, known=False)
    for place in range(len(listed)):
        with suppress(UnknownValueError):
            found.append(listed[place])
    return found


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
