"""All uses of private parts of the Pulumi SDK by the components; `offline.sdk` has those of the offline engine.

If an SDK version has renamed a part, the components log a warning, and only the feature that uses the part is disabled.
"""

import asyncio
import contextvars
import importlib
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import rpc

UNKNOWN_TEXT: str = getattr(rpc, "UNKNOWN", "")
"""An unknown value in the configuration: one that the offline engine cannot decrypt."""

T = TypeVar("T")

_ATTRIBUTE = "_pulumi_apprunner"
"""The attribute for the values of `once_per_run`, on the connection to the engine. Each run has one connection."""


def is_mocked() -> bool:
    """Return whether the program runs under mocks, not on the Pulumi engine."""
    mock: Any = _part("pulumi.runtime.mocks", "MockMonitor", "Unit tests with mocks are treated as updates")
    return mock is not None and isinstance(_monitor(), mock)


def runs_under_user_mocks() -> bool:
    """Return whether the program runs under a user's mocks, whose values may differ in form from AWS's.

    The offline engine also uses mocks, but it emulates AWS.
    """
    return is_mocked() and not getattr(_monitor(), "emulates_aws", False)


def knows_regions() -> bool:
    """Return whether regions in ARNs are real: not those of a user's mocks, nor the offline engine's stub values.

    The offline engine knows a region only if it is configured. The CLI also reads it from the environment.
    """
    return not is_mocked() or (not runs_under_user_mocks() and pulumi.Config("aws").get("region") is not None)


def read_configuration() -> Mapping[str, Any]:
    """Return all configuration values that the program can read, by namespaced key. `pulumi.Config` cannot list keys.

    The CLI passes them in the environment. The Automation API and `pulumi.runtime.set_all_config` set them directly.
    """
    variable: Any = _part("pulumi.runtime.config", "CONFIG", "Configuration that a program sets itself is not read")
    return {**pulumi.runtime.get_config_env(), **(variable.get() if variable else {})}


def read_secret_keys() -> set[str]:
    """Return the namespaced keys of the configuration values that are encrypted."""
    return {
        *pulumi.runtime.get_config_secret_keys_env(),
        *filter(pulumi.runtime.is_config_secret, read_configuration()),
    }


def once_per_run(create: Callable[[], T]) -> T:
    """Return the result of a function, which is called once in each run. A process may run several programs."""
    monitor = _monitor()
    if monitor is None:  # no engine: the SDK reports that when the first resource is registered
        return create()
    # Stored on the monitor, because a dictionary of monitors would never release them: outputs refer to their monitor.
    values: dict[Any, Any] | None = getattr(monitor, _ATTRIBUTE, None)
    if values is None:
        values = {}
        setattr(monitor, _ATTRIBUTE, values)
    if create not in values:
        values[create] = create()
    return values[create]


def at_shutdown(callback: Callable[[], None]) -> None:
    """Register a function that is called after the engine has finished all changes, deletions included.

    Several functions are called in the order of registration. Each runs in a daemon thread, and an interrupted program
    does not wait for it. An error in it fails the update, after all other changes. If the program raises an error or a
    registration fails, the SDK does not send the signal, and the function is not called.
    """
    once_per_run(_callbacks_at_shutdown).append(callback)


def _callbacks_at_shutdown() -> list[Callable[[], None]]:
    callbacks: list[Callable[[], None]] = []
    monitor = _monitor()
    if monitor is None or is_mocked():
        return callbacks
    # The SDK calls this at the end of the program. The call returns when the engine has finished all changes.
    signal = getattr(monitor, "SignalAndWaitForShutdown", None)
    if signal is None:
        _warn_about_missing_part(
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

    It is called in the loop's own thread pool, whose threads Python joins when the program is interrupted.
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
def prepare_hook_server() -> None:
    """Make the SDK start one server for all hooks, and stop it only after it has started. Call it before each hook."""
    _start_one_hook_server()
    _delay_hook_server_stop()


def _start_one_hook_server() -> None:
    """Let all hooks of a program use the server of the first one.

    The SDK keeps its server in a context variable, which the tasks of other hooks do not see. So each hook has a server
    with a port and an open file. Forty services had 240: almost as many as macOS allows a process (observed with pulumi
    3.272).
    """
    consequence = "Each hook has a server of its own, and a large stack may exceed the limit of open files"
    get = _part("pulumi.runtime.resource", "_get_callbacks", consequence)
    if get is None:
        return

    def create_servers() -> list[asyncio.Future[Any]]:
        return []

    async def get_first() -> Any:
        servers = once_per_run(create_servers)
        if not servers:
            servers.append(asyncio.ensure_future(get()))
        return await asyncio.shield(servers[0])

    importlib.import_module("pulumi.runtime.resource").__dict__["_get_callbacks"] = get_first


def _delay_hook_server_stop() -> None:
    """Make the SDK stop its server for hooks only after the server has started.

    A program that fails early stops the server during its start. gRPC then ends the process with a segmentation fault
    (observed with pulumi 3.272 and grpcio 1.85), and the program's own error is not printed.
    """
    consequence = "A program that fails early may end without its error message"
    servicer = _part("pulumi.runtime._callbacks", "_CallbackServicer", consequence)
    serve = getattr(servicer, "serve", None)
    if serve is None:
        if servicer is not None:
            _warn_about_missing_part("pulumi.runtime._callbacks._CallbackServicer.serve", consequence)
        return

    async def serve_until_started(self: Any) -> None:
        server = getattr(self, "_server", None)
        if server is None:
            _warn_about_missing_part("pulumi.runtime._callbacks._CallbackServicer._server", consequence)
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

    servicer.serve = serve_until_started


def _monitor() -> Any:
    """Return the connection to the engine, None without one."""
    get_monitor = _part("pulumi.runtime.settings", "get_monitor", "Deployments are not verified")
    return None if get_monitor is None else get_monitor()


def _part(module: str, name: str, consequence: str) -> Any:
    """Return a private part of the SDK; None, after a warning, if the SDK does not have it."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        _warn_about_missing_part(f"{module}.{name}", consequence)
        return None


@cache
def _warn_about_missing_part(part: str, consequence: str) -> None:
    pulumi.log.warn(
        f"pulumi-apprunner: the Pulumi SDK must have {part}, but this version does not. {consequence}. Update "
        "pulumi-apprunner, or use an older Pulumi SDK"
    )
