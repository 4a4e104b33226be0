"""The fake's clock."""

import threading
import time

_START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class Clock:
    """A clock that tests can move.

    Args:
        ticking: Whether it starts at the machine's time and advances in real time. Otherwise it stays at the beginning
            of 2026 until it is moved.
    """

    def __init__(self, ticking: bool = False) -> None:
        self._ticking = ticking
        self._moved = 0.0
        self._lock = threading.Lock()

    @property
    def ticking(self) -> bool:
        """Whether it advances in real time."""
        return self._ticking

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        with self._lock:
            return (time.time() if self._ticking else _START) + self._moved

    def move(self, seconds: float) -> None:
        """Move the clock forward by some seconds. Raise ValueError if they are negative."""
        if seconds < 0:
            raise ValueError(f"seconds: must not be negative, got {seconds}")
        with self._lock:
            self._moved += seconds
