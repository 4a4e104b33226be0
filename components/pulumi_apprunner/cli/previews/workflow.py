"""`apprunner previews workflow`: the workflows that create, update and remove the environments of pull requests."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from pulumi_apprunner.cli.errors import errors_printed
from pulumi_apprunner.cli.options import Directory, StubsFile, integer, matching, one_of, repository_path
from pulumi_apprunner.cli.output import redirect_program_output
from pulumi_apprunner.cli.previews.template import check_environment, read_source
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.workflow.dependencies import dependency_notes
from pulumi_apprunner.cli.workflow.instructions import backend_lines, file_notes, trust_line
from pulumi_apprunner.cli.workflow.settings import SEVERITIES
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.offline.stubs.file import Stubs

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
class Build:
    """The build of the image of each pull request.

    Args:
        dockerfile: The Dockerfile, from the repository's root.
        context: The folder of the build, from the repository's root.
        scan: The lowest severity of a vulnerability that stops the job, "off" for no scan.
    """

    dockerfile: str
    context: str
    scan: str


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
    scan: Annotated[
        Any,
        typer.Option(
            parser=one_of(*SEVERITIES),
            metavar="SEVERITY",
            help="With --config: the lowest severity of a vulnerability with a fix that stops the job: negligible, "
            "low, medium, high or critical; off for no scan.",
        ),
    ] = "high",
    stubs: StubsFile = None,
    cwd: Directory = Path(),
) -> None:
    """Write GitHub Actions workflows for the environments of pull requests.

    preview.yml creates or updates the environment of a pull request when it is opened or pushed to, and removes it when
    it is closed. expired-previews.yml removes the expired ones every day. Pull requests from forks are skipped and get
    no credentials. The command plans an environment offline, and prints the variables that GitHub must have. Exit
    status: 0 success, 2 an error.
    """
    from pulumi_apprunner.cli.workflow.templates import render_template  # slow to load

    with errors_printed():
        if output_dir.exists() and not output_dir.is_dir():
            raise pulumi.RunError(f"--output-dir: must be a folder, got the file {output_dir}")
        project = find_project(cwd)
        source = read_source(project, template)
        loaded = Stubs.load(stubs) if stubs else None
        with spinner_when_slow("Planning an environment"), redirect_program_output():
            check_environment(project, template, days, config, loaded)
        build = Build(dockerfile, context, scan) if config else None
        variables = _variables(build)
        output_dir.mkdir(parents=True, exist_ok=True)
        for name, (file, removed) in _FILES.items():
            text = render_template(
                file,
                _PACKAGE,
                build=build,
                closed=f"github.event.action == 'closed' && {_OWN}",
                command=shlex.join(["apprunner", *sys.argv[1:]]),
                config=config,
                open=f"github.event.action != 'closed' && {_OWN}",
                prefix=_PREFIX,
                project=source,
                removed=removed,
                settings=Settings(environment, days, limit),
                variables=variables,
            )
            (output_dir / name).write_text(text)
            print(f"Wrote {output_dir / name}.", file=sys.stderr)
        paths = {"--dockerfile": dockerfile, "--context": context} if build else {}
        lines = [
            *_variable_lines(variables, environment),
            *backend_lines(["--env", environment]),
            f"Note: the roles are not verified. {trust_line(environment)}",
            *file_notes(project.root, output_dir / "preview.yml", paths),
            *dependency_notes(project.root, "cli"),
        ]
        print("\n".join(lines), file=sys.stderr)


def _variables(build: Build | None) -> dict[str, str]:
    """Return the variables that the workflows read from GitHub, and what each contains."""
    pushes = {"ROLE_ARN": "the role that pushes images", "REPOSITORY": "the ECR repository, without a tag"}
    return {**(pushes if build else {}), "STACK_ROLE_ARN": "the role for pulumi up"}


def _variable_lines(variables: Mapping[str, str], environment: str) -> Iterator[str]:
    """Yield the commands that set the variables on GitHub."""
    yield f"Create the environment {environment} on GitHub, and set its variables:"
    for name, content in variables.items():
        command = shlex.join(["gh", "variable", "set", f"{_PREFIX}_{name}", "--env", environment])
        yield f"  {command}"
        yield f"    It asks for the value: {content}"
