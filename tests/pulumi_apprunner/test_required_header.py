"""The secret header that a WebFirewall requires."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pytest

from plans import plan, problems
from pulumi_apprunner import (
    FirewallLog,
    ManagedRuleGroup,
    ManagedRules,
    RequiredHeader,
    WebFirewall,
    WebFirewallArgs,
)
from pulumi_apprunner.firewall.rules import capacity_of
from pulumi_apprunner.testing import Secret, reveal

ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
SECRET, PREVIOUS = "correct-horse-battery-staple", "the-secret-of-last-month"


def firewall(**args: Any) -> Callable[[], None]:
    return lambda: WebFirewall("edge", WebFirewallArgs(**args)) and None


def equals(value: str, header: str = "x-origin-verify") -> dict[str, Any]:
    """Return the statement that matches a header with a value."""
    return {
        "byteMatchStatement": {
            "searchString": value,
            "positionalConstraint": "EXACTLY",
            "fieldToMatch": {"singleHeader": {"name": header}},
            "textTransformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def rule(**header: Any) -> dict[str, Any]:
    """Return the first rule of a web ACL with a required header."""
    args = {"required_header": RequiredHeader(**{"value": SECRET, **header}), "mode": "count"}
    first = plan(firewall(**args)).one(ACL)["rules"][0]
    return reveal(first)


def negated(rule: Mapping[str, Any]) -> Any:
    """Return what a rule negates: a block in newer versions of pulumi-aws, a list of one in older ones."""
    (statement,) = rule["statement"]["notStatement"].values()
    return statement[0] if isinstance(statement, Sequence) else statement


def test_requests_without_the_header_are_blocked_before_all_other_rules_also_while_those_only_count() -> None:
    first = rule()
    assert negated(first) == equals(SECRET)
    assert first == {
        "name": "required-header",
        "priority": 5,
        "action": {"block": {}},
        "statement": first["statement"],
        "visibilityConfig": {
            "cloudwatchMetricsEnabled": True,
            "metricName": "required-header",
            "sampledRequestsEnabled": False,
        },
    }


def test_they_may_only_be_counted() -> None:
    assert rule(mode="count")["action"] == {"count": {}}


def test_two_values_are_accepted_while_the_sender_changes_from_one_to_the_other() -> None:
    statements = [equals(SECRET), equals(PREVIOUS)]
    assert negated(rule(previous_value=PREVIOUS)) == {"orStatement": {"statements": statements}}


def test_the_header_may_have_another_name() -> None:
    assert negated(rule(name="x-edge-key")) == equals(SECRET, "x-edge-key")


def test_each_value_uses_capacity() -> None:
    one = WebFirewallArgs(required_header=RequiredHeader(value=SECRET))
    two = WebFirewallArgs(required_header=RequiredHeader(value=SECRET, previous_value=PREVIOUS))
    assert [capacity_of(each) - capacity_of(WebFirewallArgs()) for each in (one, two)] == [2, 4]


@pytest.mark.parametrize("wrap", [str, pulumi.Output.secret, pulumi.Output.from_input])
def test_the_values_are_always_secret_in_the_state(wrap: Callable[[str], Any]) -> None:
    def program() -> None:
        header = RequiredHeader(value=wrap(SECRET), previous_value=wrap(PREVIOUS))
        firewall(required_header=header)()

    statement = negated(plan(program).one(ACL)["rules"][0])
    values = [each["byteMatchStatement"]["searchString"] for each in statement["orStatement"]["statements"]]
    assert [(type(each), reveal(each)) for each in values] == [(Secret, SECRET), (Secret, PREVIOUS)]


def test_the_log_never_contains_the_header() -> None:
    header = RequiredHeader(value=SECRET, name="x-edge-key")
    log = FirewallLog(redacted_headers=["x-edge-key", "x-api-key"])
    redacted = plan(firewall(required_header=header, log=log)).one(LOGGING)["redactedFields"]
    names = [each["singleHeader"]["name"] for each in redacted]
    assert names == ["authorization", "cookie", "x-api-key", "x-edge-key"]


def test_it_may_be_the_only_rule() -> None:
    none = {name: ManagedRuleGroup(enabled=False) for name in ("ip_reputation", "known_bad_inputs", "common")}
    rules = plan(firewall(groups=ManagedRules(**none), required_header=RequiredHeader(value=SECRET))).one(ACL)["rules"]
    assert [each["name"] for each in rules] == ["required-header"]


@pytest.mark.parametrize("value", ["hunter2", "hunter2 hunter2 hunter2", "hunter2" * 30])
def test_an_invalid_value_never_appears_in_an_error(value: str) -> None:
    message = "must be 16 to 200 printable ASCII characters without spaces"
    header = RequiredHeader(value=value, previous_value=value, name="X-Edge-Key")
    assert problems(firewall(required_header=header)) == {
        "required_header.value": message,
        "required_header.previous_value": message,
        "required_header.name": 'must be a header\'s name in lower case, such as x-api-key, got "X-Edge-Key"',
    }
