"""The environment variable APPRUNNER_VERIFY, which selects the services that a run verifies, and the domains that it
waits for.
"""

import os
from collections.abc import Set

import pulumi

VARIABLE = "APPRUNNER_VERIFY"
"""`off`, `required`, or the names of the components to verify, separated by commas. Default: all components."""


def is_required() -> bool:
    """Return whether an outcome that cannot be read is an error for every service."""
    return _value().lower() == "required"


def selects(name: str) -> bool:
    """Return whether the service of a component is verified, or its domain waited for."""
    return _value().lower() != "off" and (not _names() or name in _names())


def check(components: Set[str]) -> None:
    """Raise pulumi.RunError if the variable contains a name that no component of the program has.

    Args:
        components: The names of the services, of the splits, and of the domains with `wait_until_active_minutes`.
    """
    if unknown := sorted(_names() - components):
        raise pulumi.RunError(
            f"{VARIABLE}: must be off, required, or names of AppRunnerService, CustomDomain and TrafficSplit "
            f'components, got "{", ".join(unknown)}". '
            f"Components of this program: {', '.join(sorted(components)) or 'none'}"
        )


def _names() -> set[str]:
    """Return the names in the variable; an empty set if it selects all services or none."""
    value = _value()
    return set() if value.lower() in ("", "off", "required") else {name.strip() for name in value.split(",")}


def _value() -> str:
    return os.environ.get(VARIABLE, "").strip()
