"""Reads several services at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec, Self, TypeVar

import pulumi

from apprunner_facts.arns import parse_arn
from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session
from pulumi_apprunner.lifecycle.threads import run_in_thread

P = ParamSpec("P")
T = TypeVar("T")


class Readings:
    """Blocking calls to AWS in threads, some at the same time, and all before a deadline.

    Args:
        seconds: The seconds for all calls.
        parallel: The calls at the same time, so that AWS throttles less.
    """

    def __init__(self, seconds: float, parallel: int) -> None:
        self._deadline = Deadline(seconds)
        self._slots = asyncio.Semaphore(parallel)

    @classmethod
    async def begin(cls, session: Session, services: Sequence[DeployedService], seconds: float, parallel: int) -> Self:
        """Return the readings of one or more services of one account.

        Raises:
            pulumi.RunError: There are no valid credentials, or they are for another account.
        """
        readings = cls(seconds, parallel)
        reason = await readings.run(session.require_account, parse_arn(services[0].arn))
        if reason is not None:
            raise pulumi.RunError(reason)
        return readings

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | str:
        """Return the result of a function, or as a string why it failed."""
        try:
            async with self._slots:
                return await run_in_thread(self._deadline, function, *args, **kwargs)
        except (LookupFailedError, TimeoutError) as error:
            return explain(error)
