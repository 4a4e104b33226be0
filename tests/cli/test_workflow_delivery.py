"""`apprunner workflow` with a repository and a delivery in the plan: what they must allow, and the variables."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pages import blocks, programs
from pulumi_apprunner.cli.app import app
from written_workflows import ENVIRONMENT, MOVING, STACK, Program, delivered, error, workflow

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "delivery.md"


# The guide


def test_the_first_program_of_the_guide_is_one_for_production(program: Program) -> None:
    shop = program("")
    shop.write("__main__.py", programs(GUIDE)[0].text)
    shop.write("Pulumi.yaml", "name: storefront\nruntime: python\n")
    shop.write("Pulumi.prod.yaml", "config: {'aws:region': eu-west-1, pushed: true}\n")
    planned = shop.plan("--stack", "prod")
    assert planned.status == 0, planned.out
    written = workflow(shop, "orders", "--stack", "prod", "--environment", "production")
    assert written.status == 0, written.err
    assert "not export" not in written.err
    assert "  repo:acme@123456/orders@456789:environment:production" in written.err.splitlines()


def test_the_program_that_the_guide_deploys_with_pulumi_up_is_one_for_production(program: Program) -> None:
    shop = program("")
    shop.write("__main__.py", next(each.text for each in programs(GUIDE) if "require_object" in each.text))
    shop.write("Pulumi.yaml", "name: storefront\nruntime: python\n")
    shop.write("Pulumi.prod.yaml", next(each for each in blocks(GUIDE, "yaml") if each.startswith("# Pulumi.prod")))
    planned = shop.plan("--stack", "prod")
    assert planned.status == 0, planned.out
    words = ["--stack", "prod", "--environment", "production", "--deploy", "pulumi"]
    written = workflow(shop, "orders", *words)
    assert written.status == 0, written.err
    assert "IMAGE_KEY: storefront:image.identifier" in written.out


# The repository


@pytest.mark.parametrize(
    ("tags", "got"), [("[]", "none"), ('["release", "v*"]', "release, v*")], ids=["immutable", "other tags"]
)
def test_a_repository_must_let_the_tag_move(program: Program, tags: str, got: str) -> None:
    shop = program(delivered(f'images = ImageRepository("images", {{"moving_tags": {tags}}})'))
    assert error(workflow(shop, "orders", "--environment", "production")) == (
        "error: images.moving_tags: must contain live, because the workflow moves this tag to each image, got "
        f'{got}. Add "live", or use --deploy pulumi'
    )


def test_a_repository_without_a_component_must_let_the_tag_move(program: Program) -> None:
    shop = program(delivered('images = aws.ecr.Repository("images", name="orders", image_tag_mutability="IMMUTABLE")'))
    assert error(workflow(shop, "orders", "--environment", "production")) == (
        "error: images.image_tag_mutability: must allow that live is pushed again, because the workflow moves this tag "
        "to each image, got IMMUTABLE with the filters none. Use IMMUTABLE_WITH_EXCLUSION with the filter live, or use "
        "--deploy pulumi"
    )


def test_an_address_in_the_program_is_that_of_its_repository_in_any_account(program: Program) -> None:
    shop = program("""
        from pulumi_apprunner import AppRunnerService, ImageRepository
        ImageRepository("images", {"repository_name": "shop/orders"})
        image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:live"
        AppRunnerService("orders", {"image": {"identifier": image}})
    """)
    assert "images.moving_tags: must contain live" in error(workflow(shop, "orders"))


@pytest.mark.parametrize(
    "images",
    [
        MOVING,
        'images = ImageRepository("images", {"moving_tags": ["l*"]})',
        'images = aws.ecr.Repository("images", name="orders")',
    ],
    ids=["tag", "pattern", "mutable"],
)
def test_a_tag_that_may_move_is_accepted(program: Program, images: str) -> None:
    assert workflow(program(delivered(images)), "orders", "--environment", "production").status == 0


def test_a_repository_without_moving_tags_is_enough_for_pulumi_up(program: Program) -> None:
    shop = program(delivered('images = ImageRepository("images", {})'))
    words = ["--environment", "production", "--deploy", "pulumi", "--config", "image"]
    assert workflow(shop, "orders", *words).status == 0


# The roles


def test_a_role_that_can_only_push_is_an_error(program: Program) -> None:
    assert error(workflow(program(delivered(more="")), "orders", "--environment", "production")) == (
        "error: delivery.service_arn: must be the ARN of orders, because the workflow deploys it, got none. Set it, or "
        "use --deploy pulumi"
    )


@pytest.mark.parametrize(
    ("deploy", "options", "problem"),
    [
        (
            ENVIRONMENT,
            [],
            "those of the branch main without an environment, got environment production. Pass --environment "
            "production, or add main to its branches",
        ),
        (
            ENVIRONMENT,
            ["--environment", "staging"],
            "those of the environment staging, got environment production. Pass --environment production, or add "
            "staging to its environments",
        ),
        (
            '{"branches": ["main"]}',
            ["--environment", "production"],
            "those of the environment production, got branch main. Omit --environment, or add production to its "
            "environments",
        ),
        (
            '{"branches": ["Live"], "tags": ["v*"]}',
            ["--environment", "production"],
            "those of the environment production, got branch Live, tag v*. Omit --environment and pass --branch Live, "
            "or add production to its environments",
        ),
        (
            '{"branches": ["main", "next"]}',
            ["--branch", "dev"],
            "those of the branch dev without an environment, got branch main, branch next. Pass --branch main, or add "
            "dev to its branches",
        ),
        (
            '{"tags": ["v*"]}',
            [],
            "those of the branch main without an environment, got tag v*. Add main to its branches",
        ),
    ],
    ids=["no environment", "other environment", "branch", "other branch", "branches", "tags"],
)
def test_a_role_must_trust_the_jobs(program: Program, deploy: str, options: list[str], problem: str) -> None:
    assert error(workflow(program(delivered(deploy=deploy)), "orders", *options)) == (
        f"error: delivery.deploy: must trust the workflow's jobs, {problem}"
    )


def test_both_roles_must_trust_the_jobs_of_pulumi_up(program: Program) -> None:
    words = ["--environment", "production", "--deploy", "pulumi", "--config", "image"]
    assert error(workflow(program(delivered(more=STACK)), "orders", *words)) == (
        "error: delivery.stack: must trust the workflow's jobs, those of the environment production, got branch main. "
        "Omit --environment, or add production to its environments"
    )


@pytest.mark.parametrize(
    ("deploy", "options"),
    [
        ('{"branches": ["main"]}', []),
        ('{"environments": ["a:b", "production"], "branches": ["main"]}', ["--environment", "production"]),
        ('{"subjects": ["repo:acme/orders:job_workflow_ref:acme/shared/deploy.yml@main"]}', []),
    ],
    ids=["branch", "environment", "customized subject"],
)
def test_a_role_that_may_trust_the_jobs_is_accepted(program: Program, deploy: str, options: list[str]) -> None:
    assert workflow(program(delivered(deploy=deploy)), "orders", *options).status == 0


def test_one_of_several_deliveries_is_enough(program: Program) -> None:
    other = """
