"""Runs of the programs, each in a new process: their measurements and registrations."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Run:
    """The measurements of one run."""

    cpu_seconds: float
    """The processor's time from the first line of the program until everything in it has resolved, imports apart.

    Nothing in it waits for anything, so on an idle machine it is what a clock shows; on a busy one it stays that.
    """
    wall_seconds: float
    megabytes: float
    """The process's peak of resident memory, imports included."""
    import_seconds: float
    """The processor's time until all modules are there, the interpreter's start included."""
    import_megabytes: float


Series = Sequence[Run]


def measured(
    programs: Sequence[str], services: int, repetitions: int, started: Callable[[str], None]
) -> Mapping[str, Series]:
    """Return the runs of several programs by program; those of one repetition follow each other.

    So what else the machine does meanwhile slows all programs, and the ratio within a repetition stays true. Every
    second repetition goes the other way round.

    Args:
        programs: What child.py calls them.
        services: How many services each registers.
        repetitions: How often each is run.
        started: Told before each run what it is.
    """
    runs: dict[str, list[Run]] = {program: [] for program in programs}
    for repetition in range(repetitions):
        for program in programs if repetition % 2 == 0 else reversed(programs):
            started(f"{services} services, {repetition + 1} of {repetitions}: {program}")
            runs[program].append(Run(**_child(program, services)))
    return runs


def registrations(program: str, services: int) -> list[dict[str, Any]]:
    """Return the registrations of a program, in order."""
    return _child(program, services, "--record")


def _child(program: str, services: int, *options: str) -> Any:
    # This process stays small: on Linux a child's peak memory begins with what its parent has.
    command = [sys.executable, str(_CHILD), program, str(services), *options]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}, {services} services: status {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)
