"""`apprunner cost --measured`, with services in the local AWS."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from apprunner_facts.arns import parse_service_arn
from deployed import Output, Stack
from fake_metrics import FakeMetrics

IMAGE = "public.ecr.aws/docker/library/nginx:1.29"
PROGRAM = f"""
from pulumi_apprunner import AppRunnerService

AppRunnerService("api", {{"image": {{"identifier": "{IMAGE}"}}, "size": {{"cpu": "1 vCPU", "memory": "2 GB"}}}})
"""
WORKER = f"""
AppRunnerService("worker", {{"image": {{"identifier": "{IMAGE}"}}}})
"""


@pytest.fixture
def project(stack: Stack, tmp_path: Path) -> Stack:
    """Return a stack whose program has the service api."""
    write(tmp_path, PROGRAM)
    return stack


def write(folder: Path, program: str) -> None:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {'aws:region': eu-west-1}\n")
    (folder / "__main__.py").write_text(dedent(program))


def hours(count: int) -> list[datetime]:
    """Return the hours before now."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return [end - timedelta(hours=index) for index in range(1, count)]


def put(metrics: FakeMetrics, arn: str, moments: Sequence[datetime], **values: float) -> None:
    """Put a value of each metric for each time into CloudWatch."""
    service, id = parse_service_arn(arn)
    for name, value in values.items():
        instance = {"Instance": "a"} if name.endswith("Utilization") else {}
        metrics.put(name, {"ServiceName": service, "ServiceID": id, **instance}, dict.fromkeys(moments, value))


def measured(stack: Stack, metrics: FakeMetrics, name: str = "api") -> str:
    """Create a service, and metrics of two weeks: 360 requests in one minute of every hour."""
    arn = stack.service(name)
    put(metrics, arn, hours(14 * 24), Requests=360, RequestLatency=250, ActiveInstances=1, MemoryUtilization=30)
    return arn


def options(result: Output) -> dict[str, Any]:
    (service,) = result.json["services"]
    return {each["option"]: each for each in service["options"]}


def text(output: str) -> str:
    return " ".join(output.split())


