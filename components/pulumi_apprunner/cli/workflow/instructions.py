"""What is left to do after a workflow is written: the commands for GitHub's settings, and notes."""

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apprunner_facts import github
from pulumi_apprunner.cli.workflow.repository import repository_root
from pulumi_apprunner.cli.workflow.settings import Settings
from pulumi_apprunner.cli.workflow.variables import Variable

_NUMBERED = re.compile(r"repo:(?P<owner>[^/:@]+)@\d+/(?P<name>[^/:@]+)@\d+:.*")
"""A subject with the numbers of owner and repository (source.GITHUB_CLAIMS)."""
_PLACEHOLDERS = ("pulumi", "stack", "output", "--stack", "STACK", "--cwd", "PROJECT")


def variable_lines(prefix: str, variables: Sequence[Variable], scope: Sequence[str], read: Sequence[str]) -> list[str]:
    """Return the commands that set the variables on GitHub.

    Args:
        prefix: The beginning of their names.
        variables: The variables.
        scope: The options of `gh variable set` that select an environment.
        read: The command that prints an output of the stack.
    """
    lines = ["Set these variables on GitHub:"]
    for each in variables:
        command = shlex.join(["gh", "variable", "set", f"{prefix}_{each.name}", *scope])
        words = read if each.is_planned else _PLACEHOLDERS
        lines.append(f'  {command} --body "$({shlex.join([*words, each.output])})"')
        if not each.is_planned:
            lines.append(f"    PROJECT and STACK are those of the roles: {each.content}")
        elif not each.is_exported:
            lines.append(f"    The program does not export it: set the output {each.output} to {each.content}")
    return lines


def backend_lines(scope: Sequence[str]) -> list[str]:
    """Return the commands for what `pulumi up` needs for some backends."""
    commands = (("variable", "PULUMI_BACKEND_URL"), ("secret", "PULUMI_ACCESS_TOKEN"))
    passphrase = ("secret", "PULUMI_CONFIG_PASSPHRASE")
    return [
        "Set these as far as the stack's backend and encryption need them:",
        *(f"  {shlex.join(['gh', kind, 'set', name, *scope])}" for kind, name in (*commands, passphrase)),
    ]


def subject_lines(service: str, subjects: Sequence[str] | None, settings: Settings) -> list[str]:
    """Return the subjects that the roles trust, or must trust.

    Args:
        service: The service's name.
        subjects: The subjects of the roles in the plan; None if it has no roles, empty if they are unknown.
        settings: The workflow's settings.
    """
    if subjects is None:
        return [
            f"Note: the plan has no GitHubDelivery to {service}, so the roles are not verified. "
            f"{trust_line(settings.environment, settings.branch)}"
        ]
    if not subjects:
        return []
    repositories = {f"{match['owner']}/{match['name']}" for match in map(_NUMBERED.fullmatch, subjects) if match}
    return [
        f"The roles trust jobs with {'this subject' if len(subjects) == 1 else 'these subjects'}:",
        *(f"  {each}" for each in subjects),
        *(
            f"    The numbers must be those of: gh api repos/{each} --jq '.owner.id, .id'"
            for each in sorted(repositories)
        ),
    ]


def trust_line(environment: str, branch: str = "") -> str:
    """Return which subject the roles must trust.

    Args:
        environment: The jobs' environment; empty for none.
        branch: The branch whose pushes are deployed, for jobs without an environment.
    """
    job = github.environment_subject("", environment) if environment else github.branch_subject("", branch)
    return (
        f"They must trust the subject repo:OWNER/NAME{job}, or repo:OWNER@ID/NAME@ID{job} if the repository has "
        "numbers in its subjects."
    )


def file_notes(root: Path, output: Path | None, paths: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with files in the repository, if it is known.

    Args:
        root: The project's folder.
        output: The written file; None for standard output.
        paths: The paths that begin at the repository's root, by option.
    """
    top = repository_root(output.parent if output else root)
    if top is None:
        return
    workflows = top / ".github" / "workflows"
    if output and output.resolve().parent != workflows:
        yield (
            "Note: GitHub runs only workflows in .github/workflows of the repository's root. Write the file to "
            f"{os.path.relpath(workflows / output.name)}."
        )
    for option, path in paths.items():
        if not (top / path).exists():
            yield f"Note: {option}: {path} does not exist in {top}. The path begins at the repository's root."
