"""The error that the commands of the local AWS report."""

import pulumi


class LocalError(pulumi.RunError):
    """An error of a command of the local AWS; the message contains the fix."""
