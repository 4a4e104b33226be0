"""Stub values that the user provides, in Python or in a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.offline.values import describe, is_list, is_map

_SECTIONS = ("stackReferences", "invokes", "resources")

_EXAMPLE = """\
stackReferences:
  acme/network/prod:            # the name that the program passes to StackReference
    privateSubnetIds: [subnet-1, subnet-2]
invokes:
  aws:ec2/getVpc:getVpc:        # one result for all calls ...
    id: vpc-1
  aws:ec2/getSubnet:getSubnet:  # ... or one for each set of arguments
    - args: {id: subnet-1}
      returns: {availabilityZone: us-east-1a}
resources:
  aws:rds/cluster:Cluster:      # outputs of every resource of a type
    endpoint: orders.cluster.example.com
"""


class StubsError(pulumi.RunError):
    """A stubs file that cannot be read or is invalid. The message lists all errors and shows an example."""


@dataclass(frozen=True)
class Stubs:
    """Values from outside of the program: outputs of other stacks, results of functions, outputs of resources.

    Args:
        stack_references: The outputs of other stacks, by the name that the program passes to `StackReference`
            (`organization/project/stack`).
        invokes: The results of functions, by token (`aws:ec2/getVpc:getVpc`), with the provider's property names. A
            value is one result for all calls, or a list of `{"args": {...}, "returns": {...}}`. The first entry whose
            `args` are all among the arguments of the call is used.
        resources: Outputs of resources, by type (`aws:rds/cluster:Cluster`), with the provider's property names. They
            override the offline engine's stub values, and also apply with `unknown=True`. `id` is the physical id.
    """

    stack_references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    invokes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @classmethod
    def load(cls, path: str | Path) -> "Stubs":
        """Read a YAML or JSON file with the keys `stackReferences`, `invokes` and `resources`.

        Raises:
            StubsError: The file cannot be read or is invalid.
        """
        from pulumi_apprunner.offline.config.yaml import YamlError, read_yaml

        try:
            content = read_yaml(Path(path))
        except OSError as error:
            raise StubsError(f"{path}: must be a file that can be read, got: {error.strerror}") from None
        except YamlError as error:
            raise StubsError(str(error)) from None
        if errors := list(_errors(content)):
            raise StubsError("\n".join([f"{path}: invalid stubs file", *errors, "Example:", _EXAMPLE]))
        sections: Mapping[str, Any] = content or {}
        parts: list[Mapping[str, Any]] = [sections.get(section) or {} for section in _SECTIONS]
        return cls(*parts)


def _errors(content: Any) -> Iterator[str]:
    if content is not None and not is_map(content):
        yield f"  must be a map with the keys {', '.join(_SECTIONS)}, got {describe(content)}"
        return
    sections: Mapping[str, Any] = content or {}
    yield from (f"  {key}: unknown key. Valid keys: {', '.join(_SECTIONS)}" for key in sections if key not in _SECTIONS)
    for section in _SECTIONS:
        entries = sections.get(section)
        if entries is not None and not is_map(entries):
            yield f"  {section}: must be a map, got {describe(entries)}"
            continue
        for name, value in (entries or {}).items():
            yield from _entry_errors(section, name, value)


def _entry_errors(section: str, name: str, value: Any) -> Iterator[str]:
    if is_map(value):
        return
    path = f"  {section}.{name}"
    if section != "invokes":
        yield f"{path}: must be a map of outputs, got {describe(value)}"
    elif not is_list(value):
        yield f"{path}: must be the function's result, or a list of {{args, returns}}, got {describe(value)}"
    else:
        yield from (
            f"{path}[{index}]: must be {{args: {{...}}, returns: {{...}}}}, got {describe(case)}"
            for index, case in enumerate(value)
            if not _is_case(case)
        )


def _is_case(value: Any) -> bool:
    return is_map(value) and set(value) == {"args", "returns"} and all(is_map(part) for part in value.values())
