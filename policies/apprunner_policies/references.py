"""The references in runtimeEnvironmentSecrets: ARNs of secrets, ARNs and names of parameters."""

import re
from typing import NamedTuple

from apprunner_facts import arns
from apprunner_facts.identity import READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_policies.plaintext import by_form

_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}")


class RequiredRead(NamedTuple):
    """The permission that a reference requires."""

    action: str
    arn: str | None
    """None for a parameter's name, which is in the service's account and region."""
    resource: str
    """The ARN's last part: parameter/orders/key."""

    @property
    def is_without_suffix(self) -> bool:
        """Whether the ARN of a secret lacks the six characters that Secrets Manager appends to its name."""
        return self.action == READ_SECRET_ACTION and _SUFFIX.fullmatch(self.resource[-7:]) is None


def is_secret_reference(content: str) -> bool:
    """Return whether a value has the form of a reference, and not of a secret."""
    if content.startswith("arn:"):
        return required_read(content) is not None
    return bool(arns.PARAMETER_NAME.fullmatch(content)) and by_form(content) is None


def required_read(reference: str) -> RequiredRead | None:
    """Return the permission that a reference requires, None if its ARN is neither a secret's nor a parameter's."""
    if not reference.startswith("arn:"):
        return RequiredRead(READ_PARAMETER_ACTION, None, f"parameter/{reference.removeprefix('/')}")
    parts = reference.split(":")
    if len(parts) >= 7 and parts[2] == "secretsmanager" and parts[5] == "secret":
        return RequiredRead(READ_SECRET_ACTION, ":".join(parts[:7]), f"secret:{parts[6]}")
    if len(parts) == 6 and parts[2] == "ssm" and parts[5].startswith("parameter/"):
        return RequiredRead(READ_PARAMETER_ACTION, reference, parts[5])
    return None
