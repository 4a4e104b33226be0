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

    def shows_after_rollback(self, shows: str) -> None:
        """Set which settings DescribeService returns after a rollback: "old" or "new"."""
        self._request("shows_after_rollback", {"shows": shows})

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


def _show(plane: AppRunner, shows: str) -> None:
    if shows not in ("old", "new"):
        raise ValueError(f"shows_after_rollback: must be 'old' or 'new', got {shows!r}")
    plane.world.shows_after_rollback = "old" if shows == "old" else "new"


_CONTROLS: Mapping[str, Callable[..., Any]] = {
    "inject": lambda plane, **fault: plane.faults.inject(Fault(**fault)),
    "clear_faults": lambda plane: plane.faults.clear(),
    "now": lambda plane: plane.clock.now(),
    "move": lambda plane, seconds: plane.clock.move(seconds),
    "calls": lambda plane: [asdict(call) for call in plane.calls],
    "complete_handshake": lambda plane, arn: plane.complete_handshake(arn),
    "push": lambda plane, source: plane.push(source),
    "deployed": lambda plane, arn: plane.deployed(arn),
    "shows_after_rollback": _show,
    "seed": lambda plane, file: plane.world.seed(file),
    "reset": lambda plane: plane.reset(),
}
