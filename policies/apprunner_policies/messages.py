"""The length of messages: a value of any length never hides the requirement before it and the fix after it."""

import re

LONGEST_VALUE = 200
"""Characters. An ARN of App Runner has up to about 150."""
LONGEST_MESSAGE = 4000
"""Characters."""

_LONG = re.compile(rf'(?<=")[^"\n]{{{LONGEST_VALUE + 1},}}(?=")|[^\s"]{{{LONGEST_VALUE + 1},}}')
"""A quoted value, or a word."""


def shorten(message: str) -> str:
    """Return a message in which long values are cut, and the middle of the message if it is still too long."""
    message = _LONG.sub(lambda match: _cut(match[0], LONGEST_VALUE), message)
    return message if len(message) <= LONGEST_MESSAGE else _cut_middle(message)


def _cut(text: str, length: int) -> str:
    return f"{text[:length]}… ({len(text):,} characters)"


def _cut_middle(message: str) -> str:
    half = LONGEST_MESSAGE // 2
    return f"{message[:half]}… ({len(message) - 2 * half:,} characters) …{message[-half:]}"
