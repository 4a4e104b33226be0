"""Projects that the tests run: a copy of this repository's example, or one program.

A copy, because `pulumi stack init` writes into stack files and `pulumi stack rm` deletes them.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]


def copy_example(into: Path) -> Path:
    """Copy the files that `pulumi up` of the example reads, and return the folder; an existing copy is overwritten."""
    into.mkdir(parents=True, exist_ok=True)
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, into)
    shutil.copytree(ROOT / "stacks", into / "stacks", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return link_environment(into)


def write_project(into: Path, program: str, settings: str = "", name: str = "trial") -> Path:
    """Write a project with one program, and return the folder.

    Args:
        into: The folder.
        program: The text of its __main__.py.
        settings: Lines for Pulumi.yaml.
        name: The project's name.
    """
    into.mkdir(parents=True, exist_ok=True)
    lines = [f"name: {name}", "runtime:", "  name: python", "  options: {toolchain: pip, virtualenv: .venv}", settings]
    (into / "Pulumi.yaml").write_text("\n".join(lines) + "\n")
    (into / "__main__.py").write_text(program)
    return link_environment(into)


def link_environment(folder: Path) -> Path:
    """Link the virtual environment where Pulumi.yaml expects it, and return the folder."""
    link = folder / ".venv"
    if not link.exists():
        link.symlink_to(ROOT / ".venv", target_is_directory=True)
    return folder
