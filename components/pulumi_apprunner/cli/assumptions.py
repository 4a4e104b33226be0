"""The assumptions of the cost estimate, shared by the cost table and the rule `monthly-budget`.

An option of the command line overrides the policy configuration, which overrides the default. The result goes to both,
so that one plan never shows two costs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi_policy import EnforcementLevel

from apprunner_facts.bill import Assumptions
from pulumi_apprunner.offline.policies.packs import Pack

BUDGET_RULE = "monthly-budget"
"""Its properties have the names of Assumptions."""


@dataclass(frozen=True)
class CostAssumptions:
    """The assumptions for the cost table, and the policy configuration with the same ones.

    Args:
        values: For the table.
        policy_config: For the policy pack.
        origins: A sentence on each value from the policy configuration.
    """

    values: Assumptions
    policy_config: Mapping[str, Any]
    origins: tuple[str, ...] = ()


def resolve_assumptions(
    options: Mapping[str, float | None], pack: Pack, config: Mapping[str, Any], file: Path | None = None
) -> CostAssumptions:
    """Return the assumptions that apply to both the cost table and the rule.

    Args:
        options: The values of the command line by the names of Assumptions; None is unset.
        pack: The policy pack.
        config: The policy configuration.
        file: Its path, for messages.

    Raises:
        pulumi.RunError: Values are out of range.
    """
    supported = _supported(pack) & options.keys()
    overrides = {name: value for name, value in options.items() if value is not None}
    origins: dict[str, str] = {}
    configured: dict[str, float] = {}
    for origin, entry in ((f"policy pack {pack.name}", pack.initial_config), (str(file), config)):
        numbers = _numbers(entry.get(BUDGET_RULE), supported)
        configured |= numbers
        origins |= dict.fromkeys(numbers, origin)
    for name in overrides:
        origins.pop(name, None)
    return CostAssumptions(
        values=_validate({**configured, **overrides}, origins),
        policy_config=_with_overrides(config, {name: value for name, value in overrides.items() if name in supported}),
        origins=tuple(
            f"{name} is {configured[name]:g}, from {BUDGET_RULE} in {origin}. --{name} overrides it."
            for name, origin in sorted(origins.items())
        ),
    )


def _supported(pack: Pack) -> set[str]:
    """Return the properties of the rule; none if the pack does not have it."""
    schemas = (each.config_schema for each in pack.policies if each.name == BUDGET_RULE)
    return {name for schema in schemas if schema for name in schema.properties or {}}


def _numbers(entry: object, names: Collection[str]) -> dict[str, float]:
    """Return the numbers in a rule's configuration. The policy engine reports values of other types."""
    if not isinstance(entry, Mapping):
        return {}
    properties = cast(Mapping[str, object], entry)
    values = ((name, properties.get(name)) for name in names)
    return {name: value for name, value in values if isinstance(value, int | float) and not isinstance(value, bool)}


def _with_overrides(config: Mapping[str, Any], overrides: Mapping[str, float]) -> Mapping[str, Any]:
    """Return a policy configuration with other properties of the rule."""
    entry: object = config.get(BUDGET_RULE, {})
    if isinstance(entry, str | EnforcementLevel):
        entry = {"enforcementLevel": entry}
    if not overrides or not isinstance(entry, Mapping):
        return config
    return {**config, BUDGET_RULE: {**cast(Mapping[str, Any], entry), **overrides}}


def _validate(values: Mapping[str, Any], origins: Mapping[str, str]) -> Assumptions:
    try:
        return Assumptions(**values)
    except ValueError as error:
        lines = [(line.partition(":")[0], line) for line in str(error).splitlines()]
        raise pulumi.RunError(
            "\n".join(
                f"{origins[name]}: {BUDGET_RULE}.{line}" if name in origins else f"--{line}" for name, line in lines
            )
        ) from None
