"""The configuration of a policy pack, merged as the Pulumi CLI merges it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pulumi_policy import EnforcementLevel, Policy

from pulumi_apprunner.offline.config.json_file import JsonError, read_json
from pulumi_apprunner.offline.policies.errors import PolicyConfigError
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.policies.schema import format_value, schema_errors
from pulumi_apprunner.offline.values import describe, is_map

_ALL = "all"
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


def rule_settings(
    pack: Pack, config: Mapping[str, Any], source: str | Path | None = None
) -> tuple[dict[str, RuleSettings], list[str]]:
    """Return the settings of each rule, and warnings.

    Later ones override earlier ones: the pack's level, the rule's own level and defaults, the pack's initial
    configuration, `config`. In a configuration, the entry with the rule's id overrides the entry "all".

    A pack in which a policy has the method `configure` gets the properties of all entries, as it does from the Pulumi
    engine: by rule id and "all". The method returns the properties of each rule, and a list of errors. A policy with
    the attribute `always_advisory` is advisory or disabled.

    Args:
        pack: The pack.
        config: The configuration.
        source: The file of the configuration, for messages.

    Raises:
        PolicyConfigError: A level does not exist, or a rule's schema does not allow a property.
    """
    default = pack.level or EnforcementLevel.ADVISORY
    levels = {each.name: each.enforcement_level or default for each in pack.policies}
    properties = {each.name: _defaults(each) for each in pack.policies}
    errors: list[str] = []
    messages: list[str] = []
    own_levels: dict[str, EnforcementLevel] = {}
    for layer in (pack.initial_config, config):
        entries = {name: _parse_entry(name, value, errors) for name, value in layer.items() if name != "environments"}
        if "environments" in layer:
            messages.append("warning: ESC environments in the policy configuration are not read offline")
        all_level = entries.get(_ALL, (None, {}))[0]
        levels = {name: all_level or level for name, level in levels.items()}
        for name, (level, own) in entries.items():
            own_levels |= {name: level} if level and name != _ALL else {}
            levels |= {name: level} if level and name != _ALL else {}
            properties[name] = {**properties.get(name, {}), **own}
    for each in pack.policies:
        errors += schema_errors(each, properties[each.name])
    advisory = [each.name for each in pack.policies if _stays_advisory(each, levels)]
    messages += [
        f'warning: {name}: must be "advisory" or "disabled", got "{level.value}", which has no effect'
        for name, level in own_levels.items()
        if name in advisory and level is not EnforcementLevel.ADVISORY
    ]
    levels |= dict.fromkeys(advisory, EnforcementLevel.ADVISORY)
    configure = next((each.configure for each in pack.policies if isinstance(each, _ReadsConfiguration)), None)
    if configure is None:
        messages += _ignored(properties, levels.keys() & {each.name for each in pack.policies})
    else:
        merged, problems = configure(properties)
        properties = {**properties, **merged}
        errors += problems
    if errors:
        title = "invalid policy configuration" if source is None else f"{source}: invalid policy configuration"
        raise PolicyConfigError("\n".join([title, *(f"  {each}" for each in errors)]))
    return {each.name: RuleSettings(levels[each.name], properties[each.name]) for each in pack.policies}, messages


@runtime_checkable
class _ReadsConfiguration(Protocol):
    """A policy that reads the configuration of the whole pack."""

    def configure(self, entries: Mapping[str, Mapping[str, Any]]) -> tuple[Mapping[str, dict[str, Any]], list[str]]: ...


def _stays_advisory(policy: Policy, levels: Mapping[str, EnforcementLevel]) -> bool:
    return getattr(policy, "always_advisory", False) and levels[policy.name] is not EnforcementLevel.DISABLED


def _ignored(properties: Mapping[str, Mapping[str, Any]], rules: Collection[str]) -> Iterator[str]:
    """Yield a warning for each entry that the Pulumi engine ignores."""
    for name in properties:
        if name == _ALL:
            if properties[name]:
                yield f'warning: the policy configuration has properties in "{_ALL}", but only its level has an effect'
        elif name not in rules:
            yield f"warning: the policy configuration contains '{name}', but the pack has no such rule"


def _parse_entry(name: str, value: Any, errors: list[str]) -> tuple[EnforcementLevel | None, dict[str, Any]]:
    """Return the level and the properties of one entry."""
    if isinstance(value, EnforcementLevel):
        return value, {}
    if isinstance(value, str):
        return _parse_level(name, value, errors), {}
    if not is_map(value):
        errors.append(
            f"{name}: must be a level ({_LEVELS}) or an object, got {format_value(value)}. Write one of them."
        )
        return None, {}
    properties = dict(value)
    level = properties.pop("enforcementLevel", None)
    return (None if level is None else _parse_level(f"{name}.enforcementLevel", level, errors)), properties


def _parse_level(path: str, value: Any, errors: list[str]) -> EnforcementLevel | None:
    if isinstance(value, EnforcementLevel):
        return value
    try:
        return EnforcementLevel(value)
    except ValueError:
        errors.append(f"{path}: must be one of {_LEVELS}, got {format_value(value)}. Set it to one of them.")
        return None


def _defaults(policy: Policy) -> dict[str, Any]:
    schema = policy.config_schema.properties if policy.config_schema else None
    return {key: each["default"] for key, each in (schema or {}).items() if "default" in each}
