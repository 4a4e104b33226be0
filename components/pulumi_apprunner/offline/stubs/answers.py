"""What stands in for AWS, and for other stacks, while a program runs without them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.offline.stubs import functions, resources
from pulumi_apprunner.offline.stubs.request import REGION, Answer, Asked
from pulumi_apprunner.offline.values import is_list, is_map, shown

_SECTIONS = ("stackReferences", "invokes", "resources")

_SHAPE = """\
stackReferences:
  acme/network/prod:            # what the program calls the other stack
    privateSubnetIds: [subnet-1, subnet-2]
invokes:
  aws:ec2/getVpc:getVpc:        # one answer for all calls ...
    id: vpc-1
  aws:ec2/getSubnet:getSubnet:  # ... or one for each set of arguments
    - args: {id: subnet-1}
      returns: {availabilityZone: us-east-1a}
resources:
  aws:rds/cluster:Cluster:      # outputs of every resource of a type
    endpoint: orders.cluster.example.com
"""


class StandInsError(pulumi.RunError):
    """A file of stand-ins that does not have the shape that it needs."""


@dataclass(frozen=True)
class StandIns:
    """The answers that a program needs from elsewhere and that nobody can make up.

    Args:
        stack_references: The outputs of other stacks, by the name that the program gives to `StackReference`
            (`organization/project/stack`).
        invokes: What functions return, by token (`aws:ec2/getVpc:getVpc`), under the provider's own names: one answer
            for all calls, or a list of `{"args": {...}, "returns": {...}}`, of which the first counts whose `args` are
            all among the call's.
        resources: Outputs of resources by type (`aws:rds/cluster:Cluster`), under the provider's own names, before
            those that would be made up, and also where all else is left unknown. `id` is the physical id.
    """

    stack_references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    invokes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @classmethod
    def load(cls, path: str | Path) -> "StandIns":
        """Read stand-ins from a YAML or JSON file with the keys `stackReferences`, `invokes` and `resources`.

        Raises:
            StandInsError: The file cannot be read or has another shape; all problems at once, and the shape.
        """
        from pulumi_apprunner.offline.config.yaml import YamlError, read_yaml

        try:
            given = read_yaml(Path(path))
        except OSError as error:
            raise StandInsError(f"{path}: cannot be read: {error.strerror}") from None
        except YamlError as error:
            raise StandInsError(str(error)) from None
        if problems := _problems(given):
            raise StandInsError(
                "\n".join([f"{path}: not a file of stand-ins", *problems, "it looks like this:", _SHAPE])
            )
        sections: Mapping[str, Any] = given or {}
        parts: list[Mapping[str, Any]] = [sections.get(section) or {} for section in _SECTIONS]
        return cls(*parts)


def _problems(given: Any) -> list[str]:
    if given is not None and not is_map(given):
        return [f"  expected the keys {', '.join(_SECTIONS)}, got {_kind(given)}"]
    sections: Mapping[str, Any] = given or {}
    problems = [
        f"  {key}: there is no such key; there are {', '.join(_SECTIONS)}" for key in sections if key not in _SECTIONS
    ]
    for section in _SECTIONS:
        entries = sections.get(section)
        if entries is not None and not is_map(entries):
            problems.append(f"  {section}: expected a map, got {_kind(entries)}")
            continue
        for name, answer in (entries or {}).items():
            problems += _answer_problems(section, name, answer)
    return problems


def _answer_problems(section: str, name: str, answer: Any) -> list[str]:
    if is_map(answer):
        return []
    where = f"  {section}.{name}"
    if section != "invokes":
        return [f"{where}: expected a map of outputs, got {_kind(answer)}"]
    if not is_list(answer):
        return [f"{where}: expected what the function returns, or a list of {{args, returns}}, got {_kind(answer)}"]
    return [
        f"{where}[{index}]: expected {{args: {{...}}, returns: {{...}}}}, got {_kind(case)}"
        for index, case in enumerate(answer)
        if not _is_case(case)
    ]


def _is_case(value: Any) -> bool:
    return is_map(value) and set(value) == {"args", "returns"} and all(is_map(part) for part in value.values())


def _kind(value: Any) -> str:
    if is_map(value):
        return f"a map with {', '.join(value) or 'nothing in it'}"
    if is_list(value):
        return "a list"
    return "nothing" if value is None else repr(value)


@dataclass(frozen=True)
class Answers:
    """Everything that a run can answer.

    Args:
        given: What the user gave.
        region: The stack's region.
        unknown: Leave unknown what AWS would return, as in a first preview. Functions are still answered, since a
            program cannot go on without that.
    """

    given: StandIns = field(default_factory=StandIns)
    region: str = REGION
    unknown: bool = False

    def resource(self, asked: Asked) -> Answer:
        """Return a resource's id and outputs, without those that are among its inputs."""
        given = dict(self.given.resources.get(asked.type, {}))
        answer = None if self.unknown else resources.ANSWERS.get(asked.type)
        made = Answer(None, {}) if answer is None else answer(asked)
        id = asked.read or given.pop("id", None) or made.id
        outputs = {**made.outputs, **given}
        return Answer(id, {key: value for key, value in outputs.items() if key not in asked.inputs})

    def stack_reference(self, name: str) -> Mapping[str, Any]:
        """Return what a reference to another stack holds; where nothing is given its outputs are unknown."""
        outputs = self.given.stack_references.get(name)
        return {} if outputs is None else {"outputs": outputs, "secretOutputNames": []}

    def invoke(self, token: str, args: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        """Return what a function returns: as the user says, else as AWS would, else None."""
        given = self.given.invokes.get(token)
        if is_list(given):
            given = next((case["returns"] for case in given if _covers(case["args"], args)), None)
        return given if given is not None else functions.answered(token, args, region)


def _covers(wanted: Mapping[str, Any], args: Mapping[str, Any]) -> bool:
    return all(key in args and args[key] == value for key, value in wanted.items())


def unanswered(token: str, args: Mapping[str, Any]) -> pulumi.RunError:
    """Return the error that a program gets when it calls a function that nobody answers."""
    return pulumi.RunError(
        f"{token} asks AWS, and there is no stand-in for its answer. "
        "Put what it returns into a file of stand-ins (apprunner plan --stand-ins FILE):\n\n"
        f"invokes:\n  {token}:\n    - args: {json.dumps(shown(dict(args)))}\n      returns: {{...}}\n\n"
        "or call its output form, whose result is unknown then"
    )
