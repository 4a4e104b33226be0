"""App Runner's events in EventBridge. AWS delivers them by best effort (source.EVENT_TYPES)."""

from collections.abc import Mapping
from types import MappingProxyType

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
