"""Programs with one pause schedule, named hours."""

from collections.abc import Callable
from typing import Any

from plans import plan
from pulumi_apprunner import CronPair, PauseSchedule, PauseScheduleArgs, RunningWindow
from pulumi_apprunner.testing import Graph
from samples import SERVICE_ARN

SCHEDULE = "aws:scheduler/schedule:Schedule"
OFFICE = RunningWindow(days="Mon-Fri", start="08:00", end="20:00")
CRON = CronPair(pause="cron(0 20 ? * MON-FRI *)", resume="cron(0 8 ? * MON-FRI *)")


def schedule(*windows: RunningWindow, **args: Any) -> Callable[[], None]:
    """Return a program with a schedule named hours, by default for office hours."""
    arguments: dict[str, Any] = {"service_arn": SERVICE_ARN, "timezone": "Europe/Berlin"} | args
    if "cron" not in args or windows:
        arguments["running"] = list(windows) or [OFFICE]
    return lambda: PauseSchedule("hours", PauseScheduleArgs(**arguments)) and None


def schedule_graph(*windows: RunningWindow, **args: Any) -> Graph:
    """Return the graph of such a program."""
    return plan(schedule(*windows, **args))


def window(days: str, start: str, end: str) -> RunningWindow:
    return RunningWindow(days=days, start=start, end=end)
