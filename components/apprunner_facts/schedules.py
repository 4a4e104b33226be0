"""EventBridge Scheduler's universal targets of App Runner: what a schedule calls."""

import re

_TARGET = re.compile(r"arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:apprunner:(?P<operation>[a-z]+)", re.IGNORECASE)
"""source.SCHEDULER_TARGETS; other partitions are in the ARN as everywhere in AWS, which no page says of this one."""


def target_arn(operation: str, partition: str = "aws") -> str:
    """Return the target that calls an operation of App Runner, such as pauseService, in a partition."""
    return f"arn:{partition}:scheduler:::aws-sdk:apprunner:{operation}"


def operation_of(target: object) -> str | None:
    """Return the operation of App Runner that a target calls, in lower case; None for any other target."""
    found = _TARGET.fullmatch(target) if isinstance(target, str) else None
    return found["operation"].lower() if found else None
