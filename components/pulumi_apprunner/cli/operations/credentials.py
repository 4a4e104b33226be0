"""The access to AWS: --profile, otherwise the stack's `aws:` configuration, otherwise boto3's chain."""

from typing import Any

from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.offline.config.configuration import configuration_from_values
from pulumi_apprunner.offline.config.stack_file import StackFile, encrypted_paths
from pulumi_apprunner.offline.project import Project
from pulumi_apprunner.offline.sdk.config import pulumi_config

ADVICE = "Set --profile or AWS_PROFILE to one of that account"
"""What to do about credentials for another account."""


def find_access(project: Project | None, stack: str, profile: str | None) -> Access:
    """Return the access for a stack.

    A value that is encrypted in the stack's file is left out, since only the Pulumi CLI can decrypt it.

    Args:
        project: The project, None without one.
        stack: The stack's name. It counts only with a project that has its file.
        profile: The profile of the command line; it replaces the credentials of the configuration.

    Raises:
        pulumi.RunError: The stack's file is invalid.
    """
    file = project.stacks.get(stack) if project else None
    config = StackFile.read(file).config if file else dict[str, Any]()
    plain = {
        key: value for key, value in config.items() if key.startswith("aws:") and not any(encrypted_paths(value, key))
    }
    with pulumi_config(configuration_from_values("aws", plain).values, ()):
        return Access.of(Lifecycle(profile=profile))
