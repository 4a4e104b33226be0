"""Build the sdist and the wheel into dist/, install each into a clean environment, and import what they contain.

The wheel is built from the sdist, so that a file that the sdist lacks fails here. Each is installed without extras,
with [cli] and with [local], at the versions that requirements.lock pins.

Usage: tools/distributions.py [--tag v1.2.3]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
LOCK = ROOT / "requirements.lock"
PACKAGES = {
    "": ("apprunner_facts", "pulumi_apprunner", "pulumi_apprunner.offline.run", "pulumi_apprunner.testing"),
    "[cli]": ("apprunner_facts", "apprunner_policies", "pulumi_apprunner", "pulumi_apprunner.cli"),
    "[local]": ("apprunner_local", "apprunner_local.aws", "apprunner_local.provider.server"),
}
CHECK = """
import importlib, importlib.metadata, sys
version, *packages = sys.argv[1:]
for each in packages:
    module = importlib.import_module(each)
    assert module.__file__.startswith(sys.prefix), f"{each}: must be imported from {sys.prefix}, got {module.__file__}"
assert importlib.metadata.version("pulumi-apprunner") == version
"""


def version() -> str:
    """Return the version in pyproject.toml, which is the only place that has it."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def uv(*arguments: str | Path) -> None:
    """Run uv, the one that requirements.lock pins.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True)


def build() -> Sequence[Path]:
    """Build both distributions into an empty dist/, with the hatchling of this environment, and return their paths."""
    shutil.rmtree(DIST, ignore_errors=True)
    uv("build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", DIST, ROOT)
    return [next(DIST.glob(pattern)) for pattern in ("*.tar.gz", "*.whl")]


def check(distribution: Path, extra: str) -> None:
    """Install a distribution with an extra into a clean environment, and import its packages there.

    Raises:
        subprocess.CalledProcessError: It cannot be installed or imported, or has another version.
    """
    with tempfile.TemporaryDirectory() as folder:
        uv("venv", "--quiet", "--python", sys.executable, folder)
        python = Path(folder, "bin", "python")
        pins = ("--constraint", LOCK, "--build-constraint", LOCK)
        uv("pip", "install", "--quiet", "--python", python, *pins, f"{distribution}{extra}")
        # -I ignores PYTHONPATH and the current folder: only what is installed can be imported.
        subprocess.run([python, "-I", "-c", CHECK, version(), *PACKAGES[extra]], check=True, cwd=folder)
        if extra:
            command = [python.with_name("apprunner"), "--help"]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    print(f"{distribution.name}{extra}: installed and imported")


def main(arguments: Sequence[str]) -> int:
    """Build and check both distributions. Return 1 if a tag names another version than pyproject.toml, else 0."""
    parser = argparse.ArgumentParser(description="Build the distributions and check that they can be installed.")
    parser.add_argument("--tag", help="the tag that is released, such as v1.2.3; it must name the version")
    tag = parser.parse_args(arguments).tag
    if tag and tag != f"v{version()}":
        print(
            f"tag: must be v{version()}, got {tag}. Tag the commit whose pyproject.toml has the version to release",
            file=sys.stderr,
        )
        return 1
    # The environment that make runs this in must not be taken for the one to install into.
    os.environ.pop("VIRTUAL_ENV", None)
    for distribution in build():
        for extra in PACKAGES:
            check(distribution, extra)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
