"""The logs of a service."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from deployed import Stack
from pulumi_apprunner.cli.operations import logs
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.sessions import Session


def write(stack: Stack, arn: str, *messages: str, seconds_ago: float = 10, stream: str = "instance/1") -> None:
    """Add lines to the application's log."""
    client = stack.aws.client("logs")
    _, name, id = arn.rsplit("/", 2)
    place = {"logGroupName": f"/aws/apprunner/{name}/{id}/application", "logStreamName": stream}
    if not client.describe_log_groups(logGroupNamePrefix=place["logGroupName"])["logGroups"]:
        client.create_log_group(logGroupName=place["logGroupName"])
    if not client.describe_log_streams(logGroupName=place["logGroupName"], logStreamNamePrefix=stream)["logStreams"]:
        client.create_log_stream(**place)
    at = int((time.time() - seconds_ago) * 1000)
    client.put_log_events(**place, logEvents=[{"timestamp": at, "message": each} for each in messages])


def texts(out: str) -> list[str]:
    return [line.split("  ", 1)[1] for line in out.splitlines()]


def test_the_log_of_the_application(stack: Stack) -> None:
    arn = stack.service()
    write(stack, arn, "first", "second\n")
    result = stack.run("logs", "api")
    assert (result.status, texts(result.out)) == (0, ["instance/1  first", "instance/1  second"])


def test_older_lines_are_left_out(stack: Stack) -> None:
    arn = stack.service()
    write(stack, arn, "old", seconds_ago=600)
    write(stack, arn, "new", seconds_ago=10, stream="instance/2")
    assert texts(stack.run("logs", "api", "--since", "5m").out) == ["instance/2  new"]
    assert len(texts(stack.run("logs", "api", "--since", "1h").out)) == 2


def test_the_events_of_app_runner(stack: Stack) -> None:
    stack.service()
    stack.client.list_services()
    result = stack.run("logs", "api", "--events")
    assert "events  [AppRunner] CREATE_SERVICE SUCCEEDED" in texts(result.out)


def test_an_application_that_wrote_nothing_has_no_log(stack: Stack) -> None:
    stack.service()
    result = stack.run("logs", "api")
    assert result.status == 2
    assert "/application does not exist. App Runner creates it when the application writes" in result.err


def test_an_invalid_duration_is_an_error(stack: Stack) -> None:
    stack.service()
    result = stack.run("logs", "api", "--since", "yesterday")
    assert result.status == 2
    assert "must be a duration such as 90s, 10m, 2h or 1d, got 'yesterday'" in " ".join(result.err.split()).replace(
        "│ ", ""
    )


def test_lines_of_several_instances_are_in_the_order_of_their_times(stack: Stack) -> None:
    arn = stack.service()
    for seconds, stream in ((40, "instance/1"), (30, "instance/2"), (20, "instance/1"), (10, "instance/2")):
        write(stack, arn, str(seconds), seconds_ago=seconds, stream=stream)
    lines = [line.split()[-1] for line in stack.run("logs", "api").out.splitlines()]
    assert lines == ["40", "30", "20", "10"]


def test_the_first_lines_need_only_the_first_page(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = stack.service()
    for count in (9_000, 2_000):  # a page has at most 10,000 lines
        write(stack, arn, *map(str, range(count)), seconds_ago=60)
    calls: list[str] = []
    make_api_call = BaseClient._make_api_call

    def count_call(self: Any, operation: str, parameters: Any) -> Any:
        calls.append(operation)
        return make_api_call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", count_call)
    session, service = Session(Access(region="eu-west-1")), DeployedService("api", arn)
    lines = logs.lines(session, service, "application", datetime.now(UTC) - timedelta(hours=1))
    assert next(lines).endswith("  instance/1  0")
    assert calls.count("FilterLogEvents") == 1
    assert len(list(lines)) == 10_999
    assert calls.count("FilterLogEvents") == 2


def test_follow_prints_each_line_once_until_an_interruption(stack: Stack) -> None:
    arn = stack.service()
    session, service = Session(Access(region="eu-west-1")), DeployedService("api", arn)
    reads: list[float] = []

    def wait(seconds: float) -> None:
        reads.append(seconds)
        if len(reads) == 4:
            raise KeyboardInterrupt
        if len(reads) > 1:  # the log does not exist at the first read
            write(stack, arn, f"line {len(reads)}", seconds_ago=20 - len(reads))

    printed: list[str] = []

    def follow() -> None:
        for line in logs.lines(session, service, "application", since, follow=True, wait=wait):
            printed.append(line)

    since = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(KeyboardInterrupt):
        follow()
    assert texts("\n".join(printed)) == ["instance/1  line 2", "instance/1  line 3"]
    assert len(reads) == 4
