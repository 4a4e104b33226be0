"""One measurement, in a process of its own: `python child.py PROGRAM SERVICES` prints it as JSON.

With `--record` it prints what the program registers, and measures nothing.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

PROGRAMS = ("components", "shells", "bare")


def main(program: str, services: int, *, record: bool) -> Any:
    """Return what one run of a program took, or what it registered."""
    before = time.perf_counter()
    build = _loaded(program)
    import mocks

    imported, imported_memory = time.perf_counter(), _peak_memory()
    if record:
        recorder = mocks.Recorder()
        mocks.run(lambda: build(services), recorder)
        return recorder.registrations
    cpu, start = time.process_time(), time.perf_counter()
    mocks.run(lambda: build(services))
    return {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": time.process_time() - cpu,
        "megabytes": _peak_memory(),
        "import_seconds": imported - before,
        "import_megabytes": imported_memory,
    }


def _loaded(program: str) -> Callable[[int], None]:
    # pulumi_aws loads these when they are first touched: that is importing, and no part of a program's own time.
    for module in ("apprunner", "ec2", "iam", "route53", "scheduler", "sqs", "vpc"):
        vars(importlib.import_module(f"pulumi_aws.{module}"))
    if program == "components":
        import with_components

        return with_components.build
    import by_hand

    return by_hand.Program(shells=program == "shells").build


def _peak_memory() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    json.dump(main(sys.argv[1], int(sys.argv[2]), record="--record" in sys.argv), sys.stdout)
