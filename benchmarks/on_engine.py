"""Runs the same programs with the Pulumi engine: `make bench-engine`.

The provider accepts everything at once, so that the figures include no time of AWS or of an emulator. APPRUNNER_VERIFY
is off because there is no deployment to verify. The components' other hooks run: without credentials they import
boto3, call no API and print a warning.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from runs import PYTHON_SETTINGS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILDS = {
    "components": "import with_components; build = with_components.build",
    "shells": "import hand_written; build = hand_written.Program(shells=True).build",
}
PACKS = {"ours": ROOT / "policies" / "apprunner-policies", "one rule": HERE / "one_rule" / "pack"}
TIME_AIM, PACK_AIM = 1.10, 1.10
_PROGRAM = """\
import atexit, json, os, resource, sys
def write_figures():
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open(os.environ["BENCHMARK_FIGURES"], "w") as file:
        json.dump({{"program_cpu": used.ru_utime + used.ru_stime, "program_memory": used.ru_maxrss / 1024}}, file)
atexit.register(write_figures)
sys.path.insert(0, {here!r})
{build}
build({services})
"""


def main(
    services: Annotated[list[int] | None, typer.Option(help="Sizes; may be repeated.")] = None,
    repetitions: Annotated[int, typer.Option(min=1, help="Interleaved pairs of each size.")] = 3,
) -> None:
    """Measure and print a line for each figure. The exit status does not depend on the figures."""
    console = Console(highlight=False)
    result = subprocess.run(
        [ROOT / "tools/pulumi/find-or-build", ROOT / ".build/pulumi"], stdout=-1, text=True, check=True
    )
    cli = result.stdout.strip()
    _pair(cli, 1, reverse=False)  # writes bytecode
    _packs(cli, 1, reverse=False)
    for size in services or (1, 10, 50):
        pairs = [_pair(cli, size, reverse=turn % 2 == 1) for turn in range(repetitions)]
        for figure in pairs[0]["components"]:
            mine, others = ([pair[each][figure] for pair in pairs] for each in BUILDS)
            _print(console, f"{size} services, {figure}", mine, others, TIME_AIM)
        packs = [_packs(cli, size, reverse=turn % 2 == 1) for turn in range(repetitions)]
        mine, others = ([pair[each] for pair in packs] for each in PACKS)
        _print(console, f"{size} services, preview with pack over one empty rule", mine, others, PACK_AIM)


def _pair(cli: str, services: int, *, reverse: bool) -> dict[str, dict[str, float]]:
    """Run both programs one after the other, and return their figures."""
    figures: dict[str, dict[str, float]] = {}
    for program in reversed(BUILDS) if reverse else BUILDS:
        with TemporaryDirectory() as folder:
            stack = _Stack(cli, Path(folder), program, services)
            figures[program] = {
                f"{command} {figure}": value
                for command in ("preview", "up")
                for figure, value in stack.run(command).items()
            }
    return figures


def _packs(cli: str, services: int, *, reverse: bool) -> dict[str, float]:
    """Return the seconds of a preview with each pack."""
    with TemporaryDirectory() as folder:
        stack = _Stack(cli, Path(folder), "components", services)
        config = Path(folder) / "advisory.json"  # pausing in production would fail the preview otherwise
        config.write_text('{"all": "advisory"}')
        options = ("--policy-pack-config", str(config), "--policy-pack")
        order = reversed(PACKS) if reverse else PACKS
        return {pack: stack.run("preview", *options, str(PACKS[pack]))["seconds"] for pack in order}


class _Stack:
    """A stack of the Pulumi engine, with its program and state in a folder."""

    def __init__(self, cli: str, folder: Path, program: str, services: int) -> None:
        self._folder, self._figures = folder, folder / "figures.json"
        (folder / "state").mkdir()
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PATH": os.pathsep.join(
                [str(Path(sys.executable).parent), str(HERE / "accept_all"), cli, os.environ["PATH"]]
            ),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **PYTHON_SETTINGS,
            "APPRUNNER_VERIFY": "off",
            "BENCHMARK_FIGURES": str(self._figures),
        }
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (folder / "Pulumi.prod.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        build = _PROGRAM.format(here=str(HERE), build=BUILDS[program], services=services)
        (folder / "__main__.py").write_text(build)
        self._pulumi("stack", "init", "prod")

    def run(self, command: str, *options: str) -> dict[str, Any]:
        """Run a command, and return its seconds and the figures of the program's process."""
        start = time.perf_counter()
        self._pulumi(command, "--stack", "prod", *options, *(["--yes", "--skip-preview"] if command == "up" else []))
        return {"seconds": time.perf_counter() - start, **json.loads(self._figures.read_text())}

    def _pulumi(self, *words: str) -> None:
        command = ["pulumi", *words, "--non-interactive"]
        environment = self._environment
        done = subprocess.run(command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")


def _print(console: Console, what: str, mine: list[float], others: list[float], aim: float) -> None:
    ratio = median(one / other for one, other in zip(mine, others, strict=True))
    mark = "✓" if round(ratio, 2) <= aim else "✗"
    console.print(f"{what}: {median(mine):.2f} to {median(others):.2f}, ratio {ratio:.2f} (≤ {aim:.2f} {mark})")


if __name__ == "__main__":
    typer.run(main)
