"""The shell steps of written workflows, run with the AWS CLI against the local AWS."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from apprunner_local.apprunner import Fault, World
from apprunner_local.aws import LocalAws
from github_jobs import Ended, Job
from local_aws import orders
from local_aws.requests import image
from local_aws.roles import pulling_role
from pulumi_apprunner.cli.app import app
from shop import Shop

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
LIVE = f"{REPOSITORY}:live"
BUILD = f"{REPOSITORY}:8f2c8f2c8f2c-71-1"
BUILT = "localhost/image"
LAYER = "sha256:" + "1f" * 32
DIGEST = "sha256:" + hashlib.sha256(LAYER.encode()).hexdigest()
UNHEALTHY = "health check on port 8080 failed"
PROGRAM = f"""
import pulumi
from pulumi_apprunner import AppRunnerService
AppRunnerService("orders", {{"image": {{"identifier": pulumi.Config().get("image") or "{LIVE}"}}}})
"""


@pytest.fixture(scope="module")
def only_account() -> Iterator[LocalAws]:
    with LocalAws.start() as account:
        yield account


@pytest.fixture
def account(only_account: LocalAws) -> LocalAws:
    only_account.reset(World())
    return only_account


def written(folder: Path, *options: str) -> str:
    """Return the workflow of the service orders."""
    shop = Shop(folder / "infrastructure")
    shop.write("Pulumi.yaml", "name: shop\nruntime: python\n")
    shop.write("Pulumi.prod.yaml", "config: {'aws:region': eu-west-1}\n")
    shop.write("__main__.py", PROGRAM)
    result = CliRunner().invoke(app, ["workflow", "orders", "--cwd", str(shop.folder), *options])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def put(account: LocalAws, *names: str) -> None:
    """Put an image into the repository under some tags, the first of which is its own."""
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "own": names[0]}
    for tag in names:
        account.client("ecr").put_image(repositoryName="orders", imageManifest=json.dumps(manifest), imageTag=tag)


def untag(account: LocalAws, tag: str) -> None:
    account.client("ecr").batch_delete_image(repositoryName="orders", imageIds=[{"imageTag": tag}])


@pytest.fixture
def service(account: LocalAws) -> str:
    """Return the ARN of a service that runs an image in ECR."""
    account.client("ecr").create_repository(repositoryName="orders")
    put(account, "1", "live")
    access = {"AccessRoleArn": pulling_role(account)}
    return orders.create(account, source_configuration=image(LIVE, AuthenticationConfiguration=access))


@pytest.fixture
def job(account: LocalAws, service: str, tmp_path: Path) -> Job:
    variables = {
        "APPRUNNER_ORDERS_ROLE_ARN": "arn:aws:iam::123456789012:role/deploy",
        "APPRUNNER_ORDERS_SERVICE_ARN": service,
    }
    return Job(written(tmp_path), tmp_path, account.environment, tmp_path, variables)


def deploy(job: Job) -> Ended:
    """Run the step that deploys a pushed image."""
    job.docker_images.write_text(json.dumps({BUILD: LAYER}))
    return job.run("Deploy", IMAGE=BUILD, PUSHED=f"{REPOSITORY}@{DIGEST}")


def calls(account: LocalAws) -> list[str]:
    return [call.operation for call in account.plane.calls]


def tags(account: LocalAws) -> dict[str, str]:
    """Return the digest of each tag in the repository."""
    details = account.client("ecr").describe_images(repositoryName="orders")["imageDetails"]
    return {tag: each["imageDigest"] for each in details for tag in each.get("imageTags", ())}


def log_of_github(ended: Ended, command: str) -> list[str]:
    return [line.partition("::")[2].partition("::")[2] for line in ended.output.splitlines() if f"::{command} " in line]


def test_a_built_image_is_deployed_under_its_own_and_the_moving_tag(job: Job, account: LocalAws) -> None:
    before = tags(account)["live"]
    built = Job(job.text, job.folder, job.environment, job.directory, name="build").run()
    assert built.status == 0, built.output
    job.needs = built.outputs
    ended = job.run()
    assert ended.status == 0, ended.output
    after = tags(account)
    digest = after["8f2c8f2c8f2c-71-1"]
    assert after == {"1": before, "8f2c8f2c8f2c-71-1": digest, "live": digest}
    assert digest != before
    assert ended.environment == {"IMAGE": BUILD, "PUSHED": f"{REPOSITORY}@{digest}"}
    assert calls(account).count("StartDeployment") == 1
    assert ended.summary.splitlines() == [f"Pushed `{REPOSITORY}@{digest}`", "The deployment ended: SUCCEEDED"]
    assert sorted(set(job.aws_calls)) == [
        "apprunner list-operations",
        "apprunner start-deployment",
        "ecr batch-get-image",
        "ecr get-login-password",
    ]
    # App Runner runs x86-64. The password is not among the arguments of the login.
    archive = str(job.folder / "temp" / "image.tar")
    options = ["--platform", "linux/amd64", "--provenance=false", "--file", "Dockerfile", "--tag", BUILT, "."]
    docker = list(map(json.loads, job.docker_calls.splitlines()))
    assert docker[:3] == [["build", *options], ["save", "--output", archive, BUILT], ["load", "--input", archive]]
    assert docker[3][:-1] == ["login", "--username", "AWS", "--password-stdin", REPOSITORY.partition("/")[0]]
    assert docker[3][-1].strip()
    assert docker[4:] == [
        ["tag", BUILT, BUILD],
        ["push", "--quiet", BUILD],
        ["tag", BUILD, LIVE],
        ["push", "--quiet", LIVE],
    ]


def test_an_image_that_was_changed_after_the_build_is_not_pushed(job: Job, account: LocalAws) -> None:
    built = Job(job.text, job.folder, job.environment, job.directory, name="build").run()
    (job.folder / "temp" / "image.tar").write_text(json.dumps({BUILT: LAYER}))
    job.needs = built.outputs
    ended = job.run()
    assert (ended.status, ended.step) == (1, "Load the image")
    assert "image.tar: FAILED" in ended.output
    assert set(tags(account)) == {"1", "live"}


def test_a_rollback_fails_the_job_with_the_end_of_the_log_and_moves_the_tag_back(job: Job, account: LocalAws) -> None:
    before = tags(account)["live"]
    account.plane.faults.inject(Fault.roll_back(UNHEALTHY, "StartDeployment"))
    ended = deploy(job)
    assert (ended.status, ended.step) == (1, "Deploy")
    lines = ended.output.splitlines()
    assert f"| [AppRunner] START_DEPLOYMENT ROLLBACK_SUCCEEDED: {UNHEALTHY}" in lines
    [message] = log_of_github(ended, "error")
    assert "ended ROLLBACK_SUCCEEDED. Below is the end of its log, /aws/apprunner/orders/" in message
    assert ended.summary.splitlines() == [
        "The deployment ended: ROLLBACK_SUCCEEDED",
        f"The tag live names the previous image again: {before}",
    ]
    assert tags(account)["live"] == before
    assert sorted(set(job.aws_calls)) == [
        "apprunner list-operations",
        "apprunner start-deployment",
        "ecr batch-get-image",
        "ecr put-image",
        "logs get-log-events",
    ]
    arn = job.variables["APPRUNNER_ORDERS_SERVICE_ARN"]
    assert account.client("apprunner").describe_service(ServiceArn=arn)["Service"]["Status"] == "RUNNING"


def test_a_tag_that_another_push_has_moved_is_not_moved_back(job: Job, account: LocalAws) -> None:
    def push(*_: str) -> None:
        if tags(account)["live"] == DIGEST:
            put(account, "2", "live")

    account.plane.faults.inject(Fault.roll_back(UNHEALTHY, "StartDeployment"))
    account.plane.world.log = push  # during the deployment
    ended = deploy(job)
    assert ended.status == 1
    after = tags(account)
    assert after["live"] == after["2"]
    assert "The tag live is not moved back: it names another image now" in ended.output.splitlines()
    assert "ecr put-image" not in job.aws_calls


def test_a_tag_that_cannot_be_moved_back_is_a_warning(job: Job, account: LocalAws) -> None:
    before = tags(account)["live"]
    account.plane.faults.inject(Fault.roll_back(UNHEALTHY, "StartDeployment"))
    untag(account, "1")  # moto then deletes the image as soon as live moves
    ended = deploy(job)
    assert ended.status == 1
    assert tags(account)["live"] == DIGEST
    assert log_of_github(ended, "warning") == [f"live still names the image that failed, {DIGEST}, and not {before}"]


def test_a_line_of_the_log_is_no_command_for_github(job: Job, account: LocalAws) -> None:
    account.plane.faults.inject(Fault.roll_back("x\n::add-mask::y", "StartDeployment"))
    assert not [line for line in deploy(job).output.splitlines() if line.lstrip().startswith("::add-mask")]


def test_a_log_that_cannot_be_read_is_a_warning(job: Job, account: LocalAws, service: str) -> None:
    account.plane.faults.inject(Fault.roll_back(UNHEALTHY, "StartDeployment"))
    account.plane.world.log = lambda *_: None
    group = f"/aws/apprunner/orders/{service.rpartition('/')[2]}/service"
    account.client("logs").delete_log_group(logGroupName=group)
    ended = deploy(job)
    assert ended.status == 1
    [warning] = log_of_github(ended, "warning")
    assert warning == f"The log could not be read. The role needs logs:GetLogEvents on {group}"


def test_a_deployment_starts_after_an_operation_in_progress(job: Job, account: LocalAws, service: str) -> None:
    account.client("apprunner").start_deployment(ServiceArn=service)
    ended = deploy(job)
    assert ended.status == 0, ended.output
    assert "Waiting for an operation in progress" in ended.output
    assert calls(account).count("StartDeployment") == 2


def test_a_deployment_that_app_runner_rejects_fails_the_job_and_moves_the_tag_back(job: Job, account: LocalAws) -> None:
    before = tags(account)["live"]
    account.plane.faults.inject(Fault.error("StartDeployment", "InvalidRequestException", "The service is paused."))
    ended = deploy(job)
    assert ended.status not in (0, 1)
    assert "(InvalidRequestException)" in ended.output
    assert "The service is paused." in ended.output
    assert tags(account)["live"] == before


def test_a_call_that_aws_denies_ends_the_job(job: Job, account: LocalAws) -> None:
    account.plane.faults.inject(Fault.error("ListOperations", "AccessDeniedException", "not you", times=20))
    ended = deploy(job)
    assert ended.status not in (0, 1)
    assert "(AccessDeniedException)" in ended.output
    assert "StartDeployment" not in calls(account)


def test_all_missing_variables_are_reported_before_the_image_is_pushed(job: Job) -> None:
    job.variables = {}
    ended = job.run()
    assert (ended.status, ended.step) == (1, "Check the variables")
    assert log_of_github(ended, "error") == [
        "APPRUNNER_ORDERS_ROLE_ARN is required. Set it in the settings of the repository or of the environment",
        "APPRUNNER_ORDERS_SERVICE_ARN is required. Set it in the settings of the repository or of the environment",
    ]
    assert not job.docker_calls


@pytest.mark.parametrize("options", [(), ("--deploy", "pulumi", "--config", "image")], ids=["deployment", "pulumi"])
def test_shellcheck_accepts_every_step(tmp_path: Path, options: tuple[str, ...]) -> None:
    text = written(tmp_path, *options)
    jobs = [Job(text, tmp_path, {}, tmp_path, name=name) for name in ("build", "deploy")]
    scripts: list[Any] = [each["run"] for job in jobs for each in job.steps if "run" in each]
    assert len(scripts) >= 6
    for script in scripts:
        command = [shutil.which("shellcheck", path=str(Path(sys.executable).parent)), "--shell=bash", "-"]
        checked = subprocess.run(command, input=f"set -euo pipefail\n{script}", text=True, capture_output=True)
        assert checked.returncode == 0, checked.stdout
