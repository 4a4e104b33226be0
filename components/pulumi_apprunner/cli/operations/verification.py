"""The outcome of a service's last deployment, by the same rules as the verification at the end of `pulumi up`."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pulumi_apprunner.cli.operations.times import local_time
from pulumi_apprunner.lifecycle.calls import Deployments
from pulumi_apprunner.lifecycle.failures import Failure, failed_deployment, summary

Result = Literal["verified", "failed", "in_progress", "none", "unknown"]

_UNKNOWN = (
    "a START_DEPLOYMENT succeeded after a failed {change}. Whether it deployed the program's settings is unknown, "
    "because the state does not show them (they contain a secret, or the service was named by its ARN). "
    "The next `pulumi up` verifies it"
)


class Verification(NamedTuple):
    """An outcome.

    result: verified: the program's settings are deployed; failed: they are not; in_progress: a deployment has not
        ended; none: there is no deployment; unknown: the state does not show the program's settings.
    reason: A text for people.
    failure: The failed deployment, None unless the result is failed.
    """

    result: Result
    reason: str
    failure: Failure | None = None


def verify(described: Mapping[str, Any], deployments: Deployments, inputs: Mapping[str, Any] | None) -> Verification:
    """Return the outcome of a service's last deployment.

    Args:
        described: DescribeService's response.
        deployments: The service's newest deployments.
        inputs: The service's inputs in the state; None if they are unknown.
    """
    newest, change = deployments
    if newest is None:
        return Verification("none", "it has no deployment")
    label = f"{newest.type} of {local_time(newest.started)}"
    if newest.is_in_progress:
        return Verification("in_progress", f"{label} is in progress")
    if deployments.was_redeployed and change is not None and inputs is None:
        return Verification("unknown", _UNKNOWN.format(change=change.type))
    failure = failed_deployment(described, deployments, inputs or {})
    if failure is not None:
        return Verification("failed", summary(failure), failure)
    return Verification("verified", f"{label} succeeded")
