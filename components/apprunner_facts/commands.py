"""Build and start commands. App Runner runs a start command without a shell."""

import re
import shlex

ONE_LINE = r"[^\n\r]+"
"""The pattern of a command (source.CODE_CONFIGURATION_VALUES, BuildCommand and StartCommand)."""

_OPERATOR = re.compile(r"[();<>|&]+")
_SHELLS = ("sh", "bash", "ash", "dash", "ksh", "zsh")


def shell_operator(command: str) -> str | None:
    """Return the first shell operator in a command, such as &&; None without one, or if the command starts a shell.

    A user reports, with the command and its output, that App Runner passes operators to the command as arguments
    (source.START_COMMAND_WITHOUT_SHELL). AWS does not document it.
    """
    words = shlex.shlex(command, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    words.commenters = ""
    try:
        parts = list(words)
    except ValueError:  # an unclosed quote
        return None
    if not parts or parts[0].rpartition("/")[2] in _SHELLS:
        return None
    return next((part for part in parts if _OPERATOR.fullmatch(part)), None)
