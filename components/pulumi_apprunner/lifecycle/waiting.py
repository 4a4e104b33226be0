"""Waits that grow, and are bounded."""

import asyncio
from collections.abc import AsyncIterator, Iterator

_SAY_EVERY = 60.0


def growing(factor: float, seconds: float) -> Iterator[float]:
    """Yield waits in seconds: 1, then each longer by a factor, at most 15, as long as their sum is within a bound."""
    wait, total = 1.0, 0.0
    while (total := total + wait) <= seconds:
        yield wait
        wait = min(wait * factor, 15.0)


async def looks(seconds: float) -> AsyncIterator[bool]:
    """Yield at once, and then after growing waits, until so many seconds were waited.

    It yields whether it is time to say so: the first time, and then about once a minute.
    """
    yield True
    waited = said = 0.0
    for wait in growing(1.5, seconds):
        await asyncio.sleep(wait)
        waited += wait
        due = waited - said >= _SAY_EVERY
        said = waited if due else said
        yield due
