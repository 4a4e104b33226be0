"""Why an environment must not be removed, as far as the state of its stack says so."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi_apprunner.offline.values import is_map, value_at

Entry = Mapping[str, Any]
"""A resource in an exported state."""

FLEET = "apprunner:index:Fleet"


def find_obstacle(
    stack: str, number: int, project: str, resources: Sequence[Entry], pending: Iterable[Entry], *, is_updating: bool
) -> str:
    """Return why an environment must not be removed; "" if it may be.

    Args:
        stack: The stack's name.
        number: The number in it.
        project: The project's name.
        resources: The resources in the stack's state.
        pending: The operations in it that were interrupted.
        is_updating: Whether the backend reports an update in progress.
    """
    obstacles = [
        updating(stack) if is_updating else "",
        _other_origin(stack, project, resources),
        _other_stack(stack, number, resources),
        _protection(resources),
        _interruption(pending, stack),
    ]
    return next(filter(None, obstacles), "")


def updating(stack: str) -> str:
    """Return what to do about a stack that is locked."""
    return (
        "an update is in progress. Run the command again when it has ended. If an update was killed and none is "
        f"running, run `pulumi cancel --stack {stack}` first"
    )


def is_in_aws(resource: Entry) -> bool:
    """Return whether a destroy deletes a resource from its cloud: it is no component, no provider and was not read."""
    return bool(resource.get("custom")) and not resource["type"].startswith("pulumi:") and not resource.get("external")


def name_of(resource: Entry) -> str:
    """Return the logical name of a resource."""
    return str(resource["urn"]).rpartition("::")[2]


def _other_origin(stack: str, project: str, resources: Iterable[Entry]) -> str:
    """Return why a state is that of another stack: it was imported, or the backend lists all projects' stacks."""
    own = [stack.rpartition("/")[2], project]
    for each in resources:
        origin = str(each["urn"]).removeprefix("urn:pulumi:").split("::")[:2]
        if origin != own:
            return f"its state has resources of the stack {origin[0]} of the project {origin[1]}"
    return ""


def _other_stack(stack: str, number: int, resources: Sequence[Entry]) -> str:
    """Return why a stack is not the environment of a pull request; "" if it is, or if nothing would be deleted."""
    fleets = [each for each in resources if each["type"] == FLEET]
    if not fleets and any(map(is_in_aws, resources)):
        return (
            "it is not the environment of a pull request: its state has no Fleet. If nobody needs it, run "
            f"`pulumi destroy --stack {stack}`"
        )
    for each in fleets:
        if value_at(each.get("inputs") or {}, "preview", "number") != number:
            name = name_of(each)
            return f"it is not the environment of pull request {number}: its Fleet {name} has no such preview.number"
    return ""


def _protection(resources: Iterable[Entry]) -> str:
    protected = [name_of(each) for each in resources if each.get("protect")]
    if not protected:
        return ""
    return f"{_listed(protected)} protected. Remove the protection with `pulumi state unprotect` if it may be deleted"


def _interruption(pending: Iterable[Entry], stack: str) -> str:
    changed = {name_of(each["resource"]): each.get("type") for each in pending if is_map(each.get("resource"))}
    if not changed:
        return ""
    created = [name for name, operation in changed.items() if operation == "creating"]
    # A refresh completes the others, and keeps these: nobody knows whether AWS has them.
    fix = f"Run `pulumi refresh --stack {stack}`"
    if created:
        fix = (
            f"If AWS has {', '.join(created)}, delete it there. Then run `pulumi refresh --clear-pending-creates "
            f"--stack {stack}`"
        )
    return (
        f"an update was interrupted while it changed {', '.join(changed)}, so AWS may have resources that the state "
        f"does not. {fix}"
    )


def _listed(names: Sequence[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names)} are"
