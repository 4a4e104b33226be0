"""Faults that tests inject."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from apprunner_local import api_model

Shows = Literal["old", "new"]


@dataclass(frozen=True)
class Fault:
    """One instruction: what happens at the next calls of an operation.

    Args:
        operation: AWS's name of the operation, such as CreateService.
        code: The error that the call answers with, empty for none.
        message: The error's message.
        drops: Whether the connection is dropped in place of an answer.
        takes_effect: Whether the operation is done all the same before the call fails or the connection drops.
        fails: Whether the operation, once it was accepted, ends badly: a create in CREATE_FAILED, a delete in
            DELETE_FAILED, an update or a deployment in a rollback, pause and resume back where they were.
        reason: Why it ends badly, for the service's log.
        shows: What DescribeService gives after a rollback, the old settings or the new; None leaves it to the World.
        seconds: How long the operation stays in progress, None for as long as usual.
        on: Only calls that name this: a resource's name or ARN. Empty for all.
        times: How many calls it hits.

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
    on: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        if self.operation not in api_model.operations("apprunner"):
            raise ValueError(f"App Runner has no operation {self.operation}")
        if not (self.code or self.drops or self.fails or self.seconds is not None):
            raise ValueError("nothing happens: give a code, drops, fails or seconds")

    @classmethod
    def error(cls, operation: str, code: str, message: str = "injected fault", **more: Any) -> "Fault":
        """The next call of an operation answers with this error."""
        return cls(operation, code=code, message=message, **more)

    @classmethod
    def throttle(cls, operation: str, **more: Any) -> "Fault":
        """The next call of an operation comes too soon after others."""
        return cls(operation, code="ThrottlingException", message="Rate exceeded", **more)

    @classmethod
    def drop(cls, operation: str, **more: Any) -> "Fault":
        """The connection drops at the next call of an operation."""
        return cls(operation, drops=True, **more)

    @classmethod
    def roll_back(cls, reason: str = "", operation: str = "UpdateService", **more: Any) -> "Fault":
        """The next update (or deployment: StartDeployment) is rolled back."""
        return cls(operation, fails=True, reason=reason, **more)

    @classmethod
    def fail_create(cls, reason: str = "", **more: Any) -> "Fault":
        """The next service ends in CREATE_FAILED."""
        return cls("CreateService", fails=True, reason=reason, **more)

    @classmethod
    def slow(cls, operation: str, seconds: float, **more: Any) -> "Fault":
        """The next operation stays in progress for so long."""
        return cls(operation, seconds=seconds, **more)

    def hits(self, operation: str, parameters: Mapping[str, Any]) -> bool:
        """Return whether it applies to a call."""
        if operation != self.operation:
            return False
        return not self.on or any(self.on == text or f"/{self.on}/" in text for text in _texts(parameters))


class Faults:
    """The faults that wait for their call, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def give(self, fault: Fault) -> None:
        """Add an instruction."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every instruction."""
        self._waiting.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """The faults that have not happened yet."""
        return tuple(self._waiting)

    def at_call(self, operation: str, parameters: Mapping[str, Any]) -> Fault | None:
        """Return, and use up, what happens to a call itself: an error or a dropped connection."""
        return self._take(operation, parameters, lambda fault: bool(fault.code) or fault.drops)

    def at_end(self, operation: str, parameters: Mapping[str, Any]) -> tuple[Fault | None, float | None]:
        """Return, and use up, how badly the operation ends that a call has started, and how many seconds it lasts."""
        bad = self._take(operation, parameters, lambda fault: fault.fails)
        if bad and bad.seconds is not None:
            return bad, bad.seconds
        slow = self._take(operation, parameters, lambda fault: fault.seconds is not None and not fault.fails)
        return bad, slow.seconds if slow else None

    def _take(self, operation: str, parameters: Mapping[str, Any], kind: Callable[[Fault], bool]) -> Fault | None:
        for index, fault in enumerate(self._waiting):
            if kind(fault) and fault.hits(operation, parameters):
                self._waiting[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None


def _texts(parameters: Mapping[str, Any]) -> Iterator[str]:
    yield from (value for value in parameters.values() if isinstance(value, str))
