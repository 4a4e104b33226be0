"""The README, and the hand-written and generated pages of docs/, as their fenced blocks."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import yaml

from pulumi_apprunner.testing import Graph, Stubs, run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONTINUED = "# In the same program"
"""The first line of a Python block that continues the block before it."""

_BLOCK = re.compile(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


class Program(NamedTuple):
    """A Python program of a page: one block, with those that continue it."""

    page: str
    text: str
    stubs: Stubs
    """The stub values of the page."""
    config: Mapping[str, Any]
    """The stack file of the page."""
    stack: str = "staging"
    """The stack whose file it is."""

    def __str__(self) -> str:
        first = next((line for line in self.text.splitlines() if line and not line.startswith(("import", "from"))), "")
        return f"{self.page}: {first[:40]}"

    def run(self, **options: Any) -> tuple[Graph, dict[str, Any]]:
        """Run the program offline, and return its graph and the names that it defines."""
        names: dict[str, Any] = {"__name__": "__main__"}
        main = functools.partial(exec, compile(self.text, self.page, "exec"), names)
        namespaces = [key.partition(":")[0] for key in self.config if not key.startswith("aws:")]
        configured = {"project": namespaces[0], "stack": self.stack, "config": self.config} if namespaces else {}
        return run(main, stubs=self.stubs, **configured, **options), names


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language, without their indentation."""
    return [dedent(text) for _, block_language, text in _BLOCK.findall(page.read_text()) if block_language == language]


def programs(page: Path) -> list[Program]:
    """Return the Python programs of a page, with the stub values and the stack file in its YAML blocks."""
    texts: list[str] = []
    for text in blocks(page, "python"):
        if text.startswith(CONTINUED):
            texts[-1] += text
        else:
            texts.append(text)
    documents = blocks(page, "yaml")
    files = [yaml.safe_load(text) for text in documents]
    config, stack = next(
        ((file["config"], _stack(text)) for text, file in zip(documents, files, strict=True) if "config" in file),
        ({}, "staging"),
    )
    values = [file for file in files if "stackReferences" in file]
    stubs = Stubs(*(values[0][key] for key in ("stackReferences", "invokes", "resources"))) if values else Stubs()
    return [Program(name_of(page), text, stubs, config, stack) for text in texts]


def _stack(text: str) -> str:
    """Return the stack of a stack file, whose first line may name the file."""
    match = re.match(r"# Pulumi\.(.+)\.yaml\n", text)
    return match[1] if match else "staging"
