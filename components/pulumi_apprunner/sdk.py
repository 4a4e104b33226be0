"""The one place where components lean on private parts of the Pulumi SDK; the offline engine's is offline.sdk."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pulumi.runtime import _callbacks, settings
from pulumi.runtime.mocks import MockMonitor

T = TypeVar("T")

_OF_RUN = "_pulumi_apprunner"
"""The attribute of the connection to the engine, which each run has one of, that holds what belongs to the run."""


def is_mocked() -> bool:
    """Return whether the program runs without the Pulumi engine."""
    return isinstance(settings.get_monitor(), MockMonitor)


def once_per_run(make: Callable[[], T]) -> T:
    """Return what a function makes, made once in each run of a program; a process may run several programs."""
    monitor: Any = settings.get_monitor()
    if monitor is None:  # no engine: the SDK reports that when the first resource is registered
        return make()
    # On the monitor itself, not in a dictionary of monitors: outputs hold the context that holds the monitor.
    of_run: dict[Any, Any] | None = getattr(monitor, _OF_RUN, None)
    if of_run is None:
        of_run = {}
        setattr(monitor, _OF_RUN, of_run)
    if make not in of_run:
        of_run[make] = make()
    return of_run[make]


def at_shutdown(callback: Callable[[], None]) -> None:
    """Call a function when the engine is through with this program, deletions included, in the order of these calls.

    It runs in a daemon thread, and an interrupted program does not wait for it. An error of it fails the update, and
    loses nothing by that: everything else has gone through. (An error that the program itself raises ends the update
    there, and nothing is deleted any more.) Where a registration has failed, the SDK does not send the signal, and the
    function is not called.
    """
    callbacks = once_per_run(_callbacks_at_shutdown)
    callbacks.append(callback)


def _callbacks_at_shutdown() -> list[Callable[[], None]]:
    callbacks: list[Callable[[], None]] = []
    monitor: Any = settings.get_monitor()
    # The SDK calls this when all that the program does is done, and the engine answers when it is done too.
    signal = getattr(monitor, "SignalAndWaitForShutdown", None)
    if signal is None:
        return callbacks

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None

    def shut_down(request: Any) -> Any:
        answer = signal(request)
        for callback in callbacks:
            _run_while(loop, callback)
        return answer

    monitor.SignalAndWaitForShutdown = shut_down
    return callbacks


def _run_while(loop: asyncio.AbstractEventLoop | None, function: Callable[[], None]) -> None:
    """Run a function in a daemon thread, and wait for it only while an event loop runs.

    This is called in the loop's own pool, whose threads Python joins when the program is interrupted.
    """
    errors: list[BaseException] = []
    context = contextvars.copy_context()

    def work() -> None:
        try:
            context.run(function)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, name="pulumi-apprunner", daemon=True)
    thread.start()
    while thread.is_alive() and (loop is None or loop.is_running()):
        thread.join(0.2)
    if errors:
        raise errors[0]


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
