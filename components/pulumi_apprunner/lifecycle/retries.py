"""Retries after an error, and explanations of errors.

Only calls that App Runner rejected without an effect are retried. `ErrorHookArgs.errors` has the messages of all
attempts, the newest first.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, cast

import pulumi
from pulumi import ErrorHookArgs

from apprunner_facts.arns import parse_arn
from apprunner_facts.limits import RELEASE_SECONDS
from pulumi_apprunner.lifecycle.calls import service_named
from pulumi_apprunner.lifecycle.deadlines import Deadline, growing_waits
from pulumi_apprunner.lifecycle.differences import uses
from pulumi_apprunner.lifecycle.failures import REPORT_SECONDS, look_up_failure, print_report, report_failure
from pulumi_apprunner.lifecycle.runs import Case, Run, WatchedService
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, WrongAccountError
from pulumi_apprunner.lifecycle.threads import run_in_thread

_ROLE_IS_NEW = "error in assuming access role"
_NAME_EXISTS = "already exists"
_NEVER_RAN = "create_failed"
_INVALID_STATE = "InvalidStateException"
_FAILED_WAITS = ("unexpected state", "timeout while waiting")
_IN_USE = re.compile(r"InvalidRequestException.*\b(in use|used|using)\b", re.DOTALL)
"""The words differ by type: "It's used by one or more services", "is being used by other services"."""

_REJECTED_WAITS = tuple(growing_waits(3.0, 13.0))
"""Seconds before each retry of a call that App Runner rejected for the service's state: 1, 3 and 9."""

_RELEASE_WAITS = tuple(growing_waits(1.5, 1.5 * RELEASE_SECONDS))
"""Seconds before each retry of a deletion, 3 minutes in total: 1.5 times the reported duration of a release."""


def is_rejected_for_state(args: ErrorHookArgs) -> bool:
    """Return whether App Runner rejected a call for the service's state, without an effect."""
    return bool(args.errors) and _INVALID_STATE in args.errors[0]


def failed_while_waiting(args: ErrorHookArgs) -> bool:
    """Return whether App Runner accepted a call, and the service did not run while pulumi-aws waited."""
    return bool(args.errors) and any(words in args.errors[0] for words in _FAILED_WAITS)


def wait_before(retry: int) -> float | None:
    """Return the seconds before a retry of a call that was rejected for a service's state; None after the last retry.

    Args:
        retry: The retry's number, from 1.
    """
    return _REJECTED_WAITS[retry - 1] if 1 <= retry <= len(_REJECTED_WAITS) else None


async def deletion(run: Run, args: ErrorHookArgs, label: str) -> bool:
    """Return whether to retry a deletion that App Runner rejected because a service uses the resource.

    If a service of this run still uses it because its deployment failed, report that failure instead.
    """
    attempts = len(args.errors)
    is_rejected = args.failed_operation == "delete" and attempts >= 1 and _IN_USE.search(args.errors[0])
    if not is_rejected or attempts > len(_RELEASE_WAITS):
        return False
    if attempts == 1:
        if await _is_used(run, args.id):
            return False
        pulumi.log.info(f"{label}: App Runner has not released it from its service yet: retrying the deletion")
    await asyncio.sleep(_RELEASE_WAITS[attempts - 1])
    return True


async def _is_used(run: Run, arn: str) -> bool:
    """Return whether a service whose deployment failed uses a connector or configuration, and report the failure."""
    used = False
    for case in await run.once(_failing_cases):
        failure = await look_up_failure(run, case)  # a second time: the service may be deleted now
        if failure is not None and uses(failure.described, arn):
            await print_report(run, case, failure)
            used = True
    return used


async def _failing_cases(run: Run) -> list[Case]:
    """Return the services whose deployment has failed. It looks up each service of the run."""
    failures = await asyncio.gather(*(look_up_failure(run, case) for case in run.cases))
    return [case for case, failure in zip(run.cases, failures, strict=True) if failure is not None]


async def create(run: Run, args: ErrorHookArgs, service: WatchedService) -> bool:
    """Return whether to retry the creation of a service; explain the error if not.

    It is retried only if App Runner cannot assume the new access role yet and the service does not exist: a retry would
    create a second service.
    """
    newest = args.errors[0].lower() if args.errors else ""
    if not any(each in newest for each in (_ROLE_IS_NEW, _NAME_EXISTS, _NEVER_RAN)):
        return False
    service_name = string_at(args.new_inputs, "serviceName") or ""
    try:
        arn = await _existing(run, args, service, service_name)
    except (LookupFailedError, TimeoutError, WrongAccountError) as error:
        reason = str(error) or "AWS did not respond in time"
        pulumi.log.warn(
            f"{service.label}: could not look up whether a service {service_name} exists: {reason}. "
            "Grant the deployer apprunner:ListServices"
        )
        return False
    if arn is not None and _NEVER_RAN in newest and service.settings.verify_deployment:
        await report_failure(run, Case(service, arn))
    if arn is not None and _NAME_EXISTS in newest:
        pulumi.log.error(f"{service.label}: {_adoption(args, service.name, service_name, arn)}")
    if arn is not None or _ROLE_IS_NEW not in newest:
        return False
    waits, attempts = list(growing_waits(1.6, service.settings.retry_access_role_seconds)), len(args.errors)
    if attempts > len(waits):
        return False
    if attempts == 1:
        pulumi.log.info(f"{service.label}: App Runner cannot assume the new access role yet: retrying")
    await asyncio.sleep(waits[attempts - 1])
    return True


async def _existing(run: Run, args: ErrorHookArgs, service: WatchedService, service_name: str) -> str | None:
    """Return the ARN of the service with a name, in the instance role's account; None if it does not exist."""
    session, deadline = run.session(service.access), Deadline(REPORT_SECONDS)
    role = string_at((args.new_inputs or {}).get("instanceConfiguration"), "instanceRoleArn")
    if role is not None:
        await run_in_thread(deadline, session.require_account, parse_arn(role))
    region = string_at(args.new_inputs, "region")
    return await run_in_thread(deadline, service_named, session, region, service_name)


def _adoption(args: ErrorHookArgs, component: str, service_name: str, arn: str) -> str:
    """Return instructions to import an existing service into this program's state."""
    stack, project, chain, logical_name = args.urn.split("::", 3)
    parents, _, type = chain.rpartition("$")
    return (
        f"a service named {service_name} exists: {arn}. If this program should manage it (an interrupted update left "
        "it, or it was created manually), import it and run the update again:\n"
        f"  pulumi import {type} {logical_name} {arn} --parent 'parent={stack}::{project}::{parents}::{component}' "
        "--protect=false --generate-code=false\n"
        "If the import says that the resource exists already, an interrupted replacement left the service: delete it "
        "in AWS (docs/recovery.md). Otherwise delete it, or set another service_name"
    )


def string_at(properties: Any, key: str) -> str | None:
    """Return a string among a hook's properties; None if it is missing or an output."""
    value = cast(Mapping[str, Any], properties).get(key) if isinstance(properties, Mapping) else None
    return value if isinstance(value, str) else None
