"""The process of a local AWS, which keeps running after `apprunner local up`.

The process locks a file in its folder while it runs, and that file contains its id. After a crash or a reboot the file
is not locked, so the id in it, which another process may have now, is never used.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from apprunner_local.errors import LocalError

_STARTS_WITHIN, _STOPS_WITHIN = 60, 10
"""Seconds."""
_INTERVAL = 0.1


class Background:
    """The process of one folder.

    Args:
        folder: Its folder, which is deleted when it stops.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock, self._log, self._environment = folder / "lock", folder / "log", folder / "environment"

    @property
    def is_running(self) -> bool:
        """Whether the process runs, ready or not."""
        try:
            file = os.open(self._lock, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(file)
        finally:
            os.close(file)

    def start(self) -> None:
        """Start the process, and wait until it is ready. An interruption ends the process.

        Raises:
            LocalError: It does not start.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _try_lock(lock):
                return self._wait(None)  # another `up` starts it
            self._environment.unlink(missing_ok=True)
            with self._log.open("w") as log:
                process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "apprunner_local", str(self._environment)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=[lock],  # the lock belongs to the open file, which the process keeps
                )
            try:
                os.ftruncate(lock, 0)
                os.write(lock, str(process.pid).encode())
                self._wait(process)
                process.returncode = 0  # it outlives this object, which would warn of that
            except BaseException:
                process.kill()
                process.wait()
                raise
        finally:
            os.close(lock)

    def environment(self) -> Mapping[str, str]:
        """Return the environment variables of the local AWS."""
        lines = self._environment.read_text().splitlines()
        pairs = (line.removeprefix("export ").partition("=") for line in lines)
        return {name: value.strip("'\"") for name, _, value in pairs}

    def stop(self) -> None:
        """Stop the process, and wait until it has ended; without one nothing happens."""
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            for signum in (signal.SIGTERM, signal.SIGKILL):
                deadline = time.monotonic() + _STOPS_WITHIN
                if self.is_running:
                    os.kill(int(self._lock.read_text()), signum)
                while self.is_running and time.monotonic() < deadline:
                    time.sleep(_INTERVAL)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self, process: "subprocess.Popen[bytes] | None") -> None:
        deadline = time.monotonic() + _STARTS_WITHIN
        while not self._environment.exists():
            has_ended = process.poll() is not None if process else not self.is_running
            if has_ended or time.monotonic() > deadline:
                log = self._log.read_text().strip() if self._log.exists() else ""
                raise LocalError(f"the local AWS does not start: {log or 'it took too long'}")
            time.sleep(_INTERVAL)


def _try_lock(file: int) -> bool:
    """Lock an open file, and return whether that succeeded; closing the file releases the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
