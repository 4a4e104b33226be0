from datetime import date

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import EnforcementLevel, Severity

from apprunner_facts.source import Source
from apprunner_facts.tokens import QUEUE
from apprunner_policies import environment, waivers
from apprunner_policies.pack import pack
from apprunner_policies.properties import value
from apprunner_policies.rule import Rule, StackRule


def rule(*checks, name="has-tags", source=None, **more):
    return Rule(
        name,
        resource_types=["aws:sqs/queue:Queue"],
        checks=checks,
        description="Queues have tags.",
        remediation_steps="Give it tags.",
        source=source,
        **more,
    )


def stack_rule(check, **more):
    return StackRule(
        "queues",
        resource_types=[QUEUE],
        checks=[check],
        description="Queues are right.",
        remediation_steps="Fix them.",
        source=None,
        **more,
    )


def reads(path):
    def check(args):
        yield f"{path} is {value(args, path)}"

    return check


def test_each_message_of_each_check_is_reported_after_the_resources_name(check_rule):
    def two(args):
        yield "first"
        yield "second"

    assert check_rule(rule(two, lambda args: ["third"]), {}).messages == ("api: first", "api: second", "api: third")


def test_a_resource_of_another_type_is_not_checked(check_rule):
    def check(args):
        raise AssertionError("looked at")

    assert check_rule(rule(check), {}, of_type="aws:sns/topic:Topic").clean


def test_an_unknown_value_skips_one_check_only_and_is_reported_to_the_engine(check_rule, unknown):
    result = check_rule(rule(reads("a.b"), reads("c")), {"a": {"b": unknown}, "c": "known"})

    assert result.messages == ("api: c is known",)
    assert result.unknown == "string value at .a.b can't be known during preview"


def test_violations_before_an_unknown_value_are_reported(check_rule, unknown):
    def check(args):
        yield "first"
        value(args, "a")

    result = check_rule(rule(check), {"a": unknown})

    assert result.messages == ("api: first",)
    assert result.unknown is not None


@pytest.mark.parametrize("props", [{}, {"a": None}, {"a": {}}, {"a": {"b": None}}, {"a": "text"}, {"a": [1]}])
def test_a_missing_property_is_none(check_rule, props):
    assert check_rule(rule(reads("a.b")), props).messages == ("api: a.b is None",)


def test_a_property_next_to_an_unknown_one_can_be_read(check_rule, unknown):
    assert check_rule(rule(reads("a.b")), {"a": {"b": "here", "c": unknown}, "d": unknown}).messages == (
        "api: a.b is here",
    )


def test_a_default_of_the_config_schema_applies_until_it_is_configured(check_rule):
    def check(args):
        yield f"{args.get_config()['least']} of {args.get_config()['what']}"

    schema = {"least": {"type": "integer", "default": 2}, "what": {"type": "string", "default": "tags"}}
    configurable = rule(check, config=schema)

    assert check_rule(configurable, {}).messages == ("api: 2 of tags",)
    assert check_rule(configurable, {}, config={"least": 3}).messages == ("api: 3 of tags",)


def test_the_engine_gets_all_properties_of_a_rule():
    new_rule = rule(
        reads("a"),
        source=Source("https://example.com/tags", date(2026, 11, 23)),
        level=EnforcementLevel.ADVISORY,
        severity=Severity.LOW,
        config={"least": {"type": "integer"}},
    )

    assert new_rule.resource_types == {"aws:sqs/queue:Queue"}
    assert (new_rule.name, new_rule.description, new_rule.remediation_steps) == (
        "has-tags",
        "Queues have tags.",
        "Give it tags.",
    )
    assert (new_rule.url, new_rule.enforcement_level, new_rule.severity) == (
        "https://example.com/tags",
        EnforcementLevel.ADVISORY,
        Severity.LOW,
    )
    assert new_rule.config_schema is not None
    assert new_rule.config_schema.properties == {"least": {"type": "integer"}, **waivers.CONFIG}


def test_two_rules_with_one_name_are_an_error_that_names_them():
    with pytest.raises(ValueError, match="got duplicates: costs, has-tags"):
        pack(rule(), rule(), rule(name="costs"), rule(name="costs"), rule(name="other"))


def test_a_pack_keeps_its_rules_in_order():
    rules = [rule(name="b"), rule(name="a")]

    assert pack(*rules)[:-1] == rules


def test_a_stack_rule_checks_each_resource_of_its_types_and_its_references(report):
    def has_dead_letters(queue, stack):
        if not stack.referenced(queue, "redrivePolicy", QUEUE):
            yield "no dead-letter queue."

    def program():
        dead = aws.sqs.Queue("dead")
        aws.sqs.Queue("orders", redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn}))

    result = report(program, stack_rule(has_dead_letters), unknown=True)

    assert [each.message for each in result.violations] == ["dead: no dead-letter queue."]


def test_an_unknown_value_of_one_resource_does_not_hide_another_from_a_stack_rule(report):
    def name(queue, stack):
        yield f"is called {value(queue, 'name')}"

    def program():
        aws.sqs.Queue("first", name=aws.sqs.Queue("other", name="other").arn)
        aws.sqs.Queue("second", name="second")

    result = report(program, stack_rule(name), unknown=True)

    assert [each.message for each in result.violations] == ["other: is called other", "second: is called second"]
    assert len(result.skipped) == 1


def test_a_stack_rule_has_its_configuration_and_environment(report):
    def describe(queue, stack):
        yield f"{stack.config['least']} in {'production' if stack.is_production else 'a trial'}"

    policy = stack_rule(describe, config={"least": {"type": "integer", "default": 2}, **environment.CONFIG})

    def words(**more):
        return [each.message for each in report(lambda: aws.sqs.Queue("q"), policy, **more).violations]

    assert words(stack="prod") == ["q: 2 in production"]
    assert words(stack="dev", config={"queues": {"least": 3}}) == ["q: 3 in a trial"]


def test_at_the_level_remediate_a_rule_fixes_and_then_checks(report):
    tagged = rule()

    @tagged.remediation
    def tag(args):
        changed = not args.props.get("tags")
        args.props["tags"] = {"team": "shop"}
        return changed

    @tagged.check
    def check(args):
        if not value(args, "tags"):
            yield "no tags."

    def words(level):
        result = report(lambda: aws.sqs.Queue("q"), tagged, config={"has-tags": level})
        return [(each.level, each.message) for each in result.violations]

    assert words("mandatory") == [("mandatory", "q: no tags.")]
    assert words("remediate") == [("remediate", "Queues have tags. It would change tags.")]
