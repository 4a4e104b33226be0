"""The one place where components lean on private parts of the Pulumi SDK; the offline engine's is testing.sdk."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from pulumi.runtime import _callbacks, settings
from pulumi.runtime.mocks import MockMonitor

T = TypeVar("T")

_GATHERED: WeakKeyDictionary[Any, list[Any]] = WeakKeyDictionary()


def is_mocked() -> bool:
    """Tell whether the program runs without the engine."""
    return isinstance(settings.get_monitor(), MockMonitor)


def gather(what: T, at_the_end: Callable[[list[T]], None]) -> None:
    """Keep something until the engine is through with this program, deletions included; then all of it is handed on.

    That runs in a thread of its own. An error of it fails the update, and loses nothing by that: everything else has
    gone through. (An error that the program itself raises ends the update there, and nothing is deleted any more.)
    """
    monitor: Any = settings.get_monitor()
    if monitor in _GATHERED:
        _GATHERED[monitor].append(what)
        return
    gathered = _GATHERED[monitor] = [what]
    # The SDK calls this when all that the program does is done, and the engine answers when it is done too.
    signal = monitor.SignalAndWaitForShutdown

    def through(request: Any) -> Any:
        answer = signal(request)
        at_the_end(gathered)
        return answer

    monitor.SignalAndWaitForShutdown = through


@cache
def let_hooks_start() -> None:
    """Have the SDK stop the server that its hooks are called through only when that has started.

    A program that fails early is stopped while the server starts. gRPC then ends the process by a segmentation fault
    (seen with pulumi 3.272 and grpcio 1.85), and the program's own error is never told.
    """
    servicer: Any = getattr(_callbacks, "_CallbackServicer")  # noqa: B009 - private, which pyright minds
    serve = servicer.serve

    async def serve_undisturbed(self: Any) -> None:
        started = asyncio.get_running_loop().create_future()
        stop = self._server.stop

        async def stop_when_started(grace: float | None) -> None:
            await started
            await stop(grace)

        self._server.stop = stop_when_started
        try:
            await serve(self)
        finally:
            started.set_result(None)

    servicer.serve = serve_undisturbed
