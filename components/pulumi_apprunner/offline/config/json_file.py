"""Reads JSON files, and describes their errors in plain words."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi

_PROBLEMS = {
    "Expecting value": "a value is required here, and a string needs double quotation marks",
    "Expecting property name enclosed in double quotes": "a key in double quotation marks is required here",
    "Illegal trailing comma before end of object": "a comma is not allowed before }",
    "Illegal trailing comma before end of array": "a comma is not allowed before ]",
    "Expecting ':' delimiter": "a colon is required after a key",
    "Expecting ',' delimiter": "a comma or the closing bracket is required here",
    "Extra data": "nothing is allowed after the end of the JSON value",
    "Unterminated string starting at": "the string that starts here must end with a quotation mark",
    "Invalid control character at": "a line break or control character is not allowed in a string",
    "Invalid \\escape": "a backslash in a string must be written as \\\\",
    "Invalid \\uXXXX escape": "\\u must be followed by four hexadecimal digits",
}


class _DuplicateKeyError(ValueError):
    """A key that an object has twice."""


class JsonError(pulumi.RunError):
    """A file that cannot be read or is not JSON. The message has the line and column."""


def read_json(path: Path) -> Any:
    """Return the content of a JSON file; None if it is empty.

    Raises:
        JsonError: It cannot be read, is not JSON, or has an object with a duplicate key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_duplicates) if text.strip() else None
    except OSError as error:
        raise JsonError(f"{path}: must be a file that can be read, got: {error.strerror}") from None
    except UnicodeDecodeError:
        raise JsonError(f"{path}: must be JSON in UTF-8. Save the file in this encoding") from None
    except json.JSONDecodeError as error:
        problem = _PROBLEMS.get(error.msg.removesuffix(": "), error.msg)
        raise JsonError(f"{path}:{error.lineno}:{error.colno}: must be JSON: {problem}") from None
    except _DuplicateKeyError as error:
        raise JsonError(
            f'{path}: the keys of an object must be unique, got "{error}" more than once. Only the last one would have '
            "an effect. Merge them"
        ) from None
    except RecursionError:
        raise JsonError(f"{path}: must be JSON with fewer nested values") from None


def _without_duplicates(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object as a dict. Raises _DuplicateKeyError."""
    content = dict(members)
    if len(content) < len(members):
        (key, _), *_ = Counter(key for key, _ in members).most_common(1)
        raise _DuplicateKeyError(key)
    return content
