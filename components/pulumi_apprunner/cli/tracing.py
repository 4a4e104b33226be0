"""What a change report says of tracing that a program no longer asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import value_at

_BLOCK = "observabilityConfiguration"


def left_out(resource: Resource, before: Mapping[str, Any]) -> Iterator[str]:
    """Yield a note where a service traces, and the new program leaves the argument out.

    The component then ignores the block, so that AWS keeps it: see AppRunnerService.

    Args:
        resource: The service in the new plan.
        before: The same resource in the old plan's JSON.
    """
    if _BLOCK not in resource.ignore_changes or resource.inputs.get(_BLOCK) is not None:
        return
    if value_at(before["inputs"], _BLOCK, "observabilityEnabled") is True:
        yield (
            "tracing goes on, since the argument is left out. Set tracing to False to switch it off: "
            "AWS refuses to delete an observability configuration in use"
        )
