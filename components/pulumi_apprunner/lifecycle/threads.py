"""Blocking calls in daemon threads, which never delay Pulumi or the exit of the process.

The event loop's own thread pool could deadlock. Each registration of a resource blocks one of its threads (Pulumi
creates 4 per `--parallel`) until the engine has finished the resource, and the engine waits for the resource's hooks.
With as many registrations as threads, a hook that needs another thread would wait forever.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from pulumi_apprunner.lifecycle.deadlines import Deadline

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_thread(deadline: Deadline, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in a new thread and return its result.

    A boto3 call cannot be cancelled, so a call without a response continues in the background. Because the thread is a
    daemon, it does not prevent the process from ending.

    Args:
        deadline: The time limit for the result.
        function: The function.
        args: Its positional arguments.
        kwargs: Its other arguments.

    Raises:
        TimeoutError: The deadline has passed. A later result is ignored.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def complete(outcome: Callable[[Any], None], value: Any) -> None:
        def unless_done() -> None:
            if not result.done():
                outcome(value)

        with suppress(RuntimeError):  # the loop is closed, so nothing waits for the result
            loop.call_soon_threadsafe(unless_done)

    def work() -> None:
        try:
            value = context.run(function, *args, **kwargs)
        except BaseException as error:
            complete(result.set_exception, error)
        else:
            complete(result.set_result, value)

    threading.Thread(target=work, name="pulumi-apprunner", daemon=True).start()
    async with asyncio.timeout(deadline.remaining):
        return await result
