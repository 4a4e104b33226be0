"""The actions that written workflows use, pinned by commit: a tag can be moved to other code."""

from dataclasses import dataclass
from datetime import date

READ = date(2026, 11, 27)
"""The day on which each commit was read from the tag of the action's own repository."""


@dataclass(frozen=True)
class Action:
    """A published version of an action.

    Args:
        repository: Its repository on GitHub.
        commit: The commit of the version's tag.
        version: The tag.
    """

    repository: str
    commit: str
    version: str

    def __str__(self) -> str:
        """Return the value of `uses`, with the version as a comment."""
        return f"{self.repository}@{self.commit} # {self.version}"


ACTIONS = {
    "checkout": Action("actions/checkout", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "setup_python": Action("actions/setup-python", "5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "upload_artifact": Action("actions/upload-artifact", "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
    "download_artifact": Action("actions/download-artifact", "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "credentials": Action(
        "aws-actions/configure-aws-credentials", "e6de054238d6b7531b4efff3b6587d9aade6a06c", "v6.2.3"
    ),
    "scan": Action("anchore/scan-action", "e1165082ffb1fe366ebaf02d8526e7c4989ea9d2", "v7.4.0"),
    "pulumi": Action("pulumi/actions", "8e5e406f4007fca908480587cb9893c07090f58d", "v7.0.0"),
}
"""The actions by their names in the template."""
