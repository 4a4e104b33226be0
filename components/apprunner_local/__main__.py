"""The local AWS from the command line: served in the foreground, or with a stack of the project in it."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from apprunner_local import laptop
from apprunner_local.aws import LocalAws


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and return the exit code.

    Args:
        arguments: The command line's words. Default: this process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m apprunner_local", description="An AWS account on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve it until told to stop")
    serving.add_argument("--folder", type=Path, required=True, help="where `environment` is written")
    serving.add_argument("--port", type=int, default=0, help="moto's port, any that is free")
    serving.add_argument("--apprunner-port", type=int, default=0, help="the fake App Runner's port, any that is free")
    commands.add_parser("up", help="`pulumi up` of a stack in one that stays").add_argument("--stack", required=True)
    commands.add_parser("down", help="destroy what `up` made, and stop it")
    given = parser.parse_args(arguments)
    try:
        if given.command == "serve":
            return serve(given.folder, given.port, given.apprunner_port)
        return laptop.up(given.stack) if given.command == "up" else laptop.down()
    except laptop.LocalError as problem:
        print(problem, file=sys.stderr)
        return 2


def serve(folder: Path, port: int = 0, apprunner_port: int = 0) -> int:
    """Serve until SIGTERM or SIGINT; the file `environment` in the folder says where, once all is ready.

    A shell reads that file with `. F/environment`; it is gone again when this ends.
    """
    told = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, frame: told.set())
    with LocalAws.start(port=port, apprunner_port=apprunner_port) as aws:
        file = _write(folder, aws.environment)
        told.wait()
        file.unlink(missing_ok=True)
    return 0


def _write(folder: Path, environment: dict[str, str]) -> Path:
    """Write the file at once, so that who waits for it never reads half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    file, unready = folder / "environment", folder / "environment.unready"
    unready.write_text("".join(f"export {name}={value}\n" for name, value in environment.items()))
    return unready.replace(file)


if __name__ == "__main__":
    sys.exit(main())
