"""What the policies of a stack let a role do, as far as its program says."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.tokens import POLICY, POLICY_ATTACHMENT, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from apprunner_policies.rule import Stack, known, read


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
    managed = [(role, "managedPolicyArns")]
    for each in _of_roles(stack).get(role.urn, ()):
        if each.resource_type == ROLE_POLICY:
            yield Grant(each, "policy")
        else:
            managed.append((each, "policyArn"))
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
        arn = read(resource, path)
    except UnknownValueError:
        found = stack.referred(resource, key, ROLE)
        return found[0] if len(found) == 1 else None
    return next(iter(_called(stack).get((ROLE, arn), ())), None) if isinstance(arn, str) else None


def named(resource: PolicyResource, key: str, of_type: str, stack: Stack) -> list[PolicyResource]:
    """Return the roles or policies that a property names: by reference, or by name, id or ARN, alone or in a list."""
    found = {each.urn: each for each in stack.referred(resource, key, of_type)}
    given = known(resource, key)
    for name in [given] if isinstance(given, str) else _known_items(given):
        if isinstance(name, str):
            found |= {each.urn: each for each in _called(stack).get((of_type, name), ())}
    return list(found.values())


@lru_cache(maxsize=1)
def _of_roles(stack: Stack) -> Mapping[str, list[PolicyResource]]:
    """Return the policies and attachments of each role, by its URN: found once for a stack, since there are many."""
    found: dict[str, list[PolicyResource]] = defaultdict(list)
    for of_type, key in ((ROLE_POLICY, "role"), (ROLE_POLICY_ATTACHMENT, "role"), (POLICY_ATTACHMENT, "roles")):
        for each in stack.of(of_type):
            for role in named(each, key, ROLE, stack):
                found[role.urn].append(each)
    return found


@lru_cache(maxsize=1)
def _called(stack: Stack) -> Mapping[tuple[str, str], list[PolicyResource]]:
    """Return the roles and policies of a stack, by type and by each of name, id and ARN that is known."""
    found: dict[tuple[str, str], list[PolicyResource]] = defaultdict(list)
    for each in stack.of(ROLE, POLICY):
        names = [known(each, key) for key in ("name", "id", "arn")]
        for name in dict.fromkeys(name for name in names if isinstance(name, str)):
            found[each.resource_type, name].append(each)
    return found


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
            found = _called(stack).get((POLICY, arn), []) if isinstance(arn, str) else []
            own = own + [each for each in found if each.urn not in [one.urn for one in own]]
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
