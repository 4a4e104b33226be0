"""Serving a local AWS until a signal ends it."""

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from apprunner_local.aws import LocalAws
from apprunner_local.errors import LocalError
from apprunner_local.existing import Existing


def serve(
    ready: Callable[[Mapping[str, str]], None],
    existing: Iterable[Existing] = (),
    port: int = 0,
    apprunner_port: int = 0,
) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        ready: Is called when everything is served, with the environment variables of the local AWS.
        existing: The resources that exist from the start.
        port: The port of all services but App Runner. Default: any that is free.
        apprunner_port: App Runner's port. Default: any that is free.

    Raises:
        LocalError: A port is in use.
    """
    stopping = threading.Event()
    handlers = {
        each: signal.signal(each, lambda number, frame: stopping.set()) for each in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with LocalAws.start(port=port, apprunner_port=apprunner_port, existing=existing) as aws:
            ready(aws.environment)
            stopping.wait()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        ports = {"--port": port, "--apprunner-port": apprunner_port}
        options = ", ".join(f"{option} {number}" for option, number in ports.items() if number)
        raise LocalError(
            f"{options}: must be a free port, got: {os.strerror(error.errno)}. Choose another, or leave the option out"
        ) from None
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)


def export_lines(environment: Mapping[str, str]) -> str:
    """Return the environment variables as lines for a shell."""
    return "".join(f"export {name}={value}\n" for name, value in environment.items())


def write_when_ready(file: Path) -> Callable[[Mapping[str, str]], None]:
    """Return a function that writes the variables to a file atomically."""

    def write(environment: Mapping[str, str]) -> None:
        unready = file.with_name(f"{file.name}.unready")
        unready.write_text(export_lines(environment))
        unready.replace(file)

    return write
