"""More services than any thread pool: one change of all of them succeeds with any parallelism.

Pulumi gives the program's event loop 4 threads per `--parallel`, and each registration blocks one of them until the
engine has completed the resource, hooks included.
"""

import os
from collections.abc import Callable

import pytest

from apprunner_local.aws import LocalAws
from engine.stack import RunResult, Stack
from samples import IMAGE, PUBLIC_IMAGE

Make = Callable[..., Stack]

SERVICES = 40
PRIVATE = 6
DOMAINS = 6

PARALLELISM = [1, 2, None]
"""None is Pulumi's default, 4 times the number of processors."""


def program(level: str, domains: bool = False) -> str:
    """Return a program of many services; the first ones have a private image, whose role cannot be assumed at first."""
    return f"""
from pulumi_apprunner import AppRunnerService, CustomDomain

for number in range({SERVICES}):
    image = "{IMAGE}" if number < {PRIVATE} else "{PUBLIC_IMAGE}"
    service = AppRunnerService(
        f"s{{number}}", {{"image": {{"identifier": image}}, "environment": {{"LEVEL": "{level}"}}}}
    )
    if {domains} and number < {DOMAINS}:
        CustomDomain(f"d{{number}}", {{"domain_name": f"d{{number}}.example.com", "service_arn": service.arn}})
"""


def deployments(aws: LocalAws, operation: str) -> int:
    return len({str(call.parameters) for call in aws.plane.calls if call.operation == operation and not call.error})


def succeed(stack: Stack, parallel: int | None, command: str = "up", **options: object) -> RunResult:
    options |= {} if parallel is None else {"parallel": parallel}
    ran: RunResult = getattr(stack, command)(**options)
    assert ran.ok, ran.output[-3000:]
    return ran


@pytest.fixture
def repetitions() -> int:
    """Return how often each update is repeated; `make test-many` sets it."""
    return int(os.environ.get("REPETITIONS", "1"))


def test_many_services_are_created_changed_verified_and_deleted(trial: Make, aws: LocalAws, repetitions: int) -> None:
    aws.role_delay = 3
    aws.plane.world.quotas.scaling_names = None  # as if AWS had raised it: each service has its own profile
    stack = trial(program("first"), "")
    succeed(stack, 1)
    assert deployments(aws, "CreateService") == SERVICES
    for repetition in range(repetitions):
        for parallel in PARALLELISM:
            aws.plane.calls.clear()
            stack.program(program(f"{repetition}-{parallel}"))
            succeed(stack, parallel)
            assert deployments(aws, "UpdateService") == SERVICES
            verified = [call for call in aws.plane.calls if call.operation == "ListOperations"]
            assert len(verified) >= SERVICES
    client = aws.client("apprunner")
    for service in client.list_services(MaxResults=20)["ServiceSummaryList"]:
        if service["ServiceName"] in [f"s{number}-test" for number in range(DOMAINS)]:
            client.pause_service(ServiceArn=service["ServiceArn"])
    stack.program(program("last", domains=True))
    succeed(stack, 1)
    succeed(stack, 1, "destroy", run_program=True)
    assert aws.created_resources() == []
