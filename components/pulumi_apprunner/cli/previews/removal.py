"""Removes environments: first a preview of it, then `pulumi destroy` and `pulumi stack rm` for each."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pulumi

from apprunner_facts.arns import parse_service_arn
from apprunner_facts.limits import RELEASE_SECONDS
from apprunner_facts.operations import ServiceStatus
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.cli.operations.coroutines import run_coroutine
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.previews.accounts import ProvidedResource, require_accounts
from pulumi_apprunner.cli.previews.backend import Backend, InUseError, Listed, read_all
from pulumi_apprunner.cli.previews.environments import Environment
from pulumi_apprunner.cli.previews.interrupts import deferred_interrupt
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.ready import make_ready
from pulumi_apprunner.lifecycle.sessions import LookupFailedError

Print = Callable[[str], None]

_ATTEMPTS = 3


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
    stacks = list(stacks)
    names: dict[int, list[str]] = {}
    for stack in stacks:
        names.setdefault(stack.number, []).append(stack.name)
    read = zip(stacks, read_all(backend.read, stacks), strict=True)
    planned = [_planned(backend, stack, found, names[stack.number], expired_on) for stack, found in read]
    return [each for each in planned if each]


def _planned(
    backend: Backend,
    stack: Listed,
    environment: Environment | pulumi.RunError,
    names: Sequence[str],
    expired_on: date | None,
) -> Planned | None:
    """Return what a removal would do; None if it would keep the environment.

    Args:
        backend: The stacks.
        stack: The stack.
        environment: What its state says, or why it could not be read.
        names: The names of all stacks with its number.
        expired_on: As for `plan_removal`.
    """
    if isinstance(environment, pulumi.RunError):
        return Planned(stack, None, Counter(), str(environment))
    if expired_on is not None and not environment.has_expired(expired_on):
        return None
    problem = environment.obstacle or _ambiguity(stack, names)
    try:
        destroyed = environment.entries and not problem
        deletes = backend.preview_destroy(stack.name) if destroyed else Counter[str]()
        return Planned(stack, environment, deletes, problem)
    except pulumi.RunError as error:
        return Planned(stack, environment, Counter(), str(error))


def _ambiguity(stack: Listed, names: Sequence[str]) -> str:
    """Return what to do if several organizations have a stack of the same pull request; "" if only one has."""
    if len(names) == 1:
        return ""
    return (
        f"pull request {stack.number} has a stack in {len(names)} organizations: {', '.join(names)}. Use an access "
        "token of one organization"
    )


def remove_all(
    backend: Backend,
    planned: Sequence[Planned],
    expired_on: date | None,
    print_line: Print,
) -> bool:
    """Remove environments, and return whether all were removed. A failure does not stop the others.

    Args:
        backend: The stacks.
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
            print_line(f"{name}: {_remove(backend, each, expired_on, print_line)}")
        except (pulumi.RunError, LookupFailedError) as error:
            succeeded = False
            reason = explain(error) if isinstance(error, LookupFailedError) else str(error)
            print_line(f"{name}: not removed: {reason}")
        except KeyboardInterrupt:
            print_line(f"{name}: interrupted. Run the command again to remove what is left")
            raise
    return succeeded


def _remove(backend: Backend, planned: Planned, expired_on: date | None, print_line: Print) -> str:
    """Remove an environment, and return what was done.

    App Runner releases profiles and connectors some time after it has deleted their service. A deletion that it
    rejects before that is repeated.

    Raises:
        pulumi.RunError: It must not be removed any more, or the removal failed.
        LookupFailedError: The account of the credentials could not be looked up, or a paused service with a domain
            could not be resumed.
    """
    stack, deleted = planned.stack, 0
    for attempt in range(1, _ATTEMPTS + 1):
        environment = backend.read(stack)  # it may have changed since the plan, or during the wait
        if environment.obstacle:
            raise pulumi.RunError(environment.obstacle)
        if expired_on is not None and not environment.has_expired(expired_on):
            return f"kept, because it now expires on {environment.expires}"
        if planned.environment and environment.expires not in (None, planned.environment.expires):
            raise pulumi.RunError(
                f"another update has moved its expiry to {environment.expires} since the plan. Run the command again"
            )
        require_accounts(environment.accounts)
        _resume_services(environment.services_with_domains, lambda text: print_line(f"{stack.name}: {text}"))
        try:
            with deferred_interrupt():
                deleted += backend.destroy(stack.name) if environment.entries else 0
            break
        except InUseError as error:
            deleted += error.deleted
            if attempt == _ATTEMPTS:
                raise
        print_line(f"{stack.name}: waiting until App Runner releases what its deleted services used")
        time.sleep(RELEASE_SECONDS / (_ATTEMPTS - 1))
    with deferred_interrupt():
        backend.remove(stack.name)
    return f"deleted {deleted} resources, and removed the stack"


def _resume_services(services: Iterable[ProvidedResource], print_line: Print) -> None:
    """Resume the paused services with domains: App Runner does not remove the domain of a paused service."""
    for each in services:
        service = ServiceCalls(each.open_session(), each.arn)
        name = parse_service_arn(each.arn).name
        if service.status() != ServiceStatus.DELETED:
            run_coroutine(make_ready(service, Lifecycle(), lambda text, name=name: print_line(f"{name} {text}")))
