"""A project on the real engine, against the local AWS: a copy of its folder, a state in files, no account.

A copy, because `pulumi stack init` writes into stack files and `pulumi stack rm` deletes them.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".venv" / "bin"
PROVIDER = Path(__file__).parent / "provider" / "bin"
PASSPHRASE = "local"


class NoEngineError(Exception):
    """There is no Pulumi CLI; the text says how to get one."""


def cli(build: bool = False) -> Path:
    """Return the folder of a Pulumi CLI with its Python host: the one on PATH, else the one that was built here.

    Args:
        build: Whether one is built where there is none, which takes about 4 minutes.

    Raises:
        NoEngineError: There is none.
    """
    look = [] if build else ["--look"]
    found = subprocess.run(
        [ROOT / "tools" / "pulumi" / "find-or-build", ROOT / ".build" / "pulumi", *look],
        stdout=subprocess.PIPE,
        stderr=None if build else subprocess.PIPE,
        text=True,
        check=False,
    )
    if found.returncode:
        raise NoEngineError((found.stderr or "").strip() or "the Pulumi CLI could not be built")
    return Path(found.stdout.strip())


def copy(into: Path) -> Path:
    """Copy what `pulumi up` runs, as it stands, and return the folder; a copy that is there is written over."""
    into.mkdir(parents=True, exist_ok=True)
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, into)
    shutil.copytree(ROOT / "stacks", into / "stacks", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return environment_in(into)


def write(into: Path, program: str, settings: str = "", name: str = "trial") -> Path:
    """Write a project with one program, and return the folder.

    Args:
        into: The folder.
        program: The text of its __main__.py.
        settings: Lines for Pulumi.yaml.
        name: The project's name.
    """
    into.mkdir(parents=True, exist_ok=True)
    lines = [f"name: {name}", "runtime:", "  name: python", "  options: {toolchain: pip, virtualenv: .venv}", settings]
    (into / "Pulumi.yaml").write_text("\n".join(lines) + "\n")
    (into / "__main__.py").write_text(program)
    return environment_in(into)


def environment_in(folder: Path) -> Path:
    """Put the virtual environment where Pulumi.yaml says that it is."""
    link = folder / ".venv"
    if not link.exists():
        link.symlink_to(ROOT / ".venv", target_is_directory=True)
    return folder


def environment(cli: Path, home: Path, aws: Mapping[str, str]) -> dict[str, str]:
    """Return what the CLI needs to know: our provider and our Python before all others, the state in a folder.

    Args:
        cli: The CLI's folder.
        home: A folder for the state and for what the CLI keeps to itself.
        aws: How the local AWS is reached (`LocalAws.environment`).
    """
    (home / "state").mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.pathsep.join(map(str, [BIN, PROVIDER, cli, os.environ["PATH"]])),
        "PULUMI_BACKEND_URL": (home / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **aws,
    }
