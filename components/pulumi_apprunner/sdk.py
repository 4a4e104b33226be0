"""Every use of private parts of the Pulumi SDK by the components; offline.sdk holds those of the offline engine.

An SDK that has renamed such a part causes a warning, and only what needs the part does not work.
"""

import asyncio
import contextvars
import importlib
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import pulumi

T = TypeVar("T")

_ATTRIBUTE = "_pulumi_apprunner"
"""The attribute of the connection to the engine that holds the values of `once_per_run`: one connection per run."""


def is_mocked() -> bool:
    """Return whether the program runs under mocks, not on the Pulumi engine."""
    mock: Any = _part("pulumi.runtime.mocks", "MockMonitor", "Unit tests with mocks are treated as updates")
    return mock is not None and isinstance(_monitor(), mock)


def runs_under_user_mocks() -> bool:
    """Return whether the program runs under a user's mocks, whose values need not have the form of AWS's.

    The offline engine is built on mocks too, but it emulates AWS.
    """
    return is_mocked() and not getattr(_monitor(), "emulates_aws", False)


def read_configuration() -> Mapping[str, Any]:
    """Return every configuration value that the program can read, by namespaced key. `pulumi.Config` lists no keys.

    The CLI passes them in the environment. The Automation API and `pulumi.runtime.set_all_config` set them directly.
    """
    directly: Any = _part("pulumi.runtime.config", "CONFIG", "Configuration that a program sets itself is not read")
    return {**pulumi.runtime.get_config_env(), **(directly.get() if directly else {})}


def read_secret_keys() -> set[str]:
    """Return the namespaced keys of the configuration values that are encrypted."""
    return {
        *pulumi.runtime.get_config_secret_keys_env(),
        *filter(pulumi.runtime.is_config_secret, read_configuration()),
    }


def once_per_run(create: Callable[[], T]) -> T:
    """Return what a function creates, created once in each run of a program; a process may run several programs."""
    monitor = _monitor()
    if monitor is None:  # no engine: the SDK reports that when the first resource is registered
        return create()
    # On the monitor itself, not in a dictionary of monitors: outputs hold the context that holds the monitor.
    values: dict[Any, Any] | None = getattr(monitor, _ATTRIBUTE, None)
    if values is None:
        values = {}
        setattr(monitor, _ATTRIBUTE, values)
    if create not in values:
        values[create] = create()
    return values[create]


def at_shutdown(callback: Callable[[], None]) -> None:
    """Call a function when the engine has finished this program, deletions included, in the order of these calls.

    It runs in a daemon thread, and an interrupted program does not wait for it. An error that it raises fails the
    update, after all other changes. If the program itself raises an error or a registration fails, the SDK does not
    send the signal, and the function is not called.
    """
    once_per_run(_callbacks_at_shutdown).append(callback)


def _callbacks_at_shutdown() -> list[Callable[[], None]]:
    callbacks: list[Callable[[], None]] = []
    monitor = _monitor()
    if monitor is None or is_mocked():
        return callbacks
    # The SDK calls this when the program has finished, and the engine returns from it when it has finished too.
    signal = getattr(monitor, "SignalAndWaitForShutdown", None)
    if signal is None:
        _warn_of_missing_part(
            f"{type(monitor).__name__}.SignalAndWaitForShutdown", "Deployments are not verified at the end of an update"
        )
        return callbacks

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None

    def shut_down(request: Any) -> Any:
        response = signal(request)
        for callback in callbacks:
            _run_while(loop, callback)
        return response

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
    """Delay the stop of the SDK's server for hooks until the server has started.

    A program that fails early is stopped while the server starts. gRPC then ends the process by a segmentation fault
    (observed with pulumi 3.272 and grpcio 1.85), and the program's own error is not printed.
    """
    lost = "A program that fails early may end without its error message"
    servicer = _part("pulumi.runtime._callbacks", "_CallbackServicer", lost)
    serve = getattr(servicer, "serve", None)
    if serve is None:
        if servicer is not None:
            _warn_of_missing_part("pulumi.runtime._callbacks._CallbackServicer.serve", lost)
        return

    async def serve_undisturbed(self: Any) -> None:
        server = getattr(self, "_server", None)
        if server is None:
            _warn_of_missing_part("pulumi.runtime._callbacks._CallbackServicer._server", lost)
            await serve(self)
            return
        started = asyncio.get_running_loop().create_future()
        stop = server.stop

        async def stop_when_started(grace: float | None) -> None:
            await started
            await stop(grace)

        server.stop = stop_when_started
        try:
            await serve(self)
        finally:
            started.set_result(None)

    servicer.serve = serve_undisturbed


def _monitor() -> Any:
    """Return the connection to the engine, None without one."""
    get_monitor = _part("pulumi.runtime.settings", "get_monitor", "Deployments are not verified")
    return None if get_monitor is None else get_monitor()


def _part(module: str, name: str, consequence: str) -> Any:
    """Return a private part of the SDK; None, after a warning, if the SDK does not have it."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        _warn_of_missing_part(f"{module}.{name}", consequence)
        return None


@cache
def _warn_of_missing_part(part: str, consequence: str) -> None:
    pulumi.log.warn(
        f"pulumi-apprunner: the Pulumi SDK must have {part}, but this version does not. {consequence}. Update "
        "pulumi-apprunner, or use an older Pulumi SDK"
    )