def test_the_load_is_that_of_the_deployed_service(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    result = project.run("cost", "--measured", "--json")
    assert result.status == 0
    (service,) = result.json["services"]
    assert service["measured"] == {
        "days": pytest.approx(14, abs=0.05),
        "requests": 360 * (14 * 24 - 1),
        "requests_per_second": 0.1,
        "seconds_per_request": 0.25,
        "busy_hours": 24,
        "active_instances": 0.0167,
        "extra_instances": 0,
    }


def test_app_runner_costs_what_rightsize_finds(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    (advice,) = project.run("rightsize", "--json").json["services"]
    cost = options(project.run("cost", "--measured", "--json"))["App Runner"]
    assert cost["monthly_usd"] == pytest.approx(advice["monthly_usd"], abs=0.02)


def test_lambda_is_charged_for_the_measured_requests(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    parts = options(project.run("cost", "--measured", "--json"))["Lambda, function URL"]["parts"]
    requests = 360 * 730
    assert parts["requests"] == pytest.approx(requests / 1_000_000 * 0.2, abs=0.01)
    assert parts["duration"] == pytest.approx(requests * 0.25 * 2 * 0.0000166667, abs=0.02)


def test_the_output_begins_with_what_was_measured(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    result = project.run("cost", "--measured")
    assert (
        "Measured in 14.0 days: 0.1 requests per second of 0.25 seconds, in 24.0 hours a day; "
        "0.0167 active instances on average. App Runner"
    ) in text(result.out)
    assert "The load is what CloudWatch has measured" in text(result.out)


def test_the_page_shows_the_measured_load(project: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    measured(project, metrics)
    project.run("cost", "--measured", "--html", "cost.html")
    page = text((tmp_path / "cost.html").read_text())
    assert "<p>Measured in 14.0 days: 0.1 requests per second" in page
    assert "The dotted line is the measured load." in page


def test_a_service_without_requests_costs_what_it_costs_idle(project: Stack, metrics: FakeMetrics) -> None:
    put(metrics, project.service(), hours(14 * 24), MemoryUtilization=30)
    result = project.run("cost", "--measured")
    assert "no requests. The costs are those of an idle service." in text(result.out)
    assert "memory 10.22 Fargate" in text(result.out)
    assert "Lambda," not in result.out


def test_too_little_data_is_a_reason_and_the_status_is_2(project: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    write(tmp_path, PROGRAM + WORKER)
    measured(project, metrics)
    put(metrics, project.service("worker"), hours(12), Requests=1, RequestLatency=5, MemoryUtilization=30)
    result = project.run("cost", "--measured", "--json")
    assert result.status == 2
    assert [each["name"] for each in result.json["services"]] == ["api-service"]
    (unread,) = result.json["unread"]
    assert unread["name"] == "worker-service"
    assert unread["reason"].startswith("Not enough data: 0.5 days with a memory utilization, 2 are required.")
    assert result.json["totals"] == {}


def test_a_service_that_is_not_deployed_is_a_reason(project: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    write(tmp_path, PROGRAM + WORKER)
    measured(project, metrics)
    result = project.run("cost", "--measured")
    assert result.status == 2
    assert "worker-service could not be measured The service is not in the stack's state. Deploy it first" in text(
        result.out
    )


def test_if_no_service_could_be_measured_prices_and_options_are_not_mentioned(
    project: Stack, metrics: FakeMetrics
) -> None:
    project.service("api")
    assumptions = project.run("cost", "--measured", "--json").json["assumptions"]
    assert not any(word in each for each in assumptions for word in ("Fargate", "Prices", "Tasks"))


def test_one_service_can_be_chosen(project: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    write(tmp_path, PROGRAM + WORKER)
    measured(project, metrics)
    result = project.run("cost", "--measured", "--service", "api", "--json")
    assert (result.status, [each["name"] for each in result.json["services"]]) == (0, ["api-service"])


def test_fewer_days_can_be_read(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    (service,) = project.run("cost", "--measured", "--days", "3", "--json").json["services"]
    assert service["measured"]["days"] == pytest.approx(3, abs=0.05)


def test_a_throttled_call_is_a_reason(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    metrics.failures.append("Throttling")
    result = project.run("cost", "--measured")
    assert result.status == 2
    assert "api-service could not be measured AWS throttled GetMetricData" in text(result.out)


def test_a_denied_call_names_the_permission(project: Stack, metrics: FakeMetrics) -> None:
    measured(project, metrics)
    metrics.failures.append("AccessDenied")
    result = project.run("cost", "--measured")
    assert result.status == 2
    assert "access denied. Grant cloudwatch:GetMetricData to the caller" in text(result.out)


def test_missing_credentials_are_an_error(
    project: Stack, metrics: FakeMetrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(project, metrics)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    result = project.run("cost", "--measured")
    assert (result.status, result.out) == (2, "")
    assert "credentials are required, got none" in text(result.err)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--measured", "--busy-hours", "8", "--active", "10%"],
            "--busy-hours: must not be set together with --measured, which reads it from CloudWatch. Remove it "
            "--active: must not be set together with --measured",
        ),
        (["--measured", "--response-kb", "-1"], "--response-kb: must be 0 or more, got -1"),
        (["--measured", "--days", "16"], "must be an integer from 2 to 15, got '16'"),
        (["--days", "3"], "--days: requires --measured. Add --measured, or remove it"),
        (["--measured", "--stack", "dev"], "--state conflicts with --stack"),
    ],
)
def test_an_invalid_option_is_an_error(project: Stack, words: list[str], message: str) -> None:
    project.service()
    result = project.run("cost", *words)
    assert (result.status, result.out) == (2, "")
    assert message in text(result.err)
