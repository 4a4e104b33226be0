"""GitHubDelivery: the identity provider, the jobs that may assume the role, and what the role allows."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_apprunner
from apprunner_facts.deployer import GRANTS, POLICY_LENGTH, names
from apprunner_policies import POLICIES
from plans import children, dependencies, plan, problems
from pulumi_apprunner import GitHubDelivery, GitHubDeliveryArgs, GitHubJobs, GitHubProvider, ImageRepository
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import Graph, run
from samples import BOUNDARY_ARN, GITHUB_PROVIDER_ARN, ID, POLICY_ARN, REPOSITORY_ARN, SERVICE_ARN, ZONE_ID
from services import ROLE, ROLE_POLICY, document

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ISSUER = "token.actions.githubusercontent.com"
MAIN = GitHubJobs(branches=["main"])
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]


def delivery(**args: Any) -> Callable[[], None]:
    """Return a program with a GitHubDelivery named delivery, with an existing provider unless the arguments set one."""
    provider: dict[str, Any] = (
        {} if "provider" in args or "provider_arn" in args else {"provider_arn": GITHUB_PROVIDER_ARN}
    )
    required: dict[str, Any] = {"github_repository": "acme/orders", "deploy": MAIN, "repository_arn": REPOSITORY_ARN}
    return lambda: GitHubDelivery("delivery", GitHubDeliveryArgs(**(required | provider | args))) and None


def delivery_graph(**args: Any) -> Graph:
    return plan(delivery(**args))


def trusted(**args: Any) -> list[dict[str, Any]]:
    """Return the conditions of the deploy role's trust policy."""
    statements = document(delivery_graph(**args), "delivery-deploy-role", "assumeRolePolicy")["Statement"]
    return [each["Condition"] for each in statements]


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


# The provider


def test_a_new_provider_stays_in_aws_and_has_no_thumbprints() -> None:
    graph = delivery_graph(provider=GitHubProvider(), tags={"team": "orders"})
    provider = graph.one(PROVIDER)
    assert provider.name == "delivery-provider"
    assert provider.inputs == {
        "url": f"https://{ISSUER}",
        "clientIdLists": ["sts.amazonaws.com"],
        "tags": {"team": "orders"},
    }
    assert provider.retain_on_delete
    assert provider.import_id is None
    assert graph.named("delivery").outputs["providerArn"] == GITHUB_PROVIDER_ARN
    assert "delivery-provider" in dependencies(graph, graph.one(ROLE))


def test_an_imported_provider_keeps_its_audiences_and_tags() -> None:
    provider = delivery_graph(provider=GitHubProvider(import_arn=GITHUB_PROVIDER_ARN)).one(PROVIDER)
    assert provider.import_id == GITHUB_PROVIDER_ARN
    assert set(provider.ignore_changes) == {"clientIdLists", "tags", "thumbprintLists"}
    assert provider.retain_on_delete


@pytest.mark.parametrize(
    "args",
    [
        {"provider": GitHubProvider(enterprise="acme")},
        {"provider": GitHubProvider(import_arn=f"{GITHUB_PROVIDER_ARN}/acme")},
        {"provider_arn": f"{GITHUB_PROVIDER_ARN}/acme"},
    ],
    ids=["new", "imported", "existing"],
)
def test_the_issuer_of_an_enterprise_is_part_of_the_conditions(args: Any) -> None:
    (condition,) = trusted(**args)
    assert set(condition["StringEquals"]) == {f"{ISSUER}/acme:aud", f"{ISSUER}/acme:sub"}
    for provider in delivery_graph(**args).all(PROVIDER):
        assert provider["url"] == f"https://{ISSUER}/acme"


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


# The stack role

STACK: Any = {"environments": ["production"], "name_prefix": "storefront-", "roles_boundary": BOUNDARY_ARN}


def stack_graph(**stack: Any) -> Graph:
    return delivery_graph(stack=STACK | stack)


def stack_statements(**stack: Any) -> list[dict[str, Any]]:
    return document(stack_graph(**stack), "delivery-stack-policy")["Statement"]


def test_the_stack_role_has_jobs_of_its_own_and_the_boundary_of_the_delivery() -> None:
    graph = delivery_graph(stack=STACK, permissions_boundary=POLICY_ARN)
    assert children(graph, "delivery") == [
        (ROLE, "delivery-deploy-role"),
        (ROLE, "delivery-stack-role"),
        (ROLE_POLICY, "delivery-deploy-policy"),
        (ROLE_POLICY, "delivery-stack-policy"),
    ]
    role = graph.named("delivery-stack-role")
    assert (role["name"], role["permissionsBoundary"]) == ("project-delivery-stack-stack", POLICY_ARN)
    (trusted,) = document(graph, "delivery-stack-role", "assumeRolePolicy")["Statement"]
    assert trusted["Condition"]["StringEquals"][f"{ISSUER}:sub"] == ["repo:acme/orders:environment:production"]
    outputs = graph.named("delivery").outputs
    assert outputs["stackRoleArn"] == "arn:aws:iam::123456789012:role/project-delivery-stack-stack"
    assert outputs["stackRoleName"] == "project-delivery-stack-stack"


