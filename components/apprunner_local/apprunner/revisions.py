"""Configurations with revisions: auto scaling and observability."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apprunner_local.apprunner.errors import invalid_request, not_found, quota_exceeded

if TYPE_CHECKING:
    from apprunner_local.apprunner.state import Region


@dataclass
class Revision:
    """One revision of a configuration. It never changes; a deleted one is inactive and can still be described."""

    arn: str
    name: str
    number: int
    settings: dict[str, Any]
    created: float
    deleted: float | None = None


class Revisions:
    """The configurations of one kind.

    Args:
        region: Where they are.
        kind: How their ARNs name them: autoscalingconfiguration.
        prefix: How the API's members name them: AutoScalingConfiguration.
        lower_case: Whether their status is in lower case.
    """

    def __init__(self, region: "Region", kind: str, prefix: str, lower_case: bool = False) -> None:
        self._region = region
        self.kind = kind
        self.prefix = prefix
        self._lower_case = lower_case
        self._all: list[Revision] = []

    def add(self, name: str, settings: dict[str, Any], id: str = "") -> Revision:
        """Add a revision of a name, one above the highest so far."""
        # [M] A further revision has the next number.
        # [assumed] Numbers of deleted revisions are not reused.
        number = 1 + max((revision.number for revision in self._all if revision.name == name), default=0)
        arn = self._region.arn(f"{self.kind}/{name}/{number}/{id or self._region.new_id()}")
        revision = Revision(arn, name, number, settings, self._region.now())
        self._all.append(revision)
        return revision

    def require_quota(self, name: str, names: int | None, revisions: int | None) -> None:
        """Raise an error if a further revision of a name exceeds a quota.

        Args:
            name: The name.
            names: The quota of names, AWS's own included.
            revisions: The quota of a name's active revisions.
        """
        # [D: manage-autoscaling] An account has 10 names of scaling configurations with 5 revisions each.
        # World.quotas changes it.
        # [assumed] AWS's own scaling configuration counts towards the quota of names.
        # [assumed] The messages of all quotas. Quotas of other resources: World.quotas has none by default.
        used = {revision.name for revision in self._all if revision.deleted is None}
        if names is not None and name not in used and len(used) >= names:
            raise quota_exceeded(f"names of {self.prefix}", names)
        if revisions is not None and len(self.all_active(name)) >= revisions:
            raise quota_exceeded(f"revisions of the {self.prefix} {name}", revisions)

    def find(self, arn: str) -> Revision:
        """Return the revision of an ARN, which can end after the number, or after the name for the latest one."""
        # [M] The ARN of a configuration may end after the number, or after the name for the latest revision.
        name, *rest = self._region.path(arn, self.kind)
        for revision in reversed(self._all):
            if revision.arn == arn:
                return revision
            wanted = [str(revision.number)] == rest if rest else self.is_latest(revision)
            if revision.name == name and wanted:
                return revision
        raise not_found(arn)

    def active(self, arn: str) -> Revision:
        """Return the active revision of an ARN. Raise an error for a deleted one."""
        revision = self.find(arn)
        if revision.deleted is not None:
            raise invalid_request(f"{self.prefix} is not active. ARN: {arn}")
        return revision

    def all_active(self, name: str | None = None, latest_only: bool = False) -> list[Revision]:
        """Return the active revisions, the newest first."""
        return [
            revision
            for revision in reversed(self._all)
            if revision.deleted is None
            and name in (None, revision.name)
            and (self.is_latest(revision) or not latest_only)
        ]

    def is_latest(self, revision: Revision) -> bool:
        """Return whether no active revision of the name is higher."""
        return revision.deleted is None and not any(
            other.name == revision.name and other.number > revision.number and other.deleted is None
            for other in self._all
        )

    def identity(self, revision: Revision) -> dict[str, Any]:
        """Return the members that identify a revision."""
        return {
            f"{self.prefix}Arn": revision.arn,
            f"{self.prefix}Name": revision.name,
            f"{self.prefix}Revision": revision.number,
        }

    def described(self, revision: Revision) -> dict[str, Any]:
        """Return the members that both kinds have in full."""
        # [M] A deleted revision is inactive, and can still be described.
        deleted = {} if revision.deleted is None else {"DeletedAt": revision.deleted}
        return {
            **self.identity(revision),
            **revision.settings,
            "Latest": self.is_latest(revision),
            "Status": self._status(revision),
            "CreatedAt": revision.created,
            **deleted,
        }

    def _status(self, revision: Revision) -> str:
        status = "ACTIVE" if revision.deleted is None else "INACTIVE"
        return status.lower() if self._lower_case else status
