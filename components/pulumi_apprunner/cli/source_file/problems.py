"""A problem of an apprunner.yaml, and its place."""

from typing import Any, Literal, NamedTuple

Level = Literal["error", "warning"]


class Problem(NamedTuple):
    """A problem.

    line: The line, from 1.
    column: The column, from 1.
    level: error: the file does not have AWS's documented form; warning: App Runner may accept it, or it has another
        effect than intended.
    path: The path of the key, such as run.env[0].name; "" for the whole file.
    message: What is required, what the file has, and how to fix it.
    """

    line: int
    column: int
    level: Level
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.line}:{self.column}: {self.level}: {where}{self.message}"


class Place(NamedTuple):
    """A value in the file: its path and its position, both from 1."""

    path: str
    line: int = 1
    column: int = 1

    def key(self, container: Any, key: str) -> "Place":
        """Return the place of a key of a map that ruamel.yaml has read; that of the map if a merge key (<<) adds it."""
        path = f"{self.path}.{key}" if self.path else str(key)
        if key not in (container.lc.data or ()):
            return Place(path, self.line, self.column)
        line, column = container.lc.key(key)
        return Place(path, line + 1, column + 1)

    def item(self, container: Any, index: int) -> "Place":
        """Return the place of an item of a list that ruamel.yaml has read."""
        line, column = container.lc.item(index)
        return Place(f"{self.path}[{index}]", line + 1, column + 1)

    def error(self, message: str) -> Problem:
        return Problem(self.line, self.column, "error", self.path, message)

    def warning(self, message: str) -> Problem:
        return Problem(self.line, self.column, "warning", self.path, message)
