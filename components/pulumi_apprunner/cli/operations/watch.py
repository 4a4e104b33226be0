"""The status on a terminal, read again and again."""

import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live

from pulumi_apprunner.cli.operations.printing import render
from pulumi_apprunner.cli.operations.status import Status


def watch_status(
    read: Callable[[], Status],
    console: Console,
    seconds: float,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Print the status again and again until Ctrl-C.

    Args:
        read: Reads the status.
        console: The terminal.
        seconds: The seconds between two reads.
        wait: Waits for some seconds.
    """
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:
        try:
            while True:
                live.update(render(read()), refresh=True)
                wait(seconds)
        except KeyboardInterrupt:
            return
