"""The command `apprunner lint`: checks an apprunner.yaml, and whether a service contradicts it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pulumi
import typer

from apprunner_facts.source_file import NAME
from pulumi_apprunner.cli.errors import print_error
from pulumi_apprunner.cli.options import Directory, Stack
from pulumi_apprunner.cli.output import ERROR, ignore_closed_pipe, redirect_program_output
from pulumi_apprunner.cli.services import find_service, service_name
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.values import reveal

if TYPE_CHECKING:
    from pulumi_apprunner.cli.source_file import Problem, SourceFile

INVALID = 1
"""The exit status of a file with errors."""


def lint(
    path: Annotated[
        Path, typer.Argument(metavar="[PATH]", help=f"The file, or the folder with {NAME}. Default: this folder.")
    ] = Path(),
    service: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A service in the Pulumi program that is built with the file."),
    ] = None,
    stack: Stack = None,
    cwd: Directory = Path(),
) -> None:
    """Check an apprunner.yaml, the file with which App Runner builds and runs source code.

    Prints each problem with its line and column. With --service, runs the Pulumi program offline and also prints what
    the service contradicts. Exit status: 0 no error (there may be warnings), 1 errors in the file, 2 the file or the
    program cannot be read.
    """
    from pulumi_apprunner.cli.source_file import SourceFile  # ruamel.yaml is slow to load

    try:
        file = SourceFile.read(path)
        problems = file.problems()
        if service is not None:
            with redirect_program_output():
                problems = sorted([*problems, *_contradictions(file, service, stack, cwd)])
        with ignore_closed_pipe():
            for each in problems:
                print(f"{file.path}:{each}")
            if not problems:
                print(f"{file.path}: no problems")
    except OSError as error:
        print_error(pulumi.RunError(f"{path}: must be a file or a folder with {NAME}, got: {error.strerror}"))
        raise typer.Exit(ERROR) from None
    except (Exception, SystemExit) as error:  # the program may raise anything
        print_error(error)
        raise typer.Exit(ERROR) from None
    raise typer.Exit(INVALID if any(each.level == "error" for each in problems) else 0)


def _contradictions(file: "SourceFile", name: str, stack: str | None, cwd: Path) -> "Iterator[Problem]":
    from pulumi_apprunner.cli.source_file import contradictions, unreadable_secrets

    graph = run_project(cwd, stack)
    found = find_service(graph, name)
    yield from contradictions(file, service_name(graph, found), reveal(dict(found.inputs)))
    yield from unreadable_secrets(file, graph, found)
