"""Waivers: an advisory message until the last day, a violation afterwards."""

import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import QUEUE
from apprunner_policies.pack import pack
from apprunner_policies.rule import Rule, StackRule
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
    reported = reports({"no-queues": waived(today=today), "queues-only": "disabled"})

    rule, level, message = reported[-1]
    assert (rule, level) == (("waivers", "advisory") if holds else ("no-queues", "mandatory"))
    why = 'The waiver does not apply: it ended on 2026-12-31, its reason was "moved in December".'
    assert (why in message) is not holds


@pytest.mark.parametrize("resource", ["orders", "ord*", "urn:pulumi:prod::*::orders", "*"])
def test_a_waiver_matches_a_name_or_urn_with_wildcards(reports, resource):
    assert reports({"no-queues": waived(resource), "queues-only": "disabled"})[0][0] == "waivers"


@pytest.mark.parametrize("resource", ["order", "other", "ORDERS"])
def test_a_waiver_of_another_resource_has_no_effect(reports, resource):
    config = {"no-queues": waived(resource), "queues-only": "disabled"}

    assert reports(config)[1:] == [("no-queues", "mandatory", "orders: a queue.")]


@pytest.mark.parametrize(
    ("waiver", "problems"),
    [
        (
            {"until": "2027-02-30"},
            ['.until: must be a date such as 2027-03-31, got "2027-02-30". Set it to the last day'],
        ),
        ({"until": "20270331"}, ['.until: must be a date such as 2027-03-31, got "20270331". Set it to the last day']),
        ({"resource": ""}, ['.resource: must be a string that is not empty, got "". Set it to a resource\'s logical']),
        ({"reason": " "}, ['.reason: must be a string that is not empty, got " ". Set it to the reason.']),
        (
            {"reason": None, "until": 3},
            [
                ".reason: must be a string that is not empty, got null. Set it to the reason.",
                ".until: must be a string that is not empty, got 3. Set it to the last day of the waiver.",
            ],
        ),
        ({"untill": "2026-12-31"}, [': unknown key "untill". Valid keys: resource, reason, until.']),
    ],
)
def test_an_invalid_waiver_is_an_error_of_the_configuration(reports, waiver, problems):
    configuration = waived()
    configuration["waivers"][0] |= waiver

    with pytest.raises(PolicyConfigError) as caught:
        reports({"no-queues": configuration})

    assert all(f"no-queues.waivers[0]{problem}" in str(caught.value) for problem in problems)


def test_without_a_pack_an_invalid_waiver_does_not_apply_and_says_why(report):
    """The Pulumi engine passes an invalid waiver to the rule if the pack cannot read the whole configuration."""
    (violation,) = report(one_queue, no_queues(), config={"no-queues": waived(until="2027-02-30")}).violations

    assert 'The waiver does not apply: its last day "2027-02-30" is not a date' in violation.message


def test_a_waiver_that_matches_nothing_is_reported_with_a_similar_name(reports):
    reported = reports({"no-queues": waived("order"), "queues-only": "disabled"})

    assert reported[0] == (
        "waivers",
        "advisory",
        "no-queues.waivers[0]: resource must be the name or URN of a resource that the rule checks in this stack, got "
        '"order". Did you mean "orders"? Correct it or remove the waiver.',
    )


def test_a_waiver_that_has_ended_is_reported(reports):
    reported = reports({"no-queues": waived(until="2026-01-01"), "queues-only": "disabled"})

    message = "no-queues.waivers[0]: it ended on 2026-01-01. Remove it, or set a later day in until."
    assert ("waivers", "advisory", message) in reported


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
