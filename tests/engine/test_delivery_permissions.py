"""The deploy role of a delivery: which jobs it trusts, and what it allows, evaluated as IAM does.

Allowed calls are those of a workflow that pushes an image and deploys it. Denied ones are plausible mistakes.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed, trusts_token
from engine import programs
from pulumi_apprunner import GitHubDelivery, GitHubDeliveryArgs, GitHubJobs, GitHubProvider
from pulumi_apprunner.testing import run

pytestmark = pytest.mark.xdist_group("delivery")

PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
ROLE = "arn:aws:iam::123456789012:role/trial-delivery-test-deploy"
REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository/trial-images-test"
ID, OTHER_ID = "0123456789abcdef0123456789abcdef", "f" * 32
SERVICE = f"arn:aws:apprunner:eu-west-1:123456789012:service/trial-api-test/{ID}"
OTHER_SERVICE = f"arn:aws:apprunner:eu-west-1:123456789012:service/trial-admin-test/{OTHER_ID}"
LOG = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apprunner/{}:log-stream:{}"
DEPLOYMENT_LOG = LOG.format(f"trial-api-test/{ID}/service", f"deployment/{'0' * 32}")
APPLICATION_LOG = LOG.format(f"trial-api-test/{ID}/application", "instance/1")
JOBS: Any = {"environments": ["production"], "branches": ["main"], "tags": ["v*"]}

ALLOWED = {
    ("ecr:GetAuthorizationToken", "*"),
    ("ecr:BatchCheckLayerAvailability", REPOSITORY),
    ("ecr:BatchGetImage", REPOSITORY),
    ("ecr:CompleteLayerUpload", REPOSITORY),
    ("ecr:InitiateLayerUpload", REPOSITORY),
    ("ecr:PutImage", REPOSITORY),
    ("ecr:UploadLayerPart", REPOSITORY),
    ("apprunner:StartDeployment", SERVICE),
    ("apprunner:ListOperations", SERVICE),
    ("logs:GetLogEvents", DEPLOYMENT_LOG),
}

DENIED = [
    ("ecr:PutImage", f"{REPOSITORY}-2"),
    ("ecr:PutImage", "*"),
    ("ecr:PutImage", REPOSITORY.replace("123456789012", "210987654321")),
    ("ecr:PutImage", REPOSITORY.replace("eu-west-1", "us-east-1")),
    ("ecr:BatchDeleteImage", REPOSITORY),
    ("ecr:DeleteRepository", REPOSITORY),
    ("ecr:PutImageTagMutability", REPOSITORY),
    ("ecr:PutLifecyclePolicy", REPOSITORY),
    ("ecr:SetRepositoryPolicy", REPOSITORY),
    ("ecr:CreateRepository", REPOSITORY),
    ("apprunner:StartDeployment", OTHER_SERVICE),
    ("apprunner:ListOperations", OTHER_SERVICE),
    ("apprunner:DescribeService", SERVICE),  # its environment variables are plain text
    ("apprunner:UpdateService", SERVICE),
    ("apprunner:PauseService", SERVICE),
    ("apprunner:DeleteService", SERVICE),
    ("apprunner:CreateService", SERVICE),
    ("apprunner:ListServices", "*"),
    ("logs:GetLogEvents", APPLICATION_LOG),
    ("logs:GetLogEvents", LOG.format(f"trial-admin-test/{OTHER_ID}/service", "deployment/1")),
    ("logs:PutLogEvents", DEPLOYMENT_LOG),
    ("logs:DeleteLogStream", DEPLOYMENT_LOG),
    ("iam:PassRole", ROLE),
    ("iam:PutRolePolicy", ROLE),
    ("iam:UpdateAssumeRolePolicy", ROLE),
    ("sts:AssumeRole", ROLE),
    ("secretsmanager:GetSecretValue", programs.SECRET_ARN),
    ("s3:GetObject", "arn:aws:s3:::any/thing"),
]

TRUSTED = [
    "repo:acme/orders:environment:production",
    "repo:acme/orders:ref:refs/heads/main",
    "repo:acme/orders:ref:refs/tags/v1.4.2",
]
NOT_TRUSTED = [
    "repo:acme/orders:ref:refs/heads/main2",
    "repo:acme/orders:ref:refs/heads/MAIN",
    "repo:acme/orders:ref:refs/heads/feature",
    "repo:acme/orders:ref:refs/tags/1.4.2",
    "repo:acme/orders:pull_request",
    "repo:acme/orders:environment:production2",
    "repo:acme/orders:environment:staging",
    "repo:acme/orders2:ref:refs/heads/main",
    "repo:acme2/orders:ref:refs/heads/main",
    "repo:Acme/orders:ref:refs/heads/main",
    "repo:acme@123456/orders@456789:ref:refs/heads/main",
    "repo:evil/x:ref:refs/heads/repo:acme/orders:ref:refs/heads/main",
    "",
]


def deliver() -> None:
    """Create the delivery of images to a repository, and to a service."""
    args = GitHubDeliveryArgs(
        github_repository="acme/orders",
        provider=GitHubProvider(),
        deploy=GitHubJobs(**JOBS),
        repository_arn=REPOSITORY,
        service_arn=SERVICE,
    )
    GitHubDelivery("delivery", args)


@pytest.fixture(scope="module")
def aws(lasting_aws: LocalAws) -> LocalAws:
    """Return an account with the role and its policy, as the component sends them to IAM."""
    graph = run(deliver, project="trial", stack="test")
    iam, name = lasting_aws.client("iam"), ROLE.rpartition("/")[2]
    created, permitted = graph.named("delivery-deploy-role"), graph.named("delivery-deploy-policy")
    assert (created["name"], permitted["role"]) == (name, name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=str(created["assumeRolePolicy"]))
    iam.put_role_policy(RoleName=name, PolicyName="deliver", PolicyDocument=str(permitted["policy"]))
    return lasting_aws


def granted(aws: LocalAws) -> Iterator[tuple[str, str]]:
    """Yield each action in the role's policies, with each resource."""
    iam, name = aws.client("iam"), ROLE.rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        for statement in iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            yield from ((action, statement["Resource"]) for action in actions)


def test_the_role_has_these_permissions_only(aws: LocalAws) -> None:
    log = DEPLOYMENT_LOG.rpartition("/")[0] + "/*"
    expected = {(action, log if on == DEPLOYMENT_LOG else on) for action, on in ALLOWED}
    assert set(granted(aws)) == expected


@pytest.mark.parametrize(("action", "on"), sorted(ALLOWED))
def test_calls_of_the_workflow_are_allowed(aws: LocalAws, action: str, on: str) -> None:
    assert allowed(aws.client("iam"), ROLE, action, on)


@pytest.mark.parametrize(("action", "on"), DENIED)
def test_other_calls_are_denied(aws: LocalAws, action: str, on: str) -> None:
    assert not allowed(aws.client("iam"), ROLE, action, on)


@pytest.mark.parametrize("subject", TRUSTED)
def test_named_jobs_may_assume_the_role(aws: LocalAws, subject: str) -> None:
    claims = {"aud": "sts.amazonaws.com", "sub": subject}
    assert trusts_token(aws.client("iam"), ROLE, PROVIDER, claims)
    assert not trusts_token(aws.client("iam"), ROLE, PROVIDER, {**claims, "aud": "https://github.com/acme"})


@pytest.mark.parametrize("subject", NOT_TRUSTED)
def test_other_jobs_may_not(aws: LocalAws, subject: str) -> None:
    claims = {"aud": "sts.amazonaws.com", "sub": subject}
    assert not trusts_token(aws.client("iam"), ROLE, PROVIDER, claims)
