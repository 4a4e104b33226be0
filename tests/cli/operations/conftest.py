"""A local AWS whose clock moves only in waits, and a stack in it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from apprunner_local.apprunner import World
from apprunner_local.aws import LocalAws
from deployed import Stack
from fake_metrics import FakeMetrics
from pulumi_apprunner.lifecycle.sessions import Session


@pytest.fixture(scope="module")
def only_aws() -> Iterator[LocalAws]:
    with LocalAws.start() as aws:
        yield aws


@pytest.fixture
def aws(only_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    only_aws.reset(World())
    start = only_aws.plane.clock.now()

    async def move_clock(seconds: float) -> None:
        only_aws.plane.clock.move(seconds)

    monkeypatch.setattr(asyncio, "sleep", move_clock)
    monkeypatch.setattr("pulumi_apprunner.lifecycle.deadlines.monotonic", lambda: only_aws.plane.clock.now() - start)
    for name, value in {**only_aws.environment, "NO_PROXY": "127.0.0.1", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    return only_aws


@pytest.fixture
def stack(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.chdir(tmp_path)
    return Stack(aws, tmp_path)


@pytest.fixture
def metrics(monkeypatch: pytest.MonkeyPatch) -> FakeMetrics:
    """Return CloudWatch's metrics, which moto would take minutes to read."""
    fake, client = FakeMetrics(), Session.client
    monkeypatch.setattr(
        Session,
        "client",
        lambda self, service, region: fake.client() if service == "cloudwatch" else client(self, service, region),
    )
    return fake
