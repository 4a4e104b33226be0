"""What AWS lets things be called."""

import re
from dataclasses import dataclass

RESERVED_VARIABLE = "PORT"
"""App Runner sets it to the service's port (source.ENVIRONMENT_VARIABLES)."""
RESERVED_VARIABLE_PREFIX = "AWSAPPRUNNER"
"""App Runner keeps such names to itself (source.RESERVED_NAMES)."""


def is_reserved_variable(name: str) -> bool:
    """Tell whether App Runner refuses an environment variable or a secret of this name."""
    return name == RESERVED_VARIABLE or name.startswith(RESERVED_VARIABLE_PREFIX)


@dataclass(frozen=True, slots=True)
class NameRule:
    """How long a name may be and which characters it is made of; it begins with a letter or digit."""

    shortest: int
    longest: int
    characters: str = r"A-Za-z0-9_-"

    def allows(self, name: str) -> bool:
        """Tell whether AWS takes the name."""
        return self.shortest <= len(name) <= self.longest and bool(
            re.fullmatch(rf"[A-Za-z0-9][{self.characters}]*", name)
        )

    def __str__(self) -> str:
        return (
            f"{self.shortest} to {self.longest} letters, digits, hyphens and underscores, "
            "beginning with a letter or digit"
        )


SERVICE = NameRule(4, 40)
VPC_CONNECTOR = NameRule(4, 40)
VPC_INGRESS_CONNECTION = NameRule(4, 40)
CONNECTION = NameRule(4, 32)
AUTO_SCALING_CONFIGURATION = NameRule(4, 32)
OBSERVABILITY_CONFIGURATION = NameRule(4, 32)
RESERVED_OBSERVABILITY_CONFIGURATION = "DefaultConfiguration"
"""It is taken by AWS (source.CREATE_OBSERVABILITY_CONFIGURATION)."""
ROLE = NameRule(1, 64)
SECURITY_GROUP = NameRule(1, 255)
SCHEDULE = NameRule(1, 64)
QUEUE = NameRule(1, 80)
