"""Events in EventBridge: App Runner's, and those with which a changed secret or a failed execution is announced.

AWS delivers App Runner's and Parameter Store's events by best effort (source.EVENT_TYPES, source.PARAMETER_EVENTS).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from apprunner_facts.images import ImageIdentifier

SOURCE = "aws.apprunner"
OPERATION_STATUS_CHANGE = "AppRunner Service Operation Status Change"
DOMAIN_STATUS_UPDATE = "AppRunner Custom Domain Validation Status Update"
"""OPERATION_STATUS_CHANGE and DOMAIN_STATUS_UPDATE are values of detail-type (source.EVENT_TYPES)."""

FAILED_OPERATIONS = (
    "CreateServiceFailed",
    "DeleteServiceFailed",
    "DeploymentFailed",
    "PauseServiceFailed",
    "ResumeServiceFailed",
    "UpdateServiceFailed",
)
"""The values of detail.operationStatus for failed operations (source.EVENTS, where a pattern has all of them)."""

SECRETS_MANAGER_SOURCE = "aws.secretsmanager"
SECRET_LABEL_UPDATED = "Secret Label Updated"
"""A version of a secret got a label. It is sent without CloudTrail, but not for the labels SILENT_LABELS
(source.SECRET_EVENTS)."""
CURRENT_LABEL, PREVIOUS_LABEL, PENDING_LABEL = "AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"
SILENT_LABELS = (PENDING_LABEL, PREVIOUS_LABEL)

PARAMETER_STORE_SOURCE = "aws.ssm"
PARAMETER_STORE_CHANGE = "Parameter Store Change"
"""A parameter was created, updated or deleted, by detail.operation (source.PARAMETER_EVENTS)."""

ECR_SOURCE = "aws.ecr"
ECR_IMAGE_ACTION = "ECR Image Action"
"""An image was pushed or deleted, by detail.action-type. AWS sends it by best effort (source.ECR_EVENTS)."""

STEP_FUNCTIONS_SOURCE = "aws.states"
EXECUTION_STATUS_CHANGE = "Step Functions Execution Status Change"
FAILED_EXECUTIONS = ("ABORTED", "FAILED", "TIMED_OUT")
"""The values of detail.status for executions that did not succeed (source.EXECUTION_EVENTS)."""


def label_events(label: str | None) -> str | None:
    """Return the label whose events announce another value under a label; None if there are no events.

    AWSPREVIOUS moves together with AWSCURRENT.

    Args:
        label: The label by which a secret's value is read. Default: AWSCURRENT.
    """
    if label in (None, PREVIOUS_LABEL):
        return CURRENT_LABEL
    return None if label == PENDING_LABEL else label


def secret_changes_of(secret_arns: Sequence[str], label: str) -> Mapping[str, object]:
    """Return the pattern of the events that a label of one of several secrets moved to another version."""
    return MappingProxyType(
        {
            "source": [SECRETS_MANAGER_SOURCE],
            "detail-type": [SECRET_LABEL_UPDATED],
            "resources": sorted(set(secret_arns)),
            "detail": {"labelUpdated": [label]},
        }
    )


def parameter_changes_of(parameter_names: Sequence[str]) -> Mapping[str, object]:
    """Return the pattern of the events that one of several parameters has another value.

    Args:
        parameter_names: Their names, with or without the first slash. The pattern has both forms, because the name in
            an ARN does not begin with one.
    """
    names = {name.removeprefix("/") for name in parameter_names}
    return MappingProxyType(
        {
            "source": [PARAMETER_STORE_SOURCE],
            "detail-type": [PARAMETER_STORE_CHANGE],
            "detail": {"name": sorted([*names, *(f"/{name}" for name in names)]), "operation": ["Update"]},
        }
    )


def image_pushes_of(image: ImageIdentifier) -> Mapping[str, object]:
    """Return the pattern of the events that the tag of an image in private ECR was pushed."""
    return MappingProxyType(
        {
            "source": [ECR_SOURCE],
            "detail-type": [ECR_IMAGE_ACTION],
            "account": [image.account],
            "region": [image.region],
            "detail": {
                "action-type": ["PUSH"],
                "result": ["SUCCESS"],
                "repository-name": [image.repository],
                "image-tag": [image.tag],
            },
        }
    )


def failed_executions_of(state_machine_arn: str) -> Mapping[str, object]:
    """Return the pattern of the events about a state machine's executions that did not succeed."""
    return MappingProxyType(
        {
            "source": [STEP_FUNCTIONS_SOURCE],
            "detail-type": [EXECUTION_STATUS_CHANGE],
            "detail": {"stateMachineArn": [state_machine_arn], "status": [*FAILED_EXECUTIONS]},
        }
    )


def failed_operations_of(service_arn: str) -> Mapping[str, object]:
    """Return the pattern of the events about a service's failed operations.

    Of the details it uses only operationStatus: AWS's texts differ in the names of the others.
    """
    pattern = _about(service_arn, OPERATION_STATUS_CHANGE)
    return MappingProxyType({**pattern, "detail": {"operationStatus": [*FAILED_OPERATIONS]}})


def domain_updates_of(service_arn: str) -> Mapping[str, object]:
    """Return the pattern of the events about the validation of a service's custom domains."""
    return MappingProxyType(_about(service_arn, DOMAIN_STATUS_UPDATE))


def _about(service_arn: str, detail_type: str) -> dict[str, object]:
    return {"source": [SOURCE], "detail-type": [detail_type], "resources": [service_arn]}
