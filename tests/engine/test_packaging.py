"""The contents of an installed distribution, as a wheel and in place, in a separate environment.

Pulumi's Python language host treats every distribution whose name begins with `pulumi-` as one with a resource plugin,
unless `<location>/<package>/pulumi-plugin.json` has `"resource": false`. The location is that of the distribution's
metadata (sdk/python/cmd/pulumi-language-python/main.go in github.com/pulumi/pulumi, v3.79.0 and later).
"""

import contextlib
import importlib.metadata
import io
import json
import os
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hatchling import build

from apprunner_local import pulumi_cli
from engine.projects import ROOT

PLUGIN_FILE = "pulumi_apprunner/pulumi-plugin.json"
KINDS = {"wheel": build.build_wheel, "in place": build.build_editable}


def build_distribution(kind: str, folder: Path) -> Path:
    """Build a wheel of a kind and return it."""
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()):
        return folder / KINDS[kind](str(folder))


@pytest.fixture(scope="module", params=KINDS)
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return a kind of installation, and a virtual environment with this installation only."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    python(
        folder,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        str(build_distribution(request.param, folder)),
    )
    return request.param, folder


def python(folder: Path, *words: str, path: str = "") -> str:
    """Run the Python of a virtual environment, and return what it printed."""
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    variables |= {"PYTHONPATH": path} if path else {}
    ran = subprocess.run(
        [folder / "bin" / "python", *words], env=variables, cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def pulumi(cli: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the CLI in a project whose Python is that of a virtual environment."""
    (folder / "Pulumi.yaml").write_text(
        f"name: trial\nruntime: {{name: python, options: {{toolchain: pip, virtualenv: {folder}}}}}\n"
    )
    (folder / "__main__.py").touch()
    cli_variables = pulumi_cli.environment(cli, folder / "home", {})
    # An older language host uses the Python on PATH, a newer one that of the virtual environment.
    variables = {**os.environ, **cli_variables, "PATH": os.pathsep.join([str(folder / "bin"), cli_variables["PATH"]])}
    return subprocess.run(
        ["pulumi", *words], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_distribution_has_one_plugin_file_that_declares_no_plugin(kind: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(build_distribution(kind, tmp_path)) as wheel:
        assert [name for name in wheel.namelist() if name.endswith("pulumi-plugin.json")] == [PLUGIN_FILE]
        assert json.loads(wheel.read(PLUGIN_FILE)) == {"resource": False, "name": "apprunner"}


def test_the_package_is_imported_from_where_it_is_installed(environment: tuple[str, Path]) -> None:
    kind, folder = environment
    dependencies = sysconfig.get_path("purelib")
    printed = python(
        folder,
        "-c",
        "import pulumi_apprunner, apprunner_facts, apprunner_policies\n"
        "for each in (pulumi_apprunner, apprunner_facts, apprunner_policies): print(each.__file__)",
        path=dependencies,
    )
    sources: Sequence[Path] = [ROOT / each for each in ("components", "components", "policies")]
    installed = [Path(python(folder, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))] * 3
    assert [Path(each).parents[1] for each in printed.splitlines()] == (installed if kind == "wheel" else sources)


def test_this_environment_is_installed_in_place_with_the_plugin_file() -> None:
    files = [str(each) for each in importlib.metadata.files("pulumi-apprunner") or ()]
    assert PLUGIN_FILE in files, "stale: install the project again (make clean test)"


def test_the_cli_requires_no_plugin(environment: tuple[str, Path], cli: Path) -> None:
    _, folder = environment
    about = pulumi(cli, folder, "about")
    assert about.returncode == 0, about.stderr
    assert "pulumi-apprunner" in about.stdout  # among the dependencies
    plugins = about.stdout.partition("Plugins")[2].partition("\n\n")[0]
    assert ("resource" in plugins, "apprunner" in plugins) == (False, False), about.stdout
    installed = pulumi(cli, folder, "install", "--no-dependencies")
    assert installed.returncode == 0, installed.stdout + installed.stderr
