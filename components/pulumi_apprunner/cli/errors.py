"""Error messages on the terminal."""

import sys
import sysconfig
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi
import typer
from rich.console import Console

import apprunner_facts
import pulumi_apprunner
from pulumi_apprunner.cli import INTERRUPTED
from pulumi_apprunner.cli.output import ERROR, ignore_closed_pipe
from pulumi_apprunner.offline.sdk import SeveralErrors

_OTHER_CODE = tuple(
    str(Path(path).resolve())
    for path in (
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        Path(pulumi.__file__).parent,
        Path(pulumi_apprunner.__file__).parent,
        Path(apprunner_facts.__file__).parent,
    )
)
"""Folders of code that the user did not write."""


@contextmanager
def errors_printed() -> Generator[None]:
    """End a command that runs no user's code: print an error instead of a traceback, and no more to a closed pipe."""
    try:
        with ignore_closed_pipe():
            yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except (pulumi.RunError, OSError) as error:
        print_error(error if isinstance(error, pulumi.RunError) else pulumi.RunError(str(error)))
        raise typer.Exit(ERROR) from None


def run_all(*checks: Callable[[], Any]) -> list[Any]:
    """Return the results of independent functions; raise their errors together.

    Raises:
        pulumi.RunError: One function raised it.
        SeveralErrors: More than one did.
    """
    results: list[Any] = []
    errors: list[BaseException] = []
    for check in checks:
        try:
            results.append(check())
        except pulumi.RunError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return results


def print_error(error: BaseException) -> None:
    """Print an error to stderr: its message, and for a bug in the user's code the user's own frames."""
    console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
    for each in error.errors if isinstance(error, SeveralErrors) else [error]:
        console.print("error:", style="bold red", end=" ")
        console.print(error_text(each), markup=False)


def error_text(error: BaseException) -> str:
    """Return an error's message, and for a bug in the user's code the user's own frames."""
    if isinstance(error, pulumi.RunError):
        return str(error)
    if isinstance(error, pulumi.InputPropertiesError):
        details = [f"  {each['property_path']}: {each['reason']}" for each in error.errors or []]
        return "\n".join([error.message, *details])
    return "\n".join([*_frames(error), *_hint(error)])


def _frames(error: BaseException) -> Sequence[str]:
    """Return Python's report of an error with the user's own frames only."""
    report = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    each: traceback.TracebackException | None = report
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        each.stack = traceback.StackSummary.from_list([frame for frame in each.stack if _is_users(frame.filename)])
        if each.__context__ is not None and not any(_is_users(frame.filename) for frame in each.__context__.stack):
            each.__context__ = None  # an internal error of this library or the SDK
        each = each.__cause__ or each.__context__
    lines = "".join(report.format()).rstrip("\n").splitlines()
    if not report.stack:
        lines = [line for line in lines if line != "Traceback (most recent call last):"]
    return ["the program raised an exception", *lines] if report.stack else lines


def _is_users(file: str) -> bool:
    return not file.startswith("<") and not str(Path(file).resolve()).startswith(_OTHER_CODE)


def _hint(error: BaseException) -> Sequence[str]:
    if isinstance(error, ModuleNotFoundError):
        return [f"The program runs in {sys.executable}. Install the module there"]
    return []
