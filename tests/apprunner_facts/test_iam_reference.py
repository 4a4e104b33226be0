"""What AWS documents about IAM actions and its managed policies."""

import runpy
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from apprunner_facts.iam_reference import managed_policy, needs_all_resources

TOOL = Path(__file__).parents[2] / "tools" / "iam_reference.py"
AWS_POLICY = "arn:aws:iam::aws:policy/"


@pytest.mark.parametrize(
    "action",
    [
        "bedrock:List*",
        "bedrock:ListFoundationModels",
        "cloudwatch:GetMetric*",
        "cognito-idp:InitiateAuth",
        "comprehend:DetectSentiment",
        "ec2:Describe*",
        "ec2:DescribeVpcAttribute",
        "ecr:GetAuthorizationToken",
        "ecs:List*",
        "lambda:List*",
        "polly:SynthesizeSpeech",
        "rekognition:Detect*",
        "S3:listallmybuckets",
        "secretsmanager:BatchGetSecretValue",
        "ssmmessages:*Channel",
        "textract:Detect*",
        "transcribe:Start*",
        "xray:PutTraceSegments",
    ],
)
def test_some_actions_support_no_resources(action: str) -> None:
    assert needs_all_resources(action)


@pytest.mark.parametrize(
    "action",
    [
        "",
        "*",
        "cognito-idp:List*",  # ListUsers returns data
        "dynamodb:GetItem",
        "newservice:Ask",
        "rekognition:DetectCustomLabels",
        "s3:GetObject",
        "s3:List*",
        "secretsmanager:*",
        "secretsmanager:GetSecretValue",
        "sqs:SendMessage",
        "ssm:Get*",
    ],
)
def test_other_actions_support_resources(action: str) -> None:
    assert not needs_all_resources(action)


def test_a_policy_of_aws_has_statements_of_app_runners_actions_only() -> None:
    (statement,) = (managed_policy(f"{AWS_POLICY}AmazonSSMReadOnlyAccess") or {})["Statement"]

    assert statement == {"Effect": "Allow", "Action": ["ssm:GetParameters"], "Resource": "*"}
    assert managed_policy(f"{AWS_POLICY}AmazonS3ReadOnlyAccess") == {"Statement": ()}


def test_a_policy_of_an_account_is_unknown() -> None:
    assert managed_policy("arn:aws:iam::123456789012:policy/orders") is None
    assert managed_policy("orders") is None


def test_the_file_is_the_tools_output() -> None:
    tool: Any = runpy.run_path(str(TOOL))
    recorded: dict[str, str] = tool["recorded"]()
    assert recorded == {name: version(name) for name in recorded}, "run tools/iam_reference.py"
    assert tool["FILE"].read_text() == tool["text"](tool["reference"]())
