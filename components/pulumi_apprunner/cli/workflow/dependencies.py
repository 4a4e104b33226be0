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


def dependency_notes(root: Path, extra: str = "") -> Iterator[str]:
    """Yield why `pulumi install` in a job would not install what the program needs.

    Args:
        root: The project's folder.
        extra: The extra of this library that the job needs, "" for none.
    """
    file = root / "requirements.txt"
    if file.is_file():
        yield from _requirement_notes(root, file.read_text(), extra)
    elif not (root / "pyproject.toml").is_file():
        yield (
            f"Note: {root.name} has no requirements.txt. `pulumi install` in the job installs what it lists. Add one "
            "with pulumi-apprunner, or the file of the toolchain in Pulumi.yaml."
        )


def _requirement_notes(root: Path, text: str, extra: str) -> Iterator[str]:
    top = repository_root(root) or root
    lines = [line for each in text.splitlines() if (line := re.sub(r"(^|\s)#.*", "", each).strip())]
    for line in lines:
        match = _LOCAL.match(line)
        if match and not (root / match["path"]).resolve().is_relative_to(top.resolve()):
            yield (
                f"Note: requirements.txt: {line} is not in the repository, so the job cannot install it. Use a path in "
                f"the repository, or a line such as {_example(extra)}"
            )
    own = [line for line in lines if _LIBRARY.search(line)]
    if not own and not any(line.startswith(("-r", "--requirement")) for line in lines):
        yield f"Note: requirements.txt has no line for pulumi-apprunner. Add one, such as {_example(extra)}"
    elif extra and own and not any(extra in line.partition("[")[2].partition("]")[0] for line in own):
        yield f"Note: requirements.txt: the job needs pulumi-apprunner[{extra}], got {own[0]}. Add [{extra}]"


def _example(extra: str) -> str:
    library = f"pulumi-apprunner[{extra}]" if extra else "pulumi-apprunner"
    return f"{library} @ git+https://git.example.com/platform/pulumi-apprunner@COMMIT"
