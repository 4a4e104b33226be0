"""`apprunner previews workflow`: the workflows that create, update and remove the environments of pull requests."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from pulumi_apprunner.cli.errors import errors_printed
from pulumi_apprunner.cli.options import Directory, integer, matching, repository_path
from pulumi_apprunner.cli.workflow.repository import directory_in_repository
from pulumi_apprunner.offline.config.stack_file import StackFile
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.listing import listing, suggestion
from pulumi_apprunner.offline.project import Project, find_project
from pulumi_apprunner.offline.values import is_map

_PACKAGE = "pulumi_apprunner.cli.previews"
_PREFIX = "APPRUNNER_PREVIEW"
_FILES = {"preview.yml": ("preview.yml.jinja", '"$NUMBER"'), "expired-previews.yml": ("expired.yml.jinja", "--expired")}
"""The written files, each with its template and what its removal removes."""
_OWN = "github.event.pull_request.head.repo.full_name == github.repository"
"""The condition that a pull request is from a branch of the repository, and not from a fork."""


@dataclass(frozen=True)
class Settings:
    """The settings of the workflows.

    Args:
        environment: The jobs' environment on GitHub.
        days: The days after the last event of a pull request on which its environment expires.
        limit: How many environments may exist.
    """

    environment: str
    days: int
    limit: int


@dataclass(frozen=True)
class Image:
    """The image that the workflow builds of each pull request.

    Args:
        key: The key or path of the image in the stack's configuration.
        dockerfile: The Dockerfile, from the repository's root.
        context: The folder of the build, from the repository's root.
    """

    key: str
    dockerfile: str
    context: str


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


def workflow(
    template: Annotated[
        str,
        typer.Option(metavar="STACK", help="The stack whose file each environment begins with: Pulumi.STACK.yaml."),
    ] = "preview",
    output_dir: Annotated[
        Path, typer.Option("--output-dir", "-o", metavar="DIR", help="The folder. Existing files are overwritten.")
    ] = Path(".github/workflows"),
    environment: Annotated[
        Any,
        typer.Option(
            parser=matching(r"\w[\w ./-]*", "the name of an environment"),
            metavar="NAME",
            help="The jobs' environment on GitHub. Its name is in the subject of the identity token.",
        ),
    ] = "preview",
    days: Annotated[
        Any,
        typer.Option(
            parser=integer(1, 365),
            metavar="NUMBER",
            help="Days after the last event of the pull request on which its environment expires.",
        ),
    ] = 7,
    limit: Annotated[
        Any, typer.Option(parser=integer(1), metavar="NUMBER", help="How many environments may exist.")
    ] = 10,
    config: Annotated[
        Any,
        typer.Option(
            parser=matching(r"\S+", "a key without spaces"),
            metavar="KEY",
            help="The key or path in the stack's configuration of an image that the workflow builds and pushes, such "
            "as storefront:services.api.image.identifier. Default: none; the images are those in the template.",
        ),
    ] = None,
    dockerfile: Annotated[
        Any, typer.Option(parser=repository_path, metavar="PATH", help="With --config: the Dockerfile.")
    ] = "Dockerfile",
    context: Annotated[
        Any, typer.Option(parser=repository_path, metavar="PATH", help="With --config: the folder of the build.")
    ] = ".",
    cwd: Directory = Path(),
) -> None:
    """Write GitHub Actions workflows for the environments of pull requests.

    preview.yml creates or updates the environment of a pull request when it is opened or pushed to, and removes it when
    it is closed. expired-previews.yml removes the expired ones every day. Pull requests from forks are skipped and get
    no credentials. Prints the variables that GitHub must have. Exit status: 0 success, 2 an error.
    """
    from pulumi_apprunner.cli.workflow.templates import render_template  # slow to load

    with errors_printed():
        source = _source(find_project(cwd), template)
        image = Image(config, dockerfile, context) if config else None
        variables = _variables(image)
        output_dir.mkdir(parents=True, exist_ok=True)
        for name, (file, removed) in _FILES.items():
            text = render_template(
                file,
                _PACKAGE,
                closed=f"github.event.action == 'closed' && {_OWN}",
                command=shlex.join(["apprunner", *sys.argv[1:]]),
                image=image,
                open=f"github.event.action != 'closed' && {_OWN}",
                prefix=_PREFIX,
                project=source,
                removed=removed,
                settings=Settings(environment, days, limit),
                variables=variables,
            )
            (output_dir / name).write_text(text)
            print(f"Wrote {output_dir / name}.", file=sys.stderr)
        _print_variables(variables, environment)


def _source(project: Project, template: str) -> Source:
    """Return what the workflows need to know about the project.

    Raises:
        pulumi.RunError: The template or its region does not exist, or it is the file of a pull request.
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


def _virtualenv(file: Path) -> str:
    """Return the virtual environment that `pulumi install` creates; "" if Pulumi.yaml names none."""
    runtime: Any = read_yaml(file).get("runtime")
    options = runtime.get("options") if is_map(runtime) else None
    values: Mapping[str, Any] = options if is_map(options) else {}
    return str(values.get("virtualenv") or (".venv" if values.get("toolchain") == "uv" else ""))


def _variables(image: Image | None) -> dict[str, str]:
    """Return the variables that the workflows read from GitHub, and what each contains."""
    pushes = {"ROLE_ARN": "the role that pushes images", "REPOSITORY": "the ECR repository, without a tag"}
    return {**(pushes if image else {}), "STACK_ROLE_ARN": "the role for pulumi up"}


def _print_variables(variables: Mapping[str, str], environment: str) -> None:
    """Print to stderr what is left to do: the commands that set the variables on GitHub."""
    print(f"Create the environment {environment} on GitHub, and set its variables:", file=sys.stderr)
    for name, content in variables.items():
        command = shlex.join(["gh", "variable", "set", f"{_PREFIX}_{name}", "--env", environment])
        print(f"  {command}\n    It asks for the value: {content}", file=sys.stderr)
