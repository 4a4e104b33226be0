"""The calls to AWS about one service."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from apprunner_facts.arns import parse_arn
from apprunner_facts.observability import LOG_GROUP
from apprunner_facts.operations import CHANGES_OF_SETTINGS, DEPLOYMENTS, UNFINISHED, OperationStatus, ServiceStatus
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session, readable_failures

P = ParamSpec("P")
T = TypeVar("T")

RESPONDED_AT = "RespondedAt"
"""The key of the response's time on AWS's clock; None if the response has no date."""

_LOG_LINES = 12


class Operation(NamedTuple):
    """An operation on a service, ended or in progress."""

    id: str
    type: str
    status: str
    started: datetime
    ended: datetime | None = None

    @property
    def is_deployment(self) -> bool:
        """Whether its outcome determines the version that runs. The outcome of a pause or resume does not."""
        return self.type in DEPLOYMENTS

    @property
    def changes_settings(self) -> bool:
        """Whether it deploys other settings. A START_DEPLOYMENT deploys the current ones."""
        return self.type in CHANGES_OF_SETTINGS

    @property
    def is_in_progress(self) -> bool:
        """Whether it has not ended."""
        return self.status in UNFINISHED

    @property
    def has_succeeded(self) -> bool:
        """Whether it ended as intended."""
        return self.status == OperationStatus.SUCCEEDED


class Deployments(NamedTuple):
    """A service's newest deployment of any kind, and the newest one that changed its settings."""

    newest: Operation | None
    newest_change: Operation | None

    @classmethod
    def among(cls, operations: Iterable[Operation]) -> "Deployments":
        """Return the newest deployments among operations, the newest first. They may be older than many pauses."""
        newest: Operation | None = None
        for each in operations:
            newest = newest or (each if each.is_deployment else None)
            if each.changes_settings:
                return cls(newest, each)
        return cls(newest, None)

    @property
    def was_redeployed(self) -> bool:
        """Whether a START_DEPLOYMENT succeeded after a failed change of the settings."""
        newest, change = self
        return newest is not None and newest.has_succeeded and change is not None and not change.has_succeeded


class ValidationRecord(NamedTuple):
    """A DNS record with which AWS validates a certificate: a CNAME, and whether AWS has found it."""

    name: str
    value: str
    status: str


class DescribedDomain(NamedTuple):
    """A custom domain of a service: its name, its status in lower case, and its certificate's validation records."""

    name: str
    status: str
    records: Sequence[ValidationRecord]


def _call(method: "Callable[Concatenate[ServiceCalls, P], T]") -> "Callable[Concatenate[ServiceCalls, P], T]":
    """Make a method raise LookupFailedError instead of boto3's exceptions."""

    @functools.wraps(method)
    def wrapper(self: "ServiceCalls", *args: P.args, **kwargs: P.kwargs) -> T:
        with readable_failures():
            return method(self, *args, **kwargs)

    return wrapper


