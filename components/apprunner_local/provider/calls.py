# pyright: standard
"""Calls to AWS through boto3, with pulumi-aws's error messages."""

import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from apprunner_local.edge.clients import make_client

_ATTEMPTS = 8
"""The number of attempts of a throttled or dropped call; pulumi-aws's 25 would take minutes."""

_RECORD = "APPRUNNER_PROVIDER_CALLS"
"""The environment variable with the path of a file in which each call is recorded, a line of JSON each."""

_NOT_FOUND_CHECKS = 20
"""How often in a row a wait accepts that a resource is not found."""


class CallError(Exception):
    """AWS rejected a call.

    Args:
        code: AWS's code.
        text: pulumi-aws's message.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class InPlaceError(Exception):
    """AWS has no call that changes a property in place: the table of changes must have it as a replacement."""


class WaitError(Exception):
    """A wait did not reach its target."""


IAM_PROPAGATION = 120
"""Seconds for which pulumi-aws retries calls that fail until IAM has propagated a change."""


class Aws:
    """AWS in one region, as one caller.

    Args:
        session: The caller.
        region: The region.
        cancelled: Ends every wait when it is set.
    """

    def __init__(self, session: boto3.Session, region: str, cancelled: threading.Event) -> None:
        self.region = region
        self._session = session
        self._cancelled = cancelled
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        with self._lock:  # boto3's sessions are not thread-safe
            if service not in self._clients:
                config = Config(retries={"mode": "standard", "total_max_attempts": _ATTEMPTS}, max_pool_connections=50)
                self._clients[service] = make_client(self._session, service, config, region_name=self.region)
            return self._clients[service]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    @cached_property
    def account(self) -> str:
        """The caller's account."""
        return str(self.call("sts", "GetCallerIdentity", {})["Account"])

    def shape(self, service: str, operation: str) -> Any:
        """Return the shape of an operation's input."""
        return self.client(service).meta.service_model.operation_model(operation).input_shape

    def call(self, service: str, operation: str, members: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation under AWS's own names.

        Raises:
            CallError: AWS or botocore's model rejected the call.
        """
        client = self.client(service)
        if file := os.environ.get(_RECORD):
            line = json.dumps([self.region, service, operation, members], default=str)
            with self._lock, Path(file).open("a") as calls:
                calls.write(f"{line}\n")
        methods: Mapping[str, str] = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        try:
            answer: dict[str, Any] = getattr(client, methods[operation])(**members)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            meta = error.response["ResponseMetadata"]
            raise CallError(
                code,
                f"operation error {client.meta.service_model.service_id}: {operation}, https response error "
                f"StatusCode: {meta['HTTPStatusCode']}, RequestID: {meta.get('RequestId', '')}, {code}: {message}",
            ) from error
        except BotoCoreError as error:
            service_id = client.meta.service_model.service_id
            raise CallError(type(error).__name__, f"operation error {service_id}: {operation}, {error}") from error
        return answer

    def wait(
        self, state: Callable[[], str | None], pending: Iterable[str], targets: Collection[str], seconds: float
    ) -> None:
        """Wait as hashicorp/terraform-plugin-sdk does: helper/retry/state.go, WaitForStateContext.

        Args:
            state: Returns the state, None for a resource that does not exist.
            pending: The states that do not end the wait; if there are none, every state but the targets.
            targets: The states that end the wait. If there are none, the resource must not exist.
            seconds: The maximum duration.

        Raises:
            WaitError: The state is unexpected, the resource is not found too often, it takes longer, or the engine
                stops.
        """
        # [P: terraform-plugin-sdk retry/state.go] A wait ends if the resource is missing more than 20 times in a row,
        # or if its state is not one of the pending ones; without pending ones it accepts every state. The messages of
        # these errors.
        wanted, allowed = ", ".join(targets), set(pending)
        ends = time.monotonic() + seconds
        pause, missing = 0.1, 0
        while True:
            current = state()
            if current is None and not targets:
                return
            missing = missing + 1 if current is None else 0
            if missing > _NOT_FOUND_CHECKS:
                raise WaitError(f"couldn't find resource ({missing} retries)")
            if current is not None and current in targets:
                return
            if current is not None and allowed and current not in allowed:
                raise WaitError(f"unexpected state '{current}', wanted target '{wanted}'. last error: %!s(<nil>)")
            if time.monotonic() > ends:
                aim = f"state to become '{wanted}'" if targets else "resource to be deleted"
                last = f"last state: '{current}', " if current else ""
                raise WaitError(f"timeout while waiting for {aim} ({last}timeout: {_go_duration(seconds)})")
            self.pause(pause)
            pause = min(1.0, pause * 1.5)

    def retry(self, what: Callable[[], Any], again: Callable[[CallError], bool], seconds: float) -> Any:
        """Call a function, and retry it for some seconds while its error is retryable."""
        # [P: terraform-provider-aws conns] The provider retries throttled and dropped calls 25 times, the
        # emulated one 8 times.
        ends = time.monotonic() + seconds
        pause = 0.1
        while True:
            try:
                return what()
            except CallError as error:
                if not again(error) or time.monotonic() > ends:
                    raise
            self.pause(pause)
            pause = min(1.0, pause * 1.5)

    def pause(self, seconds: float) -> None:
        """Wait a moment.

        Raises:
            WaitError: The engine stops.
        """
        if self._cancelled.wait(seconds):
            raise WaitError("context canceled")


def _go_duration(seconds: float) -> str:
    """Return a duration as Go prints it: 2m0s."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
