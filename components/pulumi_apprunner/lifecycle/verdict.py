"""The verdict on each service's last deployment: it falls on every `pulumi up`, also one that changes nothing.

App Runner rolls a failed deployment back and is RUNNING then. The next update finds nothing to change, so what went
wrong is looked up again each time, until a deployment has succeeded.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from botocore.exceptions import BotoCoreError, ClientError  # pyright: ignore[reportMissingTypeStubs]

from pulumi_apprunner import sdk
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access, WrongAccountError
from pulumi_apprunner.lifecycle.calls import GONE, Operation, ServiceCalls
from pulumi_apprunner.lifecycle.waiting import looks

SWITCH = "APPRUNNER_VERIFY"
"""The environment variable that switches every verdict off, for one run, where it is "off"."""

_ADVICE = """\
  What to do: change what is wrong and deploy that; or, where the settings are right and the cause is mended, or they
  are to go back to what runs, set `deployment` to another text, which deploys them again. Every update fails until a
  deployment has succeeded; APPRUNNER_VERIFY=off in the environment lets one pass."""


@dataclass(frozen=True)
class _Case:
    """A service to be judged; `label` is the component that has it."""

    label: str
    arn: str
    said: Lifecycle
    access: Access


def judged(label: str, arn: pulumi.Output[str], said: Lifecycle, access: Access) -> None:
    """Have a service's last deployment judged at the end of this run, where it succeeded or is the reason of failure.

    Everything else has gone through by then. A preview only warns, so that the repair can be planned.

    Args:
        label: The component that has the service, as messages name it.
        arn: The service's ARN. One that is not known yet, in a preview, has nothing to be judged.
        said: Whether it is wanted, and how long a deployment in progress is waited for.
        access: How AWS is asked.
    """
    if said.verify_deployment and not sdk.is_mocked():
        arn.apply(lambda known: sdk.gather(_Case(label, known, said, access), _verdict))


def _verdict(cases: Sequence[_Case]) -> None:
    if os.environ.get(SWITCH, "").lower() == "off":
        return
    preview = pulumi.runtime.is_dry_run()
    failed: list[str] = []
    for case, found in zip(cases, asyncio.run(_outcomes(cases, wait=not preview)), strict=True):
        if isinstance(found, BotoCoreError | ClientError):
            if not preview:
                pulumi.log.warn(f"{case.label}: whether its last deployment succeeded could not be looked up: {found}")
        elif isinstance(found, BaseException) and not isinstance(found, WrongAccountError):
            raise found
        elif found is not None:
            failed.append(f"{case.label}: {found}")
    if preview:
        for text in failed:
            pulumi.log.warn(text)
    elif failed:
        raise pulumi.RunError("\n".join(failed))


async def _outcomes(cases: Sequence[_Case], wait: bool) -> Sequence[str | BaseException | None]:
    """Return for each service what is wrong with it, or why that is not known."""
    looked_up = (_outcome(case, ServiceCalls(case.access, case.arn), wait) for case in cases)
    return await asyncio.gather(*looked_up, return_exceptions=True)


async def _outcome(case: _Case, service: ServiceCalls, wait: bool) -> str | None:
    """Return what is wrong with a service's last deployment, None where nothing is."""
    async for time_to_say in looks(case.said.timeout_minutes * 60 if wait else 0):
        status = await asyncio.to_thread(service.status)
        last = None if status == GONE else await asyncio.to_thread(service.last_deployment)
        if last is None or last.has_succeeded:
            return None
        if not last.is_under_way:
            return await asyncio.to_thread(_told, service, last)
        if wait and time_to_say:
            pulumi.log.info(f"{case.label}: a deployment is in progress, whose end is waited for ({last.type})")
    if not wait:
        return None
    return (
        f"its deployment is still in progress after {case.said.timeout_minutes} minutes: look at it in the console; "
        "the next update judges it again. lifecycle.timeout_minutes says how long is waited"
    )


def why_it_failed(service: ServiceCalls) -> str | None:
    """Return what a service's last deployment is reported as, None where it has succeeded; a call for a thread."""
    last = service.last_deployment()
    return None if last is None or last.has_succeeded else _told(service, last)


def _told(service: ServiceCalls, last: Operation) -> str:
    """Return what a failed deployment is reported as: what happened, the end of the log, what to do."""
    after = "the version before it runs" if "ROLLBACK" in last.status else "see the log for what runs"
    if last.type == "CREATE_SERVICE":
        after = "the service never ran"
    try:
        lines = service.log_tail(last)
    except (BotoCoreError, ClientError) as error:
        lines = [f"(not to be read: {error})"]
    log = [f"  The end of its log, {service.log_group()}:", *(f"    {line}" for line in lines or ["(it is empty)"])]
    started = f"{last.started.astimezone():%Y-%m-%d %H:%M %Z}"
    head = f"its last deployment, {last.type} of {started}, ended {last.status}: {after}"
    return "\n".join([head, *log, _ADVICE])
