"""Templates of workflows, and the shell scripts of their steps."""

import sys
from functools import partial
from importlib import metadata, resources
from textwrap import indent
from typing import Any

import yaml
from jinja2 import Environment, FunctionLoader, StrictUndefined

from pulumi_apprunner.cli.workflow.actions import ACTIONS

_PACKAGE = "pulumi_apprunner.cli.workflow"
_UNLIMITED = sys.maxsize


def render_template(name: str, package: str = _PACKAGE, **values: Any) -> str:
    """Return the YAML document of a template.

    Args:
        name: The template's file.
        package: The package that contains it. Its scripts, and the templates that it includes, may be in that package
            or in this one. Default: this one.
        values: The template's own variables.
    """
    # The delimiters are those of ERB: GitHub's expressions have Jinja's own ones.
    environment = Environment(
        loader=FunctionLoader(lambda file: _read(file, package)),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(name).render(
        actions=ACTIONS,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        pulumi=metadata.version("pulumi"),  # the CLI and the SDK are released together
        scalar=_scalar,
        script=partial(_script, package=package),
        **values,
    )


def _script(name: str, package: str) -> str:
    """Return a shell script, indented as a block of the template."""
    return indent(_read(f"{name}.sh", package).rstrip("\n"), " " * 10).lstrip()


def _scalar(value: str) -> str:
    """Return a string as YAML, quoted if YAML would read it as another type."""
    return str(yaml.safe_dump(value, width=_UNLIMITED, allow_unicode=True)).removesuffix("...\n").rstrip("\n")


def _read(name: str, package: str) -> str:
    file = resources.files(package) / name
    home = file if file.is_file() else resources.files(_PACKAGE) / name
    return home.read_text(encoding="utf-8")
