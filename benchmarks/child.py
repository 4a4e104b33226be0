"""One measurement in its own process: `python child.py PROGRAM SERVICES` prints it as JSON.

PROGRAM is one of `components`, `shells` (hand-written, with empty components as parents), `bare` (hand-written, without
them) and `plan` (`apprunner plan --json` of the components). With `--record` it prints what the program registers and
measures nothing.
"""

import io
import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

_PROJECT = "name: shop\nruntime: python\n"
_STACK = "config:\n  aws:region: eu-west-1\n"
_MODULES = (
    "apprunner.Service",
    "ec2.Vpc",
    "iam.Role",
    "route53.Record",
    "scheduler.Schedule",
    "sqs.Queue",
    "vpc.SecurityGroupEgressRule",
)


def main(program: str, services: int, *, record: bool) -> Any:
    """Return the figures of one run of a program, or its registrations."""
    run = _load(program, services)
    loaded, memory = time.process_time(), _peak_memory()
    if record:
        return _registrations(program, services)
    start = time.perf_counter()
    run()
    return {
        "cpu_seconds": time.process_time() - loaded,
        "wall_seconds": time.perf_counter() - start,
        "megabytes": _peak_memory(),
        "import_seconds": loaded,
        "import_megabytes": memory,
    }


def _load(program: str, services: int) -> Callable[[], None]:
    """Import everything that a program needs, and return the function to measure."""
    import pulumi_aws

    # pulumi_aws imports its modules at the first access; that time belongs to the imports.
    for name in _MODULES:
        attrgetter(name)(pulumi_aws)
    if program == "plan":
        return _plan(services)
    import mocks

    build = _program(program)
    return lambda: mocks.run(lambda: build(services))


def _program(name: str) -> Callable[[int], None]:
    if name == "components":
        import with_components

        return with_components.build
    import hand_written

    return hand_written.Program(shells=name == "shells").build


def _plan(services: int) -> Callable[[], None]:
    """Return a function that runs the installed command `apprunner plan` in a project whose program is the shop."""
    import apprunner_policies  # noqa: F401
    import pulumi_apprunner.cli
    import pulumi_apprunner.cli.app
    import with_components  # noqa: F401

    def run() -> None:
        with TemporaryDirectory() as directory:
            program = f"import with_components\n\nwith_components.build({services})\n"
            for name, text in (("Pulumi.yaml", _PROJECT), ("Pulumi.prod.yaml", _STACK), ("__main__.py", program)):
                Path(directory, name).write_text(text)
            command = ["apprunner", "plan", "--cwd", directory, "--json"]
            output, errors = io.StringIO(), io.StringIO()
            with mock.patch.object(sys, "argv", command), redirect_stdout(output), redirect_stderr(errors):
                try:
                    pulumi_apprunner.cli.main()
                except SystemExit as end:
                    if end.code not in (0, None, 1):  # 1: the shop violates some rules for production
                        raise RuntimeError(f"apprunner plan: status {end.code}\n{errors.getvalue()}") from None
            plan = json.loads(output.getvalue())
            if len(plan["cost"]["services"]) != services:
                raise RuntimeError(f"apprunner plan: {len(plan['cost']['services'])} services of {services}")

    return run


def _registrations(program: str, services: int) -> list[dict[str, Any]]:
    import mocks

    recorder = mocks.Recorder()
    build = _program(program)
    mocks.run(lambda: build(services), recorder)
    return recorder.registrations


def _peak_memory() -> float:
    """Return the peak memory of this process in megabytes, including imports."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    json.dump(main(sys.argv[1], int(sys.argv[2]), record="--record" in sys.argv), sys.stdout)
