"""Runs a program, or the program of a project, as a preview and returns its resource graph."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.config.configuration import Configuration, configuration_from_values
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.monitor import Monitor, OfflineEngine
from pulumi_apprunner.offline.project import execute_main, find_project, program_environment
from pulumi_apprunner.offline.stubs.file import Stubs
from pulumi_apprunner.offline.stubs.request import REGION
from pulumi_apprunner.offline.stubs.resolver import StubResolver


def run(
    program: Callable[[], Any],
    *,
    project: str = "project",
    stack: str = "stack",
    config: Mapping[str, Any] | None = None,
    secret_keys: Sequence[str] = (),
    stubs: Stubs | str | Path | None = None,
    unknown: bool = False,
) -> Graph:
    """Run a function, or a coroutine function, as a Pulumi program and return its resource graph.

    ```python
    def infrastructure() -> None:
        AppRunnerService("api", AppRunnerServiceArgs(image=...))


    graph = run(infrastructure)
    assert graph.one("aws:apprunner/service:Service")["serviceName"] == "project-api-stack"
    ```

    Args:
        program: What a `__main__.py` contains, including `pulumi.export` and `pulumi.run`.
        project: The project's name.
        stack: The stack's name.
        config: The stack's configuration. A key without a namespace belongs to the project. Values are strings,
            numbers, booleans, lists and maps, as in a stack file. `UNKNOWN`, also inside a list or map, is an encrypted
            value.
        secret_keys: The keys of `config` that are secret.
        stubs: Stub values for stack references, functions and resources, or the path of a stubs file.
        unknown: Leave everything that AWS would return unknown, as in a first preview. By default, outputs have stub
            values where their format is known.

    Raises:
        pulumi.RunError: A resource is registered twice, a function has no stub value, or the program calls `sys.exit`.
        SeveralErrors: The program raises more than one error.
        Exception: The program's own error, unchanged.
    """
    configuration = configuration_from_values(project, config or {}, secret_keys)
    return _run(program, project, stack, None, configuration, _load(stubs), unknown)


def run_project(
    directory: str | Path = ".",
    stack: str | None = None,
    *,
    as_stack: str | None = None,
    config: Mapping[str, Any] | None = None,
    stubs: Stubs | str | Path | None = None,
    unknown: bool = False,
) -> Graph:
    """Run the program of a Pulumi project with the configuration of one of its stacks, and return its resource graph.

    The program runs in this process and interpreter. Modules in the program's directory are unloaded afterwards.

    Args:
        directory: The project's directory, or one below it.
        stack: The stack's name. Optional if the project has exactly one `Pulumi.<stack>.yaml`.
        as_stack: The name of a stack that begins with a copy of this stack's file, such as the stack of a pull request.
            Default: none.
        config: Values that override those in the stack file.
        stubs: As in `run`.
        unknown: As in `run`.

    Raises:
        ProjectError: The project or stack does not exist, is not in Python, or its configuration is invalid.
        Exception: As in `run`.
    """
    project = find_project(Path(directory))
    name = project.resolve_stack(stack)
    configuration = project.configuration(name, config or {})
    if not configuration.get("aws:region"):
        warning = f"warning: aws:region is not set. The plan uses {REGION}."
        configuration = replace(configuration, messages=(*configuration.messages, warning))
    loaded = _load(stubs)
    with program_environment(project.main):
        main = functools.partial(execute_main, project.main)
        return _run(main, project.name, as_stack or name, str(project.root), configuration, loaded, unknown)


def _run(
    main: Callable[[], Any],
    project: str,
    stack: str,
    root: str | None,
    config: Configuration,
    stubs: Stubs,
    unknown: bool,
) -> Graph:
    engine = OfflineEngine(config.messages)
    resolver = StubResolver(stubs, config.get("aws:region") or REGION, unknown)
    monitor = Monitor(project, stack, resolver, engine)
    with sdk.pulumi_config(config.values, config.secret_keys):
        sdk.execute(main, project=project, stack=stack, root=root, monitor=monitor, engine=engine)
    return replace(monitor.graph(), provider_inputs=config.by_namespace())


def _load(stubs: Stubs | str | Path | None) -> Stubs:
    return Stubs.load(stubs) if isinstance(stubs, str | Path) else stubs or Stubs()
