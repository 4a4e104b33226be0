"""The commands `apprunner status | logs | pause | resume | deploy`: they parse, call and print."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pulumi
import typer
from rich.console import Console

from apprunner_facts.bill import Assumptions
from pulumi_apprunner.cli.errors import errors_printed
from pulumi_apprunner.cli.operations import actions, logs
from pulumi_apprunner.cli.operations.coroutines import run_coroutine
from pulumi_apprunner.cli.operations.printing import print_status
from pulumi_apprunner.cli.operations.status import Status, read_status
from pulumi_apprunner.cli.operations.targets import Source, confirm, find_services
from pulumi_apprunner.cli.operations.watch import watch_status
from pulumi_apprunner.cli.options import Directory, Profile, Stack, StateFile, duration, integer, share
from pulumi_apprunner.cli.output import ERROR, console_for_output, print_json
from pulumi_apprunner.cli.progress import spinner_when_slow

T = TypeVar("T")

FAILED = 1
"""The exit status if a deployment or an operation failed. That of a service that could not be read is ERROR."""

_MINUTES = 30
_SECONDS_BETWEEN = 10

ServiceName = Annotated[
    str, typer.Argument(metavar="SERVICE", help="The service: the name of its component, or its ARN.")
]
Wait = Annotated[
    bool,
    typer.Option("--wait", metavar="", help="Wait for an operation in progress, and for the outcome."),
]
Minutes = Annotated[
    Any,
    typer.Option("--timeout", parser=integer(1, 60), metavar="MINUTES", help=f"The longest wait. Default: {_MINUTES}."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask for confirmation in production.")]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    for command in (status, log_lines, pause, resume, deploy):
        app.command(name="logs" if command is log_lines else None)(command)


def status(
    services: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERVICE]...", help="Names of components, or ARNs. Default: all services of the stack."
        ),
    ] = None,
    stack: Stack = None,
    cwd: Directory = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON. docs/guides/operations.md describes it.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", metavar="", help="Read and print it again until Ctrl-C.")
    ] = False,
    interval: Annotated[
        Any,
        typer.Option(
            parser=integer(2, 3600), metavar="SECONDS", help=f"Seconds between two reads. Default: {_SECONDS_BETWEEN}."
        ),
    ] = None,
    active: Annotated[
        Any,
        typer.Option(
            parser=share,
            metavar="SHARE",
            help="The share of its running hours in which an instance handles requests, for the cost. Default: "
            f"{Assumptions().active:.0%}.",
        ),
    ] = None,
    state: StateFile = None,
    profile: Profile = None,
) -> None:
    """Print the status of a stack's services. It changes nothing.

    For each service: its status, its last deployment and the verification of it, its address, domains, instances,
    alarms in ALARM, the next pause or resume, and an estimate of its cost in this month so far. Exit status: 0 success,
    1 a last deployment failed or a service was deleted, 2 an error.
    """
    with errors_printed():
        if watch and as_json:
            raise pulumi.RunError("--watch conflicts with --json. Remove one of them")
        if watch and not Console().is_terminal:
            raise pulumi.RunError("--watch requires a terminal. Remove it, or run the command in a terminal")
        target = find_services(services or [], Source(stack, cwd, state, profile))
        assumptions = Assumptions() if active is None else Assumptions(active=active)

        def read() -> Status:
            now = datetime.now(UTC)
            return run_coroutine(read_status(target.session, target.state, target.services, assumptions, now))

        if watch:
            watch_status(read, Console(highlight=False, emoji=False), interval or _SECONDS_BETWEEN)
            return
        with spinner_when_slow("Reading the services"):
            result = read()
        if as_json:
            print_json(result.as_json())
        else:
            with console_for_output() as console:
                print_status(console, result)
        unread = any("service" in each.unread for each in result.services)
        failed = any(each.has_failed for each in result.services)
        raise typer.Exit(ERROR if unread else FAILED if failed else 0)


def log_lines(
    service: ServiceName,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", metavar="", help="Wait for more lines until Ctrl-C.")
    ] = False,
    events: Annotated[
        bool,
        typer.Option(
            "--events", metavar="", help="App Runner's events (builds, deployments, health checks), not the "
            "application's lines."
        ),
    ] = False,
    since: Annotated[
        Any, typer.Option(parser=duration, metavar="TIME", help="How far back: 30s, 10m, 2h or 1d. Default: 1h.")
    ] = None,
    stack: Stack = None,
    cwd: Directory = Path(),
    state: StateFile = None,
    profile: Profile = None,
) -> None:  # fmt: skip
    """Print a service's log: time in UTC, stream, message. It changes nothing."""
    with errors_printed():
        target = find_services([service], Source(stack, cwd, state, profile))
        start = datetime.now(UTC) - (since or timedelta(hours=1))
        kind = "service" if events else "application"
        for line in logs.lines(target.session, target.services[0], kind, start, follow=follow):
            print(line, flush=follow)


def pause(
    service: ServiceName,
    wait: Wait = False,
    timeout: Minutes = None,
    yes: Yes = False,
    stack: Stack = None,
    cwd: Directory = Path(),
    state: StateFile = None,
    profile: Profile = None,
) -> None:
    """Pause a service. It then has no instances and no address that responds.

    Exit status: 0 success, 1 the operation failed, 2 an error.
    """
    _act(actions.PAUSE, service, wait, timeout, yes, Source(stack, cwd, state, profile))


def resume(
    service: ServiceName,
    wait: Wait = False,
    timeout: Minutes = None,
    yes: Yes = False,
    stack: Stack = None,
    cwd: Directory = Path(),
    state: StateFile = None,
    profile: Profile = None,
) -> None:
    """Resume a paused service with the version that was deployed last.

    With --wait, it also verifies the last deployment. Exit status: 0 success, also if the last deployment cannot be
    verified; 1 the operation or the last deployment failed; 2 an error.
    """
    _act(actions.RESUME, service, wait, timeout, yes, Source(stack, cwd, state, profile))


def deploy(
    service: ServiceName,
    wait: Wait = False,
    timeout: Minutes = None,
    yes: Yes = False,
    stack: Stack = None,
    cwd: Directory = Path(),
    state: StateFile = None,
    profile: Profile = None,
) -> None:
    """Deploy a service again: the image of its tag, or the newest commit of its branch, with its current settings.

    With --wait, it verifies the deployment as `pulumi up` does, and prints the end of the log of a failed one. Exit
    status: 0 success, also if the deployment cannot be verified; 1 the deployment failed; 2 an error.
    """
    _act(actions.DEPLOY, service, wait, timeout, yes, Source(stack, cwd, state, profile))


def _act(
    action: actions.Action,
    name: str,
    wait: bool,
    timeout: int | None,
    yes: bool,
    source: Source,
) -> None:
    with errors_printed():
        if timeout is not None and not wait:
            raise pulumi.RunError("--timeout requires --wait")
        target = find_services([name], source)
        (service,) = target.services
        confirm(action, target.state, service, yes)
        minutes = (timeout or _MINUTES) if wait else None
        succeeded = run_coroutine(actions.perform(target.session, service, action, minutes, _print_line))
        raise typer.Exit(0 if succeeded else FAILED)


def _print_line(text: str) -> None:
    print(text, flush=True)
