"""IAM statements: resources, conditions and values in any form."""

import pytest

from apprunner_policies.conditions import narrows
from apprunner_policies.statements import names_no_resource, permits, statements

ACTION = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "???*",
        "arn:aws:*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::*/*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/*/index/*",
        "arn:aws:dynamodb:*",
        "arn:aws:secretsmanager:*:secret:*",
        "arn:aws:ssm:eu-west-1:123456789012:parameter*",
        "arn:aws:logs:*:*:log-group:*:log-stream:*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:execute-api:*:*:*/*/*",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:*:*:*:*",
    ],
)
def test_a_pattern_may_name_no_resource(pattern: str) -> None:
    assert names_no_resource(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "orders",
        "arn:aws:s3:::orders/*",
        "arn:aws:s3:::orders-*/*",
        "arn:aws:s3:::${aws:PrincipalTag/team}/*",
        "arn:aws:dynamodb:*:*:table/orders/index/*",
        "arn:aws:ssm:*:*:parameter/*/db",
        "arn:aws:logs:*:*:log-group:/orders/*:*",
        "arn:aws:sqs:*:*:orders-*",
        "arn:aws:execute-api:*:*:abc123/*",
        "arn:aws:iam::*:role/service-role/*",
        "arn:aws:rds-db:*:*:dbuser:*/app",
        "arn:aws:bedrock:*::foundation-model/anthropic.*",
    ],
)
def test_a_pattern_with_part_of_a_name_names_resources(pattern: str) -> None:
    assert not names_no_resource(pattern)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (123456789012.0, "123456789012"), (1.5, "1.5"), (123456789012, "123456789012")]
)
def test_values_are_read_as_iam_compares_them(value: object, text: str) -> None:
    (statement,) = statements({"Statement": {**ACTION, "Condition": {"StringEquals": {"aws:SourceAccount": value}}}})
    assert statement.conditions["stringequals"]["aws:sourceaccount"] == (text,)


def test_values_of_other_types_are_left_out() -> None:
    odd = {**ACTION, "Action": ["s3:GetObject", None, {"a": "b"}, ["x"]], "Resource": {"Ref": "bucket"}}
    (statement,) = statements({"Statement": odd})
    assert statement.actions == ("s3:GetObject",)
    assert statement.resources == ()


@pytest.mark.parametrize(
    ("condition", "is_narrow"),
    [
        ({"StringEquals": {"aws:ResourceTag/app": "orders"}}, True),
        ({"StringLike": {"aws:ResourceTag/app": "*"}}, False),
        ({"StringNotEquals": {"aws:ResourceTag/app": "orders"}}, False),
        ({"StringEqualsIfExists": {"aws:ResourceTag/app": "orders"}}, False),
        (
            {
                "StringEqualsIfExists": {"aws:ResourceTag/app": "orders"},
                "Null": {"aws:ResourceTag/app": "false"},
            },
            True,
        ),
        ({"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/orders"}}, False),
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}, True),
        ({"ArnEquals": {"lambda:FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/orders"}}, False),
        ({"StringEquals": {"rds:db-tag/app": "orders"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/app": "orders"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ],
)
def test_a_condition_on_the_resource_narrows_a_statement(condition: object, is_narrow: bool) -> None:
    (statement,) = statements({"Statement": {**ACTION, "Condition": condition}})
    assert narrows(statement) is is_narrow


def test_a_denial_without_a_condition_wins() -> None:
    denial = {**ACTION, "Effect": "Deny"}
    conditional = {**denial, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert permits(statements({"Statement": [ACTION, conditional]}), "s3:GetObject")
    assert not permits(statements({"Statement": [ACTION, denial]}), "s3:GetObject")
