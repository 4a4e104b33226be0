"""A temporary Pulumi project, and runs of the command in it."""

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from typer.testing import CliRunner

from pulumi_apprunner.cli.app import app

SERVICE = """\
import pulumi, pulumi_aws as aws

def service(name, **more):
    source = {"image_repository": {"image_identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1",
                                   "image_repository_type": "ECR"}, "auto_deployments_enabled": False,
              "authentication_configuration": {"access_role_arn": "arn:aws:iam::123456789012:role/pull"}}
    network = {"egress_configuration": {"egress_type": "DEFAULT"},
               "ingress_configuration": {"is_publicly_accessible": True}}
    arguments = {"service_name": f"shop-{name}", "source_configuration": source, "network_configuration": network,
                 "health_check_configuration": {"protocol": "HTTP", "path": "/healthz"}, **more}
    return aws.apprunner.Service(name, **arguments)
"""


@dataclass(frozen=True)
class Result:
    """The exit status and output of one run of the command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """A Pulumi project with the stack dev."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        return path

    def plan(self, *options: str) -> Result:
        return self.run("plan", *options)

    def run(self, command: str, *options: str) -> Result:
        result = CliRunner().invoke(app, [command, "--cwd", str(self.folder), *options])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Result(result.exit_code, result.stdout, result.stderr)
