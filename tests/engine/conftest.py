"""The engine, the local AWS and the stacks that these tests run on."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apprunner_local import pulumi_cli
from apprunner_local.aws import LocalAws
from engine.projects import copy_example, write_project
from engine.stack import Stack
from local_aws.stack_files import EXISTING

Make = Callable[..., Stack]
InjectFault = Callable[..., None]


@pytest.fixture(scope="session")
def cli() -> Path:
    """Return the folder of a Pulumi CLI. Without one these tests are skipped; where one is required, they fail."""
    try:
        return pulumi_cli.find_cli()
    except pulumi_cli.NoCliError as none:
        (pytest.fail if os.environ.get("ENGINE") == "required" else pytest.skip)(str(none))


@pytest.fixture(scope="session")
def _local_aws() -> Iterator[LocalAws]:
    with LocalAws.start(existing=EXISTING) as aws:
        yield aws


@pytest.fixture
def aws(_local_aws: LocalAws) -> LocalAws:
    """Return a local AWS with the resources that the example refers to, and no others."""
    _local_aws.reset()
    return _local_aws


@pytest.fixture
def environment(cli: Path, aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the environment variables of the CLI, with an empty state for this test."""
    variables = pulumi_cli.environment(cli, tmp_path / "home", aws.environment)
    monkeypatch.setenv("PATH", variables["PATH"])  # the Automation API looks for the CLI in this process's own
    return variables


@pytest.fixture
def storefront(environment: dict[str, str], tmp_path: Path) -> Make:
    """Return a function that creates a stack of the example."""

    def make(name: str = "staging") -> Stack:
        return Stack(copy_example(tmp_path / "storefront"), name, environment)

    return make


@pytest.fixture
def trial(environment: dict[str, str], tmp_path: Path) -> Make:
    """Return a function that creates a stack of a program."""

    def make(program: str, settings: str = "options: {refresh: always}") -> Stack:
        folder = write_project(tmp_path / "trial", program, settings)
        (folder / "Pulumi.test.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        return Stack(folder, "test", environment)

    return make


@pytest.fixture
def inject_fault(environment: dict[str, str], tmp_path: Path) -> InjectFault:
    """Return a function that makes the provider crash once: see `apprunner_local.provider.server`."""
    file = tmp_path / "fault.json"
    environment["APPRUNNER_PROVIDER_FAULT"] = str(file)
    return lambda **fault: (file.write_text(json.dumps(fault)), None)[1]


@pytest.fixture(scope="module")
def lasting_aws(_local_aws: LocalAws) -> LocalAws:
    """Return a local AWS that all tests of a module see, for tests that do not disturb each other.

    Such a module is marked with xdist_group. `aws` and the fixtures that use it reset it: only its
    last test uses both.
    """
    _local_aws.reset()
    return _local_aws


@pytest.fixture(scope="module")
def lasting_trial(
    cli: Path, lasting_aws: LocalAws, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Stack]]:
    """Return a function that creates a stack of a program, each with its own state, for a module."""
    with pytest.MonkeyPatch.context() as monkeypatch:

        def make(program: str) -> Stack:
            top = tmp_path_factory.mktemp("trial")
            variables = pulumi_cli.environment(cli, top / "home", lasting_aws.environment)
            monkeypatch.setenv("PATH", variables["PATH"])  # the Automation API looks for the CLI in this process's own
            folder = write_project(top / "trial", program, "options: {refresh: always}")
            (folder / "Pulumi.test.yaml").write_text("config:\n  aws:region: eu-west-1\n")
            return Stack(folder, "test", variables)

        yield make
