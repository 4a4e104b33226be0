"""The state machine that deploys a service again: its definition in Amazon States Language."""

import json
from collections.abc import Mapping
from typing import Any

from apprunner_facts.arns import parts_of
from apprunner_facts.operations import UNFINISHED, OperationStatus, OperationType

_POLL = 30
"""Seconds between two looks at an operation in progress."""
_DEADLINE = 7_200
"""Seconds in which an execution must end after the settle time: two other operations, and the deployment."""
_RETRIED = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 5, "MaxAttempts": 4, "BackoffRate": 2}]

_State = Mapping[str, Any]

_NEWEST = "$.operations.OperationSummaryList[0]"


def definition(service_arn: str, settle_seconds: int) -> str:
    """Return the definition of a machine that deploys a service once after a change, as JSON.

    It uses JSONPath. Its input is {"time": when the change happened, "change": what changed}; without a time it deploys
    in any case. It waits until the newest operation of the service has ended. It does nothing if that is a deployment
    which began after the change, or a pause. Then it starts a deployment, and fails unless that succeeds.

    It reads only the service's operations: a description of the service would put the values of its environment
    variables into the history of each execution.

    Args:
        service_arn: The ARN of the service.
        settle_seconds: The seconds that it waits first. Changes within this time lead to one deployment.
    """
    states = {
        "Settle": {"Type": "Wait", "Seconds": settle_seconds, "Next": "ReadNewestOperation"},
        **_decision(service_arn),
        **_deployment(service_arn),
        **_outcome(service_arn),
    }
    comment = "Deploys an App Runner service again after a change"
    return json.dumps(
        {"Comment": comment, "StartAt": "Settle", "TimeoutSeconds": settle_seconds + _DEADLINE, "States": states}
    )


def _decision(service_arn: str) -> Mapping[str, _State]:
    """Return the states that decide by the newest operation whether to deploy now."""
    deployed_since = _all(
        _present("$.time"),
        _present(_NEWEST),
        _equals(f"{_NEWEST}.Type", OperationType.START_DEPLOYMENT),
        _one_of(f"{_NEWEST}.Status", OperationStatus.PENDING, OperationStatus.IN_PROGRESS, OperationStatus.SUCCEEDED),
        _present(f"{_NEWEST}.StartedAt"),
        {"Variable": f"{_NEWEST}.StartedAt", "TimestampGreaterThanPath": "$.time"},
    )
    in_progress = _all(_present(_NEWEST), _one_of(f"{_NEWEST}.Status", *UNFINISHED))
    paused = _all(
        _present(_NEWEST),
        _equals(f"{_NEWEST}.Type", OperationType.PAUSE_SERVICE),
        _equals(f"{_NEWEST}.Status", OperationStatus.SUCCEEDED),
    )
    return {
        "ReadNewestOperation": _read_operations(service_arn, 1, then="DecideByNewestOperation"),
        "DecideByNewestOperation": {
            "Type": "Choice",
            "Choices": [
                {**deployed_since, "Next": "AlreadyDeployed"},
                {**in_progress, "Next": "WaitForOperation"},
                {**paused, "Next": "Paused"},
            ],
            "Default": "Deploy",
        },
        "WaitForOperation": {"Type": "Wait", "Seconds": _POLL, "Next": "ReadNewestOperation"},
        "AlreadyDeployed": _result("skipped", "a deployment began after the change"),
        "Paused": _result("skipped", "the service is paused"),
    }


def _deployment(service_arn: str) -> Mapping[str, _State]:
    """Return the states that start the deployment.

    App Runner rejects it if another operation began meanwhile, such as the deployment of another execution. So a first
    rejection leads to another look at the operations, and a second one fails the execution.
    """
    return {
        "Deploy": {
            **_call(service_arn, "startDeployment"),
            "ResultPath": "$.deployment",
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.rejection", "Next": "Rejected"}],
            "Next": "WaitForDeployment",
        },
        "Rejected": {
            "Type": "Choice",
            "Choices": [{**_present("$.rejected"), "Next": "RejectedAgain"}],
            "Default": "RememberRejection",
        },
        "RememberRejection": {
            "Type": "Pass",
            "Result": True,
            "ResultPath": "$.rejected",
            "Next": "WaitForOperation",
        },
        "RejectedAgain": {"Type": "Fail", "ErrorPath": "$.rejection.Error", "CausePath": "$.rejection.Cause"},
    }


def _outcome(service_arn: str) -> Mapping[str, _State]:
    """Return the states that wait until the deployment has ended. It need not be the newest operation then."""
    is_own = _all(_present(_NEWEST), {"Variable": f"{_NEWEST}.Id", "StringEqualsPath": "$.deployment.OperationId"})
    cause = "'Deployment {} of {} ended with {}. The service still runs as before the change'"
    return {
        "WaitForDeployment": {"Type": "Wait", "Seconds": _POLL, "Next": "ReadOperations"},
        "ReadOperations": _read_operations(service_arn, 20, then="DecideByDeployment"),
        "DecideByDeployment": {
            "Type": "Choice",
            "Choices": [
                {**_all(is_own, _equals(f"{_NEWEST}.Status", OperationStatus.SUCCEEDED)), "Next": "Deployed"},
                {**_all(is_own, _one_of(f"{_NEWEST}.Status", *UNFINISHED)), "Next": "WaitForDeployment"},
                {**is_own, "Next": "DeploymentFailed"},
                {**_present(_NEWEST), "Next": "SkipOperation"},
            ],
            "Default": "DeploymentNotListed",
        },
        "SkipOperation": {
            "Type": "Pass",
            "InputPath": "$.operations.OperationSummaryList[1:]",
            "ResultPath": "$.operations.OperationSummaryList",
            "Next": "DecideByDeployment",
        },
        "Deployed": _result("deployed", "the deployment succeeded"),
        "DeploymentFailed": {
            "Type": "Fail",
            "Error": "DeploymentFailed",
            "CausePath": f"States.Format({cause}, {_NEWEST}.Id, {_NEWEST}.TargetArn, {_NEWEST}.Status)",
        },
        "DeploymentNotListed": {
            "Type": "Fail",
            "Error": "DeploymentNotListed",
            "Cause": "The deployment is not among the newest 20 operations of the service, so its result is unknown",
        },
    }


def _read_operations(service_arn: str, number: int, then: str) -> _State:
    return {
        **_call(service_arn, "listOperations", MaxResults=number),
        "ResultPath": "$.operations",
        "Retry": _RETRIED,
        "Next": then,
    }


def _call(service_arn: str, operation: str, **parameters: Any) -> _State:
    """Return a task that calls an operation on the service (apprunner_facts.source.SDK_INTEGRATIONS)."""
    return {
        "Type": "Task",
        "Resource": f"arn:{parts_of(service_arn).partition}:states:::aws-sdk:apprunner:{operation}",
        "Parameters": {"ServiceArn": service_arn, **parameters},
    }


def _result(result: str, reason: str) -> _State:
    return {"Type": "Pass", "Result": {"result": result, "reason": reason}, "End": True}


def _present(path: str) -> _State:
    return {"Variable": path, "IsPresent": True}


def _equals(path: str, text: str) -> _State:
    return {"Variable": path, "StringEquals": text}


def _one_of(path: str, *texts: str) -> _State:
    return {"Or": [_equals(path, text) for text in texts]}


def _all(*rules: _State) -> _State:
    return {"And": [*rules]}
