"""The one place where components lean on private parts of the Pulumi SDK; the offline engine's is testing.sdk."""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor

T = TypeVar("T")

_GATHERED: WeakKeyDictionary[Any, list[Any]] = WeakKeyDictionary()


def is_mocked() -> bool:
    """Tell whether the program runs without the engine."""
    return isinstance(settings.get_monitor(), MockMonitor)


def gather(what: T, at_the_end: Callable[[list[T]], None]) -> None:
    """Keep something until the engine is through with this program, deletions included; then all of it is handed on.

    That runs in a thread of its own. An error of it fails the update, and loses nothing by that: everything else has
    gone through. (An error that the program itself raises ends the update there, and nothing is deleted any more.)
    """
    monitor: Any = settings.get_monitor()
    if monitor in _GATHERED:
        _GATHERED[monitor].append(what)
        return
    gathered = _GATHERED[monitor] = [what]
    # The SDK calls this when all that the program does is done, and the engine answers when it is done too.
    signal = monitor.SignalAndWaitForShutdown

    def through(request: Any) -> Any:
        answer = signal(request)
        at_the_end(gathered)
        return answer

    monitor.SignalAndWaitForShutdown = through
