# pyright: standard
"""Checks the content of an apprunner.yaml: keys, forms of values, runtime, commands, variables and secrets."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import TaggedScalar
from ruamel.yaml.scalarfloat import ScalarFloat

from apprunner_facts import runtimes
from apprunner_facts.arns import PARAMETER, PARAMETER_NAME, SECRET_REFERENCE
from apprunner_facts.commands import shell_operator
from apprunner_facts.names import RESERVED_VARIABLE, is_reserved_variable
from apprunner_facts.source import START_COMMAND_WITHOUT_SHELL
from apprunner_facts.source_file import ELSEWHERE, SCHEMA, VERSION, Key
from pulumi_apprunner.cli.source_file.problems import Place, Problem
from pulumi_apprunner.offline.values import describe, is_list, is_map

_FORMS = {
    "map": "a map",
    "string": "a string",
    "port": "a port, 1 to 65535",
    "commands": "a list of commands",
    "variables": "a list of maps with name and value",
    "secrets": "a list of maps with name and value-from",
}
_EMPTY = "must not be empty"
_VALUE_KEYS = {"variables": "value", "secrets": "value-from"}


def check(content: Mapping[str, Any], today: date) -> Iterator[Problem]:
    """Yield the problems of a file's content, in any order.

    Args:
        content: The content, as ruamel.yaml reads it.
        today: The day for the end of a runtime's support.
    """
    yield from _map(content, SCHEMA, Place(""))
    if "version" in content and str(content["version"]) != VERSION:
        place = Place("").key(content, "version")
        yield place.error(f"must be {VERSION}, got {describe(content['version'])}")
    if isinstance(content.get("runtime"), str):
        yield from _runtime(content["runtime"], Place("").key(content, "runtime"), today)
    run = content.get("run")
    if is_map(run):
        yield from _run(run, Place("").key(content, "run"))


def _map(content: Mapping[str, Any], keys: Mapping[str, Key], place: Place) -> Iterator[Problem]:
    for key, value in content.items():
        where = place.key(content, key)
        if key not in keys:
            yield where.error(_unknown(str(key), keys, place))
        else:
            yield from _value(value, keys[key], where)
    meant = {_similar(str(key), keys) for key in content if key not in keys}
    for name, key in keys.items():
        if key.required and name not in content and name not in meant:
            missing = Place(f"{place.path}.{name}" if place.path else name, place.line, place.column)
            yield missing.error(f"is required: {_FORMS[key.kind]}")


def _unknown(key: str, keys: Mapping[str, Key], place: Place) -> str:
    argument = ELSEWHERE.get(re.sub("[^a-z]", "", key.lower()))
    if argument:
        return f"is not a key of the file. Set {argument} of AppRunnerService"
    where = place.path or "the file"
    if path := next(_paths(key, SCHEMA), None):
        return f"is not a key of {where}. Move it to {path}"
    if similar := _similar(key, keys):
        return f"unknown key. Did you mean {similar}?"
    return f"unknown key. Keys of {where}: {', '.join(keys)}"


def _paths(key: str, keys: Mapping[str, Key], prefix: str = "") -> Iterator[str]:
    """Yield the paths at which the schema has a key."""
    for name, each in keys.items():
        if name == key:
            yield prefix + name
        yield from _paths(key, each.keys, f"{prefix}{name}.")


def _similar(key: str, keys: Iterable[str]) -> str | None:
    """Return the key that a user most likely means: value-from for valueFrom, env for environment."""
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", key).lower().replace("_", "-")
    close = get_close_matches(spelled, keys, 1)
    return next(iter(close), None) or next((each for each in keys if len(each) > 2 and spelled.startswith(each)), None)


def _value(value: Any, key: Key, place: Place) -> Iterator[Problem]:
    wrong = place.error(f"must be {_FORMS[key.kind]}, got {_got(value)}")
    match key.kind:
        case "map":
            yield from _map(value, key.keys, place) if is_map(value) else [wrong]
        case "string":
            if value is None or is_map(value) or is_list(value) or isinstance(value, TaggedScalar):
                yield wrong
            elif str(value) == "":
                yield place.error(_EMPTY)
            elif written := _changed_number(value):
                yield place.warning(
                    f'must be quoted, got {written}, which YAML reads as the number {value}. Write "{written}"'
                )
        case "port":
            if not str(value).isdecimal() or not 1 <= int(value) <= 65535:
                yield wrong
        case "commands":
            yield from _commands(value, place, wrong)
        case "variables" | "secrets":
            yield from _named(value, _VALUE_KEYS[key.kind], place, wrong)


def _got(value: Any) -> str:
    """Return a value for a message: not a string, which may be a secret."""
    if isinstance(value, TaggedScalar):
        return f"the tag {value.tag.value}"
    if is_map(value) and not all(isinstance(key, str | int) for key in value):
        return "a map"
    return "a string" if isinstance(value, str) else describe(value)


def _changed_number(value: Any) -> str | None:
    """Return a decimal number as the file has it, if YAML reads another one: 3.10 is 3.1."""
    if not isinstance(value, ScalarFloat):
        return None
    stream = io.StringIO()
    YAML().dump(value, stream)
    written = stream.getvalue().split()[0]
    return None if written == str(float(value)) else written


def _commands(value: Any, place: Place, wrong: Problem) -> Iterator[Problem]:
    if not is_list(value):
        yield wrong
        return
    if not value:
        yield place.error(_EMPTY)
    for index, command in enumerate(value):
        where = place.item(value, index)
        if isinstance(command, str):
            if not command.strip():
                yield where.error(_EMPTY)
            continue
        fix = ". Quote a command that contains a colon and a space" if is_map(command) else ""
        yield where.error(f"must be a command, got {_got(command)}{fix}")


def _named(value: Any, value_key: str, place: Place, wrong: Problem) -> Iterator[Problem]:
    """Yield the problems of a list of variables or secrets."""
    if not is_list(value):
        yield wrong
        return
    seen: set[str] = set()
    for index, item in enumerate(value):
        where = place.item(value, index)
        if not is_map(item):
            yield where.error(f"must be a map with name and {value_key}, got {_got(item)}")
            continue
        yield from _item(item, value_key, where)
        name = item.get("name")
        if isinstance(name, str) and name in seen:
            yield where.key(item, "name").error(f"must be unique in the list, got {name} twice")
        seen.add(str(name))


def _item(item: Mapping[str, Any], value_key: str, place: Place) -> Iterator[Problem]:
    other = next(key for key in _VALUE_KEYS.values() if key != value_key)
    keys = ("name", value_key)
    meant: set[str | None] = set()
    for key in item:
        where = place.key(item, key)
        if key == other:
            right = "run.secrets" if key == "value-from" else "run.env"
            yield where.error(f"is not valid here. Use {value_key}, or move the item to {right}")
        elif key not in keys:
            similar = _similar(str(key), keys)
            meant.add(similar)
            fix = f"Did you mean {similar}?" if similar else f"Keys: {', '.join(keys)}"
            yield where.error(f"unknown key. {fix}")
    for key in keys:
        if key not in item and key not in meant and not (key == value_key and other in item):
            yield Place(f"{place.path}.{key}", place.line, place.column).error("is required")
    name = item.get("name")
    if "name" in item and not (isinstance(name, str) and name):
        yield place.key(item, "name").error(f"must be the name of a variable, got {_got(name)}")
    elif isinstance(name, str) and is_reserved_variable(name) and place.path.startswith("run."):
        yield place.key(item, "name").error(f"{name} is reserved. App Runner sets PORT to run.network.port")
    if value_key in item:
        yield from _content(item, value_key, place)


def _content(item: Mapping[str, Any], value_key: str, place: Place) -> Iterator[Problem]:
    value, where = item[value_key], place.key(item, value_key)
    if value is None or is_map(value) or is_list(value):
        yield where.error(f"must be a string, got {_got(value)}")
    elif _changed_number(value):
        yield where.warning("must be quoted, got a number that YAML changes. Quote the value")
    elif value_key == "value-from" and not _is_reference(str(value)):
        yield where.error("must be the ARN of a secret, or the name or ARN of an SSM parameter")


def _is_reference(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (SECRET_REFERENCE, PARAMETER, PARAMETER_NAME))


def _runtime(name: str, place: Place, today: date) -> Iterator[Problem]:
    known = runtimes.FILE_NAMES
    if name not in known:
        similar = runtimes.similar(name)
        hint = f". Did you mean {_file_name(similar)}?" if similar else f". Runtimes: {', '.join(known)}"
        yield place.error(f"must be a managed runtime, got {name}{hint}")
        return
    end = runtimes.END_OF_SUPPORT[known[name]]
    if end is not None and end <= today:
        others = [_file_name(each) for each in runtimes.successors(known[name], today)]
        fix = f"Use {' or '.join(others)}" if others else "App Runner supports no other of its language: build an image"
        yield place.warning(f"must be a runtime that AWS supports, got {name}, whose support ended on {end}. {fix}")


def _file_name(runtime: str) -> str:
    return next(name for name, known in runtimes.FILE_NAMES.items() if known == runtime)


def _run(run: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    command = run.get("command")
    if isinstance(command, str) and (operator := shell_operator(command)):
        yield place.key(run, "command").warning(
            f"must be one command, got the shell operator {operator}. App Runner is reported to pass it to the command "
            f"as an argument ({START_COMMAND_WITHOUT_SHELL.url}). Start a script, or a shell: sh -c '...'"
        )
    network = run.get("network")
    if is_map(network) and network.get("env") == RESERVED_VARIABLE:
        yield (
            place.key(run, "network")
            .key(network, "env")
            .warning("App Runner always sets PORT. env names a variable that has the port in addition. Remove it")
        )
    names = [_names(run.get(key)) for key in ("env", "secrets")]
    for name in sorted(names[0] & names[1]):
        yield place.key(run, "secrets").error(f"{name} is also in run.env. Remove one of them")


def _names(items: Any) -> set[str]:
    return {str(each["name"]) for each in items if is_map(each) and "name" in each} if is_list(items) else set()
