"""Bringing a service to where App Runner takes a change: nothing in progress, and running."""

import asyncio
from collections.abc import Callable

import pulumi

from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.calls import IN_PROGRESS, ServiceCalls
from pulumi_apprunner.lifecycle.waiting import looks

Say = Callable[[str], None]


async def make_ready(service: ServiceCalls, said: Lifecycle, say: Say) -> bool:
    """Wait for the operation in progress and resume a paused service, as far as is wanted; return whether it runs now.

    Raises:
        pulumi.RunError: It took longer than `timeout_minutes`.
    """
    resumed = False
    async for time_to_say in looks(said.timeout_minutes * 60):
        status = await asyncio.to_thread(service.status)
        if status == "PAUSED" and said.resume_paused:
            if not resumed:
                say("is paused: it is resumed for this, and stays running until its schedule pauses it again")
            resumed = True
            await asyncio.to_thread(service.resume)
        elif status == IN_PROGRESS and (said.wait_for_operation or resumed):
            if time_to_say:
                say("has an operation in progress, which is waited for")
        else:
            return status == "RUNNING"
    raise pulumi.RunError(
        f"after {said.timeout_minutes} minutes there is still an operation in progress on {service.arn}: look at it in "
        "the console, and try again when it has ended; lifecycle.timeout_minutes says how long is waited"
    )
