"""`apprunner local up` and `down`, as a user runs them, for a project of another team."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3

from apprunner_local.workspace import Workspace
from engine.programs import PUBLIC_IMAGE, ZONE, domain, program, service
from engine.projects import write_project
from pulumi_apprunner.offline.config.yaml import read_yaml

BUCKET = "import pulumi_aws as aws\naws.s3.Bucket('files', tags={'team': 'shop'})\n"
STACK_FILE = f"config:\n  aws:region: eu-west-1\n  trial:zone: {{id: {ZONE['id']}, name: {ZONE['name']}}}\n"
REPOSITORY = "aws.ecr.Repository('images', name='trial/images')\n"
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
PARAMETER = "/trial/flags"
SERVICE_WITH_SECRET = f"""\
binding = SecretsBinding("flags", {{"secrets": {{"FLAGS": {{"parameter_name": {PARAMETER!r}}}}}}})
image = {{"identifier": {PUBLIC_IMAGE!r}}}
services["api"] = AppRunnerService("api", {{"image": image, "port": 80, "secrets": [binding.bound]}})
"""
UNKNOWN_TYPE = "aws:s3/bucket:Bucket: the local AWS does not emulate this type."


def apprunner(cli: Path, project: Path, *arguments: str, succeeds: bool = True) -> str:
    """Run the command in a project, and return its output."""
    command = [Path(sys.executable).with_name("apprunner"), "local", *arguments, "--cwd", project]
    variables = {**os.environ, "PATH": f"{cli}:{os.environ['PATH']}"}
    run = subprocess.run(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert (run.returncode == 0) is succeeds, run.stdout
    return run.stdout


def client(project: Path, service: str, variable: str) -> Any:
    """Return a client of boto3 for a project's local AWS, whose URL is in a variable."""
    url = re.findall(rf"{variable}=(\S+)", Workspace.of(project).exports.read_text())[0]
    session: Any = boto3.Session("AKIAIOSFODNN7EXAMPLE", "example")
    return session.client(service, "eu-west-1", endpoint_url=url)


def app_runner(project: Path) -> Any:
    return client(project, "apprunner", "AWS_ENDPOINT_URL_APPRUNNER")


def test_from_the_first_up_to_down(cli: Path, tmp_path: Path) -> None:
    project = write_project(tmp_path / "trial", program(service(), domain(), BUCKET))
    (project / "Pulumi.dev.yaml").write_text(STACK_FILE)
    try:
        first = apprunner(cli, project, "up")
        assert first.count(UNKNOWN_TYPE) == 2, first  # once in the progress, once in the diagnostics
        assert "The stack dev is deployed to a local AWS: " in first
        (summary,) = app_runner(project).list_services()["ServiceSummaryList"]

        # Resources that a stack file refers to only later exist too. Otherwise App Runner would reject the deployment.
        later = f"  trial:flags: {{parameterName: {PARAMETER}}}\n  trial:tokens: [{{secure: v1:abc}}]\n"
        (project / "Pulumi.dev.yaml").write_text(f"{STACK_FILE}{later}")
        (project / "__main__.py").write_text(program(SERVICE_WITH_SECRET, domain(), BUCKET, REPOSITORY))
        second = apprunner(cli, project, "up")
        assert "using pulumi-resource-aws" not in second
        assert "trial:tokens[0] is encrypted" in second
        (token,) = read_yaml(project / ".local" / "project" / "Pulumi.dev.yaml")["config"]["trial:tokens"]
        assert token["secure"] != "v1:abc", "the placeholder is encrypted with the key of the local state"

        (project / "__main__.py").write_text("raise RuntimeError\n")
        failed = apprunner(cli, project, "up", succeeds=False)
        assert failed.splitlines()[-1].startswith("The local AWS keeps running. Stop it: ")
        (project / "__main__.py").write_text(program(SERVICE_WITH_SECRET, domain(), BUCKET, REPOSITORY))

        ecr = client(project, "ecr", "AWS_ENDPOINT_URL")
        ecr.put_image(repositoryName="trial/images", imageManifest=MANIFEST, imageTag="1")
        app_runner(project).pause_service(ServiceArn=summary["ServiceArn"])
    finally:
        last = apprunner(cli, project, "down")
    assert "error" not in last
    assert last.endswith("The local AWS is stopped, and its contents are deleted.\n")
    assert sorted(each.name for each in project.iterdir()) == [".venv", "Pulumi.dev.yaml", "Pulumi.yaml", "__main__.py"]
    assert (project / "Pulumi.dev.yaml").read_text().startswith(STACK_FILE)
