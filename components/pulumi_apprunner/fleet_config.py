"""Reads the arguments of a Fleet from a stack's configuration."""

import dataclasses
import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pulumi
from pydantic.alias_generators import to_camel, to_snake

from pulumi_apprunner import sdk
from pulumi_apprunner.args.annotations import fields, item_type
from pulumi_apprunner.args.checking import ArgsError, validate_config
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_rules import problems_of_fleet

_RESEMBLANCE = 0.75
"""The similarity of two namespaces, 0 to 1 (difflib's ratio), from which one is considered a misspelling."""


def read_fleet(defaults: Mapping[str, Any]) -> FleetArgs:
    """Return the arguments that the stack's configuration holds in the project's namespace.

    Args:
        defaults: Values that the configuration overrides, as for `Fleet.from_config`.

    Raises:
        ArgsError: Invalid values, unknown keys, keys in a misspelled namespace, or encrypted values.
    """
    namespace, file = pulumi.get_project(), f"Pulumi.{pulumi.get_stack()}.yaml"
    configuration = sdk.read_configuration()
    prefix = f"{namespace}:"
    _refuse_encrypted(file, {key for key in sdk.read_secret_keys() if key.startswith(prefix)})
    written = {
        key.removeprefix(prefix): _parse(value) for key, value in configuration.items() if key.startswith(prefix)
    }
    values = _without_nulls(_with_defaults(defaults, written))
    misplaced = dict(_misplaced_keys(configuration, namespace))
    try:
        args = validate_config(FleetArgs, file, namespace, values, problems_of_fleet)
    except ArgsError as error:
        raise ArgsError(file, {**error.problems, **misplaced}, "configuration") from None
    if misplaced:
        raise ArgsError(file, misplaced, "configuration")
    return args


def _refuse_encrypted(file: str, keys: Iterable[str]) -> None:
    """Raise an error for encrypted values, alone: the messages about other problems may show values."""
    reason = (
        "must not contain an encrypted value: AWS shows a service's settings in plain text. Store the secret in "
        "Secrets Manager or Parameter Store, and refer to it in the service's secrets"
    )
    if problems := dict.fromkeys(sorted(keys), reason):
        raise ArgsError(file, problems, "configuration")


def _parse(value: Any) -> Any:
    """Return a configuration value as in the stack file. Lists and maps are passed to a program as JSON."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:  # a string that begins like JSON
            return value
    return value


def _with_defaults(defaults: Mapping[str, Any], written: Mapping[str, Any]) -> Any:
    """Return the stack file's values merged over the defaults of FleetArgs, without services that it does not name."""
    templates: Mapping[str, Any] = defaults.get("services") or {}
    if not isinstance(written.get("services"), Mapping):
        return _merge({**defaults, "services": None}, written, FleetArgs)
    services = cast(Mapping[str, Any], written["services"])
    return _merge(
        {**defaults, "services": {name: template for name, template in templates.items() if name in services}},
        {**written, "services": {name: {} if service is None else service for name, service in services.items()}},
        FleetArgs,
    )


def _merge(defaults: Any, values: Any, model: Any) -> Any:
    """Return defaults with values merged over them at every depth. Anything but a mapping, also null, replaces.

    Args:
        defaults: The defaults; keys of a model's fields in snake_case or camelCase, whatever the values use.
        values: The values.
        model: The type of both.
    """
    if dataclasses.is_dataclass(defaults) and not isinstance(defaults, type):
        defaults = {each.name: getattr(defaults, each.name) for each in dataclasses.fields(defaults)}
    if not (isinstance(defaults, Mapping) and isinstance(values, Mapping)):
        return values
    below, above = cast(Mapping[str, Any], defaults), cast(Mapping[str, Any], values)
    if fields(model):
        spellings = {to_snake(key): key for key in above}
        below = {spellings.get(to_snake(key), to_camel(key)): value for key, value in below.items()}
    merged = {key: _merge(below.get(key), value, item_type(model, key)) for key, value in above.items()}
    return merged | {key: value for key, value in below.items() if key not in merged}


def _without_nulls(value: Any) -> Any:
    """Return a value without the keys that are null: in a stack file, null removes a default."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {key: _without_nulls(item) for key, item in items if item is not None}
    return [_without_nulls(item) for item in cast(list[Any], value)] if isinstance(value, list) else value


def _misplaced_keys(configuration: Mapping[str, Any], namespace: str) -> Iterator[tuple[str, str]]:
    """Yield each key of FleetArgs in a namespace that resembles the project's, with a reason: nothing reads it.

    Other namespaces are accepted: providers have keys of the same names (pulumi:tags, azure:environment).
    """
    for path in configuration:
        written, _, key = path.partition(":")
        is_ours = written != namespace and to_snake(key) in fields(FleetArgs)
        if is_ours and difflib.get_close_matches(written, [namespace], 1, _RESEMBLANCE):
            yield path, f'must be in the namespace "{namespace}", got "{written}". Write {namespace}:{key}'
