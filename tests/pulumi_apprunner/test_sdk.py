"""The private parts of the SDK that the components use. A new version that changes one fails these tests."""

import gc
import inspect
import re
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import _callbacks, config, mocks, settings, stack
from pulumi.runtime.proto import resource_pb2_grpc

from pulumi_apprunner import sdk


def test_the_sdk_signals_the_end_of_the_program_through_the_monitor() -> None:
    source = inspect.getsource(stack._wait_for_shutdown)
    assert "monitor.SignalAndWaitForShutdown(" in source, "fix pulumi_apprunner/sdk.py"


def test_the_sdk_waits_for_outputs_before_the_signal() -> None:
    source = inspect.getsource(stack.run_pulumi_func)
    assert source.index("wait_for_rpcs()") < source.index("_wait_for_shutdown()"), "fix pulumi_apprunner/sdk.py"


def test_the_signal_is_an_attribute_that_can_be_replaced() -> None:
    source = inspect.getsource(resource_pb2_grpc.ResourceMonitorStub.__init__)
    assert "self.SignalAndWaitForShutdown = " in source, "fix pulumi_apprunner/sdk.py"


class Monitor:
    def __init__(self, events: list[object]) -> None:
        self._events = events

    def SignalAndWaitForShutdown(self, request: object) -> None:  # noqa: N802
        self._events.append("finished")


def test_every_callback_runs_once_after_the_engine_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[object] = []
    monitor: Any = Monitor(events)
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    sdk.at_shutdown(lambda: events.append(1))
    sdk.at_shutdown(lambda: events.append(2))
    monitor.SignalAndWaitForShutdown(None)
    assert events == ["finished", 1, 2]


def test_each_run_creates_its_own_value_which_is_freed_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Thing:
        monitor: Any = None

    monitor: Any = Monitor([])
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    sdk.at_shutdown(lambda: None)
    first = sdk.once_per_run(Thing)
    first.monitor = monitor  # an output also refers to the monitor, in its context
    assert sdk.once_per_run(Thing) is first
    reference = weakref.ref(first)
    monitor = Monitor([])
    assert sdk.once_per_run(Thing) is not first
    del first
    gc.collect()
    assert reference() is None


def test_without_an_engine_every_call_creates_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: None)
    assert sdk.once_per_run(list) is not sdk.once_per_run(list)


def test_no_other_module_of_the_components_imports_private_parts() -> None:
    folder = Path(sdk.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name != "sdk.py" and not path.is_relative_to(folder / "offline"):
            private = re.findall(r"(?m)^\s*(?:from|import) (pulumi\.(?:runtime|_)\S*)", path.read_text())
            assert not private, f"{path.name} imports {private}: move that to sdk.py"


# A renamed private part


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the warnings of a test."""
    texts: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", texts.append)
    for cached in (sdk._warn_about_missing_part, sdk.prepare_hook_server):  # pyright: ignore[reportPrivateUsage]
        cached.cache_clear()
    yield texts
    for cached in (sdk._warn_about_missing_part, sdk.prepare_hook_server):  # pyright: ignore[reportPrivateUsage]
        cached.cache_clear()


def test_without_get_monitor_a_warning_is_printed_once(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    monkeypatch.delattr(settings, "get_monitor")
    sdk.at_shutdown(lambda: None)
    assert sdk.once_per_run(list) == []
    assert warnings == [
        "pulumi-apprunner: the Pulumi SDK must have pulumi.runtime.settings.get_monitor, but this version does not. "
        "Deployments are not verified. Update pulumi-apprunner, or use an older Pulumi SDK"
    ]


def test_without_mock_monitor_no_program_is_mocked(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    monkeypatch.delattr(mocks, "MockMonitor")
    assert not sdk.is_mocked()
    assert not sdk.runs_under_user_mocks()
    assert len(warnings) == 1
    assert "pulumi.runtime.mocks.MockMonitor" in warnings[0]


def test_without_the_signal_deployments_are_not_verified(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    class Renamed:
        pass

    monitor = Renamed()
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    sdk.at_shutdown(lambda: None)
    assert len(warnings) == 1
    assert "Renamed.SignalAndWaitForShutdown" in warnings[0]


def test_without_the_configuration_variable_only_that_of_the_cli_is_read(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    monkeypatch.delattr(config, "CONFIG")
    monkeypatch.setenv("PULUMI_CONFIG", '{"shop:tags": "{}"}')
    assert sdk.read_configuration() == {"shop:tags": "{}"}
    assert len(warnings) == 1
    assert "Configuration that a program sets itself is not read" in warnings[0]


@pytest.mark.parametrize("part", ["_CallbackServicer", "serve", "module"])
def test_without_the_server_for_hooks_it_is_not_changed(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str], part: str
) -> None:
    if part == "module":
        monkeypatch.setitem(sys.modules, "pulumi.runtime._callbacks", None)  # pyright: ignore[reportArgumentType]
    else:
        monkeypatch.delattr(getattr(_callbacks, "_CallbackServicer") if part == "serve" else _callbacks, part)  # noqa: B009
    sdk.prepare_hook_server()
    assert len(warnings) == 1
    assert "A program that fails early may end without its error message" in warnings[0]


INTERRUPTED = """
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor
from pulumi.runtime import settings
from pulumi_apprunner import sdk

class Monitor:
    def SignalAndWaitForShutdown(self, request):
        pass

monitor = Monitor()
settings.get_monitor = lambda: monitor
began = threading.Event()

def never_ends():
    began.set()
    threading.Event().wait(600)

async def program():
    sdk.at_shutdown(never_ends)
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, lambda: monitor.SignalAndWaitForShutdown(None))
    await asyncio.to_thread(began.wait)
    raise KeyboardInterrupt

