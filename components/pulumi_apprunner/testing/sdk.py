"""The one module that leans on private parts of the Pulumi SDK and of pulumi_policy.

A test goes through all of them; it is the first to fail when a new SDK changes one.
"""

import asyncio
import contextvars
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

import pulumi
from pulumi.runtime import config as _config
from pulumi.runtime import rpc as _rpc
from pulumi.runtime import settings as _settings
from pulumi.runtime._callbacks import _CallbackServicer  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2
from pulumi.runtime.stack import run_in_stack

from pulumi_apprunner.testing.values import UNKNOWN, Secret

__all__ = ["MockMonitor", "engine_pb2", "provider_pb2", "resource_pb2"]

T = TypeVar("T")

STACK = "pulumi:pulumi:Stack"
UNKNOWN_TEXT: str = _rpc.UNKNOWN
"""How an unknown value travels."""

_GRACE = 2.0
"""Seconds that what is still under way gets to fail as well, once something has failed."""

_SIGNATURE: str = _rpc._special_sig_key  # pyright: ignore[reportPrivateUsage]
_SECRET: str = _rpc._special_secret_sig  # pyright: ignore[reportPrivateUsage]
_RESOURCE: str = _rpc._special_resource_sig  # pyright: ignore[reportPrivateUsage]


def decode(struct: Any) -> dict[str, Any]:
    """Return a protobuf Struct as plain Python, with marks for what is unknown or secret, keys sorted."""
    fields = struct.fields
    return {key: decode_value(fields[key]) for key in sorted(fields)}


