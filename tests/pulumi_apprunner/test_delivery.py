"""GitHubDelivery: the jobs that may assume the role, what the role allows, and errors in the arguments."""

from typing import Any

import pulumi
import pytest

from apprunner_policies import POLICIES
from deliveries import ISSUER, MAIN, delivery, delivery_graph, trusted
from plans import children, dependencies, plan, problems
from pulumi_apprunner import GitHubDelivery, GitHubDeliveryArgs, GitHubJobs, GitHubProvider, ImageRepository
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import run
from samples import BOUNDARY_ARN, GITHUB_PROVIDER_ARN, ID, REPOSITORY_ARN, SERVICE_ARN
from services import ROLE, ROLE_POLICY, document

PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]


def subjects(**jobs: Any) -> list[str]:
    (condition,) = trusted(deploy=GitHubJobs(**jobs))
    return condition["StringEquals"][f"{ISSUER}:sub"]


def test_an_existing_provider_is_used_and_a_role_created() -> None:
    graph = delivery_graph(permissions_boundary=BOUNDARY_ARN, tags={"team": "orders"})
    assert children(graph, "delivery") == [(ROLE, "delivery-deploy-role"), (ROLE_POLICY, "delivery-deploy-policy")]
    role = graph.one(ROLE)
    assert {key: value for key, value in role.inputs.items() if key != "assumeRolePolicy"} == {
        "name": "project-delivery-stack-deploy",
        "description": "Jobs of github.com/acme/orders push images and deploy",
        "permissionsBoundary": BOUNDARY_ARN,
        "tags": {"team": "orders"},
    }
    assert document(graph, "delivery-deploy-role", "assumeRolePolicy") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": GITHUB_PROVIDER_ARN},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": ["repo:acme/orders:ref:refs/heads/main"],
                    }
                },
            }
        ],
    }
    assert graph.named("delivery").outputs == {
        "providerArn": GITHUB_PROVIDER_ARN,
        "deployRoleArn": "arn:aws:iam::123456789012:role/project-delivery-stack-deploy",
        "deployRoleName": "project-delivery-stack-deploy",
    }


# The jobs


def test_each_kind_of_job_has_its_exact_subject() -> None:
    assert subjects(
        environments=["production", "Production:V1"],
        branches=["main", "release/1.x"],
        tags=["v1.0"],
        subjects=["repo:acme/orders:pull_request"],
    ) == [
        "repo:acme/orders:environment:production",
        "repo:acme/orders:environment:Production%3AV1",
        "repo:acme/orders:ref:refs/heads/main",
        "repo:acme/orders:ref:refs/heads/release/1.x",
        "repo:acme/orders:ref:refs/tags/v1.0",
        "repo:acme/orders:pull_request",
    ]


def test_only_tags_may_have_wildcards_in_a_statement_of_their_own() -> None:
    exact, patterns = trusted(deploy=GitHubJobs(tags=["v*", "stable"]))
    assert exact["StringEquals"][f"{ISSUER}:sub"] == ["repo:acme/orders:ref:refs/tags/stable"]
    assert patterns == {
        "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"},
        "StringLike": {f"{ISSUER}:sub": ["repo:acme/orders:ref:refs/tags/v*"]},
    }
    (only,) = trusted(deploy=GitHubJobs(tags=["v*"]))
    assert only == patterns


def test_immutable_subjects_contain_the_ids_of_owner_and_repository() -> None:
    (condition,) = trusted(
        owner_id=123456, repository_id=456789, deploy=GitHubJobs(environments=["production"], branches=["main"])
    )
    assert condition["StringEquals"][f"{ISSUER}:sub"] == [
        "repo:acme@123456/orders@456789:environment:production",
        "repo:acme@123456/orders@456789:ref:refs/heads/main",
    ]


# The permissions


def statements(**args: Any) -> list[tuple[Any, str]]:
    """Return the actions and the resource of each statement; no statement has conditions."""
    listed = document(delivery_graph(**args), "delivery-deploy-policy")["Statement"]
    assert all(set(each) == {"Effect", "Action", "Resource"} and each["Effect"] == "Allow" for each in listed)
    return [(each["Action"], each["Resource"]) for each in listed]


def test_without_a_service_the_role_may_only_push() -> None:
    assert statements() == [(PUSH, REPOSITORY_ARN), ("ecr:GetAuthorizationToken", "*")]


def test_with_a_service_it_may_deploy_it_and_read_the_logs_of_its_deployments() -> None:
    deploy = (["apprunner:ListOperations", "apprunner:StartDeployment"], SERVICE_ARN)
    group = f"arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apprunner/orders-api/{ID}/service"
    log = ("logs:GetLogEvents", f"{group}:log-stream:deployment/*")
    assert statements(service_arn=SERVICE_ARN)[2:] == [deploy, log]
    assert statements(service_arn=SERVICE_ARN, read_log=False)[2:] == [deploy]


def test_the_arns_may_be_outputs_of_other_components() -> None:
    def program() -> None:
        images = ImageRepository("images", {})
        GitHubDelivery(
            "delivery",
            {
                "github_repository": "acme/orders",
                "provider_arn": pulumi.Output.from_input(GITHUB_PROVIDER_ARN),
                "deploy": {"branches": ["main"]},
                "repository_arn": images.arn,
                "service_arn": pulumi.Output.from_input(SERVICE_ARN),
            },
        )

    graph = plan(program)
    allowed = document(graph, "delivery-deploy-policy")["Statement"]
    assert allowed[0]["Resource"] == graph.named("images").outputs["arn"]
    assert allowed[2]["Resource"] == SERVICE_ARN


