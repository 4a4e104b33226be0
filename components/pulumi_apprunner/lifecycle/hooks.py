"""The hooks on a service and on a domain's association.

Their names stand in the state, one namespace a stack: they begin with the component's name and are public for ever.
There are no delete hooks: with one a plain `pulumi destroy` fails.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
from botocore.exceptions import BotoCoreError, ClientError  # pyright: ignore[reportMissingTypeStubs]
from pulumi import ErrorHook, ErrorHookArgs, ResourceHook, ResourceHookArgs, ResourceHookBinding

from pulumi_apprunner import sdk
from pulumi_apprunner.args.inputs import answers_are_made_up
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access, WrongAccountError
from pulumi_apprunner.lifecycle.calls import ServiceCalls, service_named
from pulumi_apprunner.lifecycle.ready import make_ready
from pulumi_apprunner.lifecycle.verdict import why_it_failed
from pulumi_apprunner.lifecycle.waiting import growing

_ROLE_IS_NEW = "error in assuming access role"
_NAME_IS_TAKEN = "already exists"
_NEVER_RAN = "create_failed"
_STATE_FORBIDS = "InvalidStateException"
"""What has made nothing and taken nothing off, so that nothing is done twice when it is tried again."""

_WAITS = tuple(growing(3.0, 13.0))
"""Seconds before each new try of what the state forbade: 1, 3 and 9."""


def service_hooks(name: str, label: str, said: Lifecycle, access: Access) -> ResourceHookBinding | None:
    """Return the hooks of a service; None under somebody's own mocks, which call none.

    Args:
        name: The component's name, which the hooks' names begin with.
        label: The component, as messages name it.
        said: What is wanted.
        access: How AWS is asked.
    """
    if answers_are_made_up():
        return None
    sdk.let_hooks_start()

    async def retry_create(args: ErrorHookArgs) -> bool:
        return args.failed_operation == "create" and await _to_be_created_again(args, name, label, said, access)

    async def before_update(args: ResourceHookArgs) -> None:
        await _ready(_text(args.old_outputs, "arn"), label, said, access)

    return ResourceHookBinding(
        before_update=[ResourceHook(f"{name}-before-update", before_update)]
        if said.wait_for_operation or said.resume_paused
        else None,
        on_error=[ErrorHook(f"{name}-retry-create", retry_create)],
    )


def domain_hooks(name: str, label: str, said: Lifecycle, access: Access) -> ResourceHookBinding | None:
    """Return the hook of a domain's association; None under somebody's own mocks, and where none is wanted.

    AWS is asked only once it has refused: most associations are made on a service that is running.
    """
    if answers_are_made_up() or not (said.wait_for_operation or said.resume_paused):
        return None
    sdk.let_hooks_start()

    async def retry_refused(args: ErrorHookArgs) -> bool:
        """A plain destroy runs no hook; a destroy with the program and an update do."""
        given = {"create": args.new_inputs, "delete": args.old_outputs}.get(args.failed_operation)
        tried = len(args.errors)
        if given is None or not 1 <= tried <= len(_WAITS) or _STATE_FORBIDS not in args.errors[0]:
            return False
        if not await _ready(_text(given, "serviceArn"), label, said, access):
            return False
        await asyncio.sleep(_WAITS[tried - 1])
        return True

    return ResourceHookBinding(on_error=[ErrorHook(f"{name}-retry-refused", retry_refused)])


async def _ready(arn: str | None, label: str, said: Lifecycle, access: Access) -> bool:
    """Make a service ready for a change, and return whether it is."""
    if not arn:
        return False
    try:
        return await make_ready(ServiceCalls(access, arn), said, lambda text: pulumi.log.info(f"{label}: {text}"))
    except WrongAccountError as error:
        raise pulumi.RunError(f"{label}: {error}") from None
    except (BotoCoreError, ClientError) as error:
        pulumi.log.warn(f"{label}: whether App Runner takes a change now could not be looked up: {error}")
        return False


async def _to_be_created_again(args: ErrorHookArgs, name: str, label: str, said: Lifecycle, access: Access) -> bool:
    """Tell whether a create that failed is tried again; and explain one that failed for good.

    Only one that App Runner refused since it cannot assume the access role yet. What failed after the service was
    there would be made twice.
    """
    newest = args.errors[0].lower() if args.errors else ""
    if not any(each in newest for each in (_ROLE_IS_NEW, _NAME_IS_TAKEN, _NEVER_RAN)):
        return False
    service_name = _text(args.new_inputs, "serviceName") or ""
    region = _text(args.new_inputs, "region")
    try:
        there = await asyncio.to_thread(service_named, access, region, service_name)
        if there is not None and _NEVER_RAN in newest and said.verify_deployment:
            pulumi.log.error(f"{label}: {await asyncio.to_thread(why_it_failed, ServiceCalls(access, there))}")
    except (BotoCoreError, ClientError, WrongAccountError) as error:
        pulumi.log.warn(f"{label}: what became of {service_name} could not be looked up: {error}")
        return False
    if there is not None and _NAME_IS_TAKEN in newest:
        pulumi.log.error(f"{label}: {_adoption(args, name, service_name, there)}")
    waits = list(growing(1.6, said.retry_access_role_seconds))
    tried = len(args.errors)
    if there is not None or _ROLE_IS_NEW not in newest or tried > len(waits):
        return False
    if tried == 1:
        pulumi.log.info(f"{label}: the access role is new, and App Runner cannot assume it yet: trying again")
    await asyncio.sleep(waits[tried - 1])
    return True


def _adoption(args: ErrorHookArgs, component: str, service_name: str, arn: str) -> str:
    """Return how a service that is there already comes under this program's care."""
    stack, project, chain, logical_name = args.urn.split("::", 3)
    parents, _, type = chain.rpartition("$")
    return (
        f"a service named {service_name} exists: {arn}. Where it is the one that this program is to have (an update "
        "that was cut off left it, or it was made by hand), adopt it, and then update again:\n"
        f"  pulumi import {type} {logical_name} {arn} --parent 'parent={stack}::{project}::{parents}::{component}' "
        "--protect=false --generate-code=false\n"
        "Otherwise delete it, or give this one another service_name"
    )


def _text(properties: Mapping[str, Any] | None, key: str) -> str | None:
    found = (properties or {}).get(key)
    return found if isinstance(found, str) else None
