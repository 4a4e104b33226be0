"""Writes the text of a workflow."""

import re
import shlex
from collections.abc import Sequence

from pulumi_apprunner.cli.workflow.settings import Keys, Settings
from pulumi_apprunner.cli.workflow.target import Target
from pulumi_apprunner.cli.workflow.templates import render_template
from pulumi_apprunner.cli.workflow.variables import Variable


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
    return render_template(
        "workflow.yml.jinja",
        build=settings,
        command=shlex.join(command),
        directory=directory,
        keys=keys,
        prefix=prefix,
        repository=target.repository if target.is_literal else f"${{{{ vars.{prefix}_REPOSITORY }}}}",
        settings=settings,
        tag=target.image.tag or "latest",
        target=target,
        variables=variables,
    )
