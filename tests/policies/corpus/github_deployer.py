"""The role under which GitHub's workflows of some repositories deploy."""

import json

import pulumi_aws as aws

ORIGIN = "https://github.com/miladbeigi/sbp-assignment/blob/main/infra/modules/iam-oidc/main.tf"


def program() -> None:
    provider = aws.iam.OpenIdConnectProvider(
        "github",
        url="https://token.actions.githubusercontent.com",
        client_id_lists=["sts.amazonaws.com"],
        thumbprint_lists=["6938fd4d98bab03faadb97b34396831e3780aea1"],
    )
    for name, subjects in (
        ("app-infra-role", ["repo:example/app-infra:*"]),
        ("core-infra-role", ["repo:example/core-infra:ref:refs/heads/main", "repo:example/*"]),
    ):
        role = aws.iam.Role(
            name,
            name=f"{name}-prod",
            assume_role_policy=provider.arn.apply(lambda arn, subjects=subjects: trust(arn, subjects)),
        )
        aws.iam.RolePolicyAttachment(
            f"{name}-read-only", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess"
        )


def trust(provider: str, subjects: list[str]) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
            "StringLike": {"token.actions.githubusercontent.com:sub": subjects},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
