"""One fake and one local AWS for all tests, reset before each, and botocore's client for the fake."""

from collections.abc import Iterator
from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, World, serve
from apprunner_local.aws import LocalAws
from local_aws.requests import client_of
from local_aws.stack_files import EXISTING


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[AppRunner, str]]:
    plane = AppRunner()
    with serve(plane) as url:
        yield plane, url


@pytest.fixture(scope="session")
def only_client(served: tuple[AppRunner, str]) -> Any:
    return client_of(served[1])


@pytest.fixture
def plane(served: tuple[AppRunner, str]) -> AppRunner:
    served[0].reset(World())
    return served[0]


@pytest.fixture
def aws(plane: AppRunner, only_client: Any) -> Any:
    return only_client


@pytest.fixture(scope="session")
def only_account() -> Iterator[LocalAws]:
    with LocalAws.start(existing=EXISTING) as account:
        yield account


@pytest.fixture
def account(only_account: LocalAws) -> LocalAws:
    """Return a local AWS with the resources in the stack files, and a clock that is not ticking."""
    only_account.reset(World())
    return only_account
