"""A spinner for slow operations."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console

_SECONDS = 1.0
"""Delay before the spinner appears."""


@contextmanager
def spinner_when_slow(text: str) -> Generator[None]:
    """Show a spinner on stderr after one second, if stderr is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    status = console.status(text)
    timer = threading.Timer(_SECONDS, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
