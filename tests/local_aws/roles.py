"""Roles for tests."""

import json
from collections.abc import Mapping
from typing import Any

from apprunner_local.aws import LocalAws

BUILD, TASKS = "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"
PULL_POLICY = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"

Statement = Mapping[str, Any]


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(service: str, **more: Any) -> str:
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more})


def role(aws: LocalAws, *statements: Statement, name: str = "orders", trusts: str = trust(TASKS), **more: Any) -> str:
    """Create a role with one inline policy, and return its ARN."""
    iam = aws.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts, **more)["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document(*statements))
    return arn


def pulling_role(aws: LocalAws) -> str:
    """Create a role that can pull every image, and return its ARN."""
    arn = role(aws, name="pull", trusts=trust(BUILD))
    aws.client("iam").attach_role_policy(RoleName="pull", PolicyArn=PULL_POLICY)
    return arn
