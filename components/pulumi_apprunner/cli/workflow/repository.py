"""The Git repository of a project."""

from pathlib import Path


def directory_in_repository(root: Path) -> str:
    """Return a folder relative to the root of its Git repository; "." if it is in none."""
    root = root.resolve()
    top = next((each for each in (root, *root.parents) if (each / ".git").exists()), root)
    return root.relative_to(top).as_posix()
