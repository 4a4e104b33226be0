"""The command `apprunner rightsize` and its options."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from apprunner_facts.observability import DAYS_KEPT
from apprunner_facts.timezones import timezones
from pulumi_apprunner.cli.errors import errors_printed
from pulumi_apprunner.cli.operations.coroutines import run_coroutine
from pulumi_apprunner.cli.operations.measuring import DAYS, Unread
from pulumi_apprunner.cli.operations.targets import Source, Target, find_services
from pulumi_apprunner.cli.options import Directory, Profile, Stack, StateFile, integer
from pulumi_apprunner.cli.output import ERROR, console_for_output, ignore_closed_pipe, print_json
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.rightsize.measuring import measure
from pulumi_apprunner.cli.rightsize.printing import as_json as advice_as_json
from pulumi_apprunner.cli.rightsize.printing import print_advice
from pulumi_apprunner.offline.listing import suggestion
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.rightsize.analysis import Advice
from pulumi_apprunner.rightsize.stack_file import write_settings


def rightsize(
    services: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERVICE]...", help="Names of components, or ARNs. Default: all services of the stack."
        ),
    ] = None,
    stack: Stack = None,
    cwd: Directory = Path(),
    days: Annotated[
        Any,
        typer.Option(
            parser=integer(2, DAYS_KEPT), metavar="NUMBER", help=f"Days of measurements. Default: {DAYS}, at most 15."
        ),
    ] = DAYS,
    timezone: Annotated[
        str, typer.Option(metavar="NAME", help="The IANA time zone of proposed pauses, such as Europe/Berlin.")
    ] = "UTC",
    write: Annotated[
        bool,
        typer.Option(
            "--write", metavar="", help="Write the proposals into the stack file of a Fleet. Review its diff."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON. docs/guides/rightsize.md describes it.")
    ] = False,
    state: StateFile = None,
    profile: Profile = None,
) -> None:
    """Propose the size, scaling profile and pauses that fit the measured usage of a stack's services.

    Reads CPU, memory, requests, latency and instances from CloudWatch, and changes nothing in AWS. Exit status: 0
    success, 2 an error, or a service that could not be read.
    """
    with errors_printed():
        _check_timezone(timezone)
        target = find_services(services or [], Source(stack, cwd, state, profile))
        location = _stack_file(cwd, target) if write else None
        with spinner_when_slow("Reading the metrics"):
            results = run_coroutine(
                measure(target.session, target.state, target.services, datetime.now(UTC), days, timezone)
            )
        with ignore_closed_pipe():
            _print(target, results, as_json)
        if location is not None:
            _write(*location, results)
        if any(isinstance(each, Unread) for each in results):
            raise typer.Exit(ERROR)


def _check_timezone(name: str) -> None:
    names = timezones()
    if name not in names:
        raise pulumi.RunError(
            f"--timezone: must be an IANA time zone such as Europe/Berlin or UTC, got {name!r}"
            f"{suggestion(name, sorted(names))}"
        )


def _print(target: Target, results: Sequence[Advice | Unread], as_json: bool) -> None:
    if as_json:
        print_json(advice_as_json(results))
        return
    title = " ".join(filter(None, (target.state.project, target.state.stack))) or "Services"
    with console_for_output() as console:
        print_advice(console, title, results)


def _stack_file(cwd: Path, target: Target) -> tuple[Path, str]:
    """Return the stack's file and the project's name."""
    project = find_project(cwd)
    return project.stacks[project.resolve_stack(target.state.stack or None)], project.name


def _write(file: Path, project: str, results: Sequence[Advice | Unread]) -> None:
    """Write the proposals into the stack's file, and print what was written to stderr."""
    advice = [each for each in results if isinstance(each, Advice)]
    settings = {
        each.service.name: {key: value for proposal in each.proposals for key, value in proposal.settings.items()}
        for each in advice
        if each.proposals
    }
    written = write_settings(file, project, settings)
    lines = [f"{file.name}: changed {name}" for name in written.services]
    lines += [f"{file.name}: has no service {name}. Change it in the program" for name in written.missing]
    lines += [f"{file.name}: {each}" for each in written.kept]
    if written.has_new_layout:
        lines.append(f"{file.name}: other lines have a new layout too. Review the diff")
    typer.echo("\n".join(lines or [f"{file.name}: not changed"]), err=True)
