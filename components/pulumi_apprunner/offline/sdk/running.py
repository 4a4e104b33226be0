# pyright: reportPrivateUsage=false
"""Running a program in the SDK's own event loop and stack, and telling all that goes wrong in it."""

import asyncio
import contextvars
import gc
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
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

T = TypeVar("T")

_GRACE = 1.0
"""Seconds that what is still under way gets to fail as well, once something has failed."""


def execute(
    program: Callable[[], Any], *, project: str, stack: str, root: str | None, monitor: Any, engine: Any
) -> None:
    """Run a program in a stack of its own, as a preview, against a monitor and an engine in this process.

    Nothing of it stays behind in the SDK, also when it fails, and what ran before stays as it was.

    Raises:
        SeveralErrors: More than one thing went wrong.
        Exception: The one thing that went wrong, as it was raised.
    """

    def work() -> None:
        loop = _Loop()
        loop.set_exception_handler(_silently)
        try:
            with _undisturbed():
                loop.run_until_complete(_run(program, project, stack, root, monitor, engine))
        except SystemExit as error:
            raise ProgramExit(error.code) from None
        finally:
            _wind_up(loop)

    _apart(work)


def within(project: str, stack: str, work: Callable[[], T]) -> T:
    """Do some work for which the SDK knows the project and the stack, as a policy pack is run."""

    def told() -> T:
        _settings.configure(_settings.Settings(project=project, stack=stack, organization="organization", dry_run=True))
        return work()

    return _apart(told)


def finished(result: Any) -> Any:
    """Return what a function returned, or what that gave when it was awaited."""

    if not isawaitable(result):
        return result
    awaitable: Awaitable[Any] = result

    async def awaited() -> Any:
        return await awaitable

    def work() -> Any:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(awaited())
        finally:
            loop.close()

    return _apart(work)


def _silently(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of errors that nobody awaits: `_failures` finds them."""


class ProgramExit(pulumi.RunError):
    """The program called `sys.exit`, and not to say that all is well."""

    def __init__(self, code: object) -> None:
        self.code = code
        super().__init__(code if isinstance(code, str) else f"the program ended itself: sys.exit({code!r})")


class SeveralErrors(pulumi.RunError):
    """More than one thing went wrong in a program; `errors` holds what was raised."""

    errors: tuple[BaseException, ...]

    def __init__(self, errors: Sequence[BaseException]) -> None:
        self.errors = tuple(errors)
        texts = [
            str(each) if isinstance(each, pulumi.RunError) else f"{type(each).__name__}: {each}" for each in errors
        ]
        super().__init__("\n".join([f"{len(errors)} errors:", *texts]))


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that answers the SDK's calls to the engine at once, in place of handing them to threads.

    That is several times as fast, and the order of registrations is the same in every run.
    """

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        if not getattr(func, "__qualname__", "").startswith("wrap_with_context."):
            return super().run_in_executor(executor, func, *args)  # type: ignore[arg-type]
        answer: asyncio.Future[Any] = self.create_future()
        try:
            result: Any = func(*args)
        except Exception as error:  # it is the caller's
            answer.set_exception(error)
            return answer
        if asyncio.iscoroutine(result):
            return self.create_task(result)
        answer.set_result(result)
        return answer


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
    settings.outputs = outputs = _Outputs()
    settings.callbacks = Callbacks(monitor)
    own: list[BaseException] = []
    failed = asyncio.Event()

    async def remembering() -> None:
        # Errors of outputs hide the program's own, which is the first that a person wants to see.
        try:
            result = program()
            if isawaitable(result):
                await result
        except SystemExit as error:
            if error.code not in (None, 0):
                own.append(ProgramExit(error.code))
        except Exception as error:
            own.append(error)
            failed.set()
            raise

    running = asyncio.create_task(run_in_stack(remembering))
    await asyncio.wait([running, asyncio.create_task(failed.wait())], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([running], timeout=_GRACE)
    last = running.exception() if running.done() else None
    if own or last:
        others = await _failures(outputs, settings.rpc_manager)
        _tell([*own, *others, *([last] if last else [])], settings.rpc_manager.unhandled_exception)


class _Outputs:
    """The SDK's set of outputs that nobody awaits yet, in the order in which the program made them.

    It must not be a dict: the SDK takes those apart.
    """

    def __init__(self) -> None:
        self._outputs: dict[Any, None] = {}
        self.remove = self._outputs.__delitem__
        self.taken: list[Any] = []

    def __len__(self) -> int:
        return len(self._outputs)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._outputs)

    def add(self, output: Any) -> None:
        self._outputs[output] = None

    def discard(self, output: Any) -> None:
        self._outputs.pop(output, None)

    def clear(self) -> None:
        self.taken = list(self._outputs)
        self._outputs.clear()


async def _failures(outputs: _Outputs, rpcs: Any) -> list[BaseException]:
    """Return what else went wrong, oldest first, once what is under way has ended or had time to."""
    seen: dict[asyncio.Future[Any], None] = {}
    until = asyncio.get_running_loop().time() + _GRACE
    while True:
        seen |= dict.fromkeys([*outputs.taken, *outputs, *rpcs.rpcs])
        pending = [each for each in seen if not each.done()]
        left = until - asyncio.get_running_loop().time()
        if not pending or left <= 0:
            break
        await asyncio.wait(pending, timeout=left)
    ended = [each for each in seen if each.done() and not each.cancelled()]
    return [error for each in ended if (error := each.exception()) is not None]


def _tell(raised: Sequence[BaseException], unhandled: BaseException | None) -> None:
    """Raise what went wrong, each cause once."""
    causes: dict[int, BaseException] = {}
    for error in raised:
        if error.__cause__ is unhandled is not None:
            error.__cause__ = None  # the SDK says so of any two errors that meet at the end
        while _is_wrapping(error) and (origin := error.__cause__ or error.__context__) is not None:
            error = origin
        causes.setdefault(id(error), error)
    if len(causes) == 1:
        raise next(iter(causes.values()))
    raise SeveralErrors(list(causes.values()))


def _is_wrapping(error: BaseException) -> bool:
    """Tell whether the SDK made an error only to say at which resource another one struck."""
    return isinstance(error, ValueError | AssertionError) and " has risen: " in str(error)


def _wind_up(loop: asyncio.AbstractEventLoop) -> None:
    for task in (left := asyncio.all_tasks(loop)):
        task.cancel()
    try:
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_GRACE))
        loop.run_until_complete(loop.shutdown_asyncgens())
    except (SystemExit, RuntimeError):
        pass  # a task that calls sys.exit when it is cancelled
    loop.close()


def _apart(work: Callable[[], T]) -> T:
    """Do some work in a context of its own; on a thread of its own where this one is running an event loop."""
    context = contextvars.copy_context()
    if asyncio._get_running_loop() is None:
        return context.run(work)
    results: list[T] = []
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:  # raised again where it belongs
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return results[0]


@contextmanager
def _undisturbed() -> Generator[None]:
    """Leave out what takes half of the time and helps nobody: collecting garbage while next to nothing becomes any,
    and noting for each resource where in the program it was made, which only the CLI shows."""
    collects = gc.isenabled()
    gc.disable()
    try:
        with mock.patch.object(_resource, "_get_stack_trace", source_pb2.StackTrace):
            yield
    finally:
        if collects:
            gc.enable()
