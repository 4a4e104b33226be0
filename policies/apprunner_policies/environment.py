"""Whether a resource belongs to production: by the stack's name, or by configuration."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from apprunner_policies.properties import as_items

PRODUCTION = ("prod", "production", "live", "prod-*", "*-prod", "production-*", "*-production")

CONFIG: Mapping[str, dict[str, Any]] = {
    "environment": {
        "type": "string",
        "description": "The environment; by default the stack's name.",
    },
    "production": {
        "type": "array",
        "items": {"type": "string"},
        "default": list(PRODUCTION),
        "description": "The environments that are production; * matches any characters, and case does not matter.",
    },
}
"""The configuration of rules that depend on the environment."""


def is_production(config: Mapping[str, Any], urn: str) -> bool:
    """Return whether a resource belongs to production.

    Its URN contains the stack's name, which `get_stack()` does not know in a pack that is an executable.
    """
    name = str(config.get("environment") or urn.split("::", 1)[0].removeprefix("urn:pulumi:")).lower()
    patterns = as_items(config.get("production", PRODUCTION))
    return any(fnmatchcase(name, str(pattern).lower()) for pattern in patterns)
