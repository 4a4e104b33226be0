"""The resources in this repository's stack files, which exist in the local AWS."""

import re
from pathlib import Path

from apprunner_local.existing import Existing

STACK_FILES = sorted(Path(__file__).parents[2].glob("Pulumi.*.yaml"))
EXISTING = [Existing.read(file) for file in STACK_FILES]
"""What the stack files of this repository's example refer to."""

ZONE = "Z04STAGING1EXAMPLE0"
PASSWORD = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/staging/orders-db-Jq3kTz"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0c9d8e7f-6a5b-4c3d-8e1f-9a0b1c2d3e4f"
ENCRYPTED = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/prod/orders-db-mN4rYs"
FLAGS = "arn:aws:ssm:eu-west-1:123456789012:parameter/storefront/staging/feature-flags"


def named(pattern: str) -> set[str]:
    """Return the matches of a pattern in the stack files."""
    return {match for file in STACK_FILES for match in re.findall(pattern, file.read_text())}
