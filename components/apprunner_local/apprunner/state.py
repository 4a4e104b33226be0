# pyright: standard
"""The state of App Runner in one account and region."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apprunner_facts.arns import parse_arn
from apprunner_local.apprunner.errors import invalid_request, not_found, quota_exceeded
from apprunner_local.apprunner.revisions import Revisions
from apprunner_local.apprunner.world import World

Members = dict[str, Any]


@dataclass
class Operation:
    """An operation of a service: its start, its end and its outcome."""

    id: str
    type: str
    started: float
    ends: float
    outcome: str
    finish: Callable[[], None]
    over: bool = False

    def status(self, now: float) -> str:
        """Return the operation's status. An operation that fails is rolled back in its second half."""
        # [assumed] The second half of an operation that is rolled back is ROLLBACK_IN_PROGRESS.
        if self.over:
            return self.outcome
        if self.outcome.startswith("ROLLBACK") and now >= (self.started + self.ends) / 2:
            return "ROLLBACK_IN_PROGRESS"
        return "IN_PROGRESS"


@dataclass
class Domain:
    """A custom domain on a service."""

    name: str
    www: bool
    associated: float
    validated: float | None = None
    disassociated: float | None = None
    begins_as: str = "creating"
    """Its first status; another one if the certificate of an earlier association still exists."""
    create_fails: bool = False
    delete_fails: bool = False
    create_seconds: float | None = None
    """Seconds for which it is creating, if a fault sets them; None for the World's duration."""
    delete_seconds: float | None = None
    """The same for deleting."""
    validation_seconds: float = 0.0
    """Seconds for which AWS does not find the validation records, from the association."""


@dataclass
class Ingress:
    """A VPC ingress connection, with its next status and the time of that change."""

    members: Members
    ends: float
    then: str


@dataclass
class Service:
    """A service: the settings that DescribeService returns, and those that run."""

    name: str
    id: str
    arn: str
    url: str
    created: float
    settings: Members
    encryption: Members | None
    status: str = "OPERATION_IN_PROGRESS"
    running: Members | None = None
    """The settings that were deployed last, None before the first deployment has succeeded."""
    version: int | None = None
    """Which version of its source runs."""
    updated: float = 0
    deleted: float | None = None
    operations: list[Operation] = field(default_factory=list)
    domains: dict[str, Domain] = field(default_factory=dict)
    left: list[tuple[float, Members]] = field(default_factory=list)
    """Former settings, each with its end time: AWS releases the resources in them some time later."""

    @property
    def in_use(self) -> list[Members]:
        """The settings that are shown and those that run; none of a deleted service."""
        if self.status == "DELETED":
            return []
        return [self.settings] if self.running is None else [self.settings, self.running]

    @property
    def current(self) -> Operation | None:
        """The operation in progress."""
        last = self.operations[-1] if self.operations else None
        return last if last and not last.over else None


class Region:
    """One account's App Runner in one region."""

    def __init__(self, name: str, account: str, world: World) -> None:
        self.name = name
        self.account = account
        self.world = world
        self._ids = random.Random(f"{account} {name}")
        self.services: dict[str, Service] = {}
        self.scaling = Revisions(self, "autoscalingconfiguration", "AutoScalingConfiguration", lower_case=True)
        self.observability = Revisions(self, "observabilityconfiguration", "ObservabilityConfiguration")
        self.default_scaling = ""
        self.connectors: dict[str, Members] = {}
        self.connections: dict[str, Members] = {}
        self.ingress: dict[str, Ingress] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.certificates: dict[str, float] = {}
        """The time at which an active domain was disassociated."""
        self.versions: dict[str, int] = {}
        """How often a source changed."""

    def now(self) -> float:
        """Return the time."""
        return self.world.clock.now()

    def new_id(self) -> str:
        """Return 32 hexadecimal digits that no other resource has."""
        return f"{self._ids.getrandbits(128):032x}"

    def new_uuid(self) -> str:
        """Return an operation's id."""
        return str(uuid.UUID(int=self._ids.getrandbits(128), version=4))

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource: service/orders/0f..."""
        return f"arn:aws:apprunner:{self.name}:{self.account}:{resource}"

    def path(self, arn: str, kind: str) -> list[str]:
        """Return the path after the kind in one of this region's ARNs. Raise an error for any other ARN."""
        parts = parse_arn(arn)
        actual_kind, *path = parts.resource.split("/")
        if actual_kind != kind or not path:
            raise invalid_request(f"The ARN is not of a {kind}: {arn}")
        if (parts.service, parts.region, parts.account) != ("apprunner", self.name, self.account):
            raise not_found(arn)
        return path

    def tag(self, arn: str, tags: list[Mapping[str, str]] | None) -> None:
        """Keep a new resource's tags."""
        self.tags[arn] = {tag["Key"]: tag["Value"] for tag in tags or []}

    def available_ingress(self, service: str) -> list[Members]:
        """Return the available VPC ingress connections of a service, the newest first."""
        members = [connection.members for connection in reversed(self.ingress.values())]
        return [one for one in members if one["ServiceArn"] == service and one["Status"] == "AVAILABLE"]

    def living_services(self) -> list[Service]:
        """Return every service that is not deleted, the newest first."""
        return [service for service in reversed(self.services.values()) if service.status != "DELETED"]

    def users(self, uses: Callable[[Members], bool]) -> list[Service]:
        """Return the services whose settings, shown or running, use something."""
        return [service for service in self.living_services() if any(map(uses, service.in_use))]

    def require_quota(self, kind: str, used: int, quota: int | None) -> None:
        """Raise an error if one more resource exceeds a quota."""
        if quota is not None and used >= quota:
            raise quota_exceeded(kind, quota)

    def is_in_use(self, uses: Callable[[Members], bool]) -> bool:
        """Return whether a service uses something, or used it until less than `Durations.release` ago."""
        # [R: aws/apprunner-roadmap#161, alchemy-run/alchemy] AWS releases the connector and the
        # configurations of a changed or deleted service after some time, of up to two minutes.
        # World.durations.release switches it.
        since = self.now() - self.world.durations.release
        return bool(self.users(uses)) or any(
            uses(settings) and until > since for service in self.services.values() for until, settings in service.left
        )
