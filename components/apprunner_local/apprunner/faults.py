"""Faults that tests inject."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from apprunner_local import api_model

Shows = Literal["old", "new"]


@dataclass(frozen=True)
class Fault:
    """A fault in the next calls of an operation.

    Args:
        operation: AWS's name of the operation, such as CreateService.
        code: The call's error code, empty for none.
        message: The error's message.
        drops: Whether the connection is dropped without a response.
        takes_effect: Whether the operation still takes effect before the call fails or the connection drops.
        fails: Whether the accepted operation fails: a create in CREATE_FAILED, a delete in DELETE_FAILED, an update or
            a deployment in a rollback, a pause or a resume in the former status.
        reason: The reason of the failure, for the service's log.
        shows: Which settings DescribeService returns after a rollback, old or new. Default: the World's setting.
        seconds: How long the operation stays in progress. Default: the World's duration.
        validation_seconds: For AssociateCustomDomain: how long AWS does not find the validation records, from the call.
        on: A resource's name or ARN that a call must contain. Empty for all calls.
        times: The number of calls that it affects.

    Raises:
        ValueError: The operation is unknown, or the fault has no effect.
    """

    operation: str
    code: str = ""
    message: str = ""
    drops: bool = False
    takes_effect: bool = False
    fails: bool = False
    reason: str = ""
    shows: Shows | None = None
    seconds: float | None = None
    validation_seconds: float | None = None
    on: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        if self.operation not in api_model.operations("apprunner"):
            raise ValueError(f"App Runner has no operation {self.operation}")
        if self.validation_seconds is not None and self.operation != "AssociateCustomDomain":
            raise ValueError("validation_seconds requires the operation AssociateCustomDomain")
        durations = (self.seconds, self.validation_seconds)
        if not (self.code or self.drops or self.fails or any(each is not None for each in durations)):
            raise ValueError("a fault must have an effect: set code, drops, fails, seconds or validation_seconds")

    @classmethod
    def error(cls, operation: str, code: str, message: str = "injected fault", **more: Any) -> "Fault":
        """Return a fault with which the next call of an operation fails with this error."""
        return cls(operation, code=code, message=message, **more)

    @classmethod
    def throttle(cls, operation: str, **more: Any) -> "Fault":
        """Return a fault with which the next call of an operation is throttled."""
        return cls(operation, code="ThrottlingException", message="Rate exceeded", **more)

    @classmethod
    def drop(cls, operation: str, **more: Any) -> "Fault":
        """Return a fault with which the connection drops at the next call of an operation."""
        return cls(operation, drops=True, **more)

    @classmethod
    def roll_back(cls, reason: str = "", operation: str = "UpdateService", **more: Any) -> "Fault":
        """Return a fault with which the next update (or StartDeployment) is rolled back."""
        return cls(operation, fails=True, reason=reason, **more)

    @classmethod
    def fail_create(cls, reason: str = "", **more: Any) -> "Fault":
        """Return a fault with which the next service ends in CREATE_FAILED."""
        return cls("CreateService", fails=True, reason=reason, **more)

    @classmethod
    def slow(cls, operation: str, seconds: float, **more: Any) -> "Fault":
        """Return a fault with which the next operation stays in progress for some seconds."""
        return cls(operation, seconds=seconds, **more)

    @classmethod
    def slow_validation(cls, seconds: float, **more: Any) -> "Fault":
        """Return a fault with which the next domain waits for its certificate's validation for some seconds."""
        return cls("AssociateCustomDomain", validation_seconds=seconds, **more)

    def hits(self, operation: str, parameters: Mapping[str, Any]) -> bool:
        """Return whether it applies to a call."""
        if operation != self.operation:
            return False
        return not self.on or any(self.on == text or f"/{self.on}/" in text for text in _texts(parameters))


class Faults:
    """The faults that have not happened yet, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def inject(self, fault: Fault) -> None:
        """Add a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._waiting.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """The faults that have not happened yet."""
        return tuple(self._waiting)

    def at_call(self, operation: str, parameters: Mapping[str, Any]) -> Fault | None:
        """Return and consume the fault of a call itself: an error or a dropped connection."""
        return self._take(operation, parameters, lambda fault: bool(fault.code) or fault.drops)

    def at_end(self, operation: str, parameters: Mapping[str, Any]) -> tuple[Fault | None, float | None]:
        """Return and consume the failure of the operation that a call starts, and its duration in seconds."""
        failure = self._take(operation, parameters, lambda fault: fault.fails)
        if failure and failure.seconds is not None:
            return failure, failure.seconds
        slow = self._take(operation, parameters, lambda fault: fault.seconds is not None and not fault.fails)
        return failure, slow.seconds if slow else None

    def at_validation(self, parameters: Mapping[str, Any]) -> float:
        """Return and consume the seconds for which AWS does not find the validation records of a new domain."""
        fault = self._take("AssociateCustomDomain", parameters, lambda fault: fault.validation_seconds is not None)
        return (fault.validation_seconds if fault else None) or 0.0

    def _take(self, operation: str, parameters: Mapping[str, Any], kind: Callable[[Fault], bool]) -> Fault | None:
        for index, fault in enumerate(self._waiting):
            if kind(fault) and fault.hits(operation, parameters):
                self._waiting[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None


def _texts(parameters: Mapping[str, Any]) -> Iterator[str]:
    yield from (value for value in parameters.values() if isinstance(value, str))
