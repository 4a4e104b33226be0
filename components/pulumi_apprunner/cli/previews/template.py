"""The stack file with which each environment begins, and a plan of an environment."""

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pulumi

from apprunner_facts import tokens
from apprunner_facts.previews import stack_name
from pulumi_apprunner.cli.errors import error_text
from pulumi_apprunner.cli.previews.obstacles import FLEET
from pulumi_apprunner.cli.services import service_name
from pulumi_apprunner.cli.workflow.configured import DIGEST, not_read
from pulumi_apprunner.cli.workflow.overrides import override_config
from pulumi_apprunner.cli.workflow.repository import directory_in_repository
from pulumi_apprunner.cli.workflow.target import config_keys
from pulumi_apprunner.offline.config.stack_file import StackFile, encrypted_paths
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.listing import listing, suggestion
from pulumi_apprunner.offline.project import Project
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs
from pulumi_apprunner.offline.values import is_map, known_value, value_at

_NUMBER = 123
"""The number of the planned pull request."""
_IMAGE = ("sourceConfiguration", "imageRepository", "imageIdentifier")


@dataclass(frozen=True)
class Source:
    """What the workflows need to know about the project.

    Args:
        name: The project's name.
        directory: Its folder in the repository.
        template: The stack file that environments begin with, from that folder.
        region: The region in it.
        virtualenv: The virtual environment of the program, from that folder; "" if Pulumi uses none.
    """

    name: str
    directory: str
    template: str
    region: str
    virtualenv: str


def read_source(project: Project, template: str) -> Source:
    """Return what the workflows need to know about the project.

    Raises:
        pulumi.RunError: The template or its region does not exist, it is the file of a pull request, or other stacks
            cannot decrypt its values.
    """
    stacks = project.stacks
    if template not in stacks:
        raise pulumi.RunError(
            f"--template: {project.name} has no file Pulumi.{template}.yaml{suggestion(template, list(stacks))}\n"
            f"{listing('Stacks', list(stacks))}"
        )
    file = stacks[template]
    content = StackFile.read(file).config
    if f"{project.name}:preview" in content:
        raise pulumi.RunError(f"{file.name}: must not have {project.name}:preview, which the workflow sets. Remove it")
    if encrypted := list(encrypted_paths(content)):
        raise pulumi.RunError(
            f"{file.name}: must have no encrypted value, which only its own stack can decrypt, got "
            f"{', '.join(encrypted)}. Refer to a secret or a parameter instead"
        )
    region = content.get("aws:region")
    if not isinstance(region, str):
        raise pulumi.RunError(f"{file.name}: aws:region is required, in which the workflow assumes the role. Set it")
    return Source(
        project.name,
        directory_in_repository(project.root),
        Path(os.path.relpath(file, project.root)).as_posix(),
        region,
        _virtualenv(project.file),
    )


def check_environment(project: Project, template: str, days: int, key: str | None, stubs: Stubs | None) -> None:
    """Plan the environment of a pull request, and raise an error if the workflow could not create or remove it.

    Args:
        project: The project.
        template: The stack whose file it begins with.
        days: The days until it expires.
        key: The key of the image that the workflow sets; None if it sets none.
        stubs: The stub values of the plan.

    Raises:
        pulumi.RunError: The program fails, its Fleet does not read the number, or no service gets the image.
    """
    name, expires = project.name, datetime.now(UTC).date() + timedelta(days=days)
    values = {f"{name}:preview.number": _NUMBER, f"{name}:preview.expires": expires.isoformat()}
    file, stack = project.stacks[template].name, stack_name(_NUMBER)
    try:
        graph = _plan(project, template, values, stubs)
    except (Exception, SystemExit) as error:  # the program may raise anything
        raise pulumi.RunError(
            f"{file}: the program must create the environment of a pull request with this file, but it fails for the "
            f"stack {stack}:\n{error_text(error)}"
        ) from None
    fleets = graph.all(FLEET)
    if not fleets or any(value_at(each.inputs, "preview", "number") != _NUMBER for each in fleets):
        got = "one without" if fleets else "no Fleet"
        raise pulumi.RunError(
            f"{name}: the program must create a Fleet with preview from {name}:preview, by which `apprunner previews` "
            f'finds and removes the environment, got {got}. Use Fleet.from_config("NAME")'
        )
    if key:
        _check_image(project, template, values, key, graph, stubs)


def _check_image(
    project: Project, template: str, values: Mapping[str, Any], key: str, before: Graph, stubs: Stubs | None
) -> None:
    """Plan the environment with another image under the key.

    Raises:
        pulumi.RunError: No service of the first plan gets it, or the program fails.
    """
    images = _images(before)
    image = f"123456789012.dkr.ecr.{before.region}.amazonaws.com/image@{DIGEST}"
    hint = "\n" + listing(
        "Keys of images", sorted({each for one in images.values() for each in config_keys(before, one)})
    )
    try:
        with redirect_stdout(io.StringIO()):  # the first plan has shown it
            changed = _images(_plan(project, template, {**values, key: image}, stubs))
    except (Exception, SystemExit) as error:  # the program may raise anything
        raise not_read(key, "a service", image, "the program fails", f":\n{error_text(error)}{hint}") from None
    if image not in [changed.get(name) for name in images]:
        raise not_read(key, "a service", image, "no service of the template gets it", hint)


def _plan(project: Project, template: str, values: Mapping[str, Any], stubs: Stubs | None) -> Graph:
    config = override_config(project, template, values)
    return run_project(project.root, template, as_stack=stack_name(_NUMBER), config=config, stubs=stubs)


def _images(graph: Graph) -> dict[str, str]:
    """Return the images of the services by the services' names."""
    images = {
        service_name(graph, each): known_value(value_at(each.inputs, *_IMAGE), str)
        for each in graph.all(tokens.SERVICE)
    }
    return {name: image or "" for name, image in images.items()}


def _virtualenv(file: Path) -> str:
    """Return the virtual environment that `pulumi install` creates; "" if Pulumi.yaml names none."""
    runtime: Any = read_yaml(file).get("runtime")
    options = runtime.get("options") if is_map(runtime) else None
    values: Mapping[str, Any] = options if is_map(options) else {}
    return str(values.get("virtualenv") or (".venv" if values.get("toolchain") == "uv" else ""))
