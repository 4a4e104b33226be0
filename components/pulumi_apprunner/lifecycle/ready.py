"""Waits until App Runner accepts a change of a service: the service runs, and no operation is in progress."""

from collections.abc import Callable

import pulumi

from apprunner_facts.operations import OperationType, ServiceStatus
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.sessions import LookupFailedError
from pulumi_apprunner.lifecycle.threads import run_in_thread

_RESUMES = 2
"""Maximum number of resumes: a schedule may pause the service again once."""


async def make_ready(service: ServiceCalls, settings: Lifecycle, print_progress: Callable[[str], None]) -> bool:
    """Wait for an operation in progress and resume a paused service, as the settings require.

    Args:
        service: The service.
        settings: Whether to wait and to resume, and for how long.
        print_progress: Prints a progress message.

    Returns:
        Whether the service runs now.

    Raises:
        pulumi.RunError: It took longer than `timeout_minutes`, resuming failed, or the service was deleted.
        LookupFailedError: The service could not be looked up.
    """
    deadline = Deadline(settings.timeout_minutes * 60)
    resumes, status = 0, ""
    try:
        async for message_due in poll(deadline):
            status = await run_in_thread(deadline, service.status)
            if status == ServiceStatus.DELETED:
                raise pulumi.RunError(deletion_message(service.arn))
            if status == ServiceStatus.PAUSED and settings.resume_paused:
                if resumes == _RESUMES:
                    raise pulumi.RunError(await _failed_resume_message(service, deadline))
                if not resumes:
                    print_progress(
                        "is paused, so it is being resumed. It stays running until its schedule pauses it again"
                    )
                resumes += await run_in_thread(deadline, service.resume)
            elif status == ServiceStatus.OPERATION_IN_PROGRESS and (settings.wait_for_operation or resumes):
                if message_due:
                    print_progress("waiting for an operation in progress to end")
            else:
                return status == ServiceStatus.RUNNING
    except TimeoutError:
        pass
    if not status:
        raise LookupFailedError("AWS did not respond in time")
    raise pulumi.RunError(
        f"must be ready for a change within {settings.timeout_minutes} minutes, but {service.arn} still has the "
        f"status {status}. Look at it in the console and run the update again when it runs, or raise "
        "lifecycle.timeout_minutes"
    )


def deletion_message(arn: str) -> str:
    """Return the message about a service that was deleted outside of Pulumi."""
    return (
        f"the service {arn} does not exist any more: it was deleted outside of Pulumi. "
        "Run `pulumi up --refresh` to create it again, or remove it from the program"
    )


async def _failed_resume_message(service: ServiceCalls, deadline: Deadline) -> str:
    resume = await run_in_thread(
        deadline,
        lambda: next((each for each in service.operations() if each.type == OperationType.RESUME_SERVICE), None),
    )
    outcome = f"RESUME_SERVICE ended {resume.status}" if resume else "there is no RESUME_SERVICE operation"
    return (
        f"the service {service.arn} is paused, and resuming it did not make it run: {outcome}. "
        f"Its log group is {service.log_group()}. Resume it in the console and run the update again"
    )
