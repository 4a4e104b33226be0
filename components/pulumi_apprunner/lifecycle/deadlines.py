"""Deadlines, and polling with increasing waits."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic

_MESSAGE_EVERY = 60.0
_LONGEST_WAIT = 15.0


class Deadline:
    """A time limit for polls and calls.

    Args:
        seconds: From now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds that remain, at least 0."""
        return max(0.0, self._end - monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0


def growing_waits(factor: float, seconds: float) -> Iterator[float]:
    """Yield waits in seconds, while their sum is within a limit: 1, then each longer by a factor, at most 15.

    Args:
        factor: The factor.
        seconds: The limit of the sum.
    """
    wait, total = 1.0, 0.0
    while (total := total + wait) <= seconds:
        yield wait
        wait = min(wait * factor, _LONGEST_WAIT)


class _Poll(AsyncIterator[bool]):
    """The iterator that `poll` returns.

    It is not an async generator, because the event loop must close a generator that is not exhausted. Since CPython
    3.13 there is a warning if the event loop ends before that.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._wait = 0.0
        self._last_message = 0.0

    async def __anext__(self) -> bool:
        if not self._wait:
            self._wait, self._last_message = 1.0, monotonic()
            return True
        await asyncio.sleep(min(self._wait, self._deadline.remaining))
        if self._deadline.passed:
            raise StopAsyncIteration
        self._wait = min(self._wait * 1.5, _LONGEST_WAIT)
        due = monotonic() - self._last_message >= _MESSAGE_EVERY
        self._last_message = monotonic() if due else self._last_message
        return due


def poll(deadline: Deadline) -> AsyncIterator[bool]:
    """Return an iterator that yields immediately, and then after increasing waits until the deadline.

    It yields whether to print a progress message: the first time, and then about once a minute.
    """
    return _Poll(deadline)
