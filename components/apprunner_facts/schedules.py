"""EventBridge Scheduler's universal targets of App Runner: what a schedule calls."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Action = Literal["pause", "resume"]

PAUSE: Action = "pause"
RESUME: Action = "resume"

DEFAULT_TIMEZONE = "UTC"
"""What the provider sends where a schedule names no time zone."""

_TARGET = re.compile(r"arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:apprunner:(?P<operation>[a-z]+)", re.IGNORECASE)
"""source.SCHEDULER_TARGETS; other partitions are in the ARN as everywhere in AWS, which no page says of this one."""

_ACTIONS: Mapping[str | None, Action] = MappingProxyType({"pauseservice": PAUSE, "resumeservice": RESUME})


def target_arn(operation: str, partition: str = "aws") -> str:
    """Return the target that calls an operation of App Runner, such as pauseService, in a partition."""
    return f"arn:{partition}:scheduler:::aws-sdk:apprunner:{operation}"


def operation_of(target: object) -> str | None:
    """Return the operation of App Runner that a target calls, in lower case; None for any other target."""
    found = _TARGET.fullmatch(target) if isinstance(target, str) else None
    return found["operation"].lower() if found else None


def action_of(target: object) -> Action | None:
    """Return whether a target pauses or resumes a service; None for any other target."""
    return _ACTIONS.get(operation_of(target))


def is_enabled(state: object) -> bool:
    """Return whether a schedule of a state fires: every one but "DISABLED", also one that names none."""
    return state != "DISABLED"
