"""Whether the keys that a workflow sets in the stack's configuration change the service's image in the plan."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pulumi

from pulumi_apprunner.cli.errors import error_text
from pulumi_apprunner.cli.workflow.overrides import override_config
from pulumi_apprunner.cli.workflow.settings import Keys
from pulumi_apprunner.cli.workflow.target import Target, find_target
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs

DIGEST = "sha256:" + "0" * 64
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
    image = f"{target.repository}@{DIGEST}"
    config = override_config(find_project(directory), target.stack, {keys.image: image, keys.managed_by: "pulumi"})
    try:
        with redirect_stdout(io.StringIO()):  # the first plan has shown it
            graph = run_project(directory, target.stack, config=config, stubs=stubs)
        changed = find_target(graph, target.name)
    except (Exception, SystemExit) as error:  # the program may raise anything
        raise not_read(keys.image, target.name, image, "the program fails", f":\n{error_text(error)}") from None
    if str(changed.image) != image:
        raise not_read(keys.image, target.name, image, f"the image is {changed.image}")
    if changed.keeps_image:
        raise pulumi.RunError(
            f'{target.name}: `pulumi up` keeps the image that the service has, because image.managed_by is "ci" in '
            "the program. Set managedBy in the stack's configuration, beside the identifier, or use --deploy "
            "start-deployment"
        )


def not_read(key: str, service: str, image: str, got: str, details: str = "") -> pulumi.RunError:
    """Return the error that a key is not that of a service's image.

    Args:
        key: The key.
        service: The service.
        image: The image under the key.
        got: What the plan has instead.
        details: More lines.
    """
    return pulumi.RunError(
        f"--config: {key} must be the key from which the program reads the image of {service}, because the workflow "
        f"sets it to each pushed image. With {image}, {got}. Read the image from the configuration, such as "
        'Image(identifier=pulumi.Config().require("image"))'
        f"{details}"
    )
