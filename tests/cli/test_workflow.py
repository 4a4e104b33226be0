"""`apprunner workflow`: the text of the workflow, and errors."""

import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.workflow.actions import ACTIONS
from shop import Result, Shop

Program = Callable[[str], Shop]

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
PUBLIC = "public.ecr.aws/docker/library/httpd:2.4"
DIGEST = "sha256:" + "4f" * 32


def component(image: str = f"{REPOSITORY}:live", name: str = "orders", **more: Any) -> str:
    """Return a program with one service."""
    args = {"image": {"identifier": image}, **more}
    return f"from pulumi_apprunner import AppRunnerService\nAppRunnerService({name!r}, {args!r})\n"


def workflow(shop: Shop, *words: str) -> Result:
    result = CliRunner().invoke(app, ["workflow", "--cwd", str(shop.folder), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Result(result.exit_code, result.stdout, result.stderr)


def parsed(result: Result) -> dict[str, Any]:
    assert result.status == 0, result.err
    return dict(YAML(typ="safe", pure=True).load(result.out))


def error(result: Result) -> str:
    assert (result.status, result.out) == (2, "")
    return " ".join(result.err.split())


def names(written: dict[str, Any], job: str = "deploy") -> list[str]:
    """Return the names of the steps, or of their actions."""
    return [each.get("name") or each["uses"].partition("@")[0] for each in written["jobs"][job]["steps"]]


def step(written: dict[str, Any], name: str, job: str = "deploy") -> dict[str, Any]:
    return dict(next(each for each in written["jobs"][job]["steps"] if each.get("name") == name))


# The workflow


def test_one_job_builds_and_scans_and_another_pushes_and_deploys(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders"))
    assert written["name"] == "deploy orders"
    assert names(written, "build") == [
        "actions/checkout",
        "Build",
        "Scan",
        "Save the image",
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
    written = parsed(workflow(program(component()), "orders", *options))
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
        + workflow(program(component()), "orders", "--deploy", "pulumi", "--config", "image").out
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
    result = workflow(program(component()), "orders")
    job = parsed(result)["jobs"]["deploy"]
    assert job["env"] == {
        "REPOSITORY": REPOSITORY,
        "TAG": "live",
        "SERVICE_ARN": "${{ vars.APPRUNNER_ORDERS_SERVICE_ARN }}",
    }
    assert "environment" not in job
    assert result.err.splitlines() == [
        "Set these variables on GitHub:",
        "  gh variable set APPRUNNER_ORDERS_ROLE_ARN  # the ARN of the role that pushes images",
        "  gh variable set APPRUNNER_ORDERS_SERVICE_ARN  # the ARN of the service",
    ]


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
    assert "gh variable set APPRUNNER_ORDERS_ROLE_ARN --env production  #" in result.err


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
    written = parsed(workflow(program("service('plain')"), "plain", "--deploy", "pulumi", "--config", "image"))
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


# Deployment with `pulumi up`


STACK_FILE = """\
config:
  aws:region: eu-west-1
  shop:services:
    orders: {image: {identifier: "REPOSITORY:1.4.2", managedBy: MANAGED}}
    "a.b": {port: 8080}
"""
FROM_CONFIG = """\
from pulumi_apprunner import AppRunnerService
image = pulumi.Config().require_object("services")["orders"]["image"]
AppRunnerService("orders", {"image": {"identifier": image["identifier"], "managed_by": image["managedBy"]}})
"""


def configured(program: Program, managed_by: str = "ci") -> Shop:
    shop = program(FROM_CONFIG)
    shop.write("Pulumi.dev.yaml", STACK_FILE.replace("REPOSITORY", REPOSITORY).replace("MANAGED", managed_by))
    return shop


def test_pulumi_up_deploys_the_image_in_the_configuration(program: Program) -> None:
    written = parsed(workflow(configured(program), "orders", "--deploy", "pulumi"))
    assert names(written) == [
        "Check the variables",
        "actions/checkout",
        "actions/setup-python",
        "pulumi/actions",
        "Install the program's dependencies",
        "actions/download-artifact",
        "Load the image",
        "Assume the role that pushes",
        "Push",
        "Assume the role of the stack",
        "Deploy",
    ]
    assert step(written, "Deploy")["env"] == {
        "STACK": "dev",
        "IMAGE_KEY": "shop:services.orders.image.identifier",
        "MANAGED_BY_KEY": "shop:services.orders.image.managedBy",
        "PULUMI_ACCESS_TOKEN": "${{ secrets.PULUMI_ACCESS_TOKEN }}",
        "PULUMI_BACKEND_URL": "${{ vars.PULUMI_BACKEND_URL }}",
        "PULUMI_CONFIG_PASSPHRASE": "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}",
    }
    assert written["jobs"]["deploy"]["env"] == {"REPOSITORY": REPOSITORY}


def test_the_pulumi_cli_is_at_least_as_new_as_the_program_s_sdk(program: Program) -> None:
    steps = parsed(workflow(configured(program), "orders", "--deploy", "pulumi"))["jobs"]["deploy"]["steps"]
    [version] = [each["with"]["pulumi-version"] for each in steps if each.get("uses", "").startswith("pulumi/")]
    assert version == f"^{metadata.version('pulumi')}"


def test_an_image_that_pulumi_manages_needs_one_key(program: Program) -> None:
    result = workflow(configured(program, "pulumi"), "orders", "--deploy", "pulumi")
    assert "MANAGED_BY_KEY" not in step(parsed(result), "Deploy")["env"]
    assert 'Note: an update from elsewhere deploys the image in the stack file. Set managedBy to "ci"' in result.err


def test_the_program_in_a_folder_of_its_repository_is_deployed_there(program: Program) -> None:
    shop = configured(program)
    (shop.folder.parent / ".git").mkdir()
    written = parsed(workflow(shop, "orders", "--deploy", "pulumi"))
    assert step(written, "Deploy")["working-directory"] == "shop"
    (shop.folder / ".git").touch()
    assert "working-directory" not in step(parsed(workflow(shop, "orders", "--deploy", "pulumi")), "Deploy")


def test_a_key_can_be_given(program: Program) -> None:
    written = parsed(workflow(program(component()), "orders", "--deploy", "pulumi", "--config", "image"))
    assert step(written, "Deploy")["env"]["IMAGE_KEY"] == "image"


def test_the_key_is_required_if_no_value_is_the_image(program: Program) -> None:
    assert error(workflow(program(component()), "orders", "--deploy", "pulumi")) == (
        "error: --config: the key of orders's image in the stack's configuration is required, since no value has it. "
        "Pass it, such as storefront:services.api.image.identifier"
    )


def test_the_key_is_required_if_several_values_are_the_image(program: Program) -> None:
    shop = configured(program)
    with (shop.folder / "Pulumi.dev.yaml").open("a") as file:
        file.write(f'  shop:others: [{{"a.b": "{REPOSITORY}:1.4.2"}}]\n')
    assert (
        'since several values have it: shop:services.orders.image.identifier, shop:others[0]["a.b"]. Pass it'
        in error(workflow(shop, "orders", "--deploy", "pulumi"))
    )


def test_an_image_that_pulumi_up_keeps_must_have_managed_by_in_the_configuration(program: Program) -> None:
    shop = configured(program, "pulumi")
    shop.write("__main__.py", "from parts import *\n" + FROM_CONFIG.replace('image["managedBy"]', '"ci"'))
    assert error(workflow(shop, "orders", "--deploy", "pulumi")) == (
        'error: orders: `pulumi up` keeps the image that the service has, because image.managed_by is "ci" in the '
        "program. Set managedBy in the stack's configuration, beside the identifier, or use --deploy start-deployment"
    )


# Errors


def test_an_unknown_service_is_an_error_with_the_services(program: Program) -> None:
    assert error(workflow(program(component() + component(name="admin")), "oders")) == (
        "error: no service has the name oders in the stack dev. Did you mean orders? Services: admin orders"
    )


def test_a_stack_without_services_is_an_error(program: Program) -> None:
    assert error(workflow(program(""), "orders")) == (
        "error: no service has the name orders in the stack dev Services: none"
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
