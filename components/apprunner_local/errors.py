"""The error that the commands of the local AWS report."""

import pulumi


class LocalError(pulumi.RunError):
    """The local AWS cannot do what a command asks for; the message says how to fix it."""
