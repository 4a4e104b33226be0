"""Outcomes of lookups that run at the same time, some of which may fail."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, NamedTuple

from pulumi_apprunner.lifecycle.calls import LookupFailedError
from pulumi_apprunner.lifecycle.sessions import WrongAccountError


class Unread(NamedTuple):
    """An outcome that could not be read, and the reason."""

    reason: str


async def gather_outcomes(lookups: Iterable[Coroutine[Any, Any, str | None]]) -> list[str | Unread | None]:
    """Return the result of each lookup: a problem, None, or the reason why it could not be read.

    Credentials for another account are a problem. KeyboardInterrupt and the like are raised.
    """
    return [_outcome(result) for result in await asyncio.gather(*lookups, return_exceptions=True)]


def _outcome(result: str | BaseException | None) -> str | Unread | None:
    match result:
        case WrongAccountError():
            return str(result)
        case LookupFailedError():
            return Unread(str(result))
        case TimeoutError():
            return Unread("AWS did not respond in time")
        case Exception():
            return Unread(f"{type(result).__name__}: {result}")
        case BaseException():
            raise result
        case _:
            return result
