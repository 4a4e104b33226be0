# pyright: standard
"""The rules of a web ACL: what AWS rejects, and the capacity that they use."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from apprunner_facts import firewall

Members = dict[str, Any]

_GROUPS = {group.name: group.capacity for group in firewall.RULE_GROUPS.values()}
_GROUP_STATEMENTS = {"ManagedRuleGroupStatement", "RuleGroupReferenceStatement"}
_WHOLE_STRINGS = {"EXACTLY", "STARTS_WITH", "ENDS_WITH"}
_OTHER = 50
"""The capacity that the local AWS assumes for groups and statements that it does not know."""


def rule_problems(rules: Sequence[Members]) -> Iterator[str]:
    """Yield the errors about a web ACL's rules that AWS's model of the API does not contain."""
    # [M] The priorities of a web ACL's rules are different.
    for priority, count in Counter(rule["Priority"] for rule in rules).items():
        if count > 1:
            yield f"Error reason: You have used the same priority for more than one rule. parameter: {priority}"
    # [assumed] The names of a web ACL's rules, and those of their metrics, are different.
    for name, count in Counter(rule["Name"] for rule in rules).items():
        if count > 1:
            yield f"Error reason: You have used the same name for more than one rule. parameter: {name}"
    # [M] A rule has one statement, with OverrideAction for a group, otherwise with Action.
    for rule in rules:
        if len(rule["Statement"]) != 1:
            yield f"Error reason: A statement must have exactly one member. parameter: {rule['Name']}"
        is_group = bool(rule["Statement"].keys() & _GROUP_STATEMENTS)
        present = [key for key in ("Action", "OverrideAction") if rule.get(key)]
        if present != ["OverrideAction" if is_group else "Action"]:
            yield f"Error reason: A rule has exactly one action. field: RULE_ACTION, parameter: {rule['Name']}"
        yield from _statement_problems(rule["Statement"])


def _statement_problems(statement: Members) -> Iterator[str]:
    for kind, members in statement.items():
        # [M] The window of a rate-based rule is 60, 120, 300 or 600 seconds.
        window = members.get("EvaluationWindowSec", firewall.RATE_WINDOWS[0])
        if window not in firewall.RATE_WINDOWS:
            yield f"Error reason: The evaluation window isn't valid. parameter: {window}"
        # [M] A searched string has at most 200 bytes. The API contains it in base64.
        if kind == "ByteMatchStatement" and len(members["SearchString"]) * 3 // 4 > firewall.SEARCH_STRING_BYTES + 2:
            yield "Error reason: The search string is too long. field: BYTE_MATCH_STATEMENT"
        for inner in _inner(members):
            yield from _statement_problems(inner)


def capacity_of(rules: Sequence[Members]) -> int:
    """Return the capacity of rules in WCU."""
    return sum(_capacity(rule["Statement"]) for rule in rules)


def _capacity(statement: Members) -> int:
    own = sum(_own_capacity(kind, members) for kind, members in statement.items())
    return own + sum(_capacity(inner) for members in statement.values() for inner in _inner(members))


def _own_capacity(kind: str, members: Members) -> int:
    """Return the capacity of a statement without those inside it."""
    if kind in ("AndStatement", "OrStatement", "NotStatement"):
        return 0
    if kind == "ManagedRuleGroupStatement":
        return _GROUPS.get(members["Name"], _OTHER)
    if kind == "ByteMatchStatement":
        transformations = [each for each in members["TextTransformations"] if each["Type"] != "NONE"]
        return (2 if members["PositionalConstraint"] in _WHOLE_STRINGS else 10) + 10 * len(transformations)
    return {
        "RateBasedStatement": firewall.RATE_CAPACITY,
        "GeoMatchStatement": firewall.COUNTRIES_CAPACITY,
        "IPSetReferenceStatement": 1,
    }.get(kind, _OTHER)


def _inner(members: Members) -> list[Members]:
    """Return the statements inside a statement."""
    single = [members[key] for key in ("Statement", "ScopeDownStatement") if members.get(key)]
    return [*single, *members.get("Statements", [])]
