"""Showing that something is going on."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console

_SECONDS = 1.0
"""How long nobody needs to be told."""


@contextmanager
def shown_when_slow(text: str) -> Generator[None]:
    """Show a spinner on stderr once something has gone on for a second, if that is a terminal."""
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
