"""The hooks on a service, on a domain's association, and on connectors and configurations.

Their names are in the state, in one namespace per stack. Each begins with the name of its resource, and is public.
There are no delete hooks, because they make `pulumi destroy` fail without `--run-program`. The only after-hook prints a
report and cannot fail: if it failed, the new settings would stay in the state.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pulumi
from pulumi import (
    ErrorHook,
    ErrorHookArgs,
    ResourceHook,
    ResourceHookArgs,
    ResourceHookBinding,
    ResourceHookOptions,
)

from pulumi_apprunner import sdk
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle import retries
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.failures import report_failure
from pulumi_apprunner.lifecycle.images import require_image
from pulumi_apprunner.lifecycle.ready import make_ready
from pulumi_apprunner.lifecycle.retries import string_at
from pulumi_apprunner.lifecycle.runs import Case, Run, WatchedService
from pulumi_apprunner.lifecycle.sessions import LookupFailedError
from pulumi_apprunner.lifecycle.verification import current_run


def service_hooks(resource: str, service: WatchedService) -> ResourceHookBinding | None:
    """Return the hooks of a service; None under a user's mocks, which call no hooks.

    Args:
        resource: The service's logical name, which the hooks' names begin with.
        service: The service.
    """
    if sdk.runs_under_user_mocks():
        return None
    sdk.prepare_hook_server()
    run, settings, label, access = current_run(), service.settings, service.label, service.access
    waits = settings.wait_for_operation or settings.resume_paused

    async def before_update(args: ResourceHookArgs) -> None:
        # After a create whose wait failed, the state has the id, which is the ARN, but no outputs.
        arn = string_at(args.old_outputs, "arn") or args.id
        if waits:
            await _ready(run, arn, label, settings, access)
        if service.keeps_image:
            await require_image(run.calls(access, arn), label, args.new_inputs)

    async def after_update(args: ResourceHookArgs) -> None:
        await report_failure(run, Case(service, args.id))

    async def retry(args: ErrorHookArgs) -> bool:
        if args.failed_operation == "create":
            return await retries.create(run, args, service)
        if args.failed_operation == "update" and waits and retries.is_rejected_for_state(args):
            return await _retry_rejected(run, args, args.id, label, settings, access)
        if args.failed_operation == "update" and retries.failed_while_waiting(args) and settings.verify_deployment:
            await report_failure(run, Case(service, args.id))
        return False

    return ResourceHookBinding(
        before_update=[ResourceHook(f"{resource}-before-update", before_update)]
        if waits or service.keeps_image
        else None,
        after_update=[ResourceHook(f"{resource}-after-update", after_update, ResourceHookOptions(ignore_errors=True))]
        if settings.verify_deployment
        else None,
        on_error=[ErrorHook(f"{resource}-retry", retry)],
    )


def domain_hooks(resource: str, name: str, settings: Lifecycle, access: Access) -> ResourceHookBinding | None:
    """Return the hook of a domain's association; None under a user's mocks, or if the settings disable it.

    It calls AWS only after App Runner has rejected a call, because most associations are created on a running service.

    Args:
        resource: The association's logical name, which the hook's name begins with.
        name: The component's name.
        settings: Whether to wait and to resume.
        access: The access to AWS.
    """
    if sdk.runs_under_user_mocks() or not (settings.wait_for_operation or settings.resume_paused):
        return None
    run, label = current_run(), f"CustomDomain '{name}'"

    async def retry(args: ErrorHookArgs) -> bool:
        inputs = {"create": args.new_inputs, "delete": args.old_outputs}.get(args.failed_operation)
        if inputs is None or not retries.is_rejected_for_state(args):
            return False
        return await _retry_rejected(run, args, string_at(inputs, "serviceArn"), label, settings, access)

    return _on_error(resource, retry)


def configuration_hooks(resource: str) -> ResourceHookBinding | None:
    """Return the hook of a connector or configuration; None under a user's mocks.

    It retries the deletion until App Runner releases the resource from a deleted or updated service. `pulumi destroy`
    without `--run-program`, and an update that removes the resource from the program, run no hook. Then a second run
    succeeds.

    Args:
        resource: The resource's logical name, which the hook's name begins with.
    """
    if sdk.runs_under_user_mocks():
        return None
    run = current_run()

    async def retry(args: ErrorHookArgs) -> bool:
        return await retries.deletion(run, args, f"'{resource}'")

    return _on_error(resource, retry)


def _on_error(resource: str, retry: Callable[[ErrorHookArgs], Awaitable[bool]]) -> ResourceHookBinding:
    sdk.prepare_hook_server()
    return ResourceHookBinding(on_error=[ErrorHook(f"{resource}-retry", retry)])


async def _retry_rejected(
    run: Run, args: ErrorHookArgs, arn: str | None, label: str, settings: Lifecycle, access: Access
) -> bool:
    """Make a service ready for a call that App Runner rejected for its state, and return whether to retry the call."""
    wait = retries.wait_before(len(args.errors))
    if wait is None or not await _ready(run, arn, label, settings, access):
        return False
    await asyncio.sleep(wait)
    return True


async def _ready(run: Run, arn: str | None, label: str, settings: Lifecycle, access: Access) -> bool:
    """Make a service ready for a change, and return whether it is."""
    if not arn:
        return False
    try:
        return await make_ready(run.calls(access, arn), settings, lambda text: pulumi.log.info(f"{label}: {text}"))
    except pulumi.RunError as error:
        raise pulumi.RunError(f"{label}: {error}") from None
    except LookupFailedError as error:
        pulumi.log.warn(
            f"{label}: could not look up whether App Runner accepts a change now: {error}. "
            "Grant the deployer apprunner:DescribeService"
        )
        return False
