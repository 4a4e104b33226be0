"""Runs a Pulumi program without the engine, as a preview, and hands back what it would make."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_apprunner.offline import project as projects
from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.config.configuration import Configuration, from_values
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.monitor import Engine, Monitor
from pulumi_apprunner.offline.stubs.answers import Answers, StandIns
from pulumi_apprunner.offline.stubs.request import REGION


def run(
    program: Callable[[], Any],
    *,
    project: str = "project",
    stack: str = "stack",
    config: Mapping[str, Any] | None = None,
    secret_keys: Sequence[str] = (),
    stand_ins: StandIns | str | Path | None = None,
    unknown: bool = False,
) -> Graph:
    """Run a function, or a coroutine function, as a Pulumi program and return its graph.

    ```python
    def infrastructure() -> None:
        AppRunnerService("api", AppRunnerServiceArgs(image=...))


    graph = run(infrastructure)
    assert graph.the("aws:apprunner/service:Service")["serviceName"] == "project-api-stack"
    ```

    Args:
        program: What a `__main__.py` would do, `pulumi.export` and `pulumi.run` included.
        project: The project's name.
        stack: The stack's name.
        config: The stack's configuration; a key without a namespace is the project's. Values are texts, or numbers,
            booleans, lists and maps as in a stack file; `UNKNOWN`, also inside of them, is one that cannot be read.
        secret_keys: The keys of `config` that are secret.
        stand_ins: Answers for stack references and functions, or the file that holds them.
        unknown: Leave unknown all that AWS would return, as in a first preview; by default believable stand-ins are
            filled in where there are some.

    Raises:
        pulumi.RunError: A resource is registered twice, a function has no answer, or `sys.exit` was called.
        SeveralErrors: More than one thing went wrong.
        Exception: What the program raised, as it was raised.
    """
    configuration = from_values(project, config or {}, secret_keys)
    return _run(program, project, stack, None, configuration, _read(stand_ins), unknown)


def run_project(
    directory: str | Path = ".",
    stack: str | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    stand_ins: StandIns | str | Path | None = None,
    unknown: bool = False,
) -> Graph:
    """Run the program of a Pulumi project with the configuration of one of its stacks, and return its graph.

    The program runs in this process and its interpreter; the modules that it brings along are forgotten afterwards.

    Args:
        directory: The project's, or one inside of it.
        stack: The stack's name; None for the only one that has a `Pulumi.<stack>.yaml`.
        config: Values to put in place of those in the files.
        stand_ins: As in `run`.
        unknown: As in `run`.

    Raises:
        ProjectError: There is no such project or stack, it is not in Python, or its configuration is wrong.
        Exception: As in `run`.
    """
    found = projects.find(Path(directory))
    name = found.stack(stack)
    configuration = found.configuration(name, config or {})
    given = _read(stand_ins)
    with projects.running(found.main):
        main = functools.partial(projects.execute, found.main)
        return _run(main, found.name, name, str(found.root), configuration, given, unknown)


def _run(
    main: Callable[[], Any],
    project: str,
    stack: str,
    root: str | None,
    config: Configuration,
    stand_ins: StandIns,
    unknown: bool,
) -> Graph:
    engine = Engine(config.messages)
    answers = Answers(stand_ins, config.get("aws:region") or REGION, unknown)
    monitor = Monitor(project, stack, answers, engine)
    with sdk.configured(config.values, config.secret_keys):
        sdk.execute(main, project=project, stack=stack, root=root, monitor=monitor, engine=engine)
    return monitor.graph()


def _read(stand_ins: StandIns | str | Path | None) -> StandIns:
    return StandIns.load(stand_ins) if isinstance(stand_ins, str | Path) else stand_ins or StandIns()
