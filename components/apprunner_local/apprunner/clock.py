"""The time that the fake lives in."""

import threading
import time

_START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class Clock:
    """A clock that tests can move.

    Args:
        flows: Whether time also passes by itself, from the machine's time on; otherwise it stays at the beginning of
            2026 until it is moved.
    """

    def __init__(self, flows: bool = False) -> None:
        self._flows = flows
        self._moved = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        with self._lock:
            return (time.time() if self._flows else _START) + self._moved

    def move(self, seconds: float) -> None:
        """Let so many seconds pass at once; ValueError where they are fewer than 0."""
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds} seconds")
        with self._lock:
            self._moved += seconds
