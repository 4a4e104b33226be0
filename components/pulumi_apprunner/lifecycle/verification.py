"""The verification of each service's deployments at the end of every `pulumi up`, also if it changes nothing; together
with the wait for custom domains.

App Runner rolls back a failed deployment, and then the service is RUNNING. The next update has nothing to change. So
each update looks up the failure again until the settings are deployed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws

from apprunner_facts.operations import ServiceStatus
from pulumi_apprunner import sdk
from pulumi_apprunner.lifecycle import switch
from pulumi_apprunner.lifecycle.calls import RESPONDED_AT, Operation
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.domains import problems_of_domains
from pulumi_apprunner.lifecycle.failures import find_failure, report, summary
from pulumi_apprunner.lifecycle.outcomes import Unread, gather_outcomes
from pulumi_apprunner.lifecycle.ready import deletion_message
from pulumi_apprunner.lifecycle.runs import Case, DomainCase, Run, WatchedDomain, WatchedService
from pulumi_apprunner.lifecycle.threads import run_in_thread

PREVIEW_SECONDS = 15
"""Maximum seconds for which a preview waits for the responses about all services."""


def current_run() -> Run:
    """Return the current run of the program. Its services are verified at its end."""
    return sdk.once_per_run(_start_run)


def _start_run() -> Run:
    run = Run()
    sdk.at_shutdown(partial(_verify, run))
    return run


def verify_at_shutdown(service: WatchedService, arn: pulumi.Output[str]) -> None:
    """Verify a service's deployments after all other changes. A failed deployment fails the update.

    A preview only warns, because it may contain the fix. A service that is not created, because it is not a target of
    `pulumi up --target`, is not verified.

    Args:
        service: The service.
        arn: Its id, which is unknown if it is not created.
    """
    if sdk.is_mocked():
        return
    run = current_run()
    run.names.add(service.name)
    if service.settings.verify_deployment:
        arn.apply(lambda known: run.cases.append(Case(service, known)) if known else None)


def wait_at_shutdown(
    domain: WatchedDomain,
    association: "aws.apprunner.CustomDomainAssociation",
    records: pulumi.Output[Mapping[str, Mapping[str, str]]],
) -> None:
    """Wait for a domain after all other changes. A domain that is not active in time fails the update.

    A preview only warns. There is no wait for a domain that is not created, because it is not a target of `pulumi up
    --target`.

    Args:
        domain: The domain.
        association: Its association, whose id is unknown if it is not created.
        records: Its validation records, each with its name and value.
    """
    if sdk.is_mocked():
        return
    run = current_run()
    run.names.add(domain.name)

    def add(known: list[Any]) -> None:
        id, service_arn, urn, validation = known
        if id:
            values = {record["name"].rstrip(".").lower(): record["value"] for record in validation.values()}
            run.domains.append(DomainCase(domain, service_arn, urn, values))

    pulumi.Output.all(association.id, association.service_arn, association.urn, records).apply(add)


def _verify(run: Run) -> None:
    """Verify all services of a run and wait for its domains, in a thread without an event loop.

    Raises:
        pulumi.RunError: A deployment has failed, a domain is not active, or APPRUNNER_VERIFY names no component.
    """
    switch.check(run.names)
    cases = [case for case in run.cases if switch.selects(case.service.name)]
    domains = [case for case in run.domains if switch.selects(case.domain.name)]
    if not cases and not domains:
        return
    preview = Deadline(PREVIEW_SECONDS) if pulumi.runtime.is_dry_run() else None

    async def all_problems() -> list[str]:
        of_services, of_domains = await asyncio.gather(
            problems(run, cases, preview), problems_of_domains(run, domains, preview)
        )
        return [*of_services, *of_domains]

    texts = asyncio.run(all_problems())
    if preview is not None:
        for text in texts:
            pulumi.log.warn(text)
    elif texts:
        raise pulumi.RunError("\n".join(texts))


async def problems(run: Run, cases: Sequence[Case], preview: Deadline | None = None) -> list[str]:
    """Return the problems of services.

    Args:
        run: The run.
        cases: The services.
        preview: The deadline of a preview, which does not wait for deployments. Default: an update, which waits for
            them until each service's own deadline.

    Returns:
        A message for each failed deployment. An outcome that could not be read is included only if it is required;
        otherwise an update prints a warning, and a preview prints nothing.
    """
    results = await gather_outcomes(outcome(run, case, preview) for case in cases)
    texts: list[str] = []
    for case, result in zip(cases, results, strict=True):
        if isinstance(result, str):
            texts.append(f"{case.service.label}: {result}")
        elif isinstance(result, Unread):
            text = f"{case.service.label}: {_unread(result.reason)}"
            if switch.is_required() or case.service.settings.verify_deployment == "required":
                texts.append(text)
            elif preview is None:
                pulumi.log.warn(text)
    return texts


async def outcome(run: Run, case: Case, preview: Deadline | None = None) -> str | None:
    """Return the problem of a service; None if it has none.

    Raises:
        LookupFailedError: The service could not be looked up.
        TimeoutError: AWS did not respond in time.
        WrongAccountError: The credentials are for another account.
    """
    minutes = case.service.settings.timeout_minutes
    deadline = preview or Deadline(minutes * 60)
    calls = run.calls(case.service.access, case.arn)
    newest: Operation | None = None
    try:
        async for message_due in poll(deadline):
            described = await run_in_thread(deadline, calls.describe)
            if described["Status"] == ServiceStatus.DELETED:
                return None if _deleted_by(run, described) else deletion_message(case.arn)
            deployments = await run_in_thread(deadline, calls.deployments)
            newest = deployments.newest
            if newest is None or not newest.is_in_progress:
                failure = await find_failure(run, case, described, deployments)
                if failure is None or case.arn not in run.reported:
                    return failure and await report(calls, failure, deadline)
                return f"{summary(failure)} (reported above, with its log and what to do)"
            if preview is not None:
                return None
            if message_due:
                pulumi.log.info(f"{case.service.label}: waiting for a deployment in progress ({newest.type})")
    except TimeoutError:
        if newest is None:
            raise
    return (
        f"the deployment must end within {minutes} minutes, but is still in progress. Look at it in the console, or "
        "raise lifecycle.timeout_minutes. The next update verifies it again"
    )


def _unread(reason: str) -> str:
    """Return the message about deployments that could not be read."""
    return (
        f"could not read its deployments: {reason}. Grant the deployer apprunner:DescribeService and "
        "apprunner:ListOperations (docs/lifecycle.md lists its permissions), or set "
        "lifecycle.verify_deployment to False"
    )


def _deleted_by(run: Run, described: Mapping[str, Any]) -> bool:
    """Return whether a service was deleted in this run, as by `pulumi destroy --run-program`."""
    deleted, responded_at = described.get("DeletedAt"), described.get(RESPONDED_AT)
    skew = responded_at - datetime.now(UTC) if isinstance(responded_at, datetime) else timedelta()
    # The response's time has no fractions of a second.
    return isinstance(deleted, datetime) and deleted >= run.started + skew - timedelta(seconds=1)
