"""Lists of what exists, for error messages of lookups: similar names first, cut to a screen."""

from collections.abc import Sequence
from difflib import get_close_matches

_MOST = 15
"""Maximum lines of one list."""


def listing(title: str, lines: Sequence[str]) -> str:
    """Return a list below a title, one line for each entry; the rest is counted."""
    if not lines:
        return f"{title}: none"
    shown = [f"  {each}" for each in lines[:_MOST]]
    more = [f"  and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return "\n".join([f"{title} ({len(lines)}):" if more else f"{title}:", *shown, *more])


def suggestion(name: str, names: Sequence[str]) -> str:
    """Return a question with the most similar name, as the end of a sentence; nothing without one."""
    similar = get_close_matches(name, names, 1)
    return f". Did you mean {similar[0]}?" if similar else ""
