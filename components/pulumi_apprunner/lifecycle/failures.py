"""Failed deployments of a service, and the report on them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi

from apprunner_facts.operations import OperationStatus, OperationType, ServiceStatus
from pulumi_apprunner.lifecycle import switch
from pulumi_apprunner.lifecycle.calls import Deployments, LookupFailedError, Operation, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.differences import has_settings
from pulumi_apprunner.lifecycle.runs import Case, Run
from pulumi_apprunner.lifecycle.sessions import WrongAccountError
from pulumi_apprunner.lifecycle.threads import run_in_thread

REPORT_SECONDS = 60
"""Seconds that a report may take during an update."""

_ADVICE = """\
  What to do: correct the settings and run `pulumi up`. If the settings are
  right, or to go back to the version that runs, set `redeploy_trigger` to
  another value, which deploys the settings again. Every update fails until this
  program's settings are deployed. To skip this check for one run, set
  APPRUNNER_VERIFY=off in the environment."""


class Failure(NamedTuple):
    """A failed deployment. No later deployment deployed its settings.

    Args:
        operation: The failed deployment.
        newest: The newest deployment of any kind.
        described: DescribeService's response.
    """

    operation: Operation
    newest: Operation
    described: Mapping[str, Any]


async def find_failure(run: Run, case: Case, described: Mapping[str, Any], deployments: Deployments) -> Failure | None:
    """Return a service's failed deployment; None if the program's settings are deployed.

    Args:
        run: The run.
        case: The service.
        described: DescribeService's response.
        deployments: The service's newest deployments, none of them in progress.
    """
    wanted = await run.resolved(case.service.inputs) if deployments.was_redeployed else dict[str, Any]()
    return failed_deployment(described, deployments, wanted)


def failed_deployment(
    described: Mapping[str, Any], deployments: Deployments, wanted: Mapping[str, Any]
) -> Failure | None:
    """Return a service's failed deployment; None if the program's settings are deployed.

    A START_DEPLOYMENT that succeeds after a rollback deploys the current settings. These are the old settings, unless
    DescribeService returns the program's settings.

    Args:
        described: DescribeService's response.
        deployments: The service's newest deployments, none of them in progress.
        wanted: The program's settings. They matter only if `deployments.was_redeployed`.
    """
    newest, change = deployments
    if newest is None or (deployments.was_redeployed and has_settings(described, wanted)):
        return None
    failed = next((each for each in (change, newest) if each is not None and not each.has_succeeded), None)
    return None if failed is None else Failure(failed, newest, described)


async def look_up_failure(run: Run, case: Case) -> Failure | None:
    """Return a service's failed deployment; None if it has none, if one is in progress or if AWS does not respond."""
    deadline = Deadline(REPORT_SECONDS)
    try:
        calls = run.calls(case.service.access, case.arn)
        described = await run_in_thread(deadline, calls.describe)
        if described["Status"] == ServiceStatus.DELETED:
            return None
        deployments = await run_in_thread(deadline, calls.deployments)
    except (LookupFailedError, TimeoutError, WrongAccountError):
        return None
    if deployments.newest is None or deployments.newest.is_in_progress:
        return None
    return await find_failure(run, case, described, deployments)


async def report_failure(run: Run, case: Case) -> None:
    """Print the report on a service's failed deployment during the update, once in a run. Raise no error.

    The verification at the end fails the update. This report is printed even if another error ends the update first.
    """
    if case.arn not in run.reported and switch.selects(case.service.name):
        failure = await look_up_failure(run, case)
        if failure is not None:
            await print_report(run, case, failure)


async def print_report(run: Run, case: Case, failure: Failure) -> None:
    """Print the report on a failed deployment once in a run, unless APPRUNNER_VERIFY excludes the service."""
    if case.arn in run.reported or not switch.selects(case.service.name):
        return
    run.reported.add(case.arn)
    text = await report(run.calls(case.service.access, case.arn), failure, Deadline(REPORT_SECONDS))
    pulumi.log.error(f"{case.service.label}: {text}")


async def report(calls: ServiceCalls, failure: Failure, deadline: Deadline) -> str:
    """Return the report on a failed deployment: the summary, the end of the log, and the advice."""
    try:
        lines = await run_in_thread(deadline, calls.log_tail, failure.operation)
    except (LookupFailedError, TimeoutError) as error:
        lines = [f"(could not be read: {str(error) or 'no response in time'})"]
    log = [f"  The end of its log, {calls.log_group()}:", *(f"    {line}" for line in lines or ["(it is empty)"])]
    return "\n".join([summary(failure), *log, _ADVICE])


def summary(failure: Failure) -> str:
    """Return a summary of a failed deployment in one line."""
    failed = failure.operation
    after = "the log shows which version runs"
    if failed.status == OperationStatus.ROLLBACK_SUCCEEDED:
        after = "the version before it runs"
    if failed.type == OperationType.CREATE_SERVICE:
        after = "the service never ran"
    if failure.newest.id != failed.id:
        after += f"; the {failure.newest.type} since then did not deploy the settings that this program wants"
    started = f"{failed.started.astimezone():%Y-%m-%d %H:%M %Z}"
    return f"its last deployment, {failed.type} of {started}, ended {failed.status}: {after}"
