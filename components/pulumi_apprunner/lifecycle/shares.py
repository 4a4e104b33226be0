"""The hook on the weight of a TrafficSplit: it refuses requests for a service that is not ready for them.

It never refuses weight 0, with which the stable service has all requests, and makes no call for it: a roll-back must
not depend on the state of a service.
"""

from typing import NamedTuple

import pulumi
from pulumi import ResourceHook, ResourceHookArgs, ResourceHookBinding

from apprunner_facts.operations import ServiceStatus
from pulumi_apprunner import sdk
from pulumi_apprunner.lifecycle import switch
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.failures import find_failure, summary
from pulumi_apprunner.lifecycle.outcomes import Unread, gather_outcomes
from pulumi_apprunner.lifecycle.retries import string_at
from pulumi_apprunner.lifecycle.runs import Case, Run, WatchedService, WatchedSplit
from pulumi_apprunner.lifecycle.threads import run_in_thread
from pulumi_apprunner.lifecycle.verification import current_run

_BYPASS = "To change the weight without this check, set APPRUNNER_VERIFY=off in the environment"


def weight_hooks(resource: str, split: WatchedSplit) -> ResourceHookBinding | None:
    """Return the hook of a split's weight; None under a user's mocks, or if the settings disable it.

    Args:
        resource: The logical name of the key with the weight, which the hook's name begins with.
        split: The split.
    """
    if sdk.runs_under_user_mocks():
        return None
    run = current_run()
    run.names.add(split.name)
    if not split.settings.verify_deployment:
        return None
    sdk.prepare_hook_server()

    async def check(args: ResourceHookArgs) -> None:
        before, after = _share(args.old_outputs), _share(args.new_inputs)
        if after.percent and after != before and switch.selects(split.name):
            await _require_ready(run, split, before, after)

    return ResourceHookBinding(
        before_create=[ResourceHook(f"{resource}-before-create", check)],
        before_update=[ResourceHook(f"{resource}-before-update", check)],
    )


class _Share(NamedTuple):
    """The share of a candidate: percent of the requests, and its host; "" at 0 percent."""

    percent: int
    host: str


async def _require_ready(run: Run, split: WatchedSplit, before: _Share, after: _Share) -> None:
    """Raise pulumi.RunError if the service that gets more requests is not ready for them."""
    another = before.host not in ("", after.host)
    role = "candidate" if another or after.percent > before.percent else "stable"
    arn = await pulumi.Output.from_input(split.arns[role]).future()
    if not arn:  # a resource that is not a target of `pulumi up --target`, and is not created
        return
    (problem,) = await gather_outcomes([_problem(run, split, arn)])
    if isinstance(problem, Unread):
        unread = f"could not look up the {role} service {arn}: {problem.reason}"
        if not switch.is_required() and split.settings.verify_deployment != "required":
            pulumi.log.warn(
                f"{split.label}: {unread}. Grant the deployer apprunner:DescribeService and apprunner:ListOperations "
                "(docs/lifecycle.md lists its permissions)"
            )
            return
        problem = unread
    if problem:
        change = (
            f"candidate: must not change at weight {after.percent}, since the new candidate"
            if another
            else f"weight: must not change from {before.percent} to {after.percent}, since the {role} service"
        )
        raise pulumi.RunError(f"{split.label}: {change} is not ready for more requests: {problem}. {_BYPASS}")


async def _problem(run: Run, split: WatchedSplit, arn: str) -> str | None:
    """Return why a service is not ready for requests; None if it is. It waits for an operation in progress.

    Raises:
        LookupFailedError: The service could not be looked up.
        TimeoutError: AWS did not respond in time.
        WrongAccountError: The credentials are for another account.
    """
    minutes = split.settings.timeout_minutes
    deadline = Deadline(minutes * 60)
    case = next((each for each in run.cases if each.arn == arn), None)
    case = case or Case(WatchedService(split.name, split.settings, split.access), arn)
    calls = run.calls(split.access, arn)
    status = ""
    async for message_due in poll(deadline):
        described = await run_in_thread(deadline, calls.describe)
        status = described["Status"]
        if status == ServiceStatus.DELETED:
            return f"{arn} does not exist"
        if status == ServiceStatus.PAUSED:
            return f"{arn} is paused. Resume it: apprunner resume, or in the console"
        deployments = await run_in_thread(deadline, calls.deployments)
        newest = deployments.newest
        if status != ServiceStatus.OPERATION_IN_PROGRESS and (newest is None or not newest.is_in_progress):
            failure = await find_failure(run, case, described, deployments)
            return failure and f"{arn}: {summary(failure)}. Deploy it successfully first"
        if message_due:
            pulumi.log.info(f"{split.label}: waiting for an operation in progress of {arn}")
    return (
        f"an operation of {arn} must end within {minutes} minutes, but is still in progress. Run the update again when "
        "it has ended, or raise lifecycle.timeout_minutes"
    )


def _share(properties: object) -> _Share:
    """Return the share among a key's properties; 0 percent if it is not a weight and a host, as for the function."""
    weight, _, host = (string_at(properties, "value") or "").partition(" ")
    return _Share(int(weight), host) if host and weight.isdecimal() and int(weight) else _Share(0, "")
