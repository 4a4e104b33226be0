"""Options that several commands share, and parsers of option values.

The parsers' messages state what is required and what was received; those of typer do not.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    str | None, typer.Option("--stack", "-s", metavar="NAME", help="The stack. Optional if the project has only one.")
]
Directory = Annotated[
    Path, typer.Option("--cwd", "-C", metavar="DIR", help="The folder of the Pulumi project, or a subfolder.")
]
StubsFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Stub values for stack references and functions, YAML or JSON.")
]
StateFile = Annotated[
    Path | None,
    typer.Option("--state", metavar="FILE", help="The output of `pulumi stack export`. Default: the command runs it."),
]
Profile = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The profile in the AWS configuration files. Default: the stack's `aws:` "
                 "configuration, otherwise boto3's credentials."),
]  # fmt: skip


def number(text: str) -> float:
    """Return a number."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"must be a number, got {text!r}") from None


def integer(least: int | None = None, most: int | None = None) -> Callable[[str | int], int]:
    """Return a parser of an integer.

    Args:
        least: The smallest valid integer. Default: none.
        most: The largest valid integer. Default: none.
    """
    if least is None:
        required = "an integer"
    else:
        required = f"an integer of {least} or more" if most is None else f"an integer from {least} to {most}"

    def parse(text: str | int) -> int:  # typer also parses the default
        # int() also accepts 1_0 and digits of other scripts.
        value = int(text) if re.fullmatch(r"-?[0-9]{1,18}", str(text)) else None
        if value is None or (least is not None and value < least) or (most is not None and value > most):
            raise typer.BadParameter(f"must be {required}, got {text!r}")
        return value

    return parse


def one_of(*values: str) -> Callable[[str], str]:
    """Return a parser of one of several values."""

    def parse(text: str) -> str:
        if text not in values:
            raise typer.BadParameter(f"must be one of {', '.join(values)}, got {text!r}")
        return text

    return parse


def matching(pattern: str, what: str) -> Callable[[str], str]:
    """Return a parser of an option whose value must match a pattern as a whole.

    Args:
        pattern: The pattern.
        what: What it describes, for messages: "the name of a branch".
    """

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise typer.BadParameter(f"must be {what}, got {text!r}")
        return text

    return parse


repository_path = matching(r"(?![/-])[\w./ -]+", "a path in the repository, from its root")
"""The parser of a path in a Git repository."""


def share(text: str) -> float:
    """Return the share of a text such as "10%" or "0.10"."""
    digits = text.strip().removesuffix("%").strip()
    per_cent = text.strip().endswith("%")
    try:
        value = float(digits) / 100 if per_cent else float(digits)
    except ValueError:
        raise typer.BadParameter(f"must be a share such as 10% or 0.10, got {text!r}") from None
    if per_cent and not 0 <= value <= 1:
        raise typer.BadParameter(f"must be 0% to 100%, got {text!r}")
    return value


def duration(text: str) -> timedelta:
    """Return the duration of a text such as 90s, 10m, 2h or 1d."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text.strip())
    if match is None:
        raise typer.BadParameter(f"must be a duration such as 90s, 10m, 2h or 1d, got {text!r}")
    return timedelta(seconds=int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[match[2]])
