"""Whether a job can install the dependencies of a program."""

import re
from collections.abc import Iterator
from pathlib import Path

from pulumi_apprunner.cli.workflow.repository import repository_root

_LOCAL = re.compile(
    r"(?:(?:-e|--editable)[ =]+|[\w.-]+(?:\[[^]]*\])?\s*@\s*)?(?:file://)?(?P<path>(?:\.{1,2}(?=/)|/)[^\[\s;]*)"
)
"""A line of a requirements file with a path: https://pip.pypa.io/en/stable/reference/requirements-file-format/."""
_LIBRARY = re.compile(r"pulumi[-_.]apprunner", re.IGNORECASE)
_EXAMPLE = "pulumi-apprunner @ git+https://git.example.com/platform/pulumi-apprunner@COMMIT"


def dependency_notes(root: Path) -> Iterator[str]:
    """Yield why `pulumi install` in a job would not install what the program needs.

    Args:
        root: The project's folder.
    """
    file = root / "requirements.txt"
    if file.is_file():
        yield from _requirement_notes(root, file.read_text())
    elif not (root / "pyproject.toml").is_file():
        yield (
            f"Note: {root.name} has no requirements.txt. `pulumi install` in the job installs what it lists. Add one "
            "with pulumi-apprunner, or the file of the toolchain in Pulumi.yaml."
        )


def _requirement_notes(root: Path, text: str) -> Iterator[str]:
    top = repository_root(root) or root
    lines = [line for each in text.splitlines() if (line := re.sub(r"(^|\s)#.*", "", each).strip())]
    for line in lines:
        match = _LOCAL.match(line)
        if match and not (root / match["path"]).resolve().is_relative_to(top.resolve()):
            yield (
                f"Note: requirements.txt: {line} is not in the repository, so the job cannot install it. Use a path in "
                f"the repository, or a line such as {_EXAMPLE}"
            )
    if not any(_LIBRARY.search(line) or line.startswith(("-r", "--requirement")) for line in lines):
        yield f"Note: requirements.txt has no line for pulumi-apprunner. Add one, such as {_EXAMPLE}"
