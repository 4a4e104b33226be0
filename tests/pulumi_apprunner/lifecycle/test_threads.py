"""Blocking calls run outside of the event loop and of its thread pool."""

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.threads import run_in_thread
from pulumi_apprunner.offline.sdk import await_result


def test_results_and_errors_are_returned() -> None:
    async def program() -> int:
        with pytest.raises(ZeroDivisionError):
            await run_in_thread(Deadline(10), lambda: 1 // 0)
        return await run_in_thread(Deadline(10), divmod, 7, 2)  # type: ignore[return-value]

    assert await_result(program()) == (3, 1)


def test_a_call_does_not_wait_for_the_event_loops_thread_pool() -> None:
    full = threading.Event()

    async def program() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        blocked = loop.run_in_executor(None, full.wait, 60)
        try:
            return await run_in_thread(Deadline(20), lambda: "done")
        finally:
            full.set()
            await blocked

    assert await_result(program()) == "done"


def test_a_blocked_call_ends_with_the_deadline_and_does_not_keep_the_process_alive() -> None:
    never = threading.Event()
    threads: list[threading.Thread] = []

    def block() -> None:
        threads.append(threading.current_thread())
        never.wait(60)

    with pytest.raises(TimeoutError):
        await_result(run_in_thread(Deadline(0.2), block))
    assert threads[0].daemon
    never.set()


def test_the_call_has_the_context_variables_of_its_caller() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="")

    async def program() -> str:
        variable.set("here")
        return await run_in_thread(Deadline(10), variable.get)

    assert await_result(program()) == "here"
