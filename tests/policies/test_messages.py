"""The length of messages."""

import pulumi_aws as aws

from apprunner_facts.tokens import QUEUE
from apprunner_policies.messages import LONGEST_MESSAGE, shorten
from apprunner_policies.rule import Rule


def test_an_ordinary_message_is_unchanged():
    message = 'name must be short, got "' + "a" * 200 + '". Set it to "b".'

    assert shorten(message) == message


def test_a_long_quoted_value_is_cut_and_the_fix_remains():
    message = shorten('name must be short, got "' + "a b " * 5000 + '". Set it to "b".')

    assert message == 'name must be short, got "' + "a b " * 50 + '… (20,000 characters)". Set it to "b".'


def test_a_long_word_is_cut():
    assert shorten(f"got {'x' * 1000}. Set it.") == f"got {'x' * 200}… (1,001 characters) Set it."


def test_the_middle_of_a_long_message_is_cut():
    message = shorten("start " + '{"a": 1}, ' * 1000 + "end")

    assert len(message) < LONGEST_MESSAGE + 40
    assert message.startswith("start ")
    assert message.endswith("end")


def test_a_rule_cuts_values(report):
    rule = Rule(
        "short-name",
        resource_types=[QUEUE],
        checks=[lambda queue: [f'name must be short, got "{queue.props["name"]}". Shorten it.']],
        description="Names are short.",
        remediation_steps="Shorten it.",
        source=None,
    )

    (violation,) = report(lambda: aws.sqs.Queue("orders", name="n" * 50_000), rule).violations

    assert violation.message == f'orders: name must be short, got "{"n" * 200}… (50,000 characters)". Shorten it.'