def test_jobs_get_the_role_only_after_its_permissions_exist() -> None:
    def program() -> None:
        args = GitHubDeliveryArgs(
            github_repository="acme/orders",
            provider_arn=GITHUB_PROVIDER_ARN,
            deploy=MAIN,
            repository_arn=REPOSITORY_ARN,
        )
        component = GitHubDelivery("delivery", args)
        ImageRepository("after", {"tags": {"role": component.deploy_role_arn}})

    graph = run(program)
    assert "delivery-deploy-policy" in dependencies(graph, graph.named("after-repository"))


@pytest.mark.parametrize(
    "jobs",
    [
        {"environments": ["production"]},
        {"branches": ["main"], "tags": ["v*"]},
        {"subjects": ["repository_id:456789:ref:refs/heads/main"]},
    ],
)
@pytest.mark.parametrize("ids", [{}, {"owner_id": 123456, "repository_id": 456789}])
def test_the_policy_pack_has_no_finding(jobs: Any, ids: Any) -> None:
    graph = delivery_graph(deploy=GitHubJobs(**jobs), provider=GitHubProvider(), service_arn=SERVICE_ARN, **ids)
    assert [(each.policy, each.message) for each in evaluate(graph, POLICIES).violations] == []


# Errors


def test_all_problems_are_reported_together() -> None:
    jobs = GitHubJobs(
        environments=["prod-*", ""],
        branches=["feature/*", "refs/heads/main", "a b", "${aws:username}"],
        tags=["refs/tags/v1", "v*"],
        subjects=["repo:acme/*", "ref:refs/heads/main"],
    )
    wrong: Any = {
        "github_repository": "https://github.com/acme/orders",
        "owner_id": "123456",
        "deploy": jobs,
        "repository_arn": SERVICE_ARN,
        "service_arn": REPOSITORY_ARN,
        "permissions_boundary": "boundary",
        "provider": {"import_arn": BOUNDARY_ARN, "enterprise": "a b"},
    }
    pattern = "must be the name of one environment, without * and ?"
    provider = f"the ARN of GitHub's identity provider (arn:aws:iam::ACCOUNT:oidc-provider/{ISSUER})"
    assert problems(delivery(**wrong)) == {
        "github_repository": "must be OWNER/NAME of a repository on GitHub, such as acme/orders, without a URL or "
        'wildcards, got "https://github.com/acme/orders"',
        "owner_id": 'must be an integer, 1 or more, got "123456". Remove the quotes',
        "deploy.environments[0]": f'{pattern}, got "prod-*". Name each environment',
        "deploy.environments[1]": 'must not be empty, got ""',
        "deploy.branches[0]": 'must be the name of one branch, without *, got "feature/*". Name each branch, or use '
        "environments with rules for branches",
        "deploy.branches[1]": 'must be the name of a branch without refs/heads/, got "refs/heads/main"',
        "deploy.branches[2]": 'must be the name of a branch, got "a b"',
        "deploy.branches[3]": 'must be the name of a branch, got "${aws:username}"',
        "deploy.tags[0]": 'must be the name of a tag without refs/tags/, got "refs/tags/v1"',
        "deploy.subjects[0]": 'must be the whole subject of a token, without * and ?, got "repo:acme/*"',
        "deploy.subjects[1]": "must name the repository with repo:OWNER/NAME, repository:OWNER/NAME, repository_id:ID "
        'or job_workflow_ref:OWNER/NAME/..., got "ref:refs/heads/main"',
        "repository_arn": "must be the ARN of an ECR repository (arn:aws:ecr:REGION:ACCOUNT:repository/NAME), got "
        f'"{SERVICE_ARN}"',
        "service_arn": "must be the ARN of an App Runner service (arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID), "
        f'got "{REPOSITORY_ARN}"',
        "permissions_boundary": 'must be the ARN of an IAM policy (arn:aws:iam::ACCOUNT:policy/NAME), got "boundary"',
        "provider.import_arn": f'must be {provider}, got "{BOUNDARY_ARN}"',
        "provider.enterprise": 'must be the short name of an enterprise, as in github.com/enterprises/NAME, got "a b"',
    }


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (
            {"deploy": {}},
            {
                "deploy": "must name at least one job, got none. Set environments (jobs with `environment: NAME`), "
                "branches, tags or subjects"
            },
        ),
        ({"owner_id": 1}, {"repository_id": "must be set together with owner_id. Set both, or none"}),
        (
            {"provider": {}, "provider_arn": GITHUB_PROVIDER_ARN},
            {"provider": "must not be set with provider_arn. Exactly one of both is required"},
        ),
        ({"provider": None}, {"provider": "must be set, or provider_arn. Exactly one of both is required"}),
        (
            {"provider": {"import_arn": f"{GITHUB_PROVIDER_ARN}/acme", "enterprise": "other"}},
            {"provider.enterprise": 'must be the enterprise in import_arn, got "other". Remove it'},
        ),
        (
            {"deploy": {"branch": ["main"]}},
            {
                "deploy.branch": 'unknown argument "branch". Did you mean "branches"? Valid arguments: branches, '
                "environments, subjects, tags"
            },
        ),
    ],
)
def test_arguments_that_belong_together(args: Any, problem: dict[str, str]) -> None:
    assert problems(delivery(**args)) == problem
