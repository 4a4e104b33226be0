"""Bringing a service into a state in which App Runner accepts a change: no operation in progress, and running."""

from collections.abc import Callable

import pulumi

from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.calls import GONE, IN_PROGRESS, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.sessions import LookupFailedError
from pulumi_apprunner.lifecycle.threads import run_in_thread

Say = Callable[[str], None]

_RESUMES = 2
"""How often a paused service is resumed: a schedule may pause it again once."""


async def make_ready(service: ServiceCalls, settings: Lifecycle, say: Say) -> bool:
    """Wait for an operation in progress and resume a paused service, as far as the settings want it.

    Args:
        service: The service.
        settings: What is wanted, and for how long.
        say: Takes progress messages.

    Returns:
        Whether the service runs now.

    Raises:
        pulumi.RunError: It took longer than `timeout_minutes`, resuming failed, or the service does not exist any more.
        LookupFailedError: AWS could not be asked.
    """
    deadline = Deadline(settings.timeout_minutes * 60)
    resumes, last = 0, ""
    try:
        async for message_due in poll(deadline):
            last = await run_in_thread(deadline, service.status)
            if last == GONE:
                raise pulumi.RunError(gone(service.arn))
            if last == "PAUSED" and settings.resume_paused:
                if resumes == _RESUMES:
                    raise pulumi.RunError(await _not_resumed(service, deadline))
                if not resumes:
                    say("is paused, so it is being resumed. It stays running until its schedule pauses it again")
                resumes += await run_in_thread(deadline, service.resume)
            elif last == IN_PROGRESS and (settings.wait_for_operation or resumes):
                if message_due:
                    say("waiting for an operation in progress to end")
            else:
                return last == "RUNNING"
    except TimeoutError:
        pass
    if not last:
        raise LookupFailedError("AWS did not answer in time")
    raise pulumi.RunError(
        f"must be ready for a change within {settings.timeout_minutes} minutes, but {service.arn} still has the "
        f"status {last}. Look at it in the console and run the update again when it runs, or raise "
        "lifecycle.timeout_minutes"
    )


def gone(arn: str) -> str:
    """Return the message about a service that was deleted outside of Pulumi."""
    return (
        f"the service {arn} does not exist any more: it was deleted outside of Pulumi. "
        "Run `pulumi up --refresh`, which creates it again; or take it out of the program"
    )


async def _not_resumed(service: ServiceCalls, deadline: Deadline) -> str:
    resume = await run_in_thread(
        deadline, lambda: next((each for each in service.operations() if each.type == "RESUME_SERVICE"), None)
    )
    outcome = f"RESUME_SERVICE ended {resume.status}" if resume else "no RESUME_SERVICE operation was found"
    return (
        f"the service {service.arn} is paused, and resuming it did not make it run: {outcome}. "
        f"Its log group is {service.log_group()}. Resume it in the console and run the update again"
    )
