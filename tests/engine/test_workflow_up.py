"""The shell steps of a workflow with `--deploy pulumi`, run on the Pulumi engine in a copy of the repository.

Left out: the actions, and `pulumi install`, which downloads packages.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine.conftest import Make
from engine.stack import Stack
from github_jobs import Ended, Job
from pulumi_apprunner.cli.app import app

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
COMMITTED = f"{REPOSITORY}:1.4.2"
UNHEALTHY = "health check on port 8080 failed"
PROGRAM = """
import pulumi
from pulumi_apprunner import AppRunnerService

image = pulumi.Config().require_object("image")
AppRunnerService("orders", {"image": {"identifier": image["identifier"], "managed_by": image["managedBy"]}})
"""


@pytest.fixture
def stack(trial: Make, aws: LocalAws) -> Stack:
    """Return a stack whose service has the image in the stack file, where CI manages it."""
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="orders")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
    ecr.put_image(repositoryName="orders", imageManifest=manifest, imageTag="1.4.2")
    stack = trial(PROGRAM)
    for key, value in {"image.identifier": COMMITTED, "image.managedBy": "ci"}.items():
        assert stack.command("config", "set", "--path", key, value).returncode == 0
    up = stack.up()
    assert up.ok, up.output
    assert image(aws) == COMMITTED
    return stack


def image(aws: LocalAws) -> str:
    """Return the service's image."""
    client = aws.client("apprunner")
    [summary] = client.list_services()["ServiceSummaryList"]
    service: Any = client.describe_service(ServiceArn=summary["ServiceArn"])["Service"]
    return str(service["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"])


def run(stack: Stack, folder: Path) -> Ended:
    """Run both jobs of the workflow in a copy of the repository."""
    written = CliRunner().invoke(app, ["workflow", "orders", "--cwd", str(stack.folder), "--deploy", "pulumi"])
    assert written.exit_code == 0, written.stderr
    checkout = shutil.copytree(stack.folder, folder / "checkout", symlinks=True)
    variables = {
        "APPRUNNER_ORDERS_ROLE_ARN": "arn:aws:iam::123456789012:role/deploy",
        "APPRUNNER_ORDERS_STACK_ROLE_ARN": "arn:aws:iam::123456789012:role/stack",
        **{name: stack.environment[name] for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")},
    }
    built = Job(written.stdout, folder, stack.environment, checkout, name="build").run()
    assert built.status == 0, built.output
    job = Job(written.stdout, folder, stack.environment, checkout, variables, needs=built.outputs)
    return job.run("Check the variables", "Load the image", "Push", "Deploy")


def test_the_job_deploys_the_pushed_image_and_others_keep_it(stack: Stack, aws: LocalAws, tmp_path: Path) -> None:
    before = (stack.folder / "Pulumi.test.yaml").read_text()
    ended = run(stack, tmp_path / "run")
    assert (ended.status, ended.step) == (0, "Deploy"), ended.output
    pushed = ended.environment["PUSHED"]
    assert pushed.startswith(f"{REPOSITORY}@sha256:")
    assert image(aws) == pushed
    assert (stack.folder / "Pulumi.test.yaml").read_text() == before
    up = stack.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert image(aws) == pushed


def test_a_rollback_fails_the_job_with_its_reason(stack: Stack, aws: LocalAws, tmp_path: Path) -> None:
    aws.plane.faults.inject(Fault.roll_back(UNHEALTHY))
    ended = run(stack, tmp_path / "run")
    assert (ended.status != 0, ended.step) == (True, "Deploy")
    assert UNHEALTHY in ended.output
    assert image(aws) == COMMITTED
