"""Policy packs: loaded from a directory, or the pack that is installed with this library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.project import program_environment

if TYPE_CHECKING:
    from pulumi_policy import EnforcementLevel, Policy

ENTRY_POINTS = "pulumi_apprunner.policies"
"""The group of entry points in which a distribution registers the rules of a pack: a sequence of policies."""
INSTALLED = "apprunner-policies"


@dataclass(frozen=True)
class Pack:
    """The arguments of a `pulumi_policy.PolicyPack`."""

    name: str
    policies: "Sequence[Policy]"
    level: "EnforcementLevel | None" = None
    """The level of rules without a level; None for advisory."""
    initial_config: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def load(cls, directory: str | Path) -> "Pack":
        """Run a policy pack's program up to its `PolicyPack`, and return the arguments of that.

        Args:
            directory: The directory of the pack's `__main__.py`.

        Raises:
            ProjectError: The directory has no `__main__.py`, or that creates no PolicyPack.
            Exception: The program's own error, unchanged.
        """
        from pulumi_apprunner.offline.sdk.policies import capture_pack

        main = Path(directory).resolve()
        if not (main / "__main__.py").is_file():
            raise ProjectError(f"{directory}: not a Python policy pack: it has no __main__.py")
        with program_environment(main):
            try:
                pack = capture_pack(main / "__main__.py")
            except pulumi.RunError as error:
                raise ProjectError(f"{directory}: __main__.py failed before it created a PolicyPack: {error}") from None
            except SystemExit:
                raise ProjectError(f"{directory}: __main__.py exited before it created a PolicyPack") from None
        if pack is None:
            raise ProjectError(f"{directory}: __main__.py creates no PolicyPack")
        return cls(pack.name, pack.policies, pack.level, pack.initial_config)

    @classmethod
    def installed(cls) -> "Pack":
        """Return the pack that is installed with this library.

        Raises:
            ProjectError: It is not installed.
        """
        for each in entry_points(group=ENTRY_POINTS, name=INSTALLED):
            return cls(INSTALLED, each.load())
        raise ProjectError(f"the policy pack {INSTALLED} is not installed. Install pulumi-apprunner[policies]")
