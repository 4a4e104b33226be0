"""Names that AWS accepts."""

import re
from dataclasses import dataclass

RESERVED_VARIABLE = "PORT"
"""App Runner sets this variable to the service's port (source.ENVIRONMENT_VARIABLES)."""
RESERVED_VARIABLE_PREFIX = "AWSAPPRUNNER"
"""App Runner reserves names with this prefix (source.RESERVED_NAMES)."""


def is_reserved_variable(name: str) -> bool:
    """Return whether App Runner reserves the name of an environment variable or secret."""
    return name == RESERVED_VARIABLE or name.startswith(RESERVED_VARIABLE_PREFIX)


@dataclass(frozen=True, slots=True)
class NameRule:
    """A name's length and characters. It begins with a letter or digit."""

    shortest: int
    longest: int
    characters: str = r"A-Za-z0-9_-"

    def allows(self, name: str) -> bool:
        """Return whether AWS accepts the name."""
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
"""AWS reserves this name (source.CREATE_OBSERVABILITY_CONFIGURATION)."""
ROLE = NameRule(1, 64)
"""IAM compares names without case (source.ROLE_NAMES)."""
SECURITY_GROUP = NameRule(1, 255)
"""EC2 compares names without case (source.SECURITY_GROUP_NAMES)."""
SCHEDULE = NameRule(1, 64)
QUEUE = NameRule(1, 80)
ALARM = NameRule(1, 255)
TOPIC = NameRule(1, 256)
EVENT_RULE = NameRule(1, 64)
STATE_MACHINE = NameRule(1, 80)
DASHBOARD = NameRule(1, 255)
REPOSITORY = NameRule(2, 248)
"""ECR allows 256 characters. Default names leave eight of them for a hash."""
QUERY_FOLDER = NameRule(1, 200)
"""The first part of a saved query's name, which has up to 255 characters. A slash separates it from the second part."""
WEB_ACL = NameRule(1, 128)
EDGE_FUNCTION = NameRule(1, 64)
KEY_VALUE_STORE = NameRule(1, 64)
