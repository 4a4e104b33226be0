"""Ctrl-C during a command of the Pulumi CLI."""

import signal
from collections.abc import Generator
from contextlib import contextmanager

import pulumi


@contextmanager
def deferred_interrupt() -> Generator[None]:
    """Let the Pulumi CLI end its run after Ctrl-C, instead of leaving it behind, and then raise KeyboardInterrupt.

    The terminal sends Ctrl-C to the CLI too. It completes the operations that it has started, writes the state and
    releases the stack. Then its run fails.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed. It replaces the error of the run.
    """
    requested = False

    def note(*_: object) -> None:
        nonlocal requested
        requested = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    except pulumi.RunError:
        if not requested:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if requested:
        raise KeyboardInterrupt
