"""The errors of rejected calls."""

INVALID_REQUEST = "InvalidRequestException"
INVALID_STATE = "InvalidStateException"
NOT_FOUND = "ResourceNotFoundException"
INTERNAL = "InternalServiceErrorException"
QUOTA_EXCEEDED = "ServiceQuotaExceededException"


class RejectedError(Exception):
    """An error response of the API: a code from the model or one that all AWS services share, and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def invalid_request(message: str) -> RejectedError:
    """Return the error of an invalid request."""
    return RejectedError(INVALID_REQUEST, message)


def invalid_state(message: str) -> RejectedError:
    """Return the error for a request that a resource's current state does not allow."""
    return RejectedError(INVALID_STATE, message)


def quota_exceeded(kind: str, quota: int) -> RejectedError:
    """Return the error of a request that exceeds a quota; only its code is in the model."""
    return RejectedError(QUOTA_EXCEEDED, f"The quota of {quota} {kind} is reached.")


def not_found(arn: str) -> RejectedError:
    """Return the error for a resource that does not exist."""
    return RejectedError(NOT_FOUND, f"Resource not found. ARN: {arn}")
