"""The services of a deployed stack and the schedules that pause them, from Pulumi's state.

Secret values of the state stay encrypted: `pulumi stack export` runs without --show-secrets.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from apprunner_facts import arns, tokens
from apprunner_facts.arns import parse_service_arn
from apprunner_facts.declared import PATHS, DeclaredResource
from apprunner_facts.pauses import Pauses, read_pauses
from pulumi_apprunner.offline.config.json_file import read_json
from pulumi_apprunner.offline.listing import listing, suggestion
from pulumi_apprunner.offline.values import UNKNOWN, is_list, is_map

_COMPONENT = "apprunner:index:AppRunnerService"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks secrets and assets in Pulumi's state."""
_URN = re.compile(r"urn:pulumi:[^:]+::[^:]+::.+::")
_EXPORT = "Create the file: `pulumi stack export --file FILE`"
_SECONDS = 120
"""Seconds that the Pulumi CLI may take."""


@dataclass(frozen=True)
class DeployedService:
    """A service to read or to change.

    Args:
        name: The name of its component, or of the resource if no component of this library created it; for a service
            that is named by its ARN, App Runner's name.
        arn: Its ARN.
        urn: Its URN; "" for a service that is named by its ARN.
        inputs: Its inputs in the state; None if they are unknown or contain a secret.
    """

    name: str
    arn: str
    urn: str = ""
    inputs: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def other_names(self) -> Sequence[str]:
        """The other names under which a user may know it: of the resource and in App Runner."""
        return [name for name in (self.urn.rpartition("::")[2], parse_service_arn(self.arn).name) if name]


@dataclass(frozen=True)
class State:
    """What the state of a stack contains; empty for services that are named by their ARN.

    Args:
        project: The project's name.
        stack: The stack's name.
        services: The services, in the order of the state.
        pauses: The schedules that pause and resume them.
    """

    project: str = ""
    stack: str = ""
    services: Sequence[DeployedService] = ()
    pauses: Pauses = field(default_factory=Pauses)

    @property
    def _label(self) -> str:
        return f"{self.project} {self.stack}".strip()

    def select(self, names: Iterable[str]) -> list[DeployedService]:
        """Return the services with some names or ARNs, in their order; all, sorted by name, for no names.

        Raises:
            pulumi.RunError: The stack has no service, or none with a name.
        """
        selected = [self._find(each) for each in names] or sorted(self.services, key=lambda each: each.name)
        if not selected:
            raise pulumi.RunError(f"{self._label}: the state has no App Runner service. Run `pulumi up`")
        return list({each.arn: each for each in selected}.values())

    def _find(self, name: str) -> DeployedService:
        if arns.SERVICE.fullmatch(name):
            known = (each for each in self.services if each.arn == name)
            return next(known, DeployedService(parse_service_arn(name).name, name))
        own = [each for each in self.services if each.name == name]
        if matches := own or [each for each in self.services if name in each.other_names]:
            if len(matches) == 1:
                return matches[0]
            listed = ", ".join(each.arn for each in matches)
            raise pulumi.RunError(f'"{name}" must name one service, got {len(matches)}: {listed}. Use an ARN')
        names = [each.name for each in self.services]
        raise pulumi.RunError(
            f'{self._label}: the state has no service "{name}"{suggestion(name, names)}\n{listing("Services", names)}'
        )


def export_state(directory: Path, stack: str) -> State:
    """Return the state of a stack; see `export_content`."""
    return parse_state(export_content(directory, stack), f"`pulumi stack export --stack {stack}`", stack)


def export_content(directory: Path, stack: str) -> Any:
    """Return the output of `pulumi stack export`, which the Pulumi CLI reads from its backend.

    Args:
        directory: The project's folder.
        stack: The stack's name, with or without its organization.

    Raises:
        pulumi.RunError: The CLI is not installed, or cannot read the state: not logged in, no such stack.
    """
    cli = shutil.which("pulumi")
    if cli is None:
        raise pulumi.RunError(
            "the Pulumi CLI must be on PATH: it reads the stack's state. Install it "
            "(https://www.pulumi.com/docs/install/), or use --state FILE or a service's ARN"
        )
    command = [cli, "stack", "export", "--stack", stack, "--non-interactive"]
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        run = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, encoding="utf-8", errors="replace",
            check=False, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise pulumi.RunError(
            f"`pulumi stack export` must end within {_SECONDS} seconds. Run it, and see why"
        ) from None
    if run.returncode:
        reason = run.stderr.strip().removeprefix("error: ") or f"exit status {run.returncode}"
        raise pulumi.RunError(f"`pulumi stack export --stack {stack}` failed: {reason}")
    try:
        return json.loads(run.stdout)
    except ValueError:
        raise pulumi.RunError(
            f"`pulumi stack export --stack {stack}` must print JSON, but did not. Run it, and see why"
        ) from None


