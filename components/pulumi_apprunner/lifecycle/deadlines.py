"""Deadlines, and polling with growing waits."""

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
        """Seconds that are left, never less than 0."""
        return max(0.0, self._end - monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0


def growing_waits(factor: float, seconds: float) -> Iterator[float]:
    """Yield waits in seconds: 1, then each longer by a factor, at most 15, while their sum stays within a bound."""
    wait, total = 1.0, 0.0
    while (total := total + wait) <= seconds:
        yield wait
        wait = min(wait * factor, _LONGEST_WAIT)


async def poll(deadline: Deadline) -> AsyncIterator[bool]:
    """Yield at once and then after growing waits until a deadline has passed.

    It yields whether a progress message is due: the first time, and then about once a minute.
    """
    yield True
    wait, last_message = 1.0, monotonic()
    while True:
        await asyncio.sleep(min(wait, deadline.remaining))
        if deadline.passed:
            return
        wait = min(wait * 1.5, _LONGEST_WAIT)
        due = monotonic() - last_message >= _MESSAGE_EVERY
        last_message = monotonic() if due else last_message
        yield due
