# pyright: standard
"""Control of the fake from another process: the methods that tests call on AppRunner, over HTTP on a separate path."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from apprunner_local.apprunner.errors import RejectedError
from apprunner_local.apprunner.faults import Fault
from apprunner_local.apprunner.plane import AppRunner, Call

CONTROL_PATH = "/_fake/"


class Control:
    """A fake that another process serves.

    Args:
        url: Its address.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + CONTROL_PATH
        self._opener = build_opener(ProxyHandler({}))  # the fake is on this machine: never use a proxy

    def inject(self, fault: Fault) -> None:
        """Add a fault."""
        self._request("inject", asdict(fault))

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._request("clear_faults", {})

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return float(self._request("now", {}))

    def move(self, seconds: float) -> None:
        """Move the clock forward by some seconds."""
        self._request("move", {"seconds": seconds})

    def calls(self) -> list[Call]:
        """Return the recorded calls, oldest first."""
        return [Call(**call) for call in self._request("calls", {})]

    def complete_handshake(self, arn: str) -> None:
        """Complete a connection's handshake, which a user does in the console."""
        self._request("complete_handshake", {"arn": arn})

    def push(self, source: str) -> None:
        """Add a version of a source."""
        self._request("push", {"source": source})

    def deployed(self, arn: str) -> tuple[dict[str, Any], int] | None:
        """Return the settings and the source's version that a service runs, None before its first deployment."""
        result = self._request("deployed", {"arn": arn})
        return (result[0], result[1]) if result else None

    def set_behavior(self, **settings: Any) -> None:
        """Switch undocumented behaviour of the World.

        Args:
            settings: Values of `World`'s fields shows_after_rollback, kept_certificate, created_in_console,
                dns_target_without_domain, updates_while_paused, lower_case_connectors,
                regional_validation_names and page_size.

        Raises:
            RejectedError: A field is none of these, or its value is invalid.
        """
        self._request("set_behavior", settings)

    def seed(self, file: Path) -> None:
        """Create the resources that a stack file refers to and that do not exist yet."""
        self._request("seed", {"file": str(file)})

    def reset(self) -> None:
        """Delete all resources, recorded calls and faults. The clock keeps its time."""
        self._request("reset", {})

    def _request(self, what: str, parameters: Mapping[str, Any]) -> Any:
        try:
            with self._opener.open(Request(self._url + what, json.dumps(parameters).encode(), method="POST")) as answer:
                return json.load(answer)["result"]
        except HTTPError as error:
            with error:
                error_answer = json.load(error)
            raise RejectedError(error_answer["__type"], error_answer["Message"]) from None


def controlled(plane: AppRunner, what: str, parameters: dict[str, Any]) -> Any:
    """Perform a request of `Control`, and return a result that JSON can contain."""
    if what not in _CONTROLS:
        raise RejectedError(
            "UnknownOperationException", f"{what} is not a control operation. Use one of: {', '.join(_CONTROLS)}"
        )
    return _CONTROLS[what](plane, **parameters)


_SWITCH = (False, True)
_BEHAVIOR: Mapping[str, tuple[object, ...]] = {
    "shows_after_rollback": ("old", "new"),
    "kept_certificate": (None, "binding_certificate", "active"),
    "created_in_console": _SWITCH,
    "dns_target_without_domain": _SWITCH,
    "updates_while_paused": _SWITCH,
    "lower_case_connectors": _SWITCH,
    "regional_validation_names": _SWITCH,
    "page_size": (None, *range(1, 101)),
}
"""The values of each setting that `Control.set_behavior` accepts."""


def _set_behavior(plane: AppRunner, **settings: Any) -> None:
    for name, value in settings.items():
        if name not in _BEHAVIOR:
            raise ValueError(f"{name}: unknown setting. Valid settings: {', '.join(_BEHAVIOR)}")
        if value not in _BEHAVIOR[name]:
            raise ValueError(f"{name}: must be one of {', '.join(map(repr, _BEHAVIOR[name]))}, got {value!r}")
    for name, value in settings.items():
        setattr(plane.world, name, value)


_CONTROLS: Mapping[str, Callable[..., Any]] = {
    "inject": lambda plane, **fault: plane.faults.inject(Fault(**fault)),
    "clear_faults": lambda plane: plane.faults.clear(),
    "now": lambda plane: plane.clock.now(),
    "move": lambda plane, seconds: plane.clock.move(seconds),
    "calls": lambda plane: [asdict(call) for call in plane.calls],
    "complete_handshake": lambda plane, arn: plane.complete_handshake(arn),
    "push": lambda plane, source: plane.push(source),
    "deployed": lambda plane, arn: plane.deployed(arn),
    "set_behavior": _set_behavior,
    "seed": lambda plane, file: plane.world.seed(file),
    "reset": lambda plane: plane.reset(),
}
