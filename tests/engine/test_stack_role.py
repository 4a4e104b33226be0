"""The stack role of a delivery: calls that its policy denies, evaluated as IAM does."""

import json
from typing import Any, NamedTuple

import pytest

from apprunner_facts.deployer import GRANTS
from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed
from engine import programs
from local_aws.roles import role
from pulumi_apprunner import GitHubDelivery
from pulumi_apprunner.testing import run

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
ACCOUNT = "eu-west-1:123456789012"


class Call(NamedTuple):
    """A call: its action, the resource, and the permissions boundary of a role that it changes."""

    action: str
    resource: str
    boundary: str = ""


def policy(components: list[str]) -> Any:
    """Return the statements of the stack role's policy."""

    def program() -> None:
        GitHubDelivery(
            "delivery",
            {
                "github_repository": "acme/orders",
                "provider_arn": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
                "deploy": {"branches": ["main"]},
                "repository_arn": f"arn:aws:ecr:{ACCOUNT}:repository/trial-images-test",
                "stack": {
                    "branches": ["main"],
                    "name_prefix": "trial-",
                    "roles_boundary": BOUNDARY,
                    "components": components,
                    "hosted_zone_ids": [programs.ZONE["id"]],
                },
            },
        )

    graph = run(program, project="platform", stack="prod")
    return json.loads(graph.named("delivery-stack-policy")["policy"])["Statement"]


DENIED = [
    Call("apprunner:DeleteService", f"arn:aws:apprunner:{ACCOUNT}:service/other-api-test/" + 32 * "0"),
    Call("apprunner:UpdateService", f"arn:aws:apprunner:us-east-1:123456789012:service/trial-api-test/{32 * '0'}"),
    Call("apprunner:PauseService", f"arn:aws:apprunner:{ACCOUNT}:service/trial-api-test/" + 32 * "0"),
    Call("iam:CreateRole", "arn:aws:iam::123456789012:role/other-api"),
    Call("iam:CreateRole", "arn:aws:iam::123456789012:role/trial-api", "none"),
    Call("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/trial-api", "none"),
    Call("iam:AttachRolePolicy", "arn:aws:iam::123456789012:role/trial-api", "none"),
    Call("iam:DeleteRolePermissionsBoundary", "arn:aws:iam::123456789012:role/trial-api"),
    Call("iam:PassRole", "arn:aws:iam::123456789012:role/administrator"),
    Call("iam:PassRole", "arn:aws:iam::123456789012:role/trial-api", "ec2"),
    Call("iam:UpdateAssumeRolePolicy", "arn:aws:iam::123456789012:role/platform-delivery-prod-deploy"),
    Call("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/platform-delivery-prod-stack"),
    Call("iam:CreateUser", "arn:aws:iam::123456789012:user/trial-me"),
    Call("iam:CreatePolicyVersion", BOUNDARY),
    Call("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0OTHER"),
    Call("ecr:PutImage", f"arn:aws:ecr:{ACCOUNT}:repository/trial-images-test"),
    Call("ecr:DeleteRepository", f"arn:aws:ecr:{ACCOUNT}:repository/other"),
    Call("secretsmanager:GetSecretValue", programs.SECRET_ARN),
    Call("sts:AssumeRole", "arn:aws:iam::123456789012:role/administrator"),
    Call("s3:GetObject", "arn:aws:s3:::any/thing"),
    Call("logs:GetLogEvents", f"arn:aws:logs:{ACCOUNT}:log-group:/aws/apprunner/other-api/1/service:log-stream:events"),
]
"""Calls that the role denies with all components. The last part is another boundary, or another service."""


@pytest.mark.parametrize("call", DENIED, ids=lambda call: f"{call.action} {call.resource}")
def test_other_calls_are_denied(aws: LocalAws, call: Call) -> None:
    arn = role(aws, *policy([*GRANTS]), name="stack-role")
    context = {
        "iam:PermissionsBoundary": BOUNDARY if not call.boundary else "arn:aws:iam::123456789012:policy/other",
        "iam:PassedToService": "ec2.amazonaws.com" if call.boundary == "ec2" else "apprunner.amazonaws.com",
    }
    assert not allowed(aws.client("iam"), arn, call.action, call.resource, context)


def test_the_delivery_in_the_same_project_cannot_be_changed(aws: LocalAws) -> None:
    statements = [
        {**each, "Resource": [arn.replace("platform-delivery-prod", "trial-delivery-test") for arn in each["Resource"]]}
        for each in policy([*GRANTS])
    ]
    arn = role(aws, *statements, name="stack-role")
    context = {"iam:PermissionsBoundary": BOUNDARY, "iam:PassedToService": "apprunner.amazonaws.com"}
    for action in ("iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:DeleteRole", "iam:PassRole"):
        for kind, yes in (("deploy", False), ("stack", False), ("other", True)):
            own = f"arn:aws:iam::123456789012:role/trial-delivery-test-{kind}"
            assert allowed(aws.client("iam"), arn, action, own, context) is yes
