"""A fake App Runner, and calls to it. A wait moves the clocks of the fake and of deadlines, and takes no time."""

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, serve
from local_aws.requests import client_of
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.sessions import Session


@pytest.fixture
def plane(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppRunner]:
    plane = AppRunner()
    start = plane.clock.now()

    async def move_clock(seconds: float) -> None:
        plane.clock.move(seconds)

    with serve(plane) as url:
        monkeypatch.setattr(asyncio, "sleep", move_clock)
        monkeypatch.setattr("pulumi_apprunner.lifecycle.deadlines.monotonic", lambda: plane.clock.now() - start)
        monkeypatch.setenv("AWS_ENDPOINT_URL_APPRUNNER", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield plane


@pytest.fixture
def client(plane: AppRunner) -> Any:
    return client_of(os.environ["AWS_ENDPOINT_URL_APPRUNNER"])


@pytest.fixture
def own_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the lookup of the account."""
    monkeypatch.setattr(Session, "require_account", lambda self, arn: None)


@pytest.fixture
def calls(own_account: None) -> Callable[[str], ServiceCalls]:
    """Return the calls about a service, without a lookup of the account."""
    return lambda arn: ServiceCalls(Session(Access()), arn)
