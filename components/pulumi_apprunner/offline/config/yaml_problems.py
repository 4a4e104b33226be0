"""Describes the problems of an invalid YAML file in plain words; ruamel.yaml's own words are a parser's."""

import re
from typing import Any

_QUOTE = "Quote the value, or correct the indentation"
_NO_COLON = "could not find expected ':'"
_RULES: tuple[tuple[str, str], ...] = (
    (r"found character '\\t' that cannot start", "must be indented with spaces, got a tab"),
    (r"found character '(.+)' that cannot start", r"a value must not start with \1. Quote the value"),
    (
        r"mapping values are not allowed here",
        "a colon is not allowed here. Quote the value, correct the indentation, or add a colon after the key before it",
    ),
    (r"expected ',' or '\]', but got '<stream end>'", "the list that starts in {start} must end with ]"),
    (r"expected ',' or '\]'", "expected , or ] in the list that starts in {start}"),
    (r"expected ',' or '}', but got '<stream end>'", "the map that starts in {start} must end with }}"),
    (r"expected ',' or '}'", "expected , or }} in the map that starts in {start}"),
    (r"found unexpected end of stream", "the string that starts in {start} must end with a quotation mark"),
    (r"expected <block end>, but found '([\]}])'", r"\1 closes nothing. Remove it, or quote the value"),
    (r"expected <block end>, but found '<scalar>'", f"a string is not allowed here. {_QUOTE}"),
    (r"expected <block end>", "must be indented like the other items of the map or list that starts in {start}"),
    (r"expected the node content, but found '<stream end>'", "a value or a closing bracket is required at the end"),
    (r"expected the node content, but found '(.+)'", r"a value must not start with \1. Quote the value"),
    (_NO_COLON, "a key must be followed by a colon and a space: `key: value`"),
    (r'found duplicate key "(.*?)" with value', r"\1 is a duplicate key. Remove one of the two"),
    (r"but found another document", "must have one document. Remove this line and what follows"),
    (r"found undefined alias '(.+)'", r"*\1 is not defined. Quote the value, or define it with &\1"),
    (r"found unknown escape character '(.+)'", r"\\\1 is not an escape sequence. Use single quotation marks"),
    (r"expected escape sequence", "the escape sequence is not complete. Use single quotation marks"),
    (r"sequence entries are not allowed here", "a list item is not allowed here. Start it on a line of its own"),
)
"""A pattern of ruamel.yaml's problem, and its description."""


def describe_problem(error: Any) -> str:
    """Return the position and the description of a `MarkedYAMLError`, such as `:2:1: must be …`."""
    mark, start = error.problem_mark, error.context_mark
    problem = str(error.problem or error.context)
    if problem == _NO_COLON and start is not None:  # ruamel.yaml notices it one line too late
        mark = start
    where = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
    begin = f"line {start.line + 1}, column {start.column + 1}" if start is not None else "this line"
    for pattern, description in _RULES:
        if match := re.match(pattern, problem):
            return f"{where}: {match.expand(description.format(start=begin))}"
    return f"{where}: must be YAML: {problem}"


def describe_character(error: Any, text: str) -> str:
    """Return the position and the description of a `ReaderError`: a character that YAML does not allow."""
    before = text[: error.position]
    line, column = before.count("\n") + 1, error.position - before.rfind("\n")
    return f":{line}:{column}: must contain only printable characters, got U+{ord(text[error.position]):04X}"
