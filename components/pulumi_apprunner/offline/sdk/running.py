# pyright: reportPrivateUsage=false
"""Runs a program in a new event loop and stack, and collects all its errors."""

import asyncio
import contextvars
import gc
import threading
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from inspect import isawaitable
from typing import Any, TypeVar
from unittest import mock

import pulumi
from pulumi.runtime import resource as _resource
from pulumi.runtime import settings as _settings
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.stack import run_in_stack

from pulumi_apprunner.offline.sdk.callbacks import Callbacks
from pulumi_apprunner.offline.sdk.outputs import Outputs, fast_outputs

T = TypeVar("T")

_GRACE = 1.0
"""Seconds to wait, after the first error, for other tasks to finish or fail."""


def execute(
    program: Callable[[], Any], *, project: str, stack: str, root: str | None, monitor: Any, engine: Any
) -> None:
    """Run a program as a preview, against a monitor and an engine in this process.

    The SDK's global state is the same before and after, also if the program fails.

    Raises:
        SeveralErrors: The program raises more than one error.
        Exception: The only error, unchanged.
    """

    def work() -> None:
        loop = _Loop()
        loop.set_exception_handler(_ignore)
        try:
            with _without_overhead():
                loop.run_until_complete(_run(program, project, stack, root, monitor, engine))
        except SystemExit as error:
            raise ProgramExit(error.code) from None
        finally:
            _close(loop)

    _run_in_context_copy(work)


def with_settings(project: str, stack: str, function: Callable[[], T]) -> T:
    """Call a function with the SDK's settings for a policy pack: the project and the stack."""

    def work() -> T:
        _settings.configure(_settings.Settings(project=project, stack=stack, organization="organization", dry_run=True))
        return function()

    return _run_in_context_copy(work)


def await_result(result: Any) -> Any:
    """Return the result of a function that may be async: await it if it is awaitable."""

    if not isawaitable(result):
        return result
    awaitable: Awaitable[Any] = result

    async def wait() -> Any:
        return await awaitable

    def work() -> Any:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(wait())
        finally:
            loop.close()

    return _run_in_context_copy(work)


def _ignore(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log no errors of tasks that are not awaited: `_other_errors` collects them."""


class ProgramExit(pulumi.RunError):
    """The program called `sys.exit` with a status other than 0."""

    def __init__(self, code: object) -> None:
        self.code = code
        super().__init__(code if isinstance(code, str) else f"the program called sys.exit({code!r})")


class SeveralErrors(pulumi.RunError):
    """A program raised several errors; they are in `errors`."""

    errors: tuple[BaseException, ...]

    def __init__(self, errors: Sequence[BaseException]) -> None:
        self.errors = tuple(errors)
        lines = [
            str(each) if isinstance(each, pulumi.RunError) else f"{type(each).__name__}: {each}" for each in errors
        ]
        super().__init__("\n".join([f"{len(errors)} errors:", *lines]))


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that runs the SDK's engine calls immediately, instead of in threads.

    This is several times as fast, and makes the order of registrations deterministic.
    """

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        if not getattr(func, "__qualname__", "").startswith("wrap_with_context."):
            return super().run_in_executor(executor, func, *args)  # type: ignore[arg-type]
        future: asyncio.Future[Any] = self.create_future()
        try:
            result: Any = func(*args)
        except Exception as error:  # raised where the caller awaits it
            future.set_exception(error)
            return future
        if asyncio.iscoroutine(result):
            return self.create_task(result)
        future.set_result(result)
        return future


async def _run(
    program: Callable[[], Any], project: str, stack: str, root: str | None, monitor: Any, engine: Any
) -> None:
    _settings.ROOT.set(None)
    _settings.configure(
        _settings.Settings(
            project=project,
            stack=stack,
            root_directory=root,
            organization="organization",
            monitor=monitor,
            engine=engine,
            dry_run=True,
        )
    )
    settings: Any = _settings.SETTINGS
    settings.outputs = outputs = Outputs()
    settings.callbacks = Callbacks(monitor)
    own_errors: list[BaseException] = []
    failed = asyncio.Event()

    async def main() -> None:
        # The SDK raises errors of outputs instead of the program's own error, which the user needs first.
        try:
            result = program()
            if isawaitable(result):
                await result
        except SystemExit as error:
            if error.code not in (None, 0):
                own_errors.append(ProgramExit(error.code))
        except Exception as error:
            own_errors.append(error)
            failed.set()
            raise

    running = asyncio.create_task(run_in_stack(main))
    await asyncio.wait([running, asyncio.create_task(failed.wait())], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([running], timeout=_GRACE)
    last = running.exception() if running.done() else None
    if own_errors or last:
        others = await _other_errors(outputs, settings.rpc_manager)
        _raise_causes([*own_errors, *others, *([last] if last else [])], settings.rpc_manager.unhandled_exception)


async def _other_errors(outputs: Outputs, rpcs: Any) -> list[BaseException]:
    """Return the errors of outputs and engine calls, oldest first, after they end or `_GRACE` seconds pass."""
    seen: dict[asyncio.Future[Any], None] = {}
    until = asyncio.get_running_loop().time() + _GRACE
    while True:
        seen |= dict.fromkeys([*outputs.unfinished(), *rpcs.rpcs])
        pending = [each for each in seen if not each.done()]
        left = until - asyncio.get_running_loop().time()
        if not pending or left <= 0:
            break
        await asyncio.wait(pending, timeout=left)
    ended = [each for each in seen if each.done() and not each.cancelled()]
    return [error for each in ended if (error := each.exception()) is not None]


def _raise_causes(raised: Sequence[BaseException], unhandled: BaseException | None) -> None:
    """Raise the errors, each cause once."""
    causes: dict[int, BaseException] = {}
    for error in raised:
        if error.__cause__ is unhandled is not None:
            error.__cause__ = None  # the SDK sets it on unrelated errors
        while _is_wrapper(error) and (origin := error.__cause__ or error.__context__) is not None:
            error = origin
        causes.setdefault(id(error), error)
    if len(causes) == 1:
        raise next(iter(causes.values()))
    raise SeveralErrors(list(causes.values()))


def _is_wrapper(error: BaseException) -> bool:
    """Return whether the SDK raised an error only to add the resource to another error."""
    return isinstance(error, ValueError | AssertionError) and " has risen: " in str(error)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    for task in (left := asyncio.all_tasks(loop)):
        task.cancel()
    try:
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_GRACE))
        loop.run_until_complete(loop.shutdown_asyncgens())
    except (SystemExit, RuntimeError):
        pass  # a task may call sys.exit when it is cancelled
    loop.close()


def _run_in_context_copy(work: Callable[[], T]) -> T:
    """Call a function in a copy of the context; in a new thread if this one already runs an event loop."""
    context = contextvars.copy_context()
    if asyncio._get_running_loop() is None:
        return context.run(work)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:  # raised again in the calling thread
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def _without_overhead() -> Generator[None]:
    """Disable garbage collection and the SDK's stack traces, and replace its outputs: they take most of the time.

    A run creates almost no garbage, and only the Pulumi CLI uses the stack traces.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with fast_outputs(), mock.patch.object(_resource, "_get_stack_trace", source_pb2.StackTrace):
            yield
    finally:
        if collects:
            gc.enable()