def test_it_may_change_only_roles_with_the_prefix_and_the_boundary_and_never_its_own() -> None:
    *_, read, change, passes, own = stack_statements()
    roles = ["arn:aws:iam::123456789012:role/storefront-*"]
    assert (read["Resource"], change["Resource"], passes["Resource"]) == (roles, roles, roles)
    assert "Condition" not in read
    assert not {action for action in read["Action"] if action.startswith(("iam:Put", "iam:Attach", "iam:Create"))}
    assert change["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}}
    assert "iam:DeleteRolePermissionsBoundary" not in {*read["Action"], *change["Action"]}
    assert passes["Action"] == "iam:PassRole"
    assert passes["Condition"] == {"StringEquals": {"iam:PassedToService": ["apprunner.amazonaws.com"]}}
    assert own["Effect"] == "Deny"
    assert {*change["Action"], "iam:TagRole", "iam:UntagRole", "iam:PassRole"} == set(own["Action"])
    assert own["Resource"] == [
        "arn:aws:iam::123456789012:role/project-delivery-stack-deploy",
        "arn:aws:iam::123456789012:role/project-delivery-stack-stack",
    ]


def actions(listed: list[dict[str, Any]]) -> set[str]:
    """Return the services in the actions of statements."""
    every = (action for each in listed for action in as_list(each["Action"]))
    return {action.partition(":")[0] for action in every}


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("components", "services"),
    [
        (["AppRunnerService"], {"apprunner", "iam", "logs"}),
        (["ScalingProfile"], {"apprunner"}),
        (["NotificationTopic"], {"sns"}),
        (["ImageRepository"], {"ecr"}),
        (["VpcEgress"], {"apprunner", "ec2", "iam"}),
        (["PauseSchedule"], {"iam", "scheduler", "sqs"}),
    ],
)
def test_it_has_the_permissions_for_its_components_only(components: list[str], services: set[str]) -> None:
    assert actions(stack_statements(components=components)) == services


def test_schedules_get_their_role() -> None:
    *_, passes, _ = stack_statements(components=["AppRunnerService", "PauseSchedule"])
    assert passes["Condition"]["StringEquals"] == {
        "iam:PassedToService": ["apprunner.amazonaws.com", "scheduler.amazonaws.com"]
    }


def test_records_are_limited_to_hosted_zones() -> None:
    zones = stack_statements(components=["CustomDomain"], hosted_zone_ids=[ZONE_ID, "/hostedzone/Z1"])
    assert zones[-2:] == [
        {
            "Effect": "Allow",
            "Action": ["route53:ChangeResourceRecordSets", "route53:GetHostedZone", "route53:ListResourceRecordSets"],
            "Resource": [f"arn:aws:route53:::hostedzone/{ZONE_ID}", "arn:aws:route53:::hostedzone/Z1"],
        },
        {"Effect": "Allow", "Action": ["route53:GetChange"], "Resource": ["arn:aws:route53:::change/*"]},
    ]
    assert "route53" not in actions(stack_statements(components=["CustomDomain"]))


def test_another_region_and_more_statements() -> None:
    bucket = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::state/*"}
    more = pulumi_document(bucket)
    listed = stack_statements(region="us-east-1", policy_documents=[more])
    assert listed[-1] == bucket
    regions = {arn.split(":")[3] for each in listed for arn in as_list(each["Resource"]) if arn != "*"}
    assert regions == {"us-east-1", ""}


def pulumi_document(*listed: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": listed})


def test_the_policy_for_all_components_is_within_iams_limit_and_has_no_finding() -> None:
    graph = stack_graph(components=[*GRANTS], hosted_zone_ids=[ZONE_ID])
    compact = json.dumps(document(graph, "delivery-stack-policy"), separators=(",", ":"))
    assert len(compact) < POLICY_LENGTH
    assert [(each.policy, each.message) for each in evaluate(graph, POLICIES).violations] == []


def test_every_component_that_creates_resources_has_grants() -> None:
    components = {
        name
        for name in pulumi_apprunner.__all__
        if isinstance(value := getattr(pulumi_apprunner, name), type) and issubclass(value, pulumi.ComponentResource)
    }
    # The permissions of AWS WAF are not among the grants yet; docs/guides/delivery.md says so.
    assert components - set(GRANTS) == {"Fleet", "GitHubDelivery", "SecretsBinding", "WebFirewall"}
    assert set(GRANTS) <= components


def test_a_service_has_the_permissions_of_the_page_about_deployments() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text()
    table = page.partition("## Permissions\n")[2].partition("## ")[0]
    listed = set(re.findall(r"(?:apprunner|logs):\w+", table))
    granted = {action for grant in GRANTS["AppRunnerService"] for action in names(grant)}
    assert listed
    assert listed <= granted


def test_the_stack_role_requires_a_boundary_of_roles_and_known_components() -> None:
    wrong = {
        "environments": ["production"],
        "name_prefix": "a",
        "components": ["Service"],
        "region": "Ireland",
        "hosted_zone_ids": ["zone"],
    }
    assert problems(delivery(stack=wrong)) == {
        "stack.name_prefix": "must be 3 to 40 letters, digits, hyphens and underscores, beginning with a letter or "
        'digit, got "a"',
        "stack.roles_boundary": "is required",
        "stack.components[0]": f'must be one of {", ".join(GRANTS)}, got "Service"',
        "stack.region": 'must be a region, such as eu-west-1, got "Ireland"',
        "stack.hosted_zone_ids[0]": 'must be the id of a hosted zone (Z...), got "zone"',
    }


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
