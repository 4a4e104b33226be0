# pyright: standard
"""The fake as another process controls it: what tests call on AppRunner in Python, over HTTP on a path of its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from apprunner_local.apprunner.faults import Fault
from apprunner_local.apprunner.plane import AppRunner, Call
from apprunner_local.apprunner.refused import RefusedError

CONTROL_PATH = "/_fake/"


class Control:
    """A fake that another process serves.

    Args:
        url: Its address.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + CONTROL_PATH
        self._opener = build_opener(ProxyHandler({}))  # it is on this machine, whatever proxy there is

    def give(self, fault: Fault) -> None:
        """Add an instruction for what goes wrong."""
        self._request("give", asdict(fault))

    def clear_faults(self) -> None:
        """Forget every instruction."""
        self._request("clear_faults", {})

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return float(self._request("now", {}))

    def move(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._request("move", {"seconds": seconds})

    def calls(self) -> list[Call]:
        """Return the calls that were seen, the first one first."""
        return [Call(**call) for call in self._request("calls", {})]

    def shake_hands(self, arn: str) -> None:
        """Complete a connection's handshake, as somebody does in the console."""
        self._request("shake_hands", {"arn": arn})

    def push(self, source: str) -> None:
        """Let a source have a new version."""
        self._request("push", {"source": source})

    def deployed(self, arn: str) -> tuple[dict[str, Any], int] | None:
        """Return the settings that a service runs with and the version of its source."""
        found = self._request("deployed", {"arn": arn})
        return (found[0], found[1]) if found else None

    def shows_after_rollback(self, shows: str) -> None:
        """Tell what DescribeService gives after a rollback: the "old" settings or the "new"."""
        self._request("shows_after_rollback", {"shows": shows})

    def seed(self, file: Path) -> None:
        """Create what a stack file refers to and what does not exist yet."""
        self._request("seed", {"file": str(file)})

    def reset(self) -> None:
        """Begin again: nothing is there, no call was seen, nothing goes wrong. The time goes on."""
        self._request("reset", {})

    def _request(self, what: str, parameters: Mapping[str, Any]) -> Any:
        try:
            with self._opener.open(Request(self._url + what, json.dumps(parameters).encode(), method="POST")) as answer:
                return json.load(answer)["result"]
        except HTTPError as error:
            with error:
                error_answer = json.load(error)
            raise RefusedError(error_answer["__type"], error_answer["Message"]) from None


def controlled(plane: AppRunner, what: str, parameters: dict[str, Any]) -> Any:
    """Perform a request of `Control`, and return a result that JSON can contain."""
    if what not in _CONTROLS:
        raise RefusedError("UnknownOperationException", f"{what} is no control: {', '.join(_CONTROLS)}")
    return _CONTROLS[what](plane, **parameters)


def _show(plane: AppRunner, shows: str) -> None:
    if shows not in ("old", "new"):
        raise ValueError(f"after a rollback the old settings are shown or the new, not {shows!r}")
    plane.world.shows_after_rollback = "old" if shows == "old" else "new"


_CONTROLS: Mapping[str, Callable[..., Any]] = {
    "give": lambda plane, **fault: plane.faults.give(Fault(**fault)),
    "clear_faults": lambda plane: plane.faults.clear(),
    "now": lambda plane: plane.clock.now(),
    "move": lambda plane, seconds: plane.clock.move(seconds),
    "calls": lambda plane: [asdict(call) for call in plane.calls],
    "shake_hands": lambda plane, arn: plane.shake_hands(arn),
    "push": lambda plane, source: plane.push(source),
    "deployed": lambda plane, arn: plane.deployed(arn),
    "shows_after_rollback": _show,
    "seed": lambda plane, file: plane.world.seed(file),
    "reset": lambda plane: plane.reset(),
}
