"""Pause, resume and deploy a service, and wait for the outcome."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import pulumi

from apprunner_facts.arns import parse_arn
from apprunner_facts.operations import OperationType, ServiceStatus
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.cli.operations.times import local_time
from pulumi_apprunner.cli.operations.verification import verify
from pulumi_apprunner.lifecycle.calls import Operation, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.failures import REPORT_SECONDS, report
from pulumi_apprunner.lifecycle.ready import deletion_message
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session, readable_failures
from pulumi_apprunner.lifecycle.threads import run_in_thread

T = TypeVar("T")

Verb = Literal["pause", "resume", "deploy"]
Print = Callable[[str], None]

_SECONDS = 60
"""Seconds for the calls of a command that does not wait."""


@dataclass(frozen=True)
class Action:
    """A change of a service.

    Args:
        verb: The command.
        method: The method of boto3's client.
        operation: The type of the operation that it starts.
        accepts: The status in which App Runner accepts it.
        done: The status in which there is nothing to do; "" for none.
        progress: What the command does, for messages.
    """

    verb: Verb
    method: str
    operation: str
    accepts: str
    done: str
    progress: str


_RUNNING, _PAUSED = ServiceStatus.RUNNING, ServiceStatus.PAUSED
PAUSE = Action("pause", "pause_service", OperationType.PAUSE_SERVICE, _RUNNING, _PAUSED, "pausing")
RESUME = Action("resume", "resume_service", OperationType.RESUME_SERVICE, _PAUSED, _RUNNING, "resuming")
DEPLOY = Action("deploy", "start_deployment", OperationType.START_DEPLOYMENT, _RUNNING, "", "deploying")


async def perform(
    session: Session, service: DeployedService, action: Action, minutes: float | None, print_line: Print
) -> bool:
    """Change a service, and return whether it succeeded.

    With a wait, the operation must succeed, and the last deployment of a service that runs then must not have failed.
    Without a wait, App Runner must accept the call.

    Args:
        session: The session for the calls.
        service: The service.
        action: The change.
        minutes: The minutes to wait for an operation in progress and for the outcome. None: do not wait.
        print_line: Prints a line about the progress or the outcome.

    Raises:
        pulumi.RunError: The service's status does not allow it, a call failed, or it took too long.
    """
    calls = ServiceCalls(session, service.arn)
    deadline = Deadline(_SECONDS if minutes is None else minutes * 60)
    try:
        status = await _settled_status(calls, service, action, deadline, minutes is not None, print_line)
        if status == action.done:
            print_line(f"{service.name}: is {status} already")
            return True
        if status != action.accepts:
            raise pulumi.RunError(f"{service.name}: {_refusal(action, status, service)}")
        id = await run_in_thread(deadline, _start, session, service.arn, action)
        if minutes is None:
            print_line(f"{service.name}: {action.progress} (operation {id}). Look at it with `apprunner status`")
            return True
        operation = await _ended(calls, service, action, id, deadline, print_line)
        return await _outcome(calls, service, operation, print_line)
    except LookupFailedError as error:
        raise pulumi.RunError(f"{service.name}: {explain(error)}") from None
    except TimeoutError as error:
        waited = explain(error) if minutes is None else f"{action.operation} must end within {minutes:g} minutes"
        raise pulumi.RunError(f"{service.name}: {waited}. It may still be in progress: `apprunner status`") from None


async def _settled_status(
    calls: ServiceCalls, service: DeployedService, action: Action, deadline: Deadline, waits: bool, print_line: Print
) -> str:
    """Return a service's status, after an operation in progress if the command waits."""
    async for message_due in poll(deadline):
        status = await run_in_thread(deadline, calls.status)
        if status == ServiceStatus.DELETED:
            raise pulumi.RunError(f"{service.name}: {deletion_message(service.arn)}")
        if status != ServiceStatus.OPERATION_IN_PROGRESS:
            return status
        if not waits:
            raise pulumi.RunError(
                f"{service.name}: must have no operation in progress to {action.verb}, got {status}. Use --wait, or "
                "run the command again when it has ended"
            )
        if message_due:
            print_line(f"{service.name}: waiting for an operation in progress")
    raise TimeoutError


def _refusal(action: Action, status: str, service: DeployedService) -> str:
    fixes: Mapping[str, str] = {
        _PAUSED: f"Resume it first: apprunner resume {service.name}",
        ServiceStatus.CREATE_FAILED: "Correct its settings, or fix the cause, such as a missing "
        "image, and set redeploy_trigger to another value. Then run `pulumi up`, which builds it again",
    }
    fix = fixes.get(status, "Look at it in the console")
    return f"must be {action.accepts} to {action.verb}, got {status}. {fix}"


def _start(session: Session, arn: str, action: Action) -> str:
    """Start the operation, and return its id."""
    with readable_failures():
        client: Any = session.client("apprunner", parse_arn(arn).region)
        response = getattr(client, action.method)(ServiceArn=arn)
        return str(response["OperationId"])


async def _ended(
    calls: ServiceCalls, service: DeployedService, action: Action, id: str, deadline: Deadline, print_line: Print
) -> Operation:
    """Wait for the end of an operation, and return it."""

    def find() -> Operation | None:
        return next((each for each in calls.operations() if each.id == id), None)

    async for message_due in poll(deadline):
        operation = await run_in_thread(deadline, find)
        if operation is not None and not operation.is_in_progress:
            return operation
        if message_due:
            print_line(f"{service.name}: {action.progress} (operation {id})")
    raise TimeoutError


async def _outcome(calls: ServiceCalls, service: DeployedService, operation: Operation, print_line: Print) -> bool:
    """Print the outcome of an operation, and of the verification of the service that runs then."""
    outcome = operation.status.lower() if operation.has_succeeded else operation.status
    line = f"{service.name}: {operation.type} of {local_time(operation.started)} {outcome}"
    deadline = Deadline(REPORT_SECONDS)
    if not operation.is_deployment:
        print_line(line)
    if operation.type == PAUSE.operation:
        return operation.has_succeeded
    try:
        described, deployments = await asyncio.gather(
            run_in_thread(deadline, calls.describe), run_in_thread(deadline, calls.deployments)
        )
    except (LookupFailedError, TimeoutError) as error:
        raise pulumi.RunError(f"{service.name}: its last deployment could not be read: {explain(error)}") from None
    verification = verify(described, deployments, service.inputs)
    if verification.failure is not None:
        print_line(f"{service.name}: {await report(calls, verification.failure, deadline)}")
        return False
    if operation.is_deployment and not (operation.has_succeeded and verification.result == "verified"):
        print_line(line)
    print_line(f"{service.name}: {verification.reason}")
    return operation.has_succeeded
