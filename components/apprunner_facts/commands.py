"""Build and start commands."""

import re

ONE_LINE = r"[^\n\r]+"
"""The pattern of a command (source.CODE_CONFIGURATION_VALUES, BuildCommand and StartCommand)."""

# shlex takes quadratic time for long words.
_PART = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*"|(?P<unclosed>['"])|(?P<operator>[();<>|&]+)""", re.DOTALL)
_PROGRAM = re.compile(r"""\s*["']?([^\s"'();<>|&\\]+)""")
_SHELLS = ("sh", "bash", "ash", "dash", "ksh", "zsh")


def shell_operator(command: str) -> str | None:
    """Return the first shell operator in a command, such as &&.

    A user reports, with the command and its output, that App Runner passes operators to the command as arguments
    (source.START_COMMAND_WITHOUT_SHELL). AWS does not document it.

    Returns:
        None if there is none outside quotes, if the command starts a shell, or if a quote is not closed.
    """
    program = _PROGRAM.match(command)
    if program is None or program[1].rpartition("/")[2] in _SHELLS:
        return None
    first = None
    for part in _PART.finditer(command):
        if part["unclosed"]:
            return None
        first = first or part["operator"]
    return first
