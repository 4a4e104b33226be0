"""Operations on a service, and the statuses of both.

Source: botocore's model, OperationType, OperationStatus and ServiceStatus (read 2026-11-27).
"""

from enum import StrEnum


class ServiceStatus(StrEnum):
    """The status of a service. It is OPERATION_IN_PROGRESS during any operation."""

    CREATE_FAILED = "CREATE_FAILED"
    RUNNING = "RUNNING"
    DELETED = "DELETED"
    DELETE_FAILED = "DELETE_FAILED"
    PAUSED = "PAUSED"
    OPERATION_IN_PROGRESS = "OPERATION_IN_PROGRESS"


class OperationType(StrEnum):
    """What an operation does."""

    START_DEPLOYMENT = "START_DEPLOYMENT"
    CREATE_SERVICE = "CREATE_SERVICE"
    PAUSE_SERVICE = "PAUSE_SERVICE"
    RESUME_SERVICE = "RESUME_SERVICE"
    DELETE_SERVICE = "DELETE_SERVICE"
    UPDATE_SERVICE = "UPDATE_SERVICE"


class OperationStatus(StrEnum):
    """The status of an operation. A failed deployment is rolled back."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"
    ROLLBACK_IN_PROGRESS = "ROLLBACK_IN_PROGRESS"
    ROLLBACK_FAILED = "ROLLBACK_FAILED"
    ROLLBACK_SUCCEEDED = "ROLLBACK_SUCCEEDED"


CHANGES_OF_SETTINGS = (OperationType.CREATE_SERVICE, OperationType.UPDATE_SERVICE)
"""The operations that deploy other settings. A START_DEPLOYMENT deploys the current ones."""
DEPLOYMENTS = (*CHANGES_OF_SETTINGS, OperationType.START_DEPLOYMENT)
"""The operations whose outcome determines the version that runs."""
UNFINISHED = (OperationStatus.PENDING, OperationStatus.IN_PROGRESS, OperationStatus.ROLLBACK_IN_PROGRESS)
"""The statuses of an operation that has not ended."""
