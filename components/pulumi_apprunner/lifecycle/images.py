"""The images that CI deploys, which an update of other settings must not roll back."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.failures import REPORT_SECONDS
from pulumi_apprunner.lifecycle.sessions import LookupFailedError
from pulumi_apprunner.lifecycle.threads import run_in_thread

_PATH = ("sourceConfiguration", "imageRepository", "imageIdentifier")


async def require_image(calls: ServiceCalls, label: str, new_inputs: Mapping[str, Any] | None) -> None:
    """Require that an update sends the image that the service has.

    Pulumi takes the image from its state, which has an older one if CI has deployed since the last refresh.

    Args:
        calls: The calls about the service.
        label: The component's class and name.
        new_inputs: The inputs of the update.

    Raises:
        pulumi.RunError: It would send another image, or the service could not be read.
    """
    sent = _value_at(new_inputs, *_PATH)
    try:
        described = await run_in_thread(Deadline(REPORT_SECONDS), calls.describe)
    except (LookupFailedError, TimeoutError) as error:
        reason = str(error) or "AWS did not respond in time"
        raise pulumi.RunError(
            f'{label}: image.managed_by "ci": the image of the service must be readable before an update: {reason}. '
            "Grant the deployer apprunner:DescribeService"
        ) from None
    running = _value_at(described, *(f"{each[:1].upper()}{each[1:]}" for each in _PATH))
    if isinstance(sent, str) and running is not None and running != sent:
        raise pulumi.RunError(
            f'{label}: image.managed_by "ci": the image in the state must be the one of the service, got {sent} in the '
            f"state and {running} in the service. CI has deployed since the last refresh, and this update would roll "
            "it back. Run `pulumi up --refresh`, or set `options: {refresh: always}` in Pulumi.yaml"
        )


def _value_at(properties: Any, *path: str) -> Any:
    for key in path:
        properties = cast(Mapping[str, Any], properties).get(key) if isinstance(properties, Mapping) else None
    return properties
