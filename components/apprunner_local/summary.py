"""The text at the end of `apprunner local up`, which fits a screen of 24 lines with 80 columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from apprunner_facts.tokens import SERVICE
from apprunner_local.workspace import Workspace, relative

_WIDTH, _MOST_SERVICES, _MOST_TYPES = 78, 5, 6


def summary(
    workspace: Workspace,
    stack: str,
    resources: Sequence[Mapping[str, Any]],
    program: str,
) -> str:
    """Return the text.

    Args:
        workspace: The project's workspace.
        stack: The stack's name.
        resources: The resources in its state.
        program: The command `apprunner` as a user types it.
    """
    exports, links = relative(workspace.exports), relative(workspace.links)
    file = relative(workspace.project.stacks[stack])
    option = _directory_option(workspace)
    lines = [
        "",
        f"The stack {stack} is deployed to a local AWS: {_created(resources)}",
        *_services(resources),
        "",
        "Try this:",
        f"  1. Edit {file} or the program, and run the command again:",
        f"     {program} local up{option} --stack {stack}",
        "  2. Use the Pulumi CLI in this shell:",
        f"     . {exports}",
        f"     pulumi -C {links} stack output --stack {stack}",
        "  3. Call the local AWS (after step 2):",
        "     python -c 'import boto3; print(boto3.client(\"apprunner\").list_services())'",
        "",
        still_running(workspace, program),
    ]
    return "\n".join(lines)


def still_running(workspace: Workspace, program: str) -> str:
    """Return the line that says how to stop the local AWS; an update that failed leaves it running too."""
    return f"The local AWS keeps running. Stop it: {program} local down{_directory_option(workspace)}"


def _directory_option(workspace: Workspace) -> str:
    directory = relative(workspace.project.root)
    return "" if directory == "." else f" --cwd {directory}"


def _created(resources: Sequence[Mapping[str, Any]]) -> str:
    """Return the numbers of resources by type, the most frequent types first."""
    custom = [each["type"] for each in resources if each.get("custom") and not each["type"].startswith("pulumi:")]
    types = Counter(each.rpartition(":")[2] for each in custom).most_common()
    shown = [f"{count} {name}" for name, count in types[:_MOST_TYPES]]
    others = sum(count for _, count in types[_MOST_TYPES:])
    return f"{len(custom)} resources\n" + "\n".join(_wrapped([*shown, *([f"{others} others"] if others else [])]))


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > _WIDTH:
            yield f"{line},"
            line = ""
        line = f"{line}, {word}" if line else f"  {word}"
    yield line


def _services(resources: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    services = [each for each in resources if each["type"] == SERVICE]
    if not services:
        return
    yield "The addresses of its services, which do not answer: no container runs."
    for each in services[:_MOST_SERVICES]:
        outputs: Mapping[str, Any] = each.get("outputs") or {}
        yield f"  https://{outputs.get('serviceUrl', '')}  {outputs.get('serviceName', '')}"
    if len(services) > _MOST_SERVICES:
        yield f"  and {len(services) - _MOST_SERVICES} more"
