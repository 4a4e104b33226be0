"""Reads the arguments of a Fleet from a stack's configuration."""

import dataclasses
import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pulumi
from pydantic.alias_generators import to_camel, to_snake

from pulumi_apprunner import sdk
from pulumi_apprunner.args.annotations import bare, fields, item_type
from pulumi_apprunner.args.checking import ArgsError, validate_config
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_rules import problems_of_fleet
from pulumi_apprunner.args.paths import format_path, spell_path
from pulumi_apprunner.args.wrong_types import describe_type
from pulumi_apprunner.encrypted import encrypted_parts

_MIN_SIMILARITY = 0.75
"""The similarity to the project's namespace, 0 to 1 (difflib's ratio), from which a namespace is a misspelling."""


def read_fleet(defaults: Mapping[str, Any]) -> FleetArgs:
    """Return the arguments in the project's namespace of the stack's configuration.

    Args:
        defaults: Values that the configuration overrides, as for `Fleet.from_config`.

    Raises:
        ArgsError: Defaults that are not a mapping, invalid values, unknown keys, keys in a misspelled namespace, or
            encrypted values.
    """
    _check_defaults(defaults)
    namespace, file = pulumi.get_project(), f"Pulumi.{pulumi.get_stack()}.yaml"
    configuration = sdk.read_configuration()
    prefix = f"{namespace}:"
    stack_values = {
        key.removeprefix(prefix): _parse(key.removeprefix(prefix), value)
        for key, value in configuration.items()
        if key.startswith(prefix)
    }
    secret_keys = {key.removeprefix(prefix) for key in sdk.read_secret_keys() if key.startswith(prefix)}
    _reject_encrypted(file, namespace, secret_keys, stack_values)
    values = _without_nulls(_with_defaults(defaults, stack_values))
    misplaced_keys = dict(_misplaced_keys(configuration, namespace))
    try:
        args = validate_config(FleetArgs, file, namespace, values, problems_of_fleet)
    except ArgsError as error:
        raise ArgsError(file, {**error.problems, **misplaced_keys}, "configuration") from None
    if misplaced_keys:
        raise ArgsError(file, misplaced_keys, "configuration")
    return args


def _check_defaults(defaults: Any) -> None:
    values = {"defaults": defaults}
    if isinstance(defaults, Mapping):
        services = cast(Mapping[str, Any], defaults).get("services")
        values = {} if services is None else {"defaults.services": services}
    for path, value in values.items():
        if not isinstance(value, Mapping):
            raise ArgsError("Fleet.from_config", {path: f"must be a mapping, got {describe_type(value)}"})


def _reject_encrypted(file: str, namespace: str, keys: Iterable[str], values: Mapping[str, Any]) -> None:
    """Raise an error about encrypted values only, because messages about other problems may contain values."""
    paths = [
        spell_path(FleetArgs, values, (key, *path), camel=True)
        for key in sorted(keys)
        for path in encrypted_parts(file, f"{namespace}:{key}", values.get(key))
    ]
    reason = (
        "must not contain an encrypted value: AWS shows a service's settings in plain text. Store the secret in "
        "Secrets Manager or Parameter Store, and refer to it in the service's secrets"
    )
    if problems := {f"{namespace}:{format_path(tuple(path))}": reason for path in paths}:
        raise ArgsError(file, problems, "configuration")


def _parse(key: str, value: Any) -> Any:
    """Return the value of a key as in the stack file. Pulumi passes all but strings to a program as JSON.

    Args:
        key: The key without its namespace. A string that is valid JSON stays a string, unless the key is a boolean.
        value: The value.
    """
    is_boolean = bare(fields(FleetArgs).get(to_snake(key)))[0] is bool
    if isinstance(value, str) and (value[:1] in ("{", "[") or (is_boolean and value in ("true", "false"))):
        try:
            return json.loads(value)
        except ValueError:  # a string that begins like JSON
            return value
    return value


def _with_defaults(defaults: Mapping[str, Any], stack_values: Mapping[str, Any]) -> Any:
    """Return the stack file's values merged over the defaults, without default services that the file does not have."""
    templates: Mapping[str, Any] = defaults.get("services") or {}
    if not isinstance(stack_values.get("services"), Mapping):
        return _merge({**defaults, "services": None}, stack_values, FleetArgs)
    services = cast(Mapping[str, Any], stack_values["services"])
    return _merge(
        {**defaults, "services": {name: template for name, template in templates.items() if name in services}},
        {**stack_values, "services": {name: {} if service is None else service for name, service in services.items()}},
        FleetArgs,
    )


def _merge(defaults: Any, values: Any, model: Any) -> Any:
    """Return values merged over defaults at every depth. Any value but a mapping, also null, replaces the default.

    Args:
        defaults: The defaults; keys of a model's fields in snake_case or camelCase, independently of the values.
        values: The values.
        model: The type of both.
    """
    if dataclasses.is_dataclass(defaults) and not isinstance(defaults, type):
        defaults = {each.name: getattr(defaults, each.name) for each in dataclasses.fields(defaults)}
    if not (isinstance(defaults, Mapping) and isinstance(values, Mapping)):
        return values
    base, overrides = cast(Mapping[str, Any], defaults), cast(Mapping[str, Any], values)
    if fields(bare(model)[0]):
        spellings = {to_snake(key): key for key in overrides}
        base = {spellings.get(to_snake(key), to_camel(key)): value for key, value in base.items()}
    result = {key: _merge(base.get(key), value, item_type(model, key)) for key, value in overrides.items()}
    return result | {key: value for key, value in base.items() if key not in result}


def _without_nulls(value: Any) -> Any:
    """Return a value without keys whose value is null. In a stack file, null removes a default."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {key: _without_nulls(item) for key, item in items if item is not None}
    return [_without_nulls(item) for item in cast(list[Any], value)] if isinstance(value, list) else value


def _misplaced_keys(configuration: Mapping[str, Any], namespace: str) -> Iterator[tuple[str, str]]:
    """Yield each key of FleetArgs in a misspelled namespace, with a message. Otherwise the key would have no effect.

    Namespaces that do not resemble the project's are valid: providers have keys of the same names (pulumi:tags,
    azure:environment).
    """
    for path in configuration:
        prefix, _, key = path.partition(":")
        is_argument = prefix != namespace and to_snake(key) in fields(FleetArgs)
        if is_argument and difflib.get_close_matches(prefix, [namespace], 1, _MIN_SIMILARITY):
            yield path, f'must be in the namespace "{namespace}", got "{prefix}". Write {namespace}:{key}'
