# pyright: standard
"""The control plane: validates a call with AWS's model, and performs or rejects it."""

import threading
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from apprunner_local import api_model
from apprunner_local.apprunner import connections, ingress, lifecycle, observability, scaling, services
from apprunner_local.apprunner.clock import Clock
from apprunner_local.apprunner.errors import (
    INTERNAL,
    INVALID_REQUEST,
    INVALID_STATE,
    NOT_FOUND,
    RejectedError,
    invalid_request,
)
from apprunner_local.apprunner.faults import Faults
from apprunner_local.apprunner.model_exceptions import IGNORED_TRAITS
from apprunner_local.apprunner.operations import OPERATIONS
from apprunner_local.apprunner.state import Members, Region
from apprunner_local.apprunner.world import World


@dataclass(frozen=True)
class Call:
    """A recorded call.

    Args:
        operation: Its operation.
        parameters: Its parameters.
        region: The region that it was signed for.
        access_key: The caller's access key, None where the call was not signed.
        error: The code of its error, None for success; "dropped" if the connection was dropped.
    """

    operation: str
    parameters: Mapping[str, Any]
    region: str
    access_key: str | None
    error: str | None


class DroppedError(Exception):
    """The connection is to be closed without an answer."""


class AppRunner:
    """App Runner of one account, in every region.

    Args:
        world: The clock, the rest of AWS, and undocumented behaviour. Default: a clock that is not ticking.
        account: The account's id.
    """

    def __init__(self, world: World | None = None, account: str = "123456789012") -> None:
        self.world = world or World()
        self.account = account
        self.calls: list[Call] = []
        self._regions: dict[str, Region] = {}
        self._lock = threading.RLock()

    def reset(self, world: World | None = None) -> None:
        """Delete all resources, recorded calls and faults.

        Args:
            world: A new world. Default: the current one, whose clock keeps its time.
        """
        with self._lock:
            self.world = world or self.world
            self.faults.clear()
            self.calls.clear()
            self._regions.clear()

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.world.clock

    @property
    def faults(self) -> Faults:
        """The injected faults."""
        return self.world.faults

    def call(self, operation: str, parameters: Members, region: str, access_key: str | None = None) -> Members:
        """Perform a call, and return its response.

        Args:
            operation: The operation's name, such as CreateService.
            parameters: Its parameters, under AWS's names.
            region: The region that it is for.
            access_key: The caller's access key.

        Raises:
            RejectedError: AWS or a fault rejects the call.
            DroppedError: A fault drops the connection.
        """
        with self._lock:
            error: str | None = None
            try:
                return self._call_with_faults(operation, parameters, self.region(region))
            except RejectedError as rejected:
                error = rejected.code
                raise
            except DroppedError:
                error = "dropped"
                raise
            finally:
                self.calls.append(Call(operation, deepcopy(parameters), region, access_key, error))

    def region(self, name: str) -> Region:
        """Return App Runner's state in a region, after finishing the operations whose end the clock has passed."""
        with self._lock:
            if name not in self._regions:
                self._regions[name] = Region(name, self.account, self.world)
                scaling.begin(self._regions[name])
                observability.begin(self._regions[name])
            region = self._regions[name]
            lifecycle.settle(region)
            ingress.settle(region)
            return region

    def complete_handshake(self, arn: str) -> None:
        """Complete a connection's handshake, which a user does in the console."""
        with self._lock:
            connections.complete_handshake(self._region_of(arn), arn)

    def push(self, source: str) -> None:
        """Add a version of a source: an image's identifier, or the address of a code repository."""
        with self._lock:
            for name in self._regions:
                lifecycle.push(self.region(name), source)

    def deployed(self, arn: str) -> tuple[Members, int] | None:
        """Return the settings and the source's version that a service runs, None before its first deployment."""
        with self._lock:
            service = services.find(self._region_of(arn), arn, also_deleted=True)
            if service.running is None or service.version is None:
                return None
            return deepcopy(service.running), service.version

    def _region_of(self, arn: str) -> Region:
        return self.region(arn.split(":")[3])

    def _call_with_faults(self, operation: str, parameters: Members, region: Region) -> Members:
        """Perform a call unless a fault prevents it; a fault can also drop the response."""
        fault = self.faults.at_call(operation, parameters)
        answer = None if fault and not fault.takes_effect else self._perform(operation, parameters, region)
        if fault:
            raise DroppedError if fault.drops else RejectedError(fault.code, fault.message)
        assert answer is not None
        return answer

    def _perform(self, operation: str, parameters: Members, region: Region) -> Members:
        if operation not in api_model.operations("apprunner"):
            raise RejectedError("UnknownOperationException", f"App Runner has no operation {operation}")
        if operation not in OPERATIONS:
            raise RejectedError("NotImplemented", f"{operation} is not implemented in this fake App Runner")
        # [M] Requests and responses have the types, ranges, lengths, patterns and enums of the model.
        if problems := api_model.input_problems("apprunner", operation, parameters):
            raise invalid_request("; ".join(problems))
        try:
            answer = deepcopy(OPERATIONS[operation](region, deepcopy(parameters)))
        except RejectedError as rejected:
            raise _declared(operation, rejected) from None
        if problems := api_model.output_problems("apprunner", operation, answer, IGNORED_TRAITS):
            raise RejectedError(INTERNAL, f"the fake's answer does not match the model: {'; '.join(problems)}")
        return answer


def _declared(operation: str, rejected: RejectedError) -> RejectedError:
    """Return the error, or InvalidRequestException if the model does not declare it for the operation."""
    # [assumed] Where the model declares no ResourceNotFoundException or InvalidStateException for an operation, the
    # error is InvalidRequestException.
    if rejected.code in (NOT_FOUND, INVALID_STATE) and rejected.code not in api_model.errors("apprunner", operation):
        return RejectedError(INVALID_REQUEST, rejected.message)
    return rejected
