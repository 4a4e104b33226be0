"""`apprunner previews list | check | remove | workflow`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from apprunner_facts.previews import stack_name
from pulumi_apprunner.cli.errors import errors_printed
from pulumi_apprunner.cli.operations.targets import is_interactive
from pulumi_apprunner.cli.options import Directory, integer
from pulumi_apprunner.cli.output import console_for_output, print_json
from pulumi_apprunner.cli.previews.backend import Backend, Listed, read_all
from pulumi_apprunner.cli.previews.environments import Environment
from pulumi_apprunner.cli.previews.printing import print_list, print_planned
from pulumi_apprunner.cli.previews.removal import plan_removal, remove_all
from pulumi_apprunner.cli.previews.workflow import workflow
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.offline.sdk import SeveralErrors

FAILED = 1
"""The exit status if an environment was not removed, or the limit is reached."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List and remove the environments of pull requests: the stacks pr-NUMBER of a Fleet with `preview`.",
)


@app.command(name="list")
def list_environments(
    cwd: Directory = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON. docs/guides/previews.md describes it.")
    ] = False,
) -> None:
    """List the environments of pull requests: services, age, expiry and an estimate of the cost. It changes nothing.

    Reads the state of each stack from Pulumi's backend. If some cannot be read, it lists the others. Exit status: 0
    success, 2 an error.
    """
    with errors_printed():
        project = find_project(cwd)
        backend = Backend(project)
        with spinner_when_slow("Reading the stacks"):
            read = read_all(backend.read, backend.stacks())
        environments = [each for each in read if isinstance(each, Environment)]
        now = datetime.now(UTC)
        if as_json:
            listed = [each.as_json(now.date()) for each in environments]
            print_json({"project": project.name, "environments": listed})
        else:
            with console_for_output() as console:
                print_list(console, project.name, environments, now)
        if errors := [each for each in read if isinstance(each, pulumi.RunError)]:
            sys.stdout.flush()
            raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


@app.command()
def check(
    number: Annotated[
        Any, typer.Argument(parser=integer(1), metavar="NUMBER", help="The number of the pull request.")
    ],
    limit: Annotated[
        Any, typer.Option(parser=integer(1), metavar="NUMBER", help="How many environments may exist.")
    ],
    cwd: Directory = Path(),
) -> None:  # fmt: skip
    """Check whether a pull request may have an environment: it has one, or fewer than the limit exist.

    Two checks at the same time can both succeed. Exit status: 0 it may, 1 the limit is reached, 2 an error.
    """
    with errors_printed():
        names = {each.number for each in Backend(find_project(cwd)).stacks()}
        if number in names or len(names) < limit:
            return
        listed = ", ".join(stack_name(each) for each in sorted(names))
        print(
            f"pull request {number}: must wait, because {len(names)} environments exist and the limit is {limit}: "
            f"{listed}. Close a pull request, or run `apprunner previews remove`",
            file=sys.stderr,
        )
        raise typer.Exit(FAILED)


@app.command()
def remove(
    numbers: Annotated[
        list[Any] | None,
        typer.Argument(parser=integer(1), metavar="[NUMBER]...", help="The numbers of the pull requests."),
    ] = None,
    expired: Annotated[
        bool, typer.Option("--expired", metavar="", help="Remove all environments that have expired.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Only print what would be removed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask for confirmation.")] = False,
    cwd: Directory = Path(),
) -> None:  # fmt: skip
    """Remove environments of pull requests: delete their resources, and then their stacks.

    Prints what would be deleted, and asks. Never removes a stack that is not the environment of a pull request, that
    has a protected resource, or that another update changes. A failure does not stop the others. A pull request
    without an environment is not an error. Exit status: 0 success, 1 an environment was not removed, 2 an error.
    """
    with errors_printed():
        if bool(numbers) == expired:
            raise pulumi.RunError("numbers of pull requests or --expired must be set. Set one of them")
        backend = Backend(find_project(cwd))
        today = datetime.now(UTC).date()
        expired_on = today if expired else None
        with spinner_when_slow("Reading the stacks"):
            planned = plan_removal(backend, _selected(backend, numbers or []), expired_on)
        removable = [each for each in planned if not each.problem]
        if planned:
            with console_for_output() as console:
                print_planned(console, planned, today)
        else:
            print("No environment has expired." if expired else "No environment to remove.")
        sys.stdout.flush()
        succeeded = len(removable) == len(planned)
        if removable and not dry_run:
            _confirm(len(removable), yes)
            with spinner_when_slow("Removing the environments"):
                succeeded &= remove_all(backend, removable, expired_on, _print_line)
        raise typer.Exit(0 if succeeded else FAILED)


app.command()(workflow)


def _selected(backend: Backend, numbers: Sequence[int]) -> list[Listed]:
    """Return the stacks of some pull requests; all for none."""
    stacks = backend.stacks()
    known = {each.number for each in stacks}
    for number in sorted(set(numbers) - known):
        print(f"pull request {number}: has no environment", file=sys.stderr)
    return [each for each in stacks if not numbers or each.number in numbers]


def _confirm(count: int, yes: bool) -> None:
    """Ask whether to remove environments.

    Raises:
        pulumi.RunError: There is no terminal, or the answer is no.
    """
    if yes:
        return
    what = f"{count} environment{'' if count == 1 else 's'}"
    if not is_interactive():
        raise pulumi.RunError(f"--yes is required to remove {what} without a terminal; --dry-run only prints them")
    if not typer.confirm(f"Remove {what}?", err=True):
        raise pulumi.RunError("nothing was removed")


def _print_line(text: str) -> None:
    print(text, flush=True)
