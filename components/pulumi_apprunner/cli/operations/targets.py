"""The services that a command reads or changes: of a stack, of a state in a file, or named by ARN."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pulumi
import typer

from apprunner_facts.arns import SERVICE
from apprunner_facts.environments import is_production
from pulumi_apprunner.cli.operations.actions import Action
from pulumi_apprunner.cli.operations.credentials import ADVICE, find_access
from pulumi_apprunner.cli.operations.state import DeployedService, State, export_state, load_state
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.project import Project, find_project


@dataclass(frozen=True)
class Source:
    """The options that name a stack, its state and the credentials."""

    stack: str | None
    cwd: Path
    state: Path | None
    profile: str | None


@dataclass(frozen=True)
class Target:
    """The services of a command, their stack and the session for the calls."""

    state: State
    services: list[DeployedService]
    session: Session


def confirm(action: Action, state: State, service: DeployedService, yes: bool) -> None:
    """Ask whether to change a service in production.

    Raises:
        pulumi.RunError: There is no terminal, or the answer is no.
    """
    names = [state.stack, *service.other_names]
    production = next((each for each in names if is_production(each)), None)
    if production is None or yes:
        return
    if not is_interactive():
        raise pulumi.RunError(f"{service.name}: --yes is required to {action.verb} in production ({production})")
    if not typer.confirm(f"{action.verb.capitalize()} {service.name} in production ({production})?", err=True):
        raise pulumi.RunError(f"{service.name}: not changed")


def is_interactive() -> bool:
    """Return whether a user can answer a question."""
    return sys.stdin.isatty()


def find_services(names: list[str], source: Source) -> Target:
    """Return the services with some names. Services that are all named by ARN need no stack."""
    if source.state is not None and source.stack is not None:
        raise pulumi.RunError("--state conflicts with --stack: a state is of one stack. Remove one of them")
    if other := next((each for each in names if each.startswith("arn:") and not SERVICE.fullmatch(each)), None):
        raise pulumi.RunError(
            f"must be the ARN of an App Runner service, arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID, got {other}"
        )
    by_arn = bool(names) and all(map(SERVICE.fullmatch, names))
    needs_stack = source.state is None and (source.stack is not None or not by_arn)
    project = _project(source.cwd, required=needs_stack)
    content = State()
    if source.state is not None:
        content = load_state(source.state)
    elif needs_stack and project is not None:
        short = project.resolve_stack(source.stack)
        with spinner_when_slow(f"Reading the state of {short}"):
            content = export_state(project.root, source.stack or short)
    services = content.select(names)
    access = find_access(project, content.stack, source.profile)
    return Target(content, services, Session(access, advice=ADVICE))


def _project(cwd: Path, *, required: bool) -> Project | None:
    try:
        return find_project(cwd)
    except ProjectError as error:
        if not required:
            return None
        raise pulumi.RunError(f"{error}, or name a service by its ARN") from None
