"""State that components share during one run of a program: sessions, services to verify, reported failures."""

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
    """The data about an AppRunnerService component that its hooks and its verification need.

    Args:
        name: The component's name.
        settings: The settings for verification, waits and retries.
        access: The access to AWS.
        inputs: The service's inputs in the form of pulumi_aws's dicts; they may contain outputs.
        keeps_image: Whether an update must keep the image that the service has. Default: false.
    """

    name: str
    settings: Lifecycle
    access: Access
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    keeps_image: bool = False

    @property
    def label(self) -> str:
        """The component's class and name, for messages."""
        return f"AppRunnerService '{self.name}'"


class Case(NamedTuple):
    """An existing service, and its ARN."""

    service: WatchedService
    arn: str


@dataclass(frozen=True)
class WatchedDomain:
    """The data about a CustomDomain component that the wait for it needs.

    Args:
        name: The component's name.
        domain_name: The domain.
        minutes: The maximum duration of the wait.
        has_zone: Whether the component creates the records.
        access: The access to AWS.
    """

    name: str
    domain_name: str
    minutes: int
    has_zone: bool
    access: Access

    @property
    def label(self) -> str:
        """The component's class and name, for messages."""
        return f"CustomDomain '{self.name}'"


class DomainCase(NamedTuple):
    """An existing domain, its service, its association's URN, and the values of its validation records by their names.

    The names are in lower case, without a dot at the end.
    """

    domain: WatchedDomain
    service_arn: str
    urn: str
    records: Mapping[str, str]


@dataclass(frozen=True)
class WatchedSplit:
    """The data about a TrafficSplit component that the hook on its weight needs.

    Args:
        name: The component's name.
        arns: The ARNs of the services `stable` and `candidate`; they may be outputs.
        settings: Whether the services are looked up, and for how long an operation in progress is waited for.
        access: The access to AWS.
    """

    name: str
    arns: Mapping[str, Any]
    settings: Lifecycle
    access: Access

    @property
    def label(self) -> str:
        """The component's class and name, for messages."""
        return f"TrafficSplit '{self.name}'"


class Run:
    """One run of a program. A process of the Automation API has one run for each update."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.names: set[str] = set()
        """The components that APPRUNNER_VERIFY can name."""
        self.cases: list[Case] = []
        """The services to verify."""
        self.domains: list[DomainCase] = []
        """The domains to wait for."""
        self.reported: set[str] = set()
        """ARNs of services whose failed deployment was reported during the update."""
        self._loop = _running_loop()
        self._sessions: list[tuple[Access, Session]] = []
        self._results: dict[Any, asyncio.Future[Any]] = {}

    def calls(self, access: Access, arn: str) -> ServiceCalls:
        """Return the calls about a service."""
        return ServiceCalls(self.session(access), arn)

    def session(self, access: Access) -> Session:
        """Return the session of an access, one in each run."""
        session = next((session for known, session in self._sessions if known == access), None)
        if session is None:
            session = Session(access, preview=pulumi.runtime.is_dry_run())
            self._sessions.append((access, session))
        return session

    async def once(self, look_up: "Callable[[Run], Coroutine[Any, Any, T]]") -> T:
        """Return the result of a function, which is called once in the run. All callers share the result."""
        if look_up not in self._results:
            self._results[look_up] = asyncio.ensure_future(look_up(self))
        return await self._results[look_up]

    async def resolved(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return inputs with resolved outputs; empty if one is unknown.

        Outputs belong to the program's event loop, but the verification runs in another one.
        """
        if self._loop is None or self._loop is _running_loop():
            return await _resolved(inputs)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_resolved(inputs), self._loop))


async def _resolved(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    output = pulumi.Output.from_input(dict(inputs))
    return dict(await output.future() or {}) if await output.is_known() else {}


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