GitHubDelivery(
    "other",
    {
        "github_repository": "acme/orders",
        "provider_arn": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "deploy": {"branches": ["main"]},
        "repository_arn": images.arn,
        "service_arn": orders.arn,
    },
)
"""
    assert workflow(program(delivered(end=other)), "orders").status == 0


def test_the_delivery_of_another_service_does_not_matter(program: Program) -> None:
    other = """
image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/else:live"
AppRunnerService("else", {"image": {"identifier": image}})
"""
    shop = program(delivered(end=other))
    result = CliRunner().invoke(app, ["workflow", "else", "--cwd", str(shop.folder)])
    assert result.exit_code == 0, result.stderr


def test_all_problems_are_reported_together(program: Program) -> None:
    message = error(workflow(program(delivered('images = ImageRepository("images", {})', more="")), "orders"))
    assert [
        each for each in ("images.moving_tags:", "delivery.service_arn:", "delivery.deploy:") if each in message
    ] == [
        "images.moving_tags:",
        "delivery.service_arn:",
        "delivery.deploy:",
    ]


# The variables


def test_the_commands_read_the_values_from_the_outputs_of_the_stack(program: Program) -> None:
    end = """
pulumi.export("url", images.repository_url)
pulumi.export("arn", orders.arn)
"""
    shop = program(delivered(end=end))
    result = workflow(shop, "orders", "--environment", "production")
    output = f"pulumi stack output --stack dev --cwd {shop.folder}"
    assert result.err.splitlines()[:5] == [
        "Set these variables on GitHub:",
        f'  gh variable set APPRUNNER_ORDERS_ROLE_ARN --env production --body "$({output} deployRoleArn)"',
        "    The program does not export it: set the output deployRoleArn to deploy_role_arn of GitHubDelivery",
        f'  gh variable set APPRUNNER_ORDERS_REPOSITORY --env production --body "$({output} url)"',
        f'  gh variable set APPRUNNER_ORDERS_SERVICE_ARN --env production --body "$({output} arn)"',
    ]


def test_the_commands_need_no_options_in_the_project_s_folder(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = program(delivered(deploy='{"branches": ["main"]}', end='pulumi.export("arn", orders.arn)'))
    monkeypatch.chdir(shop.folder)
    err = CliRunner().invoke(app, ["workflow", "orders", "--stack", "acme/dev", "--output", "deploy.yml"]).stderr
    command = 'gh variable set APPRUNNER_ORDERS_SERVICE_ARN --body "$(pulumi stack output --stack acme/dev arn)"'
    assert err.splitlines()[0] == "Wrote deploy.yml."
    assert f"  {command}" in err.splitlines()
    assert "SERVICE_ARN: ${{ vars.APPRUNNER_ORDERS_SERVICE_ARN }} # arn of AppRunnerService" in (
        Path("deploy.yml").read_text()
    )
