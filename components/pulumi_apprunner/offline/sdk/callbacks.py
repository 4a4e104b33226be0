# pyright: reportPrivateUsage=false
"""The program's callbacks (hooks and transforms), and how the program calls a function."""

import sys
from typing import Any

from pulumi.runtime import settings as _settings
from pulumi.runtime._callbacks import _CallbackServicer


class Callbacks(_CallbackServicer):
    """Keeps the program's hooks and transforms without the gRPC server through which the Pulumi engine calls them."""

    def __init__(self, monitor: Any) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "offline"

    async def call(self, token: str, request: bytes) -> Any:
        return await self._callbacks[token](request)


async def call_transform(callback: Any, request: Any) -> Any:
    """Call a transform and return its response."""
    settings: Any = _settings.SETTINGS
    callbacks: Callbacks = settings.callbacks
    return await callbacks.call(callback.token, request.SerializeToString())


def is_output_invoke() -> bool:
    """Return, within a monitor's Invoke, whether the program called a function's output form (`get_vpc_output`)."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "do_invoke" and "check_dependencies" in frame.f_locals:
            return bool(frame.f_locals["check_dependencies"])
        frame = frame.f_back
    return False
