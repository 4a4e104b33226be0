"""The Pulumi CLI: where it is, and the environment variables with which it uses a local AWS."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from apprunner_local.errors import LocalError
from apprunner_local.provider import ACCEPT_UNKNOWN

PASSPHRASE = "local"
OLDEST = (3, 238, 0)
"""The CLI's first version that this project supports; tools/pulumi/find-or-build has the same."""

_CHECKOUT = Path(__file__).parents[2]
_BUILDER = _CHECKOUT / "tools" / "pulumi" / "find-or-build"
_INSTALL = "Install it: https://www.pulumi.com/docs/install/"


class NoCliError(LocalError):
    """There is no Pulumi CLI; the message contains how to install one."""


def find_cli(*, build: bool = False) -> Path:
    """Return the folder of a Pulumi CLI with its Python language host.

    That is the one on PATH, otherwise, in a checkout of this project, the one in .build/pulumi.

    Args:
        build: Build the CLI in a checkout that has none, which takes about 4 minutes. Default: raise an error.

    Raises:
        NoCliError: There is none, it is too old, or it could not be built.
    """
    if not _BUILDER.exists():
        return _on_path()
    command = [_BUILDER, _CHECKOUT / ".build" / "pulumi", *([] if build else ["--look"])]
    stderr = None if build else subprocess.PIPE  # the build prints its progress there
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False)
    if run.returncode:
        raise NoCliError((run.stderr or "").strip() or "the Pulumi CLI could not be built: see the messages above")
    return Path(run.stdout.strip())


def _on_path() -> Path:
    cli = shutil.which("pulumi")
    if cli is None or shutil.which("pulumi-language-python") is None:
        raise NoCliError(f"the Pulumi CLI and its Python language host must be on PATH. {_INSTALL}")
    version = subprocess.run([cli, "version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = version.removeprefix("v").partition("-")[0].split(".")
    if not all(each.isdecimal() for each in numbers) or tuple(map(int, numbers)) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise NoCliError(f"{cli}: must be version {oldest} or newer, got {version or 'none'}. {_INSTALL}")
    return Path(cli).parent


def environment(cli: Path, home: Path, aws: Mapping[str, str], *, accept_unknown_types: bool = False) -> dict[str, str]:
    """Return the variables with which the CLI uses the emulated provider, this Python, and a state in a folder.

    Args:
        cli: The CLI's folder.
        home: The folder for the state and for the CLI's own files.
        aws: The environment variables of the local AWS (`LocalAws.environment`).
        accept_unknown_types: Let the provider accept resource types that it does not emulate. Default: an error.
    """
    (home / "state").mkdir(parents=True, exist_ok=True)
    plugins = _write_plugin(home / "plugins")
    return {
        "PATH": os.pathsep.join(map(str, [plugins, Path(sys.executable).parent, cli, os.environ["PATH"]])),
        "PULUMI_BACKEND_URL": (home / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **({ACCEPT_UNKNOWN: "1"} if accept_unknown_types else {}),
        **aws,
    }


def _write_plugin(folder: Path) -> Path:
    """Write the provider plugin, which the CLI finds on PATH before any that is installed; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    plugin = folder / "pulumi-resource-aws"
    # -P: the engine starts it in the project's folder, whose modules must not replace installed ones.
    command = f"exec {shlex.quote(sys.executable)} -P -m apprunner_local.provider.server"
    unready = folder / f"plugin-{os.getpid()}"
    unready.write_text(f'#!/bin/sh\n{command} "$@"\n')
    unready.chmod(0o755)
    unready.replace(plugin)
    return folder
