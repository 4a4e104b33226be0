"""Whether the keys that a workflow sets in the stack's configuration change the service's image in the plan."""

import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pulumi

from pulumi_apprunner.cli.differences import parse_path
from pulumi_apprunner.cli.errors import error_text
from pulumi_apprunner.cli.workflow.settings import Keys
from pulumi_apprunner.cli.workflow.target import Target, find_target
from pulumi_apprunner.offline.config.configuration import namespaced
from pulumi_apprunner.offline.config.stack_file import StackFile
from pulumi_apprunner.offline.project import Project, find_project
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs
from pulumi_apprunner.offline.values import with_value

_DIGEST = "sha256:" + "0" * 64
"""The digest of no image: a workflow sets an address with a digest."""


def check_keys(directory: Path, target: Target, keys: Keys, stubs: Stubs | None) -> None:
    """Plan the stack again with another image under the keys, and raise an error if the service does not get it.

    Args:
        directory: The project's folder, or one below it.
        target: The service.
        keys: The keys that the workflow sets.
        stubs: The stub values of the plan.

    Raises:
        pulumi.RunError: The program does not read the service's image from the key, or `pulumi up` keeps the old image.
    """
    image = f"{target.repository}@{_DIGEST}"
    config = _overrides(find_project(directory), target.stack, {keys.image: image, keys.managed_by: "pulumi"})
    try:
        with redirect_stdout(io.StringIO()):  # the first plan has shown it
            graph = run_project(directory, target.stack, config=config, stubs=stubs)
        changed = find_target(graph, target.name)
    except (Exception, SystemExit) as error:  # the program may raise anything
        raise _not_read(target, keys, image, "the program fails", f":\n{error_text(error)}") from None
    if str(changed.image) != image:
        raise _not_read(target, keys, image, f"the image is {changed.image}")
    if changed.keeps_image:
        raise pulumi.RunError(
            f'{target.name}: `pulumi up` keeps the image that the service has, because image.managed_by is "ci" in '
            "the program. Set managedBy in the stack's configuration, beside the identifier, or use --deploy "
            "start-deployment"
        )


def _not_read(target: Target, keys: Keys, image: str, got: str, details: str = "") -> pulumi.RunError:
    return pulumi.RunError(
        f"--config: {keys.image} must be the key from which the program reads the image of {target.name}, because the "
        f"workflow sets it to each pushed image. With {image}, {got}. Read the image from the configuration, such as "
        'Image(identifier=pulumi.Config().require("image"))'
        f"{details}"
    )


def _overrides(project: Project, stack: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration with values at paths, as `pulumi config set --path` sets them."""
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
