# pyright: reportPrivateUsage=false
"""What a program hands to the engine to be called back: hooks and transforms; and how it calls functions."""

import sys
from typing import Any

from pulumi.runtime import settings as _settings
from pulumi.runtime._callbacks import _CallbackServicer


class Callbacks(_CallbackServicer):
    """Keeps the program's hooks and transforms without opening a port for the engine to call them on."""

    def __init__(self, monitor: Any) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "offline"

    async def call(self, token: str, request: bytes) -> Any:
        return await self._callbacks[token](request)


async def transformed(callback: Any, request: Any) -> Any:
    """Return a transform's response to a request."""
    settings: Any = _settings.SETTINGS
    callbacks: Callbacks = settings.callbacks
    return await callbacks.call(callback.token, request.SerializeToString())


def asks_for_output() -> bool:
    """Tell, inside of a monitor's Invoke, whether the program called the function's output form (`get_vpc_output`)."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "do_invoke" and "check_dependencies" in frame.f_locals:
            return bool(frame.f_locals["check_dependencies"])
        frame = frame.f_back
    return False
