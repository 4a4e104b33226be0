"""The note of a comparison on tracing that a program no longer sets."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import value_at

_BLOCK = "observabilityConfiguration"


def omission_note(resource: Resource, before: Mapping[str, Any]) -> Iterator[str]:
    """Yield a note if a service has tracing and the new program omits the argument.

    The component then ignores changes of the block, so AWS keeps it: see AppRunnerService.

    Args:
        resource: The service in the new plan.
        before: The same resource in the old plan's JSON.
    """
    if _BLOCK not in resource.ignore_changes or resource.inputs.get(_BLOCK) is not None:
        return
    if value_at(before["inputs"], _BLOCK, "observabilityEnabled") is True:
        yield (
            "tracing stays on, because the argument is omitted. To turn it off, set tracing to False: "
            "AWS does not delete an observability configuration in use"
        )
