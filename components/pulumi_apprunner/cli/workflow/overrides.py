"""The values that a workflow sets in a stack's configuration."""

from collections.abc import Mapping
from typing import Any

from pulumi_apprunner.cli.differences import parse_path
from pulumi_apprunner.offline.config.configuration import namespaced
from pulumi_apprunner.offline.config.stack_file import StackFile
from pulumi_apprunner.offline.project import Project
from pulumi_apprunner.offline.values import with_value


def override_config(project: Project, stack: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with values at paths, as `pulumi config set --path` sets them.

    Args:
        project: The project.
        stack: The stack.
        values: The values by path; that of an empty path is ignored.
    """
    config: dict[str, Any] = {}
    content = StackFile.read(project.stacks[stack]).config
    declared = {namespaced(project.name, each.key): each for each in project.declarations}
    for path, value in values.items():
        if not path:
            continue
        first, *rest = parse_path(path) or (path,)
        key = namespaced(project.name, str(first))
        own = next((each for name, each in content.items() if namespaced(project.name, name) == key), None)
        if own is None and key in declared:
            own = declared[key].value if declared[key].default is None else declared[key].default
        config[key] = with_value(config.get(key, own), rest, value)
    return config
