"""Start commands: what a shell would do with them, which App Runner does not run."""

import re
import shlex

_OPERATOR = re.compile(r"[();<>|&]+")
_SHELLS = ("sh", "bash", "ash", "dash", "ksh", "zsh")


def shell_operator(command: str) -> str | None:
    """Return the first shell operator in a command, such as &&; None where there is none, or where a shell runs it.

    That App Runner hands operators to the command as arguments is reported by a user, with what was run and what came
    of it (source.START_COMMAND_WITHOUT_SHELL); AWS's documents do not say.
    """
    words = shlex.shlex(command, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    words.commenters = ""
    try:
        found = list(words)
    except ValueError:  # a quote that is not closed
        return None
    if not found or found[0].rpartition("/")[2] in _SHELLS:
        return None
    return next((word for word in found if _OPERATOR.fullmatch(word)), None)