class ServiceCalls:
    """The calls to AWS about a service.

    Each call blocks, so run it in a thread. It raises LookupFailedError if it fails, and WrongAccountError if the
    credentials are for another account.

    Args:
        session: The session for the calls.
        arn: The service's ARN.
    """

    def __init__(self, session: Session, arn: str) -> None:
        self.arn = arn
        self._place = parse_arn(arn)
        self._session = session

    @property
    def _apprunner(self) -> Any:
        self._session.require_account(self._place)
        return self._session.client("apprunner", self._place.region)

    @_call
    def describe(self) -> Mapping[str, Any]:
        """Return DescribeService's response. If the service does not exist, its status is DELETED."""
        try:
            response = self._apprunner.describe_service(ServiceArn=self.arn)
        except self._apprunner.exceptions.ResourceNotFoundException:
            return {"Status": ServiceStatus.DELETED}
        date = response["ResponseMetadata"]["HTTPHeaders"].get("date")
        service: Mapping[str, Any] = response["Service"]
        return {**service, "Status": str(service["Status"]), RESPONDED_AT: date and parsedate_to_datetime(date)}

    @_call
    def status(self) -> str:
        """Return the service's status."""
        return str(self.describe()["Status"])

    @_call
    def resume(self) -> bool:
        """Resume the service; return whether App Runner accepted the call. It rejects it during another operation."""
        try:
            self._apprunner.resume_service(ServiceArn=self.arn)
        except self._apprunner.exceptions.InvalidStateException:
            return False
        return True

    def operations(self) -> Iterator[Operation]:
        """Yield the service's operations, the newest first."""
        page, token = self._operations({})
        yield from page
        while token:
            page, token = self._operations({"NextToken": token})
            yield from page

    @_call
    def _operations(self, more: Mapping[str, str]) -> tuple[list[Operation], str | None]:
        page = self._apprunner.list_operations(ServiceArn=self.arn, **more)
        listed = page["OperationSummaryList"]
        operations = [
            Operation(one["Id"], one["Type"], one["Status"], one["StartedAt"], one.get("EndedAt")) for one in listed
        ]
        return operations, page.get("NextToken")

    def custom_domains(self) -> Iterator[DescribedDomain]:
        """Yield the custom domains of the service; none if it does not exist."""
        page, token = self._custom_domains({})
        yield from page
        while token:
            page, token = self._custom_domains({"NextToken": token})
            yield from page

    @_call
    def _custom_domains(self, more: Mapping[str, str]) -> tuple[list[DescribedDomain], str | None]:
        try:
            page = self._apprunner.describe_custom_domains(ServiceArn=self.arn, **more)
        except self._apprunner.exceptions.ResourceNotFoundException:
            return [], None
        domains = [
            DescribedDomain(
                str(one["DomainName"]),
                str(one["Status"]).lower(),
                [
                    ValidationRecord(record["Name"], record["Value"], record["Status"])
                    for record in one.get("CertificateValidationRecords", ())
                ],
            )
            for one in page["CustomDomains"]
        ]
        return domains, page.get("NextToken")

    def custom_domain(self, name: str) -> DescribedDomain | None:
        """Return a custom domain of the service; None if the service does not have it, or does not exist."""
        return next((each for each in self.custom_domains() if each.name.lower() == name), None)

    def deployments(self) -> Deployments:
        """Return the newest deployments."""
        return Deployments.among(self.operations())

    def log_group(self, kind: str = "service") -> str:
        """Return the name of a log group of the service.

        Args:
            kind: "service", App Runner's events, or "application".
        """
        _, name, id = self._place.resource.split("/")
        return LOG_GROUP.format(service_name=name, service_id=id, kind=kind)

    @_call
    def log_tail(self, deployment: Operation) -> Sequence[str]:
        """Return the last lines of a deployment's log, or of the service's log if the deployment has none."""
        logs = self._session.client("logs", self._place.region)
        group = self.log_group()
        with suppress(logs.exceptions.ResourceNotFoundException):
            newest = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=10)
            names = [stream["logStreamName"] for stream in newest["logStreams"]]
            of_deployment = [name for name in names if deployment.id in name]
            for name in [*of_deployment, *names][:1]:
                events = logs.get_log_events(logGroupName=group, logStreamName=name, limit=_LOG_LINES)["events"]
                return [str(event["message"]).rstrip() for event in events]
        return []


def service_named(session: Session, region: str | None, name: str) -> str | None:
    """Return the ARN of the service with a name; None if no service has it. It blocks, and raises LookupFailedError."""
    with readable_failures():
        apprunner = session.client("apprunner", region)
        more: dict[str, str] = {}
        while True:
            page = apprunner.list_services(**more)
            for each in page["ServiceSummaryList"]:
                if each["ServiceName"] == name:
                    return str(each["ServiceArn"])
            if not page.get("NextToken"):
                return None
            more = {"NextToken": page["NextToken"]}


__all__ = [
    "Deployments",
    "DescribedDomain",
    "LookupFailedError",
    "Operation",
    "ServiceCalls",
    "ValidationRecord",
    "service_named",
]
