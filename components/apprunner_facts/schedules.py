"""EventBridge Scheduler's universal targets for App Runner and CloudWatch."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, cast

from apprunner_facts.documents import parse_json

Action = Literal["pause", "resume"]

PAUSE: Action = "pause"
RESUME: Action = "resume"

DEFAULT_TIMEZONE = "UTC"
"""The provider's default for a schedule without a time zone."""

_TARGET = re.compile(r"arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:apprunner:(?P<operation>[a-z]+)", re.IGNORECASE)
"""source.SCHEDULER_TARGETS. Not documented for this ARN: other partitions, which we assume as in other ARNs."""

_ACTIONS: Mapping[str | None, Action] = MappingProxyType({"pauseservice": PAUSE, "resumeservice": RESUME})


OPERATIONS = frozenset(
    {
        "associateCustomDomain",
        "createAutoScalingConfiguration",
        "createConnection",
        "createObservabilityConfiguration",
        "createService",
        "createVpcConnector",
        "createVpcIngressConnection",
        "deleteAutoScalingConfiguration",
        "deleteConnection",
        "deleteObservabilityConfiguration",
        "deleteService",
        "deleteVpcConnector",
        "deleteVpcIngressConnection",
        "disassociateCustomDomain",
        "pauseService",
        "resumeService",
        "startDeployment",
        "tagResource",
        "untagResource",
        "updateDefaultAutoScalingConfiguration",
        "updateService",
        "updateVpcIngressConnection",
    }
)
"""App Runner's operations that a schedule can call (botocore's model). Scheduler calls none that only reads: those
whose name begins with get, describe, list and others (SCHEDULER_TARGETS)."""


APP_RUNNER = "apprunner"
CLOUDWATCH = "cloudwatch"
CLOUDWATCH_LOGS = "cloudwatchlogs"
"""The names of APIs in a universal target. Those of CloudWatch are reported, with the keys of the input in PascalCase
(programs that use them; source.SCHEDULER_TARGETS describes the form)."""


def target_arn(operation: str, partition: str = "aws", service: str = APP_RUNNER) -> str:
    """Return the ARN of the target that calls an operation, such as pauseService, of App Runner or another service."""
    return f"arn:{partition}:scheduler:::aws-sdk:{service}:{operation}"


def operation_of(target: object) -> str | None:
    """Return the App Runner operation that a target calls, in lower case; None for any other target."""
    match = _TARGET.fullmatch(target) if isinstance(target, str) else None
    return match["operation"].lower() if match else None


def action_of(target: object) -> Action | None:
    """Return "pause" or "resume" for a target that pauses or resumes a service; None for any other target."""
    return _ACTIONS.get(operation_of(target))


def is_enabled(state: object) -> bool:
    """Return whether a schedule or event rule with this state fires. Every state but "DISABLED" does, None included."""
    return state != "DISABLED"


def service_arn(target_input: object) -> str | None:
    """Return the `ServiceArn` in the JSON input of a schedule's target; None if it has none."""
    content: object = parse_json(target_input) if isinstance(target_input, str) else None
    arn = cast(Mapping[str, Any], content).get("ServiceArn") if isinstance(content, Mapping) else None
    return arn if isinstance(arn, str) else None