def decode_value(value: Any) -> Any:
    """Return a protobuf Value as plain Python."""
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text == UNKNOWN_TEXT else text
        case "struct_value":
            return _decode_struct(value.struct_value)
        case "list_value":
            return [decode_value(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _decode_struct(struct: Any) -> Any:
    fields = struct.fields
    if _SIGNATURE not in fields:
        return decode(struct)
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return Secret(decode_value(fields["value"]))
    if signature == _RESOURCE:
        return fields["urn"].string_value
    return _rpc.deserialize_properties(struct)  # an asset or an archive


def encoded(value: Any) -> Any:
    """Return a value, which may hold marks, as it travels."""
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": encoded(value.value)}
    if isinstance(value, Mapping):
        items: Mapping[str, Any] = value
        return {key: encoded(item) for key, item in items.items()}
    if isinstance(value, list | tuple):
        listed: Sequence[Any] = value
        return [encoded(item) for item in listed]
    return UNKNOWN_TEXT if value is UNKNOWN else value


def optional(request: Any, name: str, read: Callable[[Any], T]) -> T | None:
    """Return a field of a request, read in some way; None where it is not set, or the SDK has no such field."""
    field = request.DESCRIPTOR.fields_by_name.get(name)
    if field is None or (field.has_presence and not request.HasField(name)):
        return None
    return read(getattr(request, name))


def execute(program: Callable[[], Any], *, project: str, stack: str, root: str | None, monitor: Any, engine: Any) -> None:
    """Run a program in a stack of its own, as a preview, against a monitor and an engine in this process.

    Nothing of it stays behind in the SDK, also when it fails, and what ran before stays as it was.

    Raises:
        SeveralErrors: More than one thing went wrong.
        Exception: The one thing that went wrong, as it was raised.
    """

    def within_context() -> None:
        loop = _Loop()
        loop.set_exception_handler(lambda *_: None)  # what was not awaited is collected below
        try:
            loop.run_until_complete(_run(program, project, stack, root, monitor, engine))
        except SystemExit as error:
            raise ProgramExit(error.code) from None
        finally:
            _wind_up(loop)

    _outside_any_loop(contextvars.copy_context(), within_context)


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
        texts = [str(each) if isinstance(each, pulumi.RunError) else f"{type(each).__name__}: {each}" for each in errors]
        super().__init__("\n".join([f"{len(errors)} errors:", *texts]))


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that answers the SDK's calls to the engine at once, in place of handing them to threads.

    That is several times as fast, and the order of registrations is the same in every run.
    """

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        if getattr(func, "__module__", None) != "pulumi.runtime._context":
            return super().run_in_executor(executor, func, *args)  # type: ignore[arg-type]
        answer: asyncio.Future[Any] = self.create_future()
        try:
            result: Any = func(*args)
        except Exception as error:  # noqa: BLE001 it is the caller's
            answer.set_exception(error)
            return answer
        if asyncio.iscoroutine(result):
            return self.create_task(result)
        answer.set_result(result)
        return answer


async def _run(program: Callable[[], Any], project: str, stack: str, root: str | None, monitor: Any, engine: Any) -> None:
    _settings.reset_options()
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
    settings.callbacks = _Callbacks(monitor)
    raised: list[BaseException] = []

    async def remembering() -> None:
        # Errors of outputs hide the program's own, which is the first that a person wants to see.
        try:
            result = program()
            if isinstance(result, Awaitable):
                await result
        except SystemExit as error:
            if error.code not in (None, 0):
                raised.append(ProgramExit(error.code))
        except Exception as error:
            raised.append(error)
            raise

    try:
        await run_in_stack(remembering)
    except Exception as error:  # noqa: BLE001 all are told below
        raised.append(error)
    if raised:
        raised += await _failures(outputs, settings.rpc_manager)
        _tell(raised, settings.rpc_manager.unhandled_exception)


class _Outputs(dict[Any, None]):
    """The SDK's set of outputs that nobody awaits yet, in the order in which the program made them."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Any] = []

    def add(self, output: Any) -> None:
        self[output] = None

    def discard(self, output: Any) -> None:
        self.pop(output, None)

    remove = dict[Any, None].__delitem__

    def clear(self) -> None:
        self.taken = list(self)
        super().clear()


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
        while _is_wrapping(error) and error.__cause__ is not None:
            error = error.__cause__
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


def _outside_any_loop(context: contextvars.Context, work: Callable[[], None]) -> None:
    """Do some work in a context; on a thread of its own where this one is already running an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        context.run(work)
        return
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            context.run(work)
        except BaseException as error:  # noqa: BLE001 raised again where it belongs
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


class _Callbacks(_CallbackServicer):
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
    callbacks: Any = _settings.SETTINGS.callbacks
    return await callbacks.call(callback.token, request.SerializeToString())


def asks_for_output() -> bool:
    """Tell, inside of a monitor's Invoke, whether the program called the function's output form (`get_vpc_output`)."""
    frame = sys._getframe()  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        if frame.f_code.co_name == "do_invoke" and "check_dependencies" in frame.f_locals:
            return bool(frame.f_locals["check_dependencies"])
        frame = frame.f_back
    return False


class _SecureText(str, pulumi.output.Unknown):
    """A configuration value that nobody can read here: a text to the program, unknown to the SDK."""


@contextmanager
def configured(config: Mapping[str, str], secret_keys: Sequence[str]) -> Iterator[None]:
    """Give a program its configuration, as the language host does; what was there before comes back.

    Args:
        config: Values by namespaced key, objects as JSON; `UNKNOWN_TEXT`, alone or inside of an object, is a secure
            value that cannot be read here: it becomes an unknown one.
        secret_keys: The keys of `config` that the engine would say are secret.
    """
    environment = {"PULUMI_CONFIG": json.dumps(config), "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(secret_keys))}
    secure = {key: _SecureText("[secret]") for key, value in config.items() if value == UNKNOWN_TEXT}
    with mock.patch.dict(os.environ, environment), _secure_values(any(UNKNOWN_TEXT in text for text in config.values())):
        before = _config.CONFIG.get(), _config._SECRET_KEYS.get()  # pyright: ignore[reportPrivateUsage]
        _config.set_all_config({**config, **secure}, list(secret_keys))
        try:
            yield
        finally:
            _config.CONFIG.set(before[0])
            _config._SECRET_KEYS.set(before[1])  # pyright: ignore[reportPrivateUsage]


@contextmanager
def _secure_values(present: bool) -> Iterator[None]:
    """Let the typed readers of `pulumi.Config` hand on a value that cannot be read, in place of failing on its text."""
    if not present:
        yield
        return

    def tolerant(read: Callable[..., Any]) -> Callable[..., Any]:
        def reading(self: pulumi.Config, key: str, *rest: Any) -> Any:
            if isinstance(_config.get_config(self.full_key(key)), _SecureText):
                return pulumi.output.UNKNOWN
            return _unknown_within(read(self, key, *rest))

        return reading

    readers = ("_get_bool", "_get_int", "_get_float", "_get_object")
    with mock.patch.multiple(pulumi.Config, **{name: tolerant(getattr(pulumi.Config, name)) for name in readers}):
        yield


def _unknown_within(value: Any) -> Any:
    if isinstance(value, dict):
        items: dict[str, Any] = value
        return {key: _unknown_within(item) for key, item in items.items()}
    if isinstance(value, list):
        listed: list[Any] = value
        return [_unknown_within(item) for item in listed]
    return pulumi.output.UNKNOWN if value == UNKNOWN_TEXT else value
