"""Which environment a rule judges: the stack's own name, unless the rule is told another."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from apprunner_policies.properties import as_items

PRODUCTION = ("prod", "production", "live", "prod-*", "*-prod", "production-*", "*-production")

CONFIG: Mapping[str, dict[str, Any]] = {
    "environment": {
        "type": "string",
        "description": "The environment that is judged; the stack's name where it is left out.",
    },
    "production": {
        "type": "array",
        "items": {"type": "string"},
        "default": list(PRODUCTION),
        "description": "Which environments are production; * stands for any characters, and case does not matter.",
    },
}
"""What a rule that asks for the environment can be told."""


def is_production(config: Mapping[str, Any], urn: str) -> bool:
    """Tell whether a resource belongs to production.

    Its URN holds the stack's true name, also where `get_stack()` of a pack that is an executable does not know it.
    """
    name = str(config.get("environment") or urn.split("::", 1)[0].removeprefix("urn:pulumi:")).lower()
    patterns = as_items(config.get("production", PRODUCTION))
    return any(fnmatchcase(name, str(pattern).lower()) for pattern in patterns)
