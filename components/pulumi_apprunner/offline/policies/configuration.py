"""The configuration of a policy pack, put together as the CLI does it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from jsonschema import Draft7Validator
from pulumi_policy import EnforcementLevel, Policy

from pulumi_apprunner.offline.values import is_map

_LEVELS = ", ".join(each.value for each in EnforcementLevel)


class PolicyConfigError(pulumi.RunError):
    """A policy pack's configuration that cannot be used; the message has all problems."""


@dataclass(frozen=True)
class Settings:
    """How one rule is to be run."""

    level: EnforcementLevel
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


def load_config(path: str | Path) -> Mapping[str, Any]:
    """Read the file that `pulumi preview --policy-pack-config` takes: JSON, rule ids to levels or objects.

    Raises:
        PolicyConfigError: It cannot be read, or is no JSON object.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        content: Any = json.loads(text) if text.strip() else {}
    except OSError as error:
        raise PolicyConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise PolicyConfigError(f"{path}: not JSON: {error}") from None
    if not is_map(content):
        raise PolicyConfigError(f'{path}: expected an object such as {{"all": "mandatory"}}')
    return content


def settled(
    policies: Sequence[Policy], level: EnforcementLevel, initial: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Settings], list[str]]:
    """Return how each rule is to be run, and what the user should know.

    Of least weight is what the rule says itself, the pack's level where it says none; then the pack's initial
    configuration, then the given one; in each what stands under "all" before what stands under the rule's own id.

    Raises:
        PolicyConfigError: All levels that do not exist and properties that a rule's schema does not allow.
    """
    settings = {each.name: Settings(each.enforcement_level or level, _defaults(each)) for each in policies}
    problems: list[str] = []
    messages: list[str] = []
    for config in (initial, given):
        parsed = {name: _entry(name, value, problems) for name, value in config.items() if name != "environments"}
        if "environments" in config:
            messages.append("warning: the policy configuration's ESC environments are not read offline")
        for name in parsed.keys() - settings.keys() - {"all"}:
            messages.append(f"warning: the policy configuration names '{name}', which is no rule of this pack")
        everywhere = parsed.get("all", (None, {}))[0]
        for name, before in settings.items():
            own, properties = parsed.get(name, (None, {}))
            settings[name] = Settings(own or everywhere or before.level, {**before.properties, **properties})
    for each in policies:
        problems += [f"{each.name}: {problem}" for problem in _schema_problems(each, settings[each.name].properties)]
    if problems:
        raise PolicyConfigError("\n".join(["wrong policy configuration", *(f"  {each}" for each in problems)]))
    return settings, messages


def _entry(name: str, value: Any, problems: list[str]) -> tuple[EnforcementLevel | None, dict[str, Any]]:
    """Return the level and the properties of one entry."""
    if isinstance(value, EnforcementLevel):
        return value, {}
    if isinstance(value, str):
        return _level(name, value, problems), {}
    if not is_map(value):
        problems.append(f"{name}: {value!r} is not possible: give a level ({_LEVELS}) or an object")
        return None, {}
    properties = dict(value)
    level = properties.pop("enforcementLevel", None)
    return (None if level is None else _level(name, level, problems)), properties


def _level(name: str, value: Any, problems: list[str]) -> EnforcementLevel | None:
    if isinstance(value, EnforcementLevel):
        return value
    try:
        return EnforcementLevel(value)
    except ValueError:
        problems.append(f"{name}: {value!r} is not an enforcement level: there are {_LEVELS}")
        return None


def _defaults(policy: Policy) -> dict[str, Any]:
    schema = policy.config_schema.properties if policy.config_schema else None
    return {key: each["default"] for key, each in (schema or {}).items() if "default" in each}


def _schema_problems(policy: Policy, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a rule's JSON schema does not allow, in the order of the properties."""
    schema = policy.config_schema
    if schema is None:
        return
    told = {"type": "object", "properties": schema.properties or {}, "required": schema.required or []}
    for error in Draft7Validator(told).iter_errors(properties):  # pyright: ignore[reportUnknownMemberType]
        where = error.json_path.removeprefix("$").removeprefix(".")
        yield f"{where}: {error.message}" if where else error.message
