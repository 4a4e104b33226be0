"""Writes the text of a workflow."""

import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from textwrap import indent

import yaml
from jinja2 import Environment, StrictUndefined

from pulumi_apprunner.cli.workflow.actions import ACTIONS
from pulumi_apprunner.cli.workflow.settings import Keys, Settings
from pulumi_apprunner.cli.workflow.target import Target

_FILES = resources.files("pulumi_apprunner.cli.workflow")
_UNLIMITED = sys.maxsize


@dataclass(frozen=True)
class Workflow:
    """The text of a workflow, and the variables that it reads from GitHub.

    Args:
        text: The YAML document.
        variables: The names of the variables, and what each contains.
    """

    text: str
    variables: dict[str, str]


def render(target: Target, settings: Settings, command: Sequence[str], directory: str, keys: Keys | None) -> Workflow:
    """Return the workflow of a service.

    Args:
        target: The service.
        settings: The settings.
        command: The words of the command that writes the workflow.
        directory: The Pulumi project's folder in its repository.
        keys: The paths in the stack's configuration that `pulumi up` needs; None for StartDeployment.
    """
    prefix = "APPRUNNER_" + re.sub(r"\W", "_", target.name, flags=re.ASCII).upper()
    variables = _variables(target, keys is not None)
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
    text = environment.from_string(_read("workflow.yml.jinja")).render(
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
    return Workflow(text, {f"{prefix}_{name}": content for name, content in variables.items()})


def _variables(target: Target, has_stack_role: bool) -> dict[str, str]:
    """Return the variables that the workflow requires, and what each contains."""
    last = (
        {"STACK_ROLE_ARN": "the ARN of the role for `pulumi up`"}
        if has_stack_role
        else {"SERVICE_ARN": "the ARN of the service"}
    )
    repository = {} if target.is_literal else {"REPOSITORY": "the address of the ECR repository, without a tag"}
    return {"ROLE_ARN": "the ARN of the role that pushes images", **repository, **last}


def _script(name: str) -> str:
    """Return a shell script, indented as a block of the template."""
    return indent(_read(f"{name}.sh").rstrip("\n"), " " * 10).lstrip()


def _scalar(value: str) -> str:
    """Return a string as YAML, quoted if YAML would read it as another type."""
    return str(yaml.safe_dump(value, width=_UNLIMITED, allow_unicode=True)).removesuffix("...\n").rstrip("\n")


def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
