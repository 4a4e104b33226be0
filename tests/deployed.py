"""Deployed services in a local AWS whose clock tests move, and states of Pulumi that contain them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from apprunner_facts import tokens
from apprunner_facts.schedules import target_arn
from apprunner_local.aws import LocalAws
from local_aws.orders import public_image
from pulumi_apprunner.cli.app import app

COMPONENT = "apprunner:index:AppRunnerService"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
"""A secret value in an exported state."""


@dataclass
class Stack:
    """A stack of Pulumi: the resources in its state, and their services in the local AWS."""

    aws: LocalAws
    folder: Path
    name: str = "dev"
    resources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def client(self) -> Any:
        """The client for App Runner."""
        return self.aws.client("apprunner")

    @property
    def now(self) -> datetime:
        """The time of the fake App Runner."""
        return datetime.fromtimestamp(self.aws.plane.clock.now(), UTC)

    def move(self, seconds: float) -> None:
        """Move the clock of the fake App Runner."""
        self.aws.plane.clock.move(seconds)

    def service(self, name: str = "api", inputs: Mapping[str, Any] | None = None, **settings: Any) -> str:
        """Create a running service of a component, add it to the state, and return its ARN."""
        source = {"ImageRepository": public_image(), "AutoDeploymentsEnabled": False}
        created = self.client.create_service(ServiceName=f"shop-{name}", SourceConfiguration=source, **settings)
        arn: str = created["Service"]["ServiceArn"]
        self.move(60)
        self.record(name, arn, inputs)
        return arn

    def record(self, name: str, arn: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Add a service of a component to the state."""
        component = self.add(COMPONENT, name, custom=False)
        child = self.urn(f"{COMPONENT}${tokens.SERVICE}", f"{name}-service")
        self._append(child, tokens.SERVICE, arn, parent=component, inputs=dict(inputs or {}), outputs={"arn": arn})

    def schedule(self, name: str, operation: str, arn: str, expression: str, timezone: str = "Europe/Berlin") -> None:
        """Add a schedule that calls an operation of a service to the state."""
        target = {"arn": target_arn(operation), "input": json.dumps({"ServiceArn": arn})}
        inputs = {"target": target, "scheduleExpression": expression, "scheduleExpressionTimezone": timezone}
        self.add(tokens.SCHEDULE, name, inputs=inputs)

    def add(self, type: str, name: str, custom: bool = True, **more: Any) -> str:
        """Add any resource to the state, and return its URN."""
        urn = self.urn(type, name)
        self._append(urn, type, name if custom else None, custom=custom, **more)
        return urn

    def urn(self, types: str, name: str) -> str:
        return f"urn:pulumi:{self.name}::shop::{types}::{name}"

    def _append(self, urn: str, type: str, id: str | None, custom: bool = True, **more: Any) -> None:
        self.resources.append({"urn": urn, "type": type, "custom": custom, **({"id": id} if id else {}), **more})

    @property
    def exported(self) -> dict[str, Any]:
        """The output of `pulumi stack export`."""
        return {"version": 3, "deployment": {"resources": self.resources}}

    def run(self, command: str, *words: str, input: str | None = None) -> "Output":
        """Run a command of `apprunner` on the state."""
        file = self.folder / "state.json"
        file.write_text(json.dumps(self.exported))
        return invoke(command, *words, "--state", str(file), input=input)


@dataclass(frozen=True)
class Output:
    """The exit status and output of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def invoke(*words: str, input: str | None = None) -> Output:
    """Run `apprunner`; an exception that it does not handle is raised here."""
    result = CliRunner().invoke(app, list(words), input=input)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Output(result.exit_code, result.stdout, result.stderr)
