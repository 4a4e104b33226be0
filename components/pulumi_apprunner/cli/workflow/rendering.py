"""Writes the text of a workflow."""

import re
import shlex
import sys
from collections.abc import Sequence
from importlib import metadata, resources
from textwrap import indent

import yaml
from jinja2 import Environment, StrictUndefined

from pulumi_apprunner.cli.workflow.actions import ACTIONS
from pulumi_apprunner.cli.workflow.settings import Keys, Settings
from pulumi_apprunner.cli.workflow.target import Target
from pulumi_apprunner.cli.workflow.variables import Variable

_FILES = resources.files("pulumi_apprunner.cli.workflow")
_UNLIMITED = sys.maxsize


def prefix_of(target: Target) -> str:
    """Return the beginning of the names of a service's variables."""
    return "APPRUNNER_" + re.sub(r"\W", "_", target.name, flags=re.ASCII).upper()


def render(
    target: Target,
    settings: Settings,
    command: Sequence[str],
    directory: str,
    keys: Keys | None,
    variables: Sequence[Variable],
) -> str:
    """Return the workflow of a service, a YAML document.

    Args:
        target: The service.
        settings: The settings.
        command: The words of the command that writes the workflow.
        directory: The Pulumi project's folder in its repository.
        keys: The paths in the stack's configuration that `pulumi up` needs; None for StartDeployment.
        variables: The variables that the workflow reads from GitHub.
    """
    prefix = prefix_of(target)
    # The delimiters are those of ERB: GitHub's expressions have Jinja's own ones.
    environment = Environment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.from_string(_read("workflow.yml.jinja")).render(
        actions=ACTIONS,
        command=shlex.join(command),
        directory=directory,
        keys=keys,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        prefix=prefix,
        pulumi=metadata.version("pulumi"),  # the CLI and the SDK are released together
        repository=target.repository if target.is_literal else f"${{{{ vars.{prefix}_REPOSITORY }}}}",
        scalar=_scalar,
        script=_script,
        settings=settings,
        tag=target.image.tag or "latest",
        target=target,
        variables=variables,
    )


def _script(name: str) -> str:
    """Return a shell script, indented as a block of the template."""
    return indent(_read(f"{name}.sh").rstrip("\n"), " " * 10).lstrip()


def _scalar(value: str) -> str:
    """Return a string as YAML, quoted if YAML would read it as another type."""
    return str(yaml.safe_dump(value, width=_UNLIMITED, allow_unicode=True)).removesuffix("...\n").rstrip("\n")


def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
