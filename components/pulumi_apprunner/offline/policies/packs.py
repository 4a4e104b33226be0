"""Policy packs: loaded from a directory, or the pack that is installed with this library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.project import is_project, program_environment
from pulumi_apprunner.offline.values import describe, is_map

if TYPE_CHECKING:
    from pulumi_policy import EnforcementLevel, Policy

ENTRY_POINTS = "pulumi_apprunner.policies"
"""The group of entry points in which a distribution registers the rules of a pack: a sequence of policies."""
INSTALLED = "apprunner-policies"
_FILE = "PulumiPolicy.yaml"


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
            directory: The directory of the pack's `PulumiPolicy.yaml`, or an executable in it, as for
                `pulumi preview --policy-pack`.

        Raises:
            ProjectError: It is not a policy pack in Python, or its `__main__.py` creates no PolicyPack.
            Exception: The program's own error, unchanged.
        """
        from pulumi_apprunner.offline.sdk.policies import capture_pack

        main = _pack_directory(Path(directory))
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


def _pack_directory(path: Path) -> Path:
    """Return the directory of a policy pack; raise ProjectError if it is none, as for a project's directory."""
    directory = (path.parent if path.is_file() else path).resolve()
    file = directory / _FILE
    if not file.is_file():
        received = "a Pulumi project" if is_project(directory) else "a directory without one"
        raise ProjectError(
            f"{path}: must be a policy pack's directory, which contains {_FILE}, got "
            f"{received if directory.is_dir() else 'a directory that does not exist'}"
        )
    content = read_yaml(file)
    runtime: Any = content.get("runtime") if is_map(content) else None
    language: Any = runtime.get("name") if is_map(runtime) else runtime
    if language != "python":
        raise ProjectError(
            f"{file}: runtime: must be python, got {describe(language)}. Other languages require the Pulumi CLI"
        )
    if not (directory / "__main__.py").is_file():
        raise ProjectError(f"{path}: must contain __main__.py, the pack's program")
    return directory
