"""The configuration of a policy pack, merged as the Pulumi CLI merges it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from pulumi_policy import EnforcementLevel, Policy

from pulumi_apprunner.offline.config.json_file import JsonError, read_json
from pulumi_apprunner.offline.policies.errors import PolicyConfigError
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.values import describe, is_map

_LEVELS = ", ".join(each.value for each in EnforcementLevel)


@dataclass(frozen=True)
class RuleSettings:
    """The enforcement level and the configuration of one rule."""

    level: EnforcementLevel
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


def load_config(path: str | Path) -> Mapping[str, Any]:
    """Read a file for `pulumi preview --policy-pack-config`: JSON, rule ids to levels or objects.

    Raises:
        PolicyConfigError: The file cannot be read, or is not a JSON object.
    """
    try:
        content = read_json(Path(path))
    except JsonError as error:
        raise PolicyConfigError(str(error)) from None
    if content is None:
        return {}
    if not is_map(content):
        raise PolicyConfigError(f'{path}: must be an object such as {{"all": "mandatory"}}, got {describe(content)}')
    return content


def rule_settings(pack: Pack, config: Mapping[str, Any]) -> tuple[dict[str, RuleSettings], list[str]]:
    """Return the settings of each rule, and warnings.

    Later ones override earlier ones: the pack's level, the rule's own level and defaults, the pack's initial
    configuration, `config`. In a configuration, the entry with the rule's id overrides the entry "all".

    Raises:
        PolicyConfigError: A level does not exist, or a rule's schema does not allow a property.
    """
    default = pack.level or EnforcementLevel.ADVISORY
    settings = {each.name: RuleSettings(each.enforcement_level or default, _defaults(each)) for each in pack.policies}
    errors: list[str] = []
    messages: list[str] = []
    for layer in (pack.initial_config, config):
        entries = {name: _parse_entry(name, value, errors) for name, value in layer.items() if name != "environments"}
        if "environments" in layer:
            messages.append("warning: ESC environments in the policy configuration are not read offline")
        messages += [
            f"warning: the policy configuration contains '{name}', but the pack has no such rule"
            for name in entries.keys() - settings.keys() - {"all"}
        ]
        all_level = entries.get("all", (None, {}))[0]
        for name, before in settings.items():
            level, properties = entries.get(name, (None, {}))
            settings[name] = RuleSettings(level or all_level or before.level, {**before.properties, **properties})
    for each in pack.policies:
        errors += [f"{each.name}: {error}" for error in _schema_errors(each, settings[each.name].properties)]
    if errors:
        raise PolicyConfigError("\n".join(["invalid policy configuration", *(f"  {each}" for each in errors)]))
    return settings, messages


def _parse_entry(name: str, value: Any, errors: list[str]) -> tuple[EnforcementLevel | None, dict[str, Any]]:
    """Return the level and the properties of one entry."""
    if isinstance(value, EnforcementLevel):
        return value, {}
    if isinstance(value, str):
        return _parse_level(name, value, errors), {}
    if not is_map(value):
        errors.append(f"{name}: must be a level ({_LEVELS}) or an object, got {value!r}")
        return None, {}
    properties = dict(value)
    level = properties.pop("enforcementLevel", None)
    return (None if level is None else _parse_level(name, level, errors)), properties


def _parse_level(name: str, value: Any, errors: list[str]) -> EnforcementLevel | None:
    if isinstance(value, EnforcementLevel):
        return value
    try:
        return EnforcementLevel(value)
    except ValueError:
        errors.append(f"{name}: must be one of {_LEVELS}, got {value!r}")
        return None


def _defaults(policy: Policy) -> dict[str, Any]:
    schema = policy.config_schema.properties if policy.config_schema else None
    return {key: each["default"] for key, each in (schema or {}).items() if "default" in each}


def _schema_errors(policy: Policy, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the errors of a rule's properties against its JSON schema."""
    schema = policy.config_schema
    if schema is None:
        return
    json_schema = {"type": "object", "properties": schema.properties or {}, "required": schema.required or []}
    for error in Draft7Validator(json_schema).iter_errors(properties):  # pyright: ignore[reportUnknownMemberType]
        path = error.json_path.removeprefix("$").removeprefix(".")
        yield f"{path}: {error.message}" if path else error.message
