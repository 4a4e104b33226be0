"""The verification of each service's deployments: at the end of every `pulumi up`, also of one that changes nothing.

App Runner rolls a failed deployment back and is RUNNING then. The next update finds nothing to change, so what went
wrong is looked up again each time, until the settings have been deployed.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pulumi

from pulumi_apprunner import sdk
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import ANSWERED, GONE, Deployments, LookupFailedError, Operation, ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.differences import has_settings, uses
from pulumi_apprunner.lifecycle.ready import gone
from pulumi_apprunner.lifecycle.sessions import Session, WrongAccountError
from pulumi_apprunner.lifecycle.threads import run_in_thread

SWITCH = "APPRUNNER_VERIFY"
"""The environment variable for one run: `off`, `required`, or the names of the only components that are verified,
separated by commas."""

PREVIEW_SECONDS = 15
"""How long a preview, which only warns, waits for answers about all services together."""

REPORT_SECONDS = 60
"""How long a report of a failed deployment may take while the update goes on."""

_ADVICE = """\
  What to do: correct the settings and run `pulumi up`. If the settings are right, or to go back to the version that
  runs, set `deployment` to another value, which deploys the settings again. Every update fails until this program's
  settings are deployed; APPRUNNER_VERIFY=off in the environment skips this check for one run."""


@dataclass(frozen=True)
class Case:
    """A service that is verified.

    Args:
        name: The component that has it.
        arn: The service's ARN.
        settings: Whether and for how long.
        access: How AWS is called.
        wanted: The settings that the program wants, as pulumi_aws's inputs; empty where they are unknown.
    """

    name: str
    arn: str
    settings: Lifecycle
    access: Access
    wanted: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def label(self) -> str:
        """The component, as messages name it."""
        return f"AppRunnerService '{self.name}'"


class Run:
    """What the components share while one program runs: sessions, the services to be verified, what was reported."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.names: set[str] = set()
        """The components that have a service."""
        self.cases: list[Case] = []
        self.reported: set[str] = set()
        """ARNs of services whose failed deployment was reported while the update went on."""
        self._sessions: list[tuple[Access, Session]] = []
        sdk.at_shutdown(partial(_verify, self))

    def calls(self, access: Access, arn: str) -> ServiceCalls:
        """Return the calls about a service."""
        return ServiceCalls(self.session(access), arn)

    def session(self, access: Access) -> Session:
        """Return the session for a way to call AWS; there is one of each in a run."""
        found = next((session for known, session in self._sessions if known == access), None)
        if found is None:
            found = Session(access, preview=pulumi.runtime.is_dry_run())
            self._sessions.append((access, found))
        return found


def current_run() -> Run:
    """Return the run of the program that runs now; each update of an Automation API process is one of its own."""
    return sdk.once_per_run(Run)


def verify_at_shutdown(
    name: str, settings: Lifecycle, access: Access, arn: pulumi.Output[str], wanted: Mapping[str, Any]
) -> None:
    """Verify a service's deployments when everything else has gone through; a failed one fails the update.

    A preview only warns, so that the repair can be planned. A service that is not created, since the update targets
    others, is left out.

    Args:
        name: The component that has the service.
        settings: Whether it is verified, and how long a deployment in progress is waited for.
        access: How AWS is called.
        arn: The service's id, which is unknown where it is not created.
        wanted: The service's inputs.
    """
    if sdk.is_mocked():
        return
    run = current_run()
    run.names.add(name)
    if settings.verify_deployment is False:
        return

    known: dict[str, Any] = {}

    def add(service_arn: str) -> None:
        if service_arn:
            run.cases.append(Case(name, service_arn, settings, access, known))

    arn.apply(add)
    pulumi.Output.from_input(dict(wanted)).apply(known.update)


def _verify(run: Run) -> None:
    """Look at all services; for a thread in which no event loop runs."""
    switch = _switch()
    cases = _selected(run.cases, switch)
    if unknown := sorted(_names(switch) - run.names):
        raise pulumi.RunError(
            f'{SWITCH}: must be off, required, or names of AppRunnerService components, got "{", ".join(unknown)}". '
            f"Components of this program: {', '.join(sorted(run.names)) or 'none'}"
        )
    if not cases:
        return
    if pulumi.runtime.is_dry_run():
        for text in asyncio.run(_problems(run, cases, switch, Deadline(PREVIEW_SECONDS))):
            pulumi.log.warn(text)
    elif problems := asyncio.run(_problems(run, cases, switch, None)):
        raise pulumi.RunError("\n".join(problems))


def _switch() -> str:
    return os.environ.get(SWITCH, "").strip()


def _names(switch: str) -> set[str]:
    """Return the components that are named; none where all or none are meant."""
    return set() if switch.lower() in ("", "off", "required") else {name.strip() for name in switch.split(",")}


def _selected(cases: Sequence[Case], switch: str) -> Sequence[Case]:
    names = _names(switch)
    if switch.lower() == "off":
        return ()
    return [case for case in cases if case.name in names] if names else cases


async def _problems(run: Run, cases: Sequence[Case], switch: str, preview: Deadline | None) -> list[str]:
    """Return what is wrong with each service; what could not be looked up is a problem only where that is required."""
    outcomes = await asyncio.gather(*(_outcome(run, case, preview) for case in cases), return_exceptions=True)
    problems: list[str] = []
    for case, outcome in zip(cases, outcomes, strict=True):
        if isinstance(outcome, Exception) and not isinstance(outcome, WrongAccountError):
            text = f"{case.label}: {unread(outcome)}"
            if switch.lower() == "required" or case.settings.verify_deployment == "required":
                problems.append(text)
            elif preview is None:
                pulumi.log.warn(text)
        elif isinstance(outcome, BaseException) and not isinstance(outcome, WrongAccountError):
            raise outcome  # the process is to end
        elif outcome is not None:
            problems.append(f"{case.label}: {outcome}")
    return problems


