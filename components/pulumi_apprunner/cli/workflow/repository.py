"""The Git repository of a project."""

from pathlib import Path


def repository_root(folder: Path) -> Path | None:
    """Return the root of the Git repository that contains a folder; None if it is in none."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def directory_in_repository(root: Path) -> str:
    """Return a folder relative to the root of its Git repository; "." if it is in none."""
    top = repository_root(root)
    return root.resolve().relative_to(top).as_posix() if top else "."
