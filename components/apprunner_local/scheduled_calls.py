# pyright: standard
"""The calls that EventBridge Scheduler makes, by the universal targets that the local AWS supports."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apprunner_facts.arns import Arn, parse_arn
from apprunner_facts.schedules import APP_RUNNER, CLOUDWATCH, CLOUDWATCH_LOGS
from apprunner_local import api_model

_TARGET = re.compile(r"arn:aws(?:-cn|-us-gov)?:scheduler:::aws-sdk:(?P<service>[^:]+):(?P<name>.+)")

_SERVICES: Mapping[str, str] = {APP_RUNNER: "apprunner", CLOUDWATCH: "cloudwatch", CLOUDWATCH_LOGS: "logs"}
"""boto3's names of the services, by their names in a target. CloudWatch Logs is reported to be cloudwatchlogs there."""

_Resources = Callable[[Mapping[str, Any], Arn], list[str]]


def _alarms(parameters: Mapping[str, Any], at: Arn) -> list[str]:
    return [f"arn:aws:cloudwatch:{at.region}:{at.account}:alarm:{name}" for name in parameters["AlarmNames"]]


def _log_group(parameters: Mapping[str, Any], at: Arn) -> list[str]:
    return [f"arn:aws:logs:{at.region}:{at.account}:log-group:{parameters['logGroupName']}:*"]


_OPERATIONS: Mapping[tuple[str, str], _Resources] = {
    ("cloudwatch", "DisableAlarmActions"): _alarms,
    ("cloudwatch", "EnableAlarmActions"): _alarms,
    ("logs", "PutRetentionPolicy"): _log_group,
}
"""Functions that return the resources whose permission an operation needs. App Runner's operations need the service."""


@dataclass(frozen=True)
class ScheduledCall:
    """A call of a schedule.

    Args:
        service: boto3's name of the service.
        operation: The operation.
        parameters: Its parameters, under the names of the API.
        resources: The ARNs of the resources that the role needs permission for.
    """

    service: str
    operation: str
    parameters: dict[str, Any]
    resources: list[str]

    @property
    def action(self) -> str:
        """The IAM action, such as logs:PutRetentionPolicy."""
        return f"{self.service}:{self.operation}"

    @classmethod
    def of(cls, schedule: Mapping[str, Any]) -> "ScheduledCall":
        """Return the call of a schedule.

        Raises:
            ValueError: The target is not an operation in camelCase of a supported service, or a key of the input is not
                a parameter in PascalCase.
        """
        target, at = schedule["Target"], parse_arn(schedule["Arn"])
        service, operation = _parse_target(target["Arn"])
        parameters = _parameters(service, operation, json.loads(target["Input"]))
        if service == "apprunner":
            return cls(service, operation, parameters, [parameters["ServiceArn"]])
        return cls(service, operation, parameters, _OPERATIONS[service, operation](parameters, at))


def _parse_target(target: str) -> tuple[str, str]:
    match = _TARGET.fullmatch(target)
    service = _SERVICES.get(match["service"], "") if match else ""
    name = match["name"] if match else ""
    operation = name[:1].upper() + name[1:]
    is_supported = service == "apprunner" or (service, operation) in _OPERATIONS
    if not name or name[:1].isupper() or not is_supported or operation not in api_model.operations(service):
        raise ValueError(f"target: must be such as arn:aws:scheduler:::aws-sdk:apprunner:pauseService, got {target}")
    return service, operation


def _parameters(service: str, operation: str, input: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input under the names of the API, which begin with a small letter in some services."""
    names = {name[:1].upper() + name[1:]: name for name in api_model.input_members(service, operation)}
    for key in input:
        if key not in names:
            valid = ", ".join(sorted(names))
            raise ValueError(f"target.input: must have keys in PascalCase of {operation} ({valid}), got {key}")
    parameters = {names[key]: value for key, value in input.items()}
    if problems := api_model.input_problems(service, operation, parameters):
        raise ValueError(f"target.input: {'; '.join(problems)}")
    return parameters
