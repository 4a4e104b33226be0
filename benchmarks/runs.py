"""Runs of the programs, each in a new process: their figures and registrations."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PYTHON_SETTINGS = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": ""}
"""Environment variables of the measured processes. They use cached bytecode, as a user's do."""

_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Run:
    """The figures of one run of a program."""

    cpu_seconds: float
    """The CPU time from the first line of the program until all outputs have resolved, without imports.

    The program never waits, so CPU time equals wall time on an idle machine, and does not change on a busy one.
    """
    wall_seconds: float
    megabytes: float
    """The process's peak resident memory, including imports."""
    import_seconds: float
    """The CPU time until all modules are imported, including the start of the interpreter."""
    import_megabytes: float


Series = Sequence[Run]


def measure(
    programs: Sequence[str], services: int, repetitions: int, report_progress: Callable[[str], None]
) -> Mapping[str, Series]:
    """Run several programs, and return the runs by program.

    Each repetition runs all programs one after the other, so that other load on the machine slows all of them and the
    ratios within a repetition stay valid. Every second repetition uses the reverse order.

    Args:
        programs: The programs' names in child.py.
        services: The number of services that each registers.
        repetitions: The number of runs of each.
        report_progress: Called with a description before each run.
    """
    runs: dict[str, list[Run]] = {program: [] for program in programs}
    for repetition in range(repetitions):
        for program in programs if repetition % 2 == 0 else reversed(programs):
            report_progress(f"{services} services, {repetition + 1} of {repetitions}: {program}")
            runs[program].append(Run(**_child(program, services)))
    return runs


def registrations(program: str, services: int) -> list[dict[str, Any]]:
    """Return a program's registrations in their order."""
    return _child(program, services, "--record")


def _child(program: str, services: int, *options: str) -> Any:
    # This process must stay small: on Linux the peak memory of a child starts at that of its parent.
    command = [sys.executable, str(_CHILD), program, str(services), *options]
    environment = {**os.environ, **PYTHON_SETTINGS}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}, {services} services: status {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)
