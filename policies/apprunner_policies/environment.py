"""Whether a resource belongs to production: by the stack's name, or by configuration."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from apprunner_facts import environments
from apprunner_policies.properties import as_texts

CONFIG: Mapping[str, dict[str, Any]] = {
    "environment": {
        "type": "string",
        "description": "The environment; by default the stack's name.",
    },
    "production": {
        "type": "array",
        "items": {"type": "string"},
        "description": "The environments that are production, instead of those whose names mean it; * matches any "
        "characters, and case does not matter.",
    },
}
"""The configuration of rules that depend on the environment."""


def is_production(config: Mapping[str, Any], urn: str) -> bool:
    """Return whether a resource belongs to production.

    Its URN contains the stack's name, which `get_stack()` does not know in a pack that is an executable.
    """
    name = str(config.get("environment") or urn.split("::", 1)[0].removeprefix("urn:pulumi:"))
    if config.get("production") is None:
        return environments.is_production(name)
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in as_texts(config["production"]))
