"""Waivers: an advisory message until the last day, a violation afterwards."""

import re

import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import QUEUE
from apprunner_policies.rule import Rule, StackRule, pack
from pulumi_apprunner.offline.policies.errors import PolicyConfigError

DAY = "2026-11-24"


def no_queues(name="no-queues", **more):
    return Rule(
        name,
        resource_types=[QUEUE],
        checks=[lambda args: ["a queue."]],
        description="There are no queues.",
        remediation_steps="Take it out.",
        source=None,
        **more,
    )


def queues_only(name="queues-only"):
    return StackRule(
        name,
        resource_types=[QUEUE],
        checks=[lambda queue, stack: ["it is in a stack."]],
        description="No stack has queues.",
        remediation_steps="Take it out.",
        source=None,
    )


def waived(resource="orders", until="2026-12-31", reason="moved in December", today=DAY):
    return {"today": today, "waivers": [{"resource": resource, "until": until, "reason": reason}]}


def one_queue():
    aws.sqs.Queue("orders")


@pytest.fixture
def reports(report):
    """Return a function that returns (rule, level, message) of each violation in a stack with one queue."""

    def reports(config):
        result = report(one_queue, *pack(no_queues(), queues_only()), config=config)
        return [(each.policy, each.level, each.message) for each in result.violations]

    return reports


def test_without_a_waiver_both_kinds_of_rules_report(reports):
    assert reports({}) == [
        ("no-queues", "mandatory", "orders: a queue."),
        ("queues-only", "mandatory", "orders: it is in a stack."),
    ]


def test_a_waived_violation_is_advisory_with_its_reason_and_last_day(reports):
    assert reports({"no-queues": waived(), "queues-only": waived(reason="an old one")}) == [
        (
            "waivers",
            "advisory",
            "no-queues is waived: orders: a queue. (until 2026-12-31: moved in December)",
        ),
        (
            "waivers",
            "advisory",
            "queues-only is waived: orders: it is in a stack. (until 2026-12-31: an old one)",
        ),
    ]


def test_a_waiver_applies_to_its_own_rule_only(reports):
    assert [policy for policy, _, _ in reports({"no-queues": waived()})] == ["queues-only", "waivers"]


@pytest.mark.parametrize(("today", "holds"), [("2026-12-31", True), ("2027-01-01", False)])
def test_a_waiver_is_valid_until_the_end_of_its_last_day(reports, today, holds):
    (rule, level, message), *_ = reports({"no-queues": waived(today=today), "queues-only": "disabled"})

    assert (rule, level) == (("waivers", "advisory") if holds else ("no-queues", "mandatory"))
    assert ("The waiver until 2026-12-31 is no longer valid: moved in December." in message) is not holds


@pytest.mark.parametrize("resource", ["orders", "ord*", "urn:pulumi:prod::*::orders", "*"])
def test_a_waiver_matches_a_name_or_urn_with_wildcards(reports, resource):
    assert reports({"no-queues": waived(resource), "queues-only": "disabled"})[0][0] == "waivers"


@pytest.mark.parametrize("resource", ["order", "other", "ORDERS"])
def test_a_waiver_of_another_resource_has_no_effect(reports, resource):
    config = {"no-queues": waived(resource), "queues-only": "disabled"}

    assert reports(config) == [("no-queues", "mandatory", "orders: a queue.")]


@pytest.mark.parametrize(("until", "reason"), [("2026-13-01", "moved"), ("2026-12-31", " ")])
def test_a_waiver_without_a_valid_day_or_reason_is_reported(reports, until, reason):
    (rule, _, message), *_ = reports({"no-queues": waived(until=until, reason=reason), "queues-only": "disabled"})

    assert rule == "no-queues"
    assert f"The waiver until {until} is no longer valid" in message


@pytest.mark.parametrize(
    ("waiver", "problem"),
    [
        ({"until": "soon"}, "waivers[0].until: 'soon' does not match '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'"),
        ({"resource": ""}, "waivers[0].resource: '' should be non-empty"),
        ({"reason": None}, "waivers[0].reason: None is not of type 'string'"),
        ({"untill": "2026-12-31"}, "waivers[0]: Additional properties are not allowed ('untill' was unexpected)"),
    ],
)
def test_an_invalid_waiver_is_rejected_as_the_cli_does(reports, waiver, problem):
    configuration = waived()
    configuration["waivers"][0] |= waiver

    with pytest.raises(PolicyConfigError, match=re.escape(f"no-queues: {problem}")):
        reports({"no-queues": configuration})


def test_one_valid_waiver_of_two_is_enough(reports):
    config = waived(until="2026-01-01")
    config["waivers"] += waived("*")["waivers"]

    assert reports({"no-queues": config, "queues-only": "disabled"})[0][0] == "waivers"


def test_waived_violations_of_one_stack_are_not_reported_with_another(report):
    rule = no_queues()
    report(one_queue, rule, stack="staging", config={"no-queues": waived()})
    result = report(one_queue, *pack(rule), stack="prod")

    assert [each.policy for each in result.violations] == ["no-queues"]


def test_a_waived_violation_is_not_fixed(report):
    rule = no_queues()

    @rule.remediation
    def tag(args):
        args.props["tags"] = {"fixed": "yes"}
        return True

    levels = {"no-queues": {"enforcementLevel": "remediate", **waived()}}

    result = report(one_queue, *pack(rule), config=levels)

    assert [(each.policy, each.level) for each in result.violations] == [("waivers", "advisory")]
