"""Standard output of the commands."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import pydantic_core
from rich.console import Console

VIOLATION, ERROR = 1, 2
"""Exit statuses: a mandatory policy violation; an error in the program, its configuration or the command line."""

_UNLIMITED_WIDTH = 100_000


@contextmanager
def redirect_program_output() -> Generator[None]:
    """Redirect standard output of the program and its child processes to stderr. Standard output is for the result."""
    original = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        os.dup2(original, 1)
        os.close(original)


@contextmanager
def ignore_closed_pipe() -> Generator[None]:
    """Ignore that the reader of standard output exits first, as in `apprunner plan | head`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(value: Any) -> None:
    """Print a result as JSON. The plan of a large stack has megabytes; pydantic writes it faster than `json`."""
    print(pydantic_core.to_json(value, indent=2).decode())


@contextmanager
def console_for_output() -> Generator[Console]:
    """Yield a console for standard output. In files and pipes, its lines are not wrapped or padded."""
    console = Console(highlight=False, emoji=False)
    if console.is_terminal:
        yield console
        return
    console.width = _UNLIMITED_WIDTH
    with console.capture() as captured:
        yield console
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
