"""The check of the network settings of a service that an Output belongs to."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output

from pulumi_apprunner.args.checking import as_output, is_output


def with_checked_network(value: Any, check: Callable[[str, Any], None]) -> pulumi.Input[Any]:
    """Return a value; an Output of a service fails, also in a preview, if the service's network settings do.

    Args:
        value: The service's ARN or URL. Without an Output the service is unknown, and nothing is checked.
        check: Raises ArgsError. It gets the service's logical name and its network settings, which may be unknown.
    """
    if not is_output(value):
        return value
    output = as_output(value)

    async def check_services() -> None:
        for service in [each for each in await output.resources() if isinstance(each, aws.apprunner.Service)]:
            network = await service.network_configuration.future(with_unknowns=True)
            check(service.pulumi_resource_name, network)

    return Output.all(output, Output.from_input(check_services())).apply(lambda values: values[0])


def is_public(network: Any) -> bool | None:
    """Return whether clients on the internet can call a service with these network settings; None if unknown."""
    public = getattr(getattr(network, "ingress_configuration", None), "is_publicly_accessible", None)
    return public if isinstance(public, bool) else None
