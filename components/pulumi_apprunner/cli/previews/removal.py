"""Removes environments: first a preview of it, then `pulumi destroy` and `pulumi stack rm` for each."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pulumi

from apprunner_facts.arns import parse_service_arn
from apprunner_facts.operations import ServiceStatus
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.cli.operations.coroutines import run_coroutine
from pulumi_apprunner.cli.operations.credentials import ADVICE, find_access
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.previews.backend import Backend, Listed
from pulumi_apprunner.cli.previews.environments import Environment
from pulumi_apprunner.cli.previews.interrupts import deferred_interrupt
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.ready import make_ready
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session
from pulumi_apprunner.offline.project import Project

Print = Callable[[str], None]


@dataclass(frozen=True)
class Planned:
    """An environment to remove, or one that cannot be removed.

    Args:
        stack: Its stack.
        environment: What its state says; None if the state could not be read.
        deletes: The resources that `pulumi destroy` would delete, by type.
        problem: Why it cannot be removed; "" if it can.
    """

    stack: Listed
    environment: Environment | None
    deletes: Counter[str]
    problem: str = ""


def plan_removal(backend: Backend, stacks: Iterable[Listed], expired_on: date | None) -> list[Planned]:
    """Return the environments to remove, each with a preview of its deletion; it changes nothing.

    Args:
        backend: The stacks.
        stacks: Those to remove.
        expired_on: Only environments that have expired on this day in UTC. None: all.
    """
    planned: list[Planned] = []
    for stack in stacks:
        try:
            environment = backend.read(stack)
            if expired_on is not None and not environment.has_expired(expired_on):
                continue
            if environment.obstacle:
                planned.append(Planned(stack, environment, Counter(), environment.obstacle))
                continue
            deletes = backend.preview_destroy(stack.name) if environment.resources else Counter[str]()
            planned.append(Planned(stack, environment, deletes))
        except pulumi.RunError as error:
            planned.append(Planned(stack, None, Counter(), str(error)))
    return planned


def remove_all(
    backend: Backend, project: Project, planned: Sequence[Planned], expired_on: date | None, print_line: Print
) -> bool:
    """Remove environments, and return whether all were removed. A failure does not stop the others.

    Args:
        backend: The stacks.
        project: The project, for the credentials of a resume.
        planned: Those without a problem.
        expired_on: As for `plan_removal`. An environment whose expiry has changed since then is not removed.
        print_line: Prints a line about progress or an outcome.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed. The Pulumi CLI has ended its run.
    """
    succeeded = True
    for each in planned:
        name = each.stack.name
        try:
            print_line(f"{name}: {_remove(backend, project, each.stack, expired_on, print_line)}")
        except (pulumi.RunError, LookupFailedError) as error:
            succeeded = False
            reason = explain(error) if isinstance(error, LookupFailedError) else str(error)
            print_line(f"{name}: not removed: {reason}")
        except KeyboardInterrupt:
            print_line(f"{name}: interrupted. Run the command again to remove what is left")
            raise
    return succeeded


def _remove(backend: Backend, project: Project, stack: Listed, expired_on: date | None, print_line: Print) -> str:
    """Remove an environment, and return what was done.

    Raises:
        pulumi.RunError: It must not be removed any more, or the removal failed.
        LookupFailedError: A paused service with a domain could not be resumed.
    """
    environment = backend.read(stack)  # it may have changed since the plan
    if environment.obstacle:
        raise pulumi.RunError(environment.obstacle)
    if expired_on is not None and not environment.has_expired(expired_on):
        return f"kept, because it now expires on {environment.expires}"
    if environment.services_with_domains:
        access = find_access(project, stack.name.rpartition("/")[2], None)
        session = Session(access, advice=ADVICE)
        for arn in environment.services_with_domains:
            _resume(ServiceCalls(session, arn), lambda text: print_line(f"{stack.name}: {text}"))
    with deferred_interrupt():
        deleted = backend.destroy(stack.name) if environment.resources else 0
        backend.remove(stack.name)
        return f"deleted {deleted} resources, and removed the stack"


def _resume(service: ServiceCalls, print_line: Print) -> None:
    """Resume a paused service: App Runner does not remove the domain of one."""
    name = parse_service_arn(service.arn).name
    if service.status() != ServiceStatus.DELETED:
        run_coroutine(make_ready(service, Lifecycle(), lambda text: print_line(f"{name} {text}")))
