"""What is asked of AWS about one service."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from apprunner_facts.arns import parse_arn
from apprunner_facts.observability import LOG_GROUP
from pulumi_apprunner.lifecycle.access import Access

IN_PROGRESS = "OPERATION_IN_PROGRESS"
"""A service's status during any operation."""
GONE = "DELETED"
"""A service's status for as long as AWS still knows it."""

_DEPLOYMENTS = ("CREATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT")
_UNDER_WAY = ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS")
_LOG_LINES = 12


class Operation(NamedTuple):
    """Something that App Runner did to a service, or does."""

    id: str
    type: str
    status: str
    started: datetime

    @property
    def is_deployment(self) -> bool:
        """Tell whether its end says which version runs: a pause or a resume proves nothing of that."""
        return self.type in _DEPLOYMENTS

    @property
    def is_under_way(self) -> bool:
        """Tell whether its end is still to come."""
        return self.status in _UNDER_WAY

    @property
    def has_succeeded(self) -> bool:
        """Tell whether it did what it was to do."""
        return self.status == "SUCCEEDED"


class ServiceCalls:
    """The calls about a service; each blocks, so it is for a thread.

    Args:
        access: How AWS is asked.
        arn: The service's. The first call raises WrongAccountError where the credentials are of another account.
    """

    def __init__(self, access: Access, arn: str) -> None:
        self.arn = arn
        self._place = parse_arn(arn)
        self._clients = access.clients(self._place.region)

    @cached_property
    def _apprunner(self) -> Any:
        self._clients.must_be_of(self._place)
        return self._clients.of("apprunner")

    def status(self) -> str:
        """Return the service's status; one that AWS does not know any more is DELETED."""
        try:
            return str(self._apprunner.describe_service(ServiceArn=self.arn)["Service"]["Status"])
        except self._apprunner.exceptions.ResourceNotFoundException:
            return GONE

    def resume(self) -> None:
        """Start to resume the service; where something else has just begun, that comes first."""
        with suppress(self._apprunner.exceptions.InvalidStateException):
            self._apprunner.resume_service(ServiceArn=self.arn)

    def operations(self) -> Iterator[Operation]:
        """Yield the service's operations, the last one first."""
        more: dict[str, str] = {}
        while True:
            answer = self._apprunner.list_operations(ServiceArn=self.arn, **more)
            for one in answer["OperationSummaryList"]:
                yield Operation(one["Id"], one["Type"], one["Status"], one["StartedAt"])
            if not answer.get("NextToken"):
                return
            more = {"NextToken": answer["NextToken"]}

    def last_deployment(self) -> Operation | None:
        """Return the last operation that deployed, or was to; it may be older than many pauses."""
        return next((each for each in self.operations() if each.is_deployment), None)

    def log_group(self) -> str:
        """Return the name of the log group in which App Runner tells of the service."""
        _, name, id = self._place.resource.split("/")
        return LOG_GROUP.format(service_name=name, service_id=id, kind="service")

    def log_tail(self, deployment: Operation) -> Sequence[str]:
        """Return the last lines that App Runner wrote of a deployment, else of the service; none where there are
        none."""
        logs: Any = self._clients.of("logs")
        group = self.log_group()
        try:
            newest = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=10)
            names = [stream["logStreamName"] for stream in newest["logStreams"]]
            of_it = [name for name in names if deployment.id in name]
            for name in [*of_it, *names][:1]:
                told = logs.get_log_events(logGroupName=group, logStreamName=name, limit=_LOG_LINES)
                return [str(event["message"]).rstrip() for event in told["events"]]
        except logs.exceptions.ResourceNotFoundException:
            pass
        return []


def service_named(access: Access, region: str | None, name: str) -> str | None:
    """Return the ARN of the service that has a name, None where there is none; a call for a thread."""
    apprunner: Any = access.clients(region).of("apprunner")
    more: dict[str, str] = {}
    while True:
        answer = apprunner.list_services(**more)
        for each in answer["ServiceSummaryList"]:
            if each["ServiceName"] == name:
                return str(each["ServiceArn"])
        if not answer.get("NextToken"):
            return None
        more = {"NextToken": answer["NextToken"]}
