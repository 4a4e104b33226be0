"""Messages about unknown arguments, and lists of the valid ones."""

import difflib
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic.alias_generators import to_camel, to_snake

from pulumi_apprunner.args.annotations import fields
from pulumi_apprunner.args.paths import ARGUMENT

_MAX_LINE = 100
"""Characters of a list of arguments on one line."""
_INDENT = " " * 6

_OTHER_NAMES: Mapping[str, Sequence[str]] = {
    "auto_deploy": ["auto_deployments_enabled"],
    "command": ["start_command"],
    "concurrency": ["max_concurrency", "scaling.max_concurrency"],
    "container_port": ["port"],
    "cpu": ["size.cpu"],
    "desired_count": ["scaling.min_size"],
    "env": ["environment"],
    "env_vars": ["environment"],
    "environment_variables": ["environment"],
    "health_check_path": ["health_check.path"],
    "healthcheck": ["health_check"],
    "image_identifier": ["identifier", "image.identifier"],
    "image_repository_type": ["repository_type", "image.repository_type"],
    "image_uri": ["identifier", "image.identifier"],
    "instance_configuration": ["size"],
    "instance_role_arn": ["instance_role.arn"],
    "max_instances": ["max_size", "scaling.max_size"],
    "memory": ["size.memory"],
    "min_instances": ["min_size", "scaling.min_size"],
    "observability": ["tracing"],
    "public": ["is_publicly_accessible"],
    "runtime_environment_secrets": ["secrets"],
    "runtime_environment_variables": ["environment"],
    "schedule": ["pause", "running"],
    "source_configuration": ["image", "code"],
    "timeout": ["timeout_minutes"],
    "timezone": ["pause.timezone"],
    "uri": ["identifier"],
    "variables": ["environment"],
    "vpc_connector": ["vpc_connector_arn", "egress"],
    "xray": ["tracing"],
}
"""Paths of arguments by a name that pulumi-aws, CloudFormation or another tool uses for them."""


def intended_arguments(key: str, parent: Any) -> Sequence[str]:
    """Return the paths of the arguments that a user may mean by an unknown one, in snake_case.

    Args:
        key: The unknown argument.
        parent: The model that has no such field.
    """
    snake, names = to_snake(key), fields(parent)
    if paths := [path for path in _OTHER_NAMES.get(snake, ()) if path.partition(".")[0] in names]:
        return paths[:1]
    if similar := difflib.get_close_matches(snake, names, 1):
        return similar
    containing = [name for name in names if f"_{snake}_" in f"_{name}_"]
    return containing if len(containing) <= 2 else []


def describe_unknown_argument(key: str, parent: Any, siblings: Any, *, outer: Iterable[str] = (), camel: bool) -> str:
    """Return the message about an unknown argument.

    Args:
        key: The unknown argument.
        parent: The model that has no such field.
        siblings: The arguments that contain it.
        outer: The names of the arguments one level above. Default: none.
        camel: Whether the user's keys are in camelCase.
    """
    twin = to_camel(key) if key in fields(parent) else to_snake(key)
    if twin != key and isinstance(siblings, Mapping) and twin in siblings:
        return f'duplicate of "{twin}". Remove one of them'
    camel = camel or not (key.islower() or key.isupper())
    name = f' "{key}"' if ARGUMENT.fullmatch(key) else ""
    if to_snake(key) in outer:
        return f"unknown argument{name}. It is an argument of the level above: move it there"
    intended = [f'"{spell(path, camel=camel)}"' for path in intended_arguments(key, parent)]
    valid = list_arguments(fields(parent), camel=camel)
    if not intended:
        return f"unknown argument{name}. {valid}"
    hint = f"unknown argument{name}. Did you mean {' or '.join(intended)}?"
    return hint if "\n" in valid else f"{hint} {valid}"


def list_arguments(names: Iterable[str], *, camel: bool) -> str:
    """Return "Valid arguments: …" with the names, on indented lines of their own if they are many."""
    text = ", ".join(sorted(spell(name, camel=camel) for name in names))
    if len(text) > _MAX_LINE:
        text = "\n" + textwrap.fill(text, _MAX_LINE, initial_indent=_INDENT, subsequent_indent=_INDENT)
        return f"Valid arguments:{text}"
    return f"Valid arguments: {text}"


def spell(path: str, *, camel: bool) -> str:
    """Return a path of arguments in the user's spelling."""
    return ".".join(map(to_camel, path.split("."))) if camel else path
