"""EventBridge Scheduler's universal targets for App Runner."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Action = Literal["pause", "resume"]

PAUSE: Action = "pause"
RESUME: Action = "resume"

DEFAULT_TIMEZONE = "UTC"
"""The provider's default for a schedule without a time zone."""

_TARGET = re.compile(r"arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:apprunner:(?P<operation>[a-z]+)", re.IGNORECASE)
"""source.SCHEDULER_TARGETS. Not documented for this ARN: other partitions, which we assume as in other ARNs."""

_ACTIONS: Mapping[str | None, Action] = MappingProxyType({"pauseservice": PAUSE, "resumeservice": RESUME})


def target_arn(operation: str, partition: str = "aws") -> str:
    """Return the ARN of the target that calls an App Runner operation, such as pauseService."""
    return f"arn:{partition}:scheduler:::aws-sdk:apprunner:{operation}"


def operation_of(target: object) -> str | None:
    """Return the App Runner operation that a target calls, in lower case; None for any other target."""
    match = _TARGET.fullmatch(target) if isinstance(target, str) else None
    return match["operation"].lower() if match else None


def action_of(target: object) -> Action | None:
    """Return "pause" or "resume" for a target that pauses or resumes a service; None for any other target."""
    return _ACTIONS.get(operation_of(target))


def is_enabled(state: object) -> bool:
    """Return whether a schedule with this state fires. Every state but "DISABLED" does, None included."""
    return state != "DISABLED"
