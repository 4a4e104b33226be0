"""What is retried after an error, and what is explained.

Only what App Runner refused without having done anything is retried. An error hook's `errors` are the messages so far,
the newest first.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, cast

import pulumi
from pulumi import ErrorHookArgs

from apprunner_facts.arns import parse_arn
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import service_named
from pulumi_apprunner.lifecycle.deadlines import Deadline, growing_waits
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, WrongAccountError
from pulumi_apprunner.lifecycle.threads import run_in_thread
from pulumi_apprunner.lifecycle.verification import REPORT_SECONDS, Case, Run, report_failure

_ROLE_IS_NEW = "error in assuming access role"
_NAME_IS_TAKEN = "already exists"
_NEVER_RAN = "create_failed"
_STATE_FORBIDS = "InvalidStateException"
_WAITED = ("unexpected state", "timeout while waiting")
_IN_USE = re.compile(r"InvalidRequestException.*\b(in use|used|using)\b", re.DOTALL)
"""The words differ by type: "It's used by one or more services", "is being used by other services"."""

_REFUSED_WAITS = tuple(growing_waits(3.0, 13.0))
"""Seconds before each retry of what a service refused for its state: 1, 3 and 9."""

_RELEASE_WAITS = tuple(growing_waits(1.5, 180.0))
"""Seconds before each retry of a deletion, 3 minutes together: App Runner releases what a deleted service used within
about two (reported by alchemy-run/alchemy, whose tests run on AWS; not documented)."""


def is_refused_for_state(args: ErrorHookArgs) -> bool:
    """Return whether App Runner refused a call for the service's state, which changes nothing."""
    return bool(args.errors) and _STATE_FORBIDS in args.errors[0]


def failed_while_waiting(args: ErrorHookArgs) -> bool:
    """Return whether App Runner accepted a call, and pulumi-aws then waited in vain for the service to run."""
    return bool(args.errors) and any(words in args.errors[0] for words in _WAITED)


def wait_before(retry: int) -> float | None:
    """Return the seconds to wait before a retry of what was refused for a service's state, counted from 1; None where
    there are no more."""
    return _REFUSED_WAITS[retry - 1] if 1 <= retry <= len(_REFUSED_WAITS) else None


async def deletion(run: Run, args: ErrorHookArgs, label: str) -> bool:
    """Return whether to retry a deletion that App Runner refused since a service uses the resource.

    If a service of this run keeps it because its deployment failed, that is reported instead.
    """
    tried = len(args.errors)
    refused = args.failed_operation == "delete" and tried >= 1 and _IN_USE.search(args.errors[0])
    if not refused or tried > len(_RELEASE_WAITS):
        return False
    if tried == 1:
        if any(await asyncio.gather(*(report_failure(run, case, args.id) for case in run.cases))):
            return False
        pulumi.log.info(f"{label}: App Runner has not released it from its service yet: retrying the deletion")
    await asyncio.sleep(_RELEASE_WAITS[tried - 1])
    return True


async def create(run: Run, args: ErrorHookArgs, name: str, settings: Lifecycle, access: Access) -> bool:
    """Return whether to retry the creation of a service; explain one that failed for good.

    Only one that App Runner refused because it cannot assume the access role yet is retried. Retrying after the service
    exists would create it twice.
    """
    label = f"AppRunnerService '{name}'"
    newest = args.errors[0].lower() if args.errors else ""
    if not any(each in newest for each in (_ROLE_IS_NEW, _NAME_IS_TAKEN, _NEVER_RAN)):
        return False
    service_name, region = _text(args.new_inputs, "serviceName") or "", _text(args.new_inputs, "region")
    session, deadline = run.session(access), Deadline(REPORT_SECONDS)
    try:
        role = _text((args.new_inputs or {}).get("instanceConfiguration"), "instanceRoleArn")
        if role is not None:
            await run_in_thread(deadline, session.require_account, parse_arn(role))
        arn = await run_in_thread(deadline, service_named, session, region, service_name)
    except (LookupFailedError, TimeoutError, WrongAccountError) as error:
        reason = str(error) or "AWS did not answer in time"
        pulumi.log.warn(
            f"{label}: could not find out whether a service {service_name} exists: {reason}. "
            "Grant the deployer apprunner:ListServices"
        )
        return False
    if arn is not None and _NEVER_RAN in newest and settings.verify_deployment:
        await report_failure(run, Case(name, arn, settings, access))
    if arn is not None and _NAME_IS_TAKEN in newest:
        pulumi.log.error(f"{label}: {_adoption(args, name, service_name, arn)}")
    waits, tried = list(growing_waits(1.6, settings.retry_access_role_seconds)), len(args.errors)
    if arn is not None or _ROLE_IS_NEW not in newest or tried > len(waits):
        return False
    if tried == 1:
        pulumi.log.info(f"{label}: the access role is new, and App Runner cannot assume it yet: trying again")
    await asyncio.sleep(waits[tried - 1])
    return True


def _adoption(args: ErrorHookArgs, component: str, service_name: str, arn: str) -> str:
    """Return how an existing service comes under this program's care."""
    stack, project, chain, logical_name = args.urn.split("::", 3)
    parents, _, type = chain.rpartition("$")
    return (
        f"a service named {service_name} exists: {arn}. If this program should manage it (an interrupted update left "
        "it, or it was created by hand), import it and run the update again:\n"
        f"  pulumi import {type} {logical_name} {arn} --parent 'parent={stack}::{project}::{parents}::{component}' "
        "--protect=false --generate-code=false\n"
        "If the import says that the resource exists already, an interrupted replacement left the service: delete it "
        "in AWS (docs/recovery.md). Otherwise delete it, or set another service_name"
    )


def _text(properties: Any, key: str) -> str | None:
    value = cast(Mapping[str, Any], properties).get(key) if isinstance(properties, Mapping) else None
    return value if isinstance(value, str) else None
