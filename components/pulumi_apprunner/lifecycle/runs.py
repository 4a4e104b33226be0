"""What the components share while one program runs: sessions, the services to verify, and what was reported."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

import pulumi

from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.sessions import Session

T = TypeVar("T")


@dataclass(frozen=True)
class WatchedService:
    """An AppRunnerService component: what its hooks and its verification need to know.

    Args:
        name: The component's name.
        settings: What is verified, waited for and retried.
        access: How AWS is called.
        inputs: The service's inputs in the form of pulumi_aws's dicts; they may hold outputs.
    """

    name: str
    settings: Lifecycle
    access: Access
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def label(self) -> str:
        """The component, as messages name it."""
        return f"AppRunnerService '{self.name}'"


class Case(NamedTuple):
    """A service that exists, and its ARN."""

    service: WatchedService
    arn: str


class Run:
    """One run of a program; each update of an Automation API process is a run of its own."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.names: set[str] = set()
        """The components that have a service."""
        self.cases: list[Case] = []
        """The services to verify."""
        self.reported: set[str] = set()
        """ARNs of services whose failed deployment was reported while the update went on."""
        self._loop = _running_loop()
        self._sessions: list[tuple[Access, Session]] = []
        self._answers: dict[Any, asyncio.Future[Any]] = {}

    def calls(self, access: Access, arn: str) -> ServiceCalls:
        """Return the calls about a service."""
        return ServiceCalls(self.session(access), arn)

    def session(self, access: Access) -> Session:
        """Return the session for a way to call AWS; there is one of each in a run."""
        session = next((session for known, session in self._sessions if known == access), None)
        if session is None:
            session = Session(access, preview=pulumi.runtime.is_dry_run())
            self._sessions.append((access, session))
        return session

    async def once(self, look_up: "Callable[[Run], Coroutine[Any, Any, T]]") -> T:
        """Return what a function looks up, once in the run; several callers share the answer."""
        if look_up not in self._answers:
            self._answers[look_up] = asyncio.ensure_future(look_up(self))
        return await self._answers[look_up]

    async def settled(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return inputs with values in place of outputs; empty if one is unknown.

        Outputs belong to the program's event loop, and the verification runs in another one.
        """
        if self._loop is None or self._loop is _running_loop():
            return await _settled(inputs)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_settled(inputs), self._loop))


async def _settled(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    output = pulumi.Output.from_input(dict(inputs))
    return dict(await output.future() or {}) if await output.is_known() else {}


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
