"""The errors of refused calls."""

INVALID_REQUEST = "InvalidRequestException"
INVALID_STATE = "InvalidStateException"
NOT_FOUND = "ResourceNotFoundException"
INTERNAL = "InternalServiceErrorException"


class RefusedError(Exception):
    """An error as the API answers it: a code of the model's, or of those that all of AWS has, and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def invalid_request(message: str) -> RefusedError:
    """Return the error of an invalid request."""
    return RefusedError(INVALID_REQUEST, message)


def invalid_state(message: str) -> RefusedError:
    """Return the error for what does not go in a resource's present state."""
    return RefusedError(INVALID_STATE, message)


def not_found(arn: str) -> RefusedError:
    """Return the error for a resource that is not there."""
    return RefusedError(NOT_FOUND, f"Resource not found. ARN: {arn}")
