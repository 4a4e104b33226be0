"""A service whose tracing is enabled, absent from the program, and disabled."""

from typing import Any

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make


def test_absent_tracing_stays_enabled_and_an_explicit_false_disables_it(trial: Make, aws: LocalAws) -> None:
    stack = trial(of_service(tracing=False), "")
    assert stack.up().ok
    stack.program(of_service())  # as a stack of an older version, which sent false
    up = stack.up()
    assert (up.ok, up.changes) == (True, [])

    stack.program(of_service(tracing=True))
    assert stack.up().ok
    assert observability(aws)["ObservabilityEnabled"] is True

    stack.program(of_service())
    up = stack.up()
    assert not up.ok
    assert "You can't delete the observability configuration. It's used by one or more services." in up.output
    assert observability(aws)["ObservabilityEnabled"] is True

    stack.program(of_service(tracing=False))
    up = stack.up()
    assert up.ok, up.output
    assert observability(aws) == {"ObservabilityEnabled": False}
    assert not [each for each in aws.created_resources() if "observability" in each]


def of_service(**args: Any) -> str:
    return programs.program(programs.service(**args))


def observability(aws: LocalAws) -> dict[str, object]:
    """Return the service's observability configuration."""
    apprunner = aws.client("apprunner")
    [service] = apprunner.list_services()["ServiceSummaryList"]
    configuration: dict[str, object] = apprunner.describe_service(ServiceArn=service["ServiceArn"])["Service"][
        "ObservabilityConfiguration"
    ]
    return configuration
