"""The commands `apprunner local up | down | serve`. This module imports nothing that only the extra [local] brings."""

import gc
import importlib.util
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from pulumi_apprunner.cli.errors import print_error
from pulumi_apprunner.cli.options import Directory, Stack, integer
from pulumi_apprunner.offline.project import find_project

WRONG = 2
"""The exit status of a wrong command line, project or stack file."""

_PORT = integer(0, 65535)
_EXTRA = ("flask", "flask_cors", "moto")

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)

Folder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder of the local AWS and the state. Default: .local in the project."),
]


@app.callback()
def local() -> None:
    """Run a Pulumi project against a local AWS, without an account."""
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        print_error(pulumi.RunError(f"{', '.join(missing)}: must be installed. Install pulumi-apprunner[local]"))
        raise typer.Exit(WRONG)


@app.command()
def up(
    stack: Stack = None,
    cwd: Directory = Path(),
    folder: Folder = None,
) -> None:
    """Run `pulumi up` of a stack against a local AWS, which keeps running.

    The project is not changed: its state and a copy of its stack files are in --folder. What the stack file refers to
    (VPCs, hosted zones, secrets, parameters, KMS keys) is created in the local AWS first. Resource types that the
    local AWS does not emulate are accepted with stub outputs and a warning. Exit status: that of `pulumi up`; 2 if
    the command line, the project or a stack file is wrong.
    """
    from apprunner_local import commands

    with _errors_printed():
        status = commands.up(cwd, stack, folder)
    raise typer.Exit(status)


@app.command()
def down(cwd: Directory = Path(), folder: Folder = None) -> None:
    """Destroy every stack in the project's local AWS, stop it, and delete its folder."""
    from apprunner_local import commands

    with _errors_printed():
        status = commands.down(cwd, folder)
    raise typer.Exit(status)


@app.command()
def serve(
    cwd: Annotated[
        Path | None,
        typer.Option(
            "--cwd",
            "-C",
            metavar="DIR",
            help="A Pulumi project: resources in its stack files exist from the start. Default: none.",
        ),
    ] = None,
    port: Annotated[
        Any,
        typer.Option(
            parser=_PORT, metavar="PORT", help="The port of all services but App Runner. Default: a free one."
        ),
    ] = None,
    apprunner_port: Annotated[
        Any, typer.Option(parser=_PORT, metavar="PORT", help="App Runner's port. Default: a free one.")
    ] = None,
) -> None:
    """Run a local AWS in the foreground, and print the environment variables with which programs use it.

    It contains no stack. boto3, the AWS CLI and every AWS SDK read the variables. Ctrl-C stops it.
    """
    from apprunner_local.existing import Existing
    from apprunner_local.serving import export_lines
    from apprunner_local.serving import serve as serve_until_stopped

    gc.enable()  # it was disabled for short commands
    with _errors_printed():
        existing = [Existing.read(file) for file in find_project(cwd).stacks.values()] if cwd else []

        def ready(environment: Mapping[str, str]) -> None:
            print(export_lines(environment), end="", flush=True)
            print("The local AWS is ready. Stop it with Ctrl-C.", file=sys.stderr, flush=True)

        serve_until_stopped(ready, existing, port or 0, apprunner_port or 0)


@contextmanager
def _errors_printed() -> Generator[None]:
    """Print an error in one line instead of a traceback, and end the command."""
    try:
        yield
    except (pulumi.RunError, OSError) as error:
        print_error(error if isinstance(error, pulumi.RunError) else pulumi.RunError(str(error)))
        raise typer.Exit(WRONG) from None
