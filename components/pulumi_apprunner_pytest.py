"""The pytest plugin: fixtures that run Pulumi programs offline and check them with a policy pack.

pytest loads it in every run, so it imports Pulumi only when a test uses a fixture. It is not in the package
`pulumi_apprunner`, because that imports Pulumi.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_apprunner.testing import Graph, Report

_PROJECT = "pulumi_project"
_STACK = "pulumi_stack"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(_PROJECT, "Directory of the Pulumi project, relative to pytest's root directory.", default=".")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `pulumi_stack` once for each stack of the project."""
    if _STACK in metafunc.fixturenames and _STACK not in _explicit_arguments(metafunc):
        metafunc.parametrize(_STACK, _stacks(metafunc.config), indirect=True)


def _explicit_arguments(metafunc: pytest.Metafunc) -> Iterator[str]:
    for mark in metafunc.definition.iter_markers("parametrize"):
        names: str | Sequence[str] = mark.args[0] if mark.args else mark.kwargs["argnames"]
        yield from (name.strip() for name in (names.split(",") if isinstance(names, str) else names))


def _stacks(config: pytest.Config) -> list[str]:
    from pulumi_apprunner.offline.project import find_project
    from pulumi_apprunner.testing import ProjectError

    try:
        return list(find_project(_directory(config)).stacks)
    except ProjectError as error:
        raise pytest.Collector.CollectError(f"{_PROJECT}: {error}") from None


def _directory(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getini(_PROJECT))


@pytest.fixture(scope="session")
def run_program() -> "Callable[..., Graph]":
    """`pulumi_apprunner.testing.run`: runs a function as a Pulumi program and returns its resource graph."""
    from pulumi_apprunner.testing import run

    return run


@pytest.fixture(scope="session")
def run_project(pytestconfig: pytest.Config) -> "Callable[..., Graph]":
    """Runs the project's program with the configuration of a stack: `run_project("prod", config=…, stubs=…)`.

    The project is in the directory of the ini option `pulumi_project`. A stack without further options runs once per
    session.
    """
    from pulumi_apprunner import testing

    graphs: dict[str | None, Graph] = {}

    def run(stack: str | None = None, **options: Any) -> "Graph":
        if options:
            return testing.run_project(_directory(pytestconfig), stack, **options)
        if stack not in graphs:
            graphs[stack] = testing.run_project(_directory(pytestconfig), stack)
        return graphs[stack]

    return run


@pytest.fixture
def pulumi_stack(request: pytest.FixtureRequest) -> str:
    """The name of a stack. A test that uses it runs once for each `Pulumi.<stack>.yaml` of the project."""
    return request.param


@pytest.fixture
def stack_graph(run_project: "Callable[..., Graph]", pulumi_stack: str) -> "Graph":
    """The resource graph of a stack. A test that uses it runs once for each `Pulumi.<stack>.yaml` of the project."""
    return run_project(pulumi_stack)


@pytest.fixture(scope="session")
def evaluate_policies() -> "Callable[..., Report]":
    """`pulumi_apprunner.testing.evaluate`: evaluates a policy pack on a resource graph and returns its report."""
    from pulumi_apprunner.testing import evaluate

    return evaluate