def load_state(file: Path) -> State:
    """Return the state in a file, the output of `pulumi stack export`.

    Raises:
        pulumi.RunError: The file cannot be read, or is not a state.
    """
    return parse_state(read_json(file), str(file))


def parse_state(content: Any, source: str = "the state", stack: str = "") -> State:
    """Return the services and pauses in an exported state.

    Args:
        content: The output of `pulumi stack export`.
        source: Where it comes from, for messages.
        stack: The stack's name, for a state without resources.

    Raises:
        pulumi.RunError: It is not a state.
    """
    deployment = content.get("deployment") if is_map(content) else None
    if not is_map(deployment):
        raise pulumi.RunError(f"{source}: must be a state with the key deployment. {_EXPORT}")
    found = deployment.get("resources")
    resources: Sequence[Any] = found if is_list(found) else ()
    if problems := [text for index, each in enumerate(resources) for text in _problems(f"resources[{index}]", each)]:
        raise pulumi.RunError("\n".join([f"{source}: must be a state. {_EXPORT}", *problems]))
    # A resource that waits for its deletion, after a replacement, has the same URN as its successor.
    resources = [each for each in resources if not each.get("delete")]
    declared = [_declared(each) for each in resources if each["type"] in PATHS]
    services = [_service(each) for each in resources if each["type"] == tokens.SERVICE and each.get("id")]
    name, project = resources[0]["urn"].removeprefix("urn:pulumi:").split("::")[:2] if resources else (stack, "")
    return State(project, name, services, read_pauses(declared))


def _problems(path: str, resource: Any) -> Iterator[str]:
    """Yield messages about the parts of a resource that every state has."""
    if not is_map(resource):
        yield f"  {path}: must be an object"
        return
    urn, id = resource.get("urn"), resource.get("id")
    if not isinstance(resource.get("type"), str):
        yield f"  {path}.type: must be a string"
    if not isinstance(urn, str) or not _URN.match(urn):
        yield f"  {path}.urn: must be a URN"
    if resource.get("type") == tokens.SERVICE and id and not arns.SERVICE.fullmatch(str(id)):
        yield f"  {path}.id: must be the ARN of an App Runner service"
    for part in ("inputs", "outputs", "propertyDependencies"):
        if not (resource.get(part) is None or is_map(resource[part])):
            yield f"  {path}.{part}: must be an object"


def _service(resource: Mapping[str, Any]) -> DeployedService:
    urn, inputs = str(resource["urn"]), resource.get("inputs")
    types = urn.split("::")[2].split("$")
    parent = str(resource.get("parent") or "")
    by_component = len(types) > 1 and types[-2] == _COMPONENT
    name = (parent if by_component else urn).rpartition("::")[2]
    known = is_map(inputs) and not contains_secret(inputs)
    return DeployedService(name, str(resource["id"]), urn, _without_marks(inputs) if known else None)


def _declared(resource: Mapping[str, Any]) -> DeclaredResource:
    """Return a resource of the state in the form of `apprunner_facts.declared`, with secrets as unknown values."""
    properties: dict[str, Any] = {**(resource.get("outputs") or {}), **(resource.get("inputs") or {})}
    values = {path: _value_at(properties, path.split(".")) for path in PATHS[resource["type"]]}
    return DeclaredResource(
        urn=resource["urn"],
        type=resource["type"],
        name=resource["urn"].rpartition("::")[2],
        properties={path: value for path, value in values.items() if value is not None and value is not UNKNOWN},
        unknown=[path for path, value in values.items() if value is UNKNOWN],
        references=resource.get("propertyDependencies") or {},
    )


def _value_at(value: Any, path: Sequence[str]) -> Any:
    """Return the value at a path; None if it does not exist, `UNKNOWN` if it or one of its ancestors is a secret."""
    for key in path:
        if not is_map(value):
            return None
        value = UNKNOWN if _SIGNATURE in value else value.get(key)
        if value is UNKNOWN:
            return UNKNOWN
    return UNKNOWN if contains_secret(value) else value


def _without_marks(value: Any) -> Any:
    """Return inputs without the keys that pulumi-aws adds to every block, such as __defaults."""
    if is_map(value):
        return {key: _without_marks(item) for key, item in value.items() if not key.startswith("__")}
    return [_without_marks(item) for item in value] if is_list(value) else value


def contains_secret(value: Any) -> bool:
    """Return whether a value in an exported state is, or contains, an encrypted one."""
    if is_map(value):
        return _SIGNATURE in value or any(map(contains_secret, value.values()))
    return is_list(value) and any(map(contains_secret, value))