loop = asyncio.new_event_loop()
executor = ThreadPoolExecutor(4)
loop.set_default_executor(executor)
try:
    loop.run_until_complete(program())
except KeyboardInterrupt:
    executor.shutdown(wait=True)  # as Pulumi's own host does
    print("ended", flush=True)
"""


def test_an_interrupted_program_does_not_wait_for_callbacks() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert result.stdout == "ended\n", result.stderr


STOPPED_WHILE_IT_STARTS = """
import asyncio
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi_apprunner import sdk

sdk.prepare_hook_server()

async def program():
    starting = asyncio.ensure_future(_CallbackServicer(None).serve())
    await asyncio.sleep(0)
    await _CallbackServicer.shutdown()
    await starting

asyncio.run(program())
print("ended")
"""


def test_a_program_that_fails_while_the_server_for_hooks_starts_ends_without_a_crash() -> None:
    result = subprocess.run(
        [sys.executable, "-c", STOPPED_WHILE_IT_STARTS], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "ended\n"), result.stderr


SEVERAL_HOOKS = """
import asyncio
from pulumi import ErrorHook, ResourceHook
from pulumi.runtime import mocks
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub
from pulumi.runtime.stack import run_pulumi_func
from pulumi_apprunner import sdk

class Nothing(mocks.Mocks):
    def new_resource(self, args):
        return "", {}

    def call(self, args):
        return {}

class Monitor(mocks.MockMonitor, ResourceMonitorStub):  # older SDKs start no server for other monitors
    def __init__(self):
        super().__init__(Nothing())
        self.targets = []

    def RegisterResourceHook(self, request):
        self.targets.append(request.callback.target)

    RegisterErrorHook = RegisterResourceHook

    def SupportsFeature(self, request):
        return type("Response", (), {"hasSupport": True})()

monitor = Monitor()

def program():
    sdk.prepare_hook_server()
    for number in range(5):
        ResourceHook(f"hook-{number}", print)
        ErrorHook(f"error-hook-{number}", lambda args: False)

async def run():
    mocks.set_mocks(Nothing(), monitor=monitor)
    await run_pulumi_func(program)

asyncio.run(run())
print(len(monitor.targets), len(set(monitor.targets)))
"""


def test_all_hooks_of_a_program_have_one_server() -> None:
    result = subprocess.run([sys.executable, "-c", SEVERAL_HOOKS], capture_output=True, text=True, check=False)
    assert result.stdout == "10 1\n", result.stderr
