"""The folder in which `apprunner local` runs a project: its state, its stack files, and links to all other files.

The project itself is never written to, because `pulumi stack init` changes stack files and `pulumi stack rm` deletes
them. With the links, edits of the program take effect at once.
"""

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from apprunner_local.errors import LocalError
from pulumi_apprunner.offline.config.stack_file import StackFile, encrypted_paths
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.project import Project, find_project
from pulumi_apprunner.offline.values import is_map

PLACEHOLDER = "local-placeholder"
"""The value of an encrypted setting, which only the stack's real backend can decrypt."""

_NOT_LINKED = frozenset({".git", ".local", "__pycache__"})
_SALT = re.compile(r"(?m)^encryptionsalt:.*\n")
_LEFT_OUT = {
    "encryptionsalt": "",
    "encryptedkey": "",
    "secretsprovider": "",
    "environment": "its ESC environment is not read",
}
"""Keys of a stack file that only its real backend can use, each with a warning."""
_PROFILE = "aws:profile"
_PLUGINS = "plugins: {providers: [{name: aws, path: ../plugins}]}\n"


class Workspace:
    """The folder of one project.

    Args:
        project: The project.
        folder: The folder. Default: .local beside Pulumi.yaml.
    """

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        self.project = project
        self.folder = (folder or project.root / ".local").resolve()
        self.exports = self.folder / "environment"
        self.links = self.folder / "project"

    @classmethod
    def of(cls, directory: Path, folder: Path | None = None) -> "Workspace":
        """Return the workspace of the project that a directory belongs to.

        Raises:
            ProjectError: There is no project, or it is not in Python.
        """
        return cls(find_project(directory), folder)

    def create(self) -> None:
        """Create the folder, which Git ignores.

        Raises:
            LocalError: It cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n")
        except OSError as error:
            raise LocalError(
                f"{self.folder}: must be a folder that can be written to, got: {error.strerror}. "
                "Name another one with --folder"
            ) from None

    def delete(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def link(self) -> Sequence[str]:
        """Link the project's files, copy its stack files, and return warnings.

        Raises:
            LocalError: The stack files are outside of the project's folder.
            ProjectError: A stack file is invalid.
        """
        root, stacks = self.project.root, self.project.stack_directory
        if not stacks.is_relative_to(root):
            raise LocalError(f"stackConfigDir: must be a folder in {root}, got {stacks}")
        salts = {name: _salt(self._stack_file(file)) for name, file in self.project.stacks.items()}
        shutil.rmtree(self.links, ignore_errors=True)
        copied = {self.project.file, *self.project.stacks.values()}
        self._link(root, copied, {stacks, *stacks.parents})
        self._copy_project_file()
        self._link_virtual_environment()
        warnings: list[str] = []
        for name, file in self.project.stacks.items():
            warnings += self._copy_stack_file(file, salts[name])
        return warnings

    def link_plugins(self) -> None:
        """Link the user's installed plugins: the local AWS replaces the one of pulumi-aws only."""
        installed = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
        link = self.folder / "pulumi" / "plugins"
        if installed.is_dir() and not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(installed, target_is_directory=True)

    def write_exports(self, environment: Mapping[str, str]) -> None:
        """Write the file that a shell reads with `. .local/environment`."""
        lines = (f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
        self.exports.write_text("".join(lines))

    def placeholders(self, stack: str) -> Sequence[Sequence[str]]:
        """Return the CLI's commands that encrypt the placeholders of a stack with the key of the local state.

        The program then reads them as secrets, as it reads the real values.
        """
        config = StackFile.read(self.project.stacks[stack]).config
        paths = {key: list(encrypted_paths(value, key)) for key, value in config.items()}
        plain = [key for key, group in paths.items() if key in group]
        # The CLI cannot address a value inside of a key with a period. Such a placeholder stays in plain text.
        nested = [path for key, group in paths.items() if "." not in key for path in group if path != key]
        command = ("config", "set-all", "--stack", stack)
        return [
            [*command, *options, *(word for path in group for word in ("--secret", f"{path}={PLACEHOLDER}"))]
            for options, group in (((), plain), (("--path",), nested))
            if group
        ]

    @property
    def stacks(self) -> Sequence[str]:
        """The names of the stacks in the state."""
        return sorted({file.stem for file in (self.folder / "state").glob(".pulumi/stacks/*/*.json")})

    def _stack_file(self, file: Path) -> Path:
        return self.links / file.relative_to(self.project.root)

    def _link(self, folder: Path, copied: set[Path], opened: set[Path]) -> None:
        """Link the contents of a folder. Folders that contain stack files are created, and their contents linked."""
        into = self.links / folder.relative_to(self.project.root)
        into.mkdir(parents=True)
        for each in folder.iterdir():
            if each in copied or each.name in _NOT_LINKED or each == self.folder:
                continue
            if each in opened:
                self._link(each, copied, opened)
            else:
                (into / each.name).symlink_to(each, target_is_directory=each.is_dir())

    def _copy_project_file(self) -> None:
        """Copy the project's file, and name the folder of the emulated provider in it.

        The CLI warns on each command about a provider that it finds on PATH, and not about one that the file names.
        """
        text = self.project.file.read_text(encoding="utf-8-sig")
        is_block = self.project.file.suffix != ".json" and not text.lstrip().startswith("{")
        if is_block and "plugins" not in read_yaml(self.project.file):
            text = f"{text}\n{_PLUGINS}"
        (self.links / self.project.file.name).write_text(text)

    def _link_virtual_environment(self) -> None:
        """Link this Python's virtual environment where Pulumi.yaml names one that does not exist."""
        content = read_yaml(self.project.file)
        runtime: Any = content.get("runtime")
        options: Any = runtime.get("options") if is_map(runtime) else None
        name: Any = options.get("virtualenv") if is_map(options) else None
        if isinstance(name, str) and not (self.links / name).exists() and sys.prefix != sys.base_prefix:
            (self.links / name).parent.mkdir(parents=True, exist_ok=True)
            (self.links / name).symlink_to(sys.prefix, target_is_directory=True)

    def _copy_stack_file(self, file: Path, salt: str) -> Sequence[str]:
        into = self._stack_file(file)
        content = StackFile.read(file)
        text = file.read_text(encoding="utf-8-sig")
        encrypted = list(encrypted_paths(content.config))
        profile = _PROFILE in content.config
        if encrypted or profile or content.keys & _LEFT_OUT.keys():
            text = _local_text(text)
        into.write_text(text if not salt or not text or text.endswith("\n") else f"{text}\n")
        if salt:
            into.write_text(into.read_text() + salt)
        warnings = [_LEFT_OUT[key] for key in sorted(content.keys & _LEFT_OUT.keys()) if _LEFT_OUT[key]]
        warnings += [f"{_PROFILE} is left out"] if profile else []
        warnings += [f"{key} is encrypted; its value here is {PLACEHOLDER!r}" for key in encrypted]
        return [f"{file.name}: {each}" for each in warnings]


def _salt(file: Path) -> str:
    """Return the encryption salt's line of the local state, from the last run's copy of the stack file."""
    match = _SALT.search(file.read_text()) if file.is_file() else None
    return match.group() if match else ""


def _local_text(text: str) -> str:
    """Return a stack file without the keys that only its real backend can use; the rest is unchanged."""
    from ruamel.yaml import YAML

    yaml: Any = YAML()
    yaml.preserve_quotes = True
    content = yaml.load(text)
    for key in _LEFT_OUT.keys() & content.keys():
        del content[key]
    if content.get("config"):
        content["config"].pop(_PROFILE, None)
        content["config"] = _with_placeholders(content["config"])
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _with_placeholders(node: Any) -> Any:
    if isinstance(node, dict):
        mapping = cast(dict[str, Any], node)
        if set(mapping) == {"secure"}:
            return PLACEHOLDER
        for key, item in mapping.items():
            mapping[key] = _with_placeholders(item)
        return mapping
    if isinstance(node, list):
        items = cast(list[Any], node)
        items[:] = [_with_placeholders(item) for item in items]
        return items
    return node


def relative(path: Path) -> str:
    """Return a path relative to the current directory, unless it is outside of it."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("..") else short