async def _outcome(run: Run, case: Case, preview: Deadline | None) -> str | None:
    """Return what is wrong with a service, None where nothing is; a preview waits for no deployment."""
    deadline = preview or Deadline(case.settings.timeout_minutes * 60)
    service = run.calls(case.access, case.arn)
    newest: Operation | None = None
    try:
        async for message_due in poll(deadline):
            described = await run_in_thread(deadline, service.describe)
            if described["Status"] == GONE:
                return None if _deleted_by(run, described) else gone(case.arn)
            deployments = await run_in_thread(deadline, service.deployments)
            newest = deployments.newest
            if newest is None or not newest.is_under_way:
                failed = _failed(deployments, described, case.wanted)
                return failed and await _report(run, case, service, failed, newest, deadline)
            if preview is not None:
                return None
            if message_due:
                pulumi.log.info(f"{case.label}: a deployment is in progress, whose end is waited for ({newest.type})")
    except TimeoutError:
        if newest is None:
            raise
    return (
        f"the deployment must end within {case.settings.timeout_minutes} minutes, but is still in progress. Look at "
        "it in the console, or raise lifecycle.timeout_minutes. The next update verifies it again"
    )


def unread(error: Exception) -> str:
    """Return the message about deployments that could not be read."""
    reason = str(error) if isinstance(error, LookupFailedError) else "AWS did not answer in time"
    if not isinstance(error, LookupFailedError | TimeoutError):
        reason = f"{type(error).__name__}: {error}"
    return (
        f"could not read its deployments: {reason}. Grant the deployer apprunner:DescribeService and "
        "apprunner:ListOperations (docs/lifecycle.md lists its permissions), or set "
        "lifecycle.verify_deployment to False"
    )


def _deleted_by(run: Run, described: Mapping[str, Any]) -> bool:
    """Return whether a service was deleted in this run, as by `pulumi destroy --run-program`."""
    deleted, answered = described.get("DeletedAt"), described.get(ANSWERED)
    skew = answered - datetime.now(UTC) if isinstance(answered, datetime) else timedelta()
    # The answer's time has no fractions of a second.
    return isinstance(deleted, datetime) and deleted >= run.started + skew - timedelta(seconds=1)


def _failed(deployments: Deployments, described: Mapping[str, Any], wanted: Mapping[str, Any]) -> Operation | None:
    """Return the deployment that failed and whose settings have not been deployed since, None where all is well.

    A START_DEPLOYMENT that succeeds after a rollback deploys the settings that are in force, which are the old ones
    unless the service is described with the wanted ones.
    """
    newest, change = deployments
    if change is not None and not change.has_succeeded:
        repaired = newest is not None and newest.has_succeeded and has_settings(described, wanted)
        return None if repaired else change
    return None if newest is None or newest.has_succeeded else newest


async def _report(
    run: Run, case: Case, service: ServiceCalls, failed: Operation, newest: Operation | None, deadline: Deadline
) -> str:
    """Return the report on a failed deployment: what happened, the end of the log, what to do."""
    after = (
        "the version before it runs" if failed.status == "ROLLBACK_SUCCEEDED" else "the log shows which version runs"
    )
    if failed.type == "CREATE_SERVICE":
        after = "the service never ran"
    if newest is not None and newest.id != failed.id and newest.has_succeeded:
        after += f"; the {newest.type} since then did not deploy the settings that this program wants"
    started = f"{failed.started.astimezone():%Y-%m-%d %H:%M %Z}"
    head = f"its last deployment, {failed.type} of {started}, ended {failed.status}: {after}"
    if case.arn in run.reported:
        return f"{head} (reported above, with its log and what to do)"
    try:
        lines = await run_in_thread(deadline, service.log_tail, failed)
    except (LookupFailedError, TimeoutError) as error:
        lines = [f"(could not be read: {str(error) or 'no answer in time'})"]
    log = [f"  The end of its log, {service.log_group()}:", *(f"    {line}" for line in lines or ["(it is empty)"])]
    return "\n".join([head, *log, _ADVICE])


async def report_failure(run: Run, case: Case, using: str | None = None) -> bool:
    """Report a service whose last deployment has failed, once in a run, while the update goes on.

    It waits for no deployment and raises nothing. The verification at the end fails the update; where another error
    ends it before that, this report has been made all the same.

    Args:
        run: The run.
        case: The service.
        using: The ARN of a configuration or connector; a service that is not described with it is passed over.

    Returns:
        Whether it has failed.
    """
    deadline = Deadline(REPORT_SECONDS)
    service = run.calls(case.access, case.arn)
    try:
        described = await run_in_thread(deadline, service.describe)
        if described["Status"] == GONE:
            return False
        deployments = await run_in_thread(deadline, service.deployments)
        failed = _failed(deployments, described, case.wanted)
        if failed is None or failed.is_under_way or not (using is None or uses(described, using)):
            return False
        if case.arn not in run.reported and _selected([case], _switch()):
            text = await _report(run, case, service, failed, deployments.newest, deadline)
            run.reported.add(case.arn)
            pulumi.log.error(f"{case.label}: {text}")
    except (LookupFailedError, TimeoutError, WrongAccountError):
        return False
    return True
