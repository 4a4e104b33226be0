"""The project's texts use standard terms. The words and phrases in the list are errors."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

REJECTED: Mapping[str, str] = {
    r"is not possible": "must be ..., got ...",
    r"\bis had\b": "has",
    r"\bin vain\b": "without effect",
    r"\btruth value\b": "boolean",
    r"\bnot a text\b": "must be a string",
    r"\bcannot stand beside\b": "conflicts with",
    r"\bto be had\b": "available",
    r"\bcame to nothing\b": "resolved to None",
    r"\bat the most\b": "at most",
    r"\blet through\b": "allowed",
    r"\baway meanwhile\b": "unavailable",
    r"\bbelievable\b": "stub value",
    r"\bstands? twice\b": "is a duplicate",
    r"\bthe engine refuses\b": "Pulumi does not",
    r"\bwhat comes of it\b": "the result",
    r"\btakes the place of\b": "replaces",
    r"\bgoes with\b": "requires",
    r"\bhands out\b": "returns",
    r"\bis not known\b": "unknown argument ...",
    r"\bthere is no such\b": "does not exist",
    r"(?<![a-z])told(?![a-z])": "a noun, or a verb in the active voice",
    r"(?<![a-z])tells?(?![a-z])": "return, report, list",
    r"(?<![a-z])said(?![a-z])": "a noun: settings, output, message",
    r"(?<![a-z])asked(?![a-z])": "a noun: request, call",
    r"(?<![a-z])judg(e|es|ed|ing)(?![a-z])": "check, evaluate",
    r"(?<![a-z])stands?(?![a-z])": "is, exists",
    r"(?<![a-z])stand-ins?(?![a-z])": "stub value, fake, emulated provider",
    r"(?<![a-z])mend(s|ed)?(?![a-z])": "fix, repair",
    r"(?<![a-z])gone(?![a-z])": "deleted, does not exist",
    r"(?<![a-z])somebody(?![a-z])": "a user",
    r"(?<![a-z])dear(er|est)?(?![a-z])": "expensive",
}
"""Regular expressions, each with what to write instead. `(?<![a-z])` and `(?![a-z])` also find parts of names."""

ALLOWED: Mapping[str, str] = {
    "tests/test_language.py": "contains the list",
    "tests/policies/corpus/": "programs of other projects",
}
"""Files and folders without the check, each with the reason."""


def texts() -> Iterator[Path]:
    """Yield the tracked texts that the check applies to."""
    patterns = ("*.py", "*.md", "*.toml", "*.yaml", "Makefile")
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    yield from (ROOT / name for name in listed.splitlines() if not name.startswith(tuple(ALLOWED)))


@pytest.fixture(scope="module")
def contents() -> Mapping[Path, str]:
    """Return the texts, with each run of white space as one space, so that line breaks do not hide a phrase."""
    return {file: re.sub(r"[\s#]+", " ", file.read_text(encoding="utf-8")) for file in texts() if file.exists()}


@pytest.mark.parametrize(("pattern", "instead"), REJECTED.items(), ids=REJECTED)
def test_no_text_contains_a_rejected_word(contents: Mapping[Path, str], pattern: str, instead: str) -> None:
    places = [
        f"{file.relative_to(ROOT)}: ...{text[max(0, match.start() - 40) : match.end() + 20]}..."
        for file, text in contents.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert not places, f"write: {instead}\n" + "\n".join(places)


def test_texts_of_all_kinds_are_checked(contents: Mapping[Path, str]) -> None:
    assert {file.suffix for file in contents} == {".py", ".md", ".toml", ".yaml", ""}
