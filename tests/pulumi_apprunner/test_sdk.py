"""What the components lean on in private parts of the SDK: what a new version changes shows here."""

import gc
import inspect
import subprocess
import sys
import weakref
from typing import Any

import pytest
from pulumi.runtime import settings, stack
from pulumi.runtime.proto import resource_pb2_grpc

from pulumi_apprunner import sdk


def test_the_sdk_still_tells_the_engine_when_the_program_is_done() -> None:
    called = inspect.getsource(stack._wait_for_shutdown)
    assert "monitor.SignalAndWaitForShutdown(" in called, "mend pulumi_apprunner/sdk.py"


def test_the_program_waits_for_its_outputs_before_that() -> None:
    ending = inspect.getsource(stack.run_pulumi_func)
    assert ending.index("wait_for_rpcs()") < ending.index("_wait_for_shutdown()"), "mend pulumi_apprunner/sdk.py"


def test_the_call_is_one_of_an_object_that_can_be_given_another() -> None:
    made = inspect.getsource(resource_pb2_grpc.ResourceMonitorStub.__init__)
    assert "self.SignalAndWaitForShutdown = " in made, "mend pulumi_apprunner/sdk.py"


class Monitor:
    def __init__(self, happened: list[object]) -> None:
        self._happened = happened

    def SignalAndWaitForShutdown(self, request: object) -> None:  # noqa: N802
        self._happened.append("through")


def test_every_callback_runs_once_after_the_engine_is_through(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[object] = []
    monitor: Any = Monitor(happened)
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    sdk.at_shutdown(lambda: happened.append(1))
    sdk.at_shutdown(lambda: happened.append(2))
    monitor.SignalAndWaitForShutdown(None)
    assert happened == ["through", 1, 2]


def test_what_is_made_once_in_a_run_is_made_again_in_the_next_and_then_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Thing:
        monitor: Any = None

    monitor: Any = Monitor([])
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    sdk.at_shutdown(lambda: None)
    first = sdk.once_per_run(Thing)
    first.monitor = monitor  # as an output does, by its context
    assert sdk.once_per_run(Thing) is first
    gone = weakref.ref(first)
    monitor = Monitor([])
    assert sdk.once_per_run(Thing) is not first
    del first
    gc.collect()
    assert gone() is None


def test_without_an_engine_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: None)
    assert sdk.once_per_run(list) is not sdk.once_per_run(list)


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


def test_an_interrupted_program_does_not_wait_for_what_runs_at_its_end() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert ended.stdout == "ended\n", ended.stderr


STOPPED_WHILE_IT_STARTS = """
import asyncio
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi_apprunner import sdk

sdk.let_hooks_start()

async def program():
    starting = asyncio.ensure_future(_CallbackServicer(None).serve())
    await asyncio.sleep(0)
    await _CallbackServicer.shutdown()
    await starting

asyncio.run(program())
print("ended")
"""


def test_a_program_that_fails_while_the_server_of_its_hooks_starts_ends_in_order() -> None:
    ended = subprocess.run([sys.executable, "-c", STOPPED_WHILE_IT_STARTS], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "ended\n"), ended.stderr
