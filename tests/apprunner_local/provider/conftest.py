"""The emulated provider, and a local AWS that it uses."""

from collections.abc import Iterator

import pytest

from apprunner_local.apprunner import Clock, Durations, World
from apprunner_local.aws import LocalAws
from apprunner_local.provider.provider import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Return the provider as an engine gets it; alone it cannot reach any AWS."""
    provider = Provider()
    provider.configure({"region": "eu-west-1"})
    yield provider
    provider.close()


@pytest.fixture
def local(only_account: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """Return a local AWS that the provider reaches, whose operations take a moment of real time."""
    only_account.reset(World(clock=Clock(ticking=True), durations=Durations(*[0.05] * 10)))
    for name, value in only_account.environment.items():
        monkeypatch.setenv(name, value)
    return only_account
