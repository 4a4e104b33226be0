"""`apprunner workflow`: the text of the workflow, and errors."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.workflow.actions import ACTIONS
from written_workflows import REPOSITORY, Program, component, configured, error, names, parsed, step, workflow

PUBLIC = "public.ecr.aws/docker/library/httpd:2.4"
DIGEST = "sha256:" + "4f" * 32


# The workflow


def test_one_job_builds_and_scans_and_another_pushes_and_deploys(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders"))
    assert written["name"] == "deploy orders"
    assert names(written, "build") == [
        "actions/checkout",
        "Build",
        "Save the image",
        "Scan",
        "actions/upload-artifact",
    ]
    assert names(written) == [
        "Check the variables",
        "actions/download-artifact",
        "Load the image",
        "Assume the role that pushes and deploys",
        "Push",
        "Deploy",
    ]
    assert "needs" not in written["jobs"]["build"]
    assert written["jobs"]["deploy"]["needs"] == "build"


def test_the_image_is_an_artifact_between_the_jobs_for_a_day(program: Program) -> None:
    jobs = parsed(workflow(program(component()), "orders"))["jobs"]
    assert jobs["build"]["outputs"] == {"sha256": "${{ steps.save.outputs.sha256 }}"}
    uploaded, downloaded = jobs["build"]["steps"][-1]["with"], jobs["deploy"]["steps"][1]["with"]
    assert uploaded == {
        "name": "image",
        "path": "${{ runner.temp }}/image.tar",
        "if-no-files-found": "error",
        "overwrite": True,
        "retention-days": 1,
    }
    assert downloaded == {"name": "image", "path": "${{ runner.temp }}"}


def test_only_pushes_to_the_branch_and_manual_runs_on_it_start_the_jobs(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders", "--branch", "release/2"))
    assert written["on"] == {"push": {"branches": ["release/2"]}, "workflow_dispatch": None}
    assert written["jobs"]["build"]["if"] == "github.ref == 'refs/heads/release/2'"


@pytest.mark.parametrize(
    ("options", "more"),
    [((), {}), (("--deploy", "pulumi", "--config", "image"), {"contents": "read"})],
    ids=["deployment", "pulumi"],
)
def test_only_the_job_without_other_code_gets_an_identity_token(
    program: Program, options: tuple[str, ...], more: dict[str, str]
) -> None:
    written = parsed(workflow(program(configured()), "orders", *options))
    assert written["permissions"] == {"contents": "read"}
    assert "permissions" not in written["jobs"]["build"]
    assert written["jobs"]["deploy"]["permissions"] == {"id-token": "write", **more}


def test_two_runs_never_deploy_at_once(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders"))
    assert written["concurrency"] == {"group": "deploy-orders-dev", "cancel-in-progress": False}
    assert [each["timeout-minutes"] for each in written["jobs"].values()] == [60, 60]


def test_every_action_is_pinned_by_commit_and_names_its_version(program: Program) -> None:
    text = (
        workflow(program(component()), "orders").out
        + workflow(program(configured()), "orders", "--deploy", "pulumi", "--config", "image").out
    )
    used = set(re.findall(r"uses: (.+)", text))
    assert used == {str(each) for each in ACTIONS.values()}
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)


def test_values_are_environment_variables_and_never_part_of_a_script(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders", "--context", "services/orders", "--dockerfile", "a/B"))
    assert step(written, "Build", "build")["env"] == {"DOCKERFILE": "a/B", "CONTEXT": "services/orders"}
    scripts = [each["run"] for job in written["jobs"].values() for each in job["steps"] if "run" in each]
    assert not [each for each in scripts if "${{" in each or "orders" in each]


def test_a_repository_in_the_program_is_in_the_file(program: Program) -> None:
    job = parsed(workflow(program(component()), "orders"))["jobs"]["deploy"]
    assert job["env"] == {
        "REPOSITORY": REPOSITORY,
        "TAG": "live",
        "SERVICE_ARN": "${{ vars.APPRUNNER_ORDERS_SERVICE_ARN }}",
    }
    assert "environment" not in job


def test_a_repository_that_the_program_creates_is_a_variable(program: Program) -> None:
    text = """
        from pulumi_apprunner import AppRunnerService
        images = aws.ecr.Repository("images", name="orders")
        image = {"identifier": images.repository_url.apply(lambda url: f"{url}:live")}
        AppRunnerService("orders", {"image": image})
    """
    written = parsed(workflow(program(text), "orders"))
    assert written["jobs"]["deploy"]["env"]["REPOSITORY"] == "${{ vars.APPRUNNER_ORDERS_REPOSITORY }}"
    assert step(written, "Check the variables")["env"] == {
        "PREFIX": "APPRUNNER_ORDERS",
        "REQUIRED": "ROLE_ARN REPOSITORY SERVICE_ARN",
        "ROLE_ARN": "${{ vars.APPRUNNER_ORDERS_ROLE_ARN }}",
        "REPOSITORY": "${{ vars.APPRUNNER_ORDERS_REPOSITORY }}",
        "SERVICE_ARN": "${{ vars.APPRUNNER_ORDERS_SERVICE_ARN }}",
    }


def test_an_environment_has_the_variables(program: Program) -> None:
    result = workflow(program(component()), "orders", "--environment", "production")
    jobs = parsed(result)["jobs"]
    assert jobs["deploy"]["environment"] == "production"
    assert "environment" not in jobs["build"]
    assert "  gh variable set APPRUNNER_ORDERS_ROLE_ARN --env production --body " in result.err


def test_the_roles_of_another_project_have_a_command_with_placeholders(program: Program) -> None:
    shop = program(component())
    assert workflow(shop, "orders").err.splitlines()[:5] == [
        "Set these variables on GitHub:",
        '  gh variable set APPRUNNER_ORDERS_ROLE_ARN --body "$(pulumi stack output --stack STACK --cwd PROJECT '
        'deployRoleArn)"',
        "    PROJECT and STACK are those of the roles: deploy_role_arn of GitHubDelivery",
        f'  gh variable set APPRUNNER_ORDERS_SERVICE_ARN --body "$(pulumi stack output --stack dev --cwd {shop.folder} '
        'serviceArn)"',
        "    The program does not export it: set the output serviceArn to arn of AppRunnerService",
    ]


def test_a_severity_stops_the_job_and_a_scan_can_be_omitted(program: Program) -> None:
    shop = program(component())
    assert step(parsed(workflow(shop, "orders")), "Scan", "build")["with"]["severity-cutoff"] == "high"
    critical = workflow(shop, "orders", "--scan", "critical")
    assert step(parsed(critical), "Scan", "build")["with"]["severity-cutoff"] == "critical"
    assert "Scan" not in names(parsed(workflow(shop, "orders", "--scan", "off")), "build")


def test_the_region_is_that_of_the_service(program: Program) -> None:
    text = component().replace("})\n", "}, pulumi.ResourceOptions(provider=aws.Provider('us', region='us-east-1')))\n")
    assert "aws-region: us-east-1" in workflow(program(text), "orders").out


@pytest.mark.parametrize("name", ["orders", "orders-service", "shop-orders-dev"])
def test_a_service_has_the_name_of_its_component_its_logical_and_its_physical_name(program: Program, name: str) -> None:
    assert parsed(workflow(program(component()), name))["name"] == "deploy orders"


def test_a_service_without_a_component_has_its_logical_name(program: Program) -> None:
    repository = f'{{"image_identifier": "{REPOSITORY}:live", "image_repository_type": "ECR"}}'
    source = f'{{"image_repository": {repository}, "auto_deployments_enabled": False}}'
    text = f"service('plain', source_configuration={source})"
    written = parsed(workflow(program(text), "plain"))
    assert written["name"] == "deploy plain"


def test_a_file_is_written_with_the_command_that_writes_it_again(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "repository" / ".github" / "workflows" / "deploy.yml"
    result = workflow(program(component()), "orders", "--output", str(file))
    assert (result.status, result.out) == (0, "")
    assert result.err.splitlines()[0] == f"Wrote {file}."
    assert file.read_text() == workflow(program(component()), "orders").out


def test_the_output_of_the_program_is_not_in_the_file(program: Program) -> None:
    result = workflow(program("print('hello')\n" + component()), "orders")
    assert result.out.startswith("# Build, scan and push an image")


# Errors


def test_an_unknown_service_is_an_error_with_the_services(program: Program) -> None:
    assert error(workflow(program(component() + component(name="admin")), "oders")) == (
        "error: no service has the name oders in the stack dev. Did you mean orders? Services: admin orders"
    )


def test_a_stack_without_services_is_an_error(program: Program) -> None:
    assert error(workflow(program(""), "orders")) == (
        "error: no service has the name orders in the stack dev. Set the configuration on which the program's "
        "services depend Services: none"
    )


def test_a_service_that_app_runner_builds_is_an_error(program: Program) -> None:
    code = {
        "connection_arn": "arn:aws:apprunner:eu-west-1:123456789012:connection/github/" + "a" * 32,
        "repository_url": "https://github.com/example/orders",
        "runtime": "PYTHON_311",
    }
    text = f"from pulumi_apprunner import AppRunnerService\nAppRunnerService('orders', {{'code': {code!r}}})\n"
    assert error(workflow(program(text), "orders")) == (
        "error: orders: must be a service with an image, but App Runner builds it from "
        "https://github.com/example/orders. Set auto_deployments_enabled to deploy each commit, or build an image"
    )


def test_an_image_of_others_is_an_error(program: Program) -> None:
    assert error(workflow(program(component(PUBLIC)), "orders")) == (
        f"error: orders: must have an image in private ECR, got {PUBLIC}, which others publish. Push an image to a "
        "repository of your own, and set it as the service's image"
    )


def test_an_unknown_image_is_an_error(program: Program) -> None:
    text = """
        from pulumi_apprunner import AppRunnerService
        image = pulumi.StackReference("acme/images/prod").require_output("image")
        AppRunnerService("orders", {"image": {"identifier": image}})
    """
    assert "Pass stub values for what it depends on with --stubs" in error(workflow(program(text), "orders"))


@pytest.mark.parametrize("image", [f"{REPOSITORY}:1.4.2", f"{REPOSITORY}:v3"])
def test_a_version_is_not_a_tag_that_moves(program: Program, image: str) -> None:
    assert error(workflow(program(component(image)), "orders")) == (
        f"error: orders: the image must have a tag that moves, got the version {image.rpartition(':')[2]}. Use "
        "--deploy pulumi, or set a tag such as live"
    )


def test_all_reasons_against_start_deployment_are_reported_together(program: Program) -> None:
    shop = program(component(f"{REPOSITORY}@{DIGEST}", auto_deployments_enabled=True))
    assert error(workflow(shop, "orders", "--config", "image")) == (
        "error: --config: must not be set with --deploy start-deployment. Remove it orders: the image must have a tag "
        f"that moves, got {REPOSITORY}@{DIGEST}: StartDeployment would deploy the same image again. Use --deploy "
        "pulumi, or set a tag such as live orders: auto_deployments_enabled must be false, because App Runner and the "
        "workflow would both deploy a pushed image. Set it to false"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--deploy", "canary"], "must be one of start-deployment, pulumi, got 'canary'"),
        (["--scan", "severe"], "must be one of negligible, low, medium, high, critical, off, got 'severe'"),
        (["--branch", "a'b"], 'must be the name of a branch, got "a\'b"'),
        (["--environment", "${{ x }}"], "must be the name of an environment, got '${{ x }}'"),
        (["--dockerfile", "/etc/Dockerfile"], "must be a path in the repository, from its root, got"),
        (["--context", "-f"], "must be a path in the repository, from its root, got '-f'"),
        (["--config", "a b"], "must be a key without spaces, got 'a b'"),
        (["--stack", "prod"], "shop has no stack 'prod'. Stacks: dev"),
        (["--stubs", "nowhere.yaml"], "nowhere.yaml: must be a file that can be read"),
    ],
)
def test_an_invalid_option_is_an_error(program: Program, options: list[str], message: str) -> None:
    assert message in re.sub(r"[│\s]+", " ", error(workflow(program(component()), "orders", *options)))


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["workflow", "orders", "--cwd", str(tmp_path)])
    assert result.exit_code == 2
    assert "Pulumi.yaml" in result.stderr
