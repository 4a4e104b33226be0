"""The stacks of a project, through Pulumi's Automation API."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pulumi
from pulumi import automation

from apprunner_facts.previews import number_of
from pulumi_apprunner.cli.operations.state import export_content
from pulumi_apprunner.cli.previews.environments import Environment, read_environment
from pulumi_apprunner.cli.previews.obstacles import updating
from pulumi_apprunner.offline.project import Project

_IN_USE = re.compile(r"\b(in use|used by|being used)\b")
"""App Runner's words about a profile or a connector that it has not released from its deleted service yet."""
_READERS = 8
"""The number of stacks that are read at the same time. Each runs a command of the Pulumi CLI."""


class InUseError(pulumi.RunError):
    """App Runner has not released a resource from its deleted service yet.

    Args:
        message: The error.
        deleted: The number of resources that were deleted before.
    """

    def __init__(self, message: str, deleted: int) -> None:
        super().__init__(message)
        self.deleted = deleted


class _Workspace(automation.LocalWorkspace):
    """A project's folder. The stack that the user selected stays selected: each command names its stack."""

    def select_stack(self, stack_name: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Listed:
    """A stack of a pull request in the list of the backend.

    Args:
        name: The stack's name, with its organization if the backend lists it.
        number: The number of the pull request.
        is_updating: Whether the backend reports an update in progress. Only Pulumi Cloud does.
    """

    name: str
    number: int
    is_updating: bool


def read_all(read: Callable[[Listed], Environment], stacks: Sequence[Listed]) -> list[Environment | pulumi.RunError]:
    """Return the environment of each stack, or the error with which it could not be read, in the order of the stacks.

    Args:
        read: Reads the environment of a stack. Several threads call it.
        stacks: The stacks.
    """

    def try_read(stack: Listed) -> Environment | pulumi.RunError:
        try:
            return read(stack)
        except pulumi.RunError as error:
            return error

    with ThreadPoolExecutor(_READERS) as threads:
        return list(threads.map(try_read, stacks))


class Backend:
    """The stacks of pull requests in a project.

    Args:
        project: The project.

    Raises:
        pulumi.RunError: The Pulumi CLI is not installed.
    """

    def __init__(self, project: Project) -> None:
        if shutil.which("pulumi") is None:
            raise pulumi.RunError(
                "the Pulumi CLI must be on PATH: it reads and removes stacks. Install it "
                "(https://www.pulumi.com/docs/install/)"
            )
        self._project = project
        self._workspace = _Workspace(work_dir=str(project.root), env_vars={"PULUMI_SKIP_UPDATE_CHECK": "1"})

    def stacks(self) -> list[Listed]:
        """Return the stacks whose names are those of pull requests, by number.

        Raises:
            pulumi.RunError: The backend could not be read, for example without a login.
        """
        with _readable_errors(_Events()):
            summaries = self._workspace.list_stacks()
        listed = [(each, number_of(each.name.rpartition("/")[2])) for each in summaries]
        found = [Listed(each.name, number, bool(each.update_in_progress)) for each, number in listed if number]
        return sorted(found, key=lambda each: each.number)

    def read(self, stack: Listed) -> Environment:
        """Return the environment in a stack's state. Secrets stay encrypted.

        Raises:
            pulumi.RunError: The state could not be read.
        """
        content = export_content(self._project.root, stack.name)
        project = self._project.name
        return read_environment(stack.name, stack.number, project, content, is_updating=stack.is_updating)

    def preview_destroy(self, stack: str) -> Counter[str]:
        """Return the number of resources that `pulumi destroy` would delete, by type; it changes nothing.

        Raises:
            pulumi.RunError: The preview failed.
        """
        events = _Events()
        with _readable_errors(events, stack):
            self._select(stack).preview_destroy(on_event=events.add, color="never")
        return events.planned

    def destroy(self, stack: str) -> int:
        """Run `pulumi destroy`, and return the number of deleted resources.

        Raises:
            InUseError: App Runner has not released a resource from its deleted service yet.
            pulumi.RunError: A deletion failed, or another update is in progress.
        """
        events = _Events()
        try:
            with _readable_errors(events, stack):
                self._select(stack).destroy(on_event=events.add, color="never", show_secrets=False)
        except pulumi.RunError as error:
            if _IN_USE.search(str(error)):
                raise InUseError(str(error), events.deleted) from None
            raise
        return events.deleted

    def remove(self, stack: str) -> None:
        """Run `pulumi stack rm`, which also deletes the stack's file. It fails if the stack has resources.

        Raises:
            pulumi.RunError: The stack was not removed.
        """
        with _readable_errors(_Events(), stack):
            self._workspace.remove_stack(stack)

    def _select(self, stack: str) -> automation.Stack:
        return automation.Stack.select(stack, self._workspace)


class _Events:
    """What the engine reports: planned and completed deletions, and errors."""

    def __init__(self) -> None:
        self.planned: Counter[str] = Counter()
        self.deleted = 0
        self.errors: list[str] = []

    def add(self, event: automation.EngineEvent) -> None:
        """Add an event."""
        if event.resource_pre_event and _deletes_resource(event.resource_pre_event.metadata):
            self.planned[event.resource_pre_event.metadata.type] += 1
        if event.res_outputs_event and _deletes_resource(event.res_outputs_event.metadata):
            self.deleted += 1
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(event.diagnostic_event.message.strip())


def _deletes_resource(step: automation.StepEventMetadata) -> bool:
    """Return whether a step deletes a resource in AWS: no component, no provider, and none that stays there."""
    old = step.old
    is_resource = old is not None and old.custom and not old.retain_on_delete and not step.type.startswith("pulumi:")
    return bool(is_resource) and step.op is automation.OpType.DELETE


@contextmanager
def _readable_errors(events: _Events, stack: str = "") -> Generator[None]:
    """Raise the errors of the engine, or of the CLI, as a pulumi.RunError."""
    try:
        yield
    except automation.ConcurrentUpdateError:
        raise pulumi.RunError(updating(stack)) from None
    except automation.CommandError as error:
        raise pulumi.RunError("; ".join(events.errors) or _last_error(str(error))) from None


def _last_error(text: str) -> str:
    """Return the error in the output of the CLI: what follows "error:", or else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.partition("error:")[2].strip() for line in lines if "error:" in line]
    return errors[-1] if errors else lines[-1]
