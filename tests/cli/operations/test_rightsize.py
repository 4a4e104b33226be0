"""`apprunner rightsize`, with services in the local AWS."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from apprunner_facts.arns import parse_service_arn
from deployed import Stack
from fake_metrics import FakeMetrics

pytestmark = pytest.mark.usefixtures("metrics")

HOURS = 14 * 24
PROJECT = "name: shop\nruntime: python\n"
STACK_FILE = """\
config:
  aws:region: eu-west-1
  shop:services:
    api: # measured in May
      size: {cpu: 1 vCPU, memory: 2 GB}
"""


def put(metrics: FakeMetrics, arn: str, name: str, value: float, **dimensions: str) -> None:
    """Put a value for each hour of two weeks into CloudWatch."""
    service, id = parse_service_arn(arn)
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    moments = [end - timedelta(hours=index) for index in range(1, HOURS)]
    metrics.put(name, {"ServiceName": service, "ServiceID": id, **dimensions}, dict.fromkeys(moments, value))


def measured(stack: Stack, metrics: FakeMetrics, name: str = "api") -> None:
    """Create a service, and metrics of constant use."""
    arn = stack.service(name)
    put(metrics, arn, "Requests", 60)
    put(metrics, arn, "ActiveInstances", 1)
    put(metrics, arn, "RequestLatency", 1_240)
    put(metrics, arn, "Concurrency", 7)
    put(metrics, arn, "CPUUtilization", 20, Instance="a")
    put(metrics, arn, "MemoryUtilization", 30, Instance="a")


def test_a_smaller_size_is_proposed(stack: Stack, metrics: FakeMetrics) -> None:
    measured(stack, metrics)
    result = stack.run("rightsize")
    assert result.status == 0
    lines = result.out.splitlines()
    assert lines[:2] == ["shop dev", ""]
    assert lines[2] == "api  1 vCPU, 2 GB, 1 to 25 instances, $11.00 per month"
    assert lines[3] == ("  99% of the time at most 30% of the memory, 20% CPU, 1,240 ms latency, 7 concurrent requests")
    assert lines[4] == "  size  1 vCPU, 2 GB -> 0.5 vCPU, 1 GB  saves $5.50"
    assert lines[5] == "    memory reaches 30%, CPU 20% at the 99th percentile; confidence: high"


def test_the_json_has_the_settings_for_the_stack_file(stack: Stack, metrics: FakeMetrics) -> None:
    measured(stack, metrics)
    (service,) = stack.run("rightsize", "--json").json["services"]
    (proposal,) = service["proposals"]
    expected = {"memory_percent": 30, "cpu_percent": 20, "latency_ms": 1240, "concurrency": 7}
    assert service["measured"] == expected
    assert (service["name"], service["size"], service["findings"]) == ("api", "1 vCPU, 2 GB", [])
    assert proposal["settings"] == {"size": {"cpu": "0.5 vCPU", "memory": "1 GB"}}
    assert proposal["monthly_saving_usd"] == pytest.approx(service["monthly_usd"] - service["proposed_usd"], abs=0.011)


def test_a_service_without_metrics_is_a_finding(stack: Stack) -> None:
    stack.service("api")
    (service,) = stack.run("rightsize", "--json").json["services"]
    assert service["findings"][0].startswith("Not enough data: 0.0 days with a memory utilization")
    assert (service["monthly_usd"], service["proposals"]) == (None, [])


def test_a_service_that_was_deleted_is_unread_and_the_status_is_2(stack: Stack) -> None:
    arn = stack.service("api")
    stack.client.delete_service(ServiceArn=arn)
    stack.move(60)
    result = stack.run("rightsize", "--json")
    assert result.status == 2
    assert result.json["services"] == [{"name": "api", "unread": "the service does not exist"}]


def test_proposals_are_written_into_the_stack_file(stack: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    measured(stack, metrics)
    measured(stack, metrics, "worker")
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(STACK_FILE)
    result = stack.run("rightsize", "--write")
    assert file.read_text() == STACK_FILE.replace("{cpu: 1 vCPU, memory: 2 GB}", "{cpu: 0.5 vCPU, memory: 1 GB}")
    assert result.err.splitlines() == [
        "Pulumi.dev.yaml: changed api",
        "Pulumi.dev.yaml: has no service worker. Change it in the program",
    ]


def test_a_missing_stack_file_is_an_error_before_anything_is_read(
    stack: Stack, metrics: FakeMetrics, tmp_path: Path
) -> None:
    measured(stack, metrics)
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    result = stack.run("rightsize", "--write")
    assert (result.status, result.out, metrics.calls) == (2, "", [])
    assert "contains no Pulumi.<stack>.yaml" in result.err


def test_without_write_no_file_changes(stack: Stack, metrics: FakeMetrics, tmp_path: Path) -> None:
    measured(stack, metrics)
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(STACK_FILE)
    stack.run("rightsize")
    assert file.read_text() == STACK_FILE


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--timezone", "Europe/Berlim"], "got 'Europe/Berlim'. Did you mean Europe/Berlin?"),
        (["--days", "16"], "must be an integer from 2 to 15, got '16'"),
        (["apj"], 'the state has no service "apj". Did you mean api?'),
    ],
)
def test_an_invalid_option_is_an_error(stack: Stack, words: list[str], message: str) -> None:
    stack.service("api")
    result = stack.run("rightsize", *words)
    assert (result.status, result.out) == (2, "")
    assert message in " ".join(result.err.split())


def test_in_a_region_without_verified_prices_the_costs_are_those_of_us_east_1(
    stack: Stack, metrics: FakeMetrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(stack, metrics)
    known = stack.run("rightsize", "--json").json
    monkeypatch.setattr("apprunner_facts.prices.RATES", {})
    (service,) = (result := stack.run("rightsize", "--json").json)["services"]
    assert service == known["services"][0]
    added = "No verified prices for eu-west-1; the estimate uses those of us-east-1."
    assert result["assumptions"] == [*known["assumptions"], added]


def test_a_denied_call_names_the_permission(stack: Stack, metrics: FakeMetrics) -> None:
    measured(stack, metrics)
    metrics.failures.append("AccessDenied")
    result = stack.run("rightsize")
    assert result.status == 2
    assert "access denied. Grant cloudwatch:GetMetricData to the caller" in " ".join(result.out.split())


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (PermissionError(13, "not allowed"), 2)])
def test_an_interruption_and_a_file_error_end_the_command(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    stack.service("api")
    monkeypatch.setattr("pulumi_apprunner.cli.rightsize.command.run_coroutine", Mock(side_effect=error))
    result = stack.run("rightsize")
    assert (result.status, result.out) == (status, "")
    assert result.err == ("" if status == 130 else "error: [Errno 13] not allowed\n")
