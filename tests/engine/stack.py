"""A stack that tests run through Pulumi's Automation API, and the results of its runs."""

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pulumi import automation
from ruamel.yaml import YAML

from engine.projects import ROOT

PACK = str(ROOT / "policies" / "apprunner-policies")
NOTHING = frozenset({"same", "refresh", "read"})


@dataclass(frozen=True)
class Step:
    """A step of the engine on one resource.

    Args:
        op: The engine's operation: create, update, same, ...
        name: The resource's logical name.
        type: Its type token.
        keys: The properties that differ.
        replaces: The properties among them that require a replacement.
        inputs: The inputs from the program.
    """

    op: str
    name: str
    type: str
    keys: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class RunResult:
    """The result of one command: whether it succeeded, its console output, and its events."""

    ok: bool
    output: str
    events: Sequence[automation.EngineEvent]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in the order of the starts."""
        started = [event.resource_pre_event.metadata for event in self.events if event.resource_pre_event]
        return tuple(
            Step(
                step.op.value,
                step.urn.rsplit("::", 1)[-1],
                step.type,
                tuple(step.diffs or ()),
                tuple(step.keys or ()),
                (step.new.inputs if step.new else None) or {},
            )
            for step in started
        )

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Every change as an operation and a resource's name, sorted."""
        return sorted((step.op, step.name) for step in self.steps if step.op not in NOTHING)

    @property
    def ordered_changes(self) -> list[tuple[str, str]]:
        """Every change as an operation and a resource's name, in the order of the starts."""
        return [(step.op, step.name) for step in self.steps if step.op not in NOTHING]

    @property
    def completed(self) -> list[str]:
        """The names of all resources, in the order in which the engine completed them."""
        outputs = [event.res_outputs_event.metadata for event in self.events if event.res_outputs_event]
        return [step.urn.rsplit("::", 1)[-1] for step in outputs]

    def diagnostics(self, severity: str) -> list[str]:
        """Return the messages of a severity: info, warning or error."""
        events = [event.diagnostic_event for event in self.events if event.diagnostic_event]
        return [each.message.strip() for each in events if each.severity == severity]

    @property
    def errors(self) -> list[str]:
        """The error messages."""
        return self.diagnostics("error")

    @property
    def violations(self) -> list[tuple[str, str]]:
        """Every violated policy, with the name of the resource."""
        return self._policy_results(skipped=False)

    @property
    def skipped(self) -> list[tuple[str, str]]:
        """Every policy that was skipped because of an unknown value, with the resource's name."""
        return self._policy_results(skipped=True)

    def _policy_results(self, *, skipped: bool) -> list[tuple[str, str]]:
        events = [event.policy_event for event in self.events if event.policy_event]
        return sorted(
            (each.policy_name, (each.resource_urn or "").rsplit("::", 1)[-1])
            for each in events
            if ("can't run policy" in each.message) is skipped
        )


class Stack:
    """A stack of a project.

    Args:
        folder: The project's folder.
        name: The stack's name.
        environment: The environment variables of the CLI (`apprunner_local.pulumi_cli.environment`).
    """

    def __init__(self, folder: Path, name: str, environment: Mapping[str, str]) -> None:
        self.folder, self.name = folder, name
        self._stack = automation.create_stack(
            name, work_dir=str(folder), opts=automation.LocalWorkspaceOptions(env_vars=environment)
        )

    def preview(self, **options: Any) -> RunResult:
        """Run `pulumi preview`."""
        return self._run(self._stack.preview, options)

    def up(self, **options: Any) -> RunResult:
        """Run `pulumi up`."""
        return self._run(self._stack.up, options)

    def refresh(self, **options: Any) -> RunResult:
        """Run `pulumi refresh`."""
        return self._run(self._stack.refresh, options)

    def destroy(self, **options: Any) -> RunResult:
        """Run `pulumi destroy`."""
        return self._run(self._stack.destroy, options)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run any other command of the CLI on the stack, and return the completed process."""
        return subprocess.run(
            ["pulumi", *words, "--stack", self.name, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of every command; changes apply to later commands."""
        return cast(dict[str, str], self._stack.workspace.env_vars)

    @contextmanager
    def config(self) -> Iterator[Any]:
        """Yield the configuration in the stack's file for changes, and write it afterwards."""
        yaml, file = YAML(), self.folder / f"Pulumi.{self.name}.yaml"
        content = yaml.load(file.read_text())
        yield content["config"]
        with file.open("w") as stream:
            yaml.dump(content, stream)

    def rename(self, name: str) -> None:
        """Run `pulumi stack rename`, which renames the stack's file too."""
        renamed = self.command("stack", "rename", name)
        assert renamed.returncode == 0, renamed.stderr
        self.name = name
        self._stack = automation.select_stack(
            name, work_dir=str(self.folder), opts=automation.LocalWorkspaceOptions(env_vars=self.environment)
        )

    def program(self, text: str) -> None:
        """Replace the program."""
        (self.folder / "__main__.py").write_text(text)

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return {key: each.value for key, each in self._stack.outputs().items()}

    @property
    def state(self) -> list[dict[str, Any]]:
        """Every resource in the state."""
        return list((self._stack.export_stack().deployment or {}).get("resources") or ())

    def resource(self, name: str) -> dict[str, Any]:
        """Return the state of the one resource with a logical name. It must not be a component."""
        matches = [each for each in self.state if each["urn"].endswith(f"::{name}") and each.get("custom")]
        assert len(matches) == 1, f"{len(matches)} resources are called {name}"
        return matches[0]

    def _run(self, command: Callable[..., Any], options: Mapping[str, Any]) -> RunResult:
        output: list[str] = []
        events: list[automation.EngineEvent] = []
        try:
            command(on_output=output.append, on_error=output.append, on_event=events.append, color="never", **options)
        except automation.CommandError:
            return RunResult(False, "\n".join(output), events)
        return RunResult(True, "\n".join(output), events)
