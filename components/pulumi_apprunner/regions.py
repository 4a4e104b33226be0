"""ARNs that must be of a service's region."""

from typing import Any

import pulumi
import pulumi_aws as aws

from apprunner_facts import tokens
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError, as_output, is_output, validate_output
from pulumi_apprunner.args.regions import region_problem, topic_problem


def region_of_service(component: pulumi.ComponentResource) -> pulumi.Input[str | None]:
    """Return the region in which a component creates its service: the provider's, or None if none is configured."""
    provider = component.get_provider(tokens.SERVICE)
    return provider.region if isinstance(provider, aws.Provider) else pulumi.Config("aws").get("region")


def require_connector_region(name: str, arn: Any, region: pulumi.Input[str | None]) -> Any:
    """Return the ARN of a service's VPC connector; an Output fails if its region is not the service's.

    Raises:
        ArgsError: Both are known, and differ.
    """

    def check(known: Any) -> dict[Any, str]:
        problem = region_problem("a VPC connector", known[0], known[1])
        return {} if problem is None else {("vpc_connector_arn",): problem}

    if arn is None or region is None:
        return arn
    if isinstance(arn, str) and isinstance(region, str) and (problems := check([arn, region])):
        raise ArgsError(f"AppRunnerService '{name}'", {"vpc_connector_arn": problems["vpc_connector_arn",]})
    return _checked("AppRunnerService", name, arn, region, check)


def require_topic_region(component: str, name: str, topic_arn: Any, service_arn: Any) -> Any:
    """Return the ARN of a topic; an Output fails if its region is not the service's.

    Args:
        component: The component's class name.
        name: The component's logical name.
        topic_arn: The topic's ARN.
        service_arn: The service's ARN.
    """

    def check(known: Any) -> dict[Any, str]:
        problem = topic_problem(known[0], known[1])
        return {} if problem is None else {("topic_arn",): problem}

    return _checked(component, name, topic_arn, service_arn, check)


def _checked(component: str, name: str, arn: Any, other: Any, check: Any) -> Any:
    if not sdk.knows_regions():
        return arn
    known = validate_output(component, name, [arn, other], check)
    return as_output(known).apply(lambda values: values[0]) if is_output(known) else arn
